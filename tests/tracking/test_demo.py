"""The demonstration: laid once, with something of everything, and never in production."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from measures.tracking import demo
from measures.tracking.kinds import kinds
from measures.tracking.models import Action, Measure
from portal import clock
from portal.deadlines.sweep import sweep
from portal.mail.models import Message
from portal.people.cast import CAST
from portal.people.models import Leave
from tests.cast import World


@pytest.fixture
def laid(world: World) -> World:
    demo.lay()
    return world


def test_each_kind_has_something_of_everything(laid: World) -> None:
    today, now = clock.today(), clock.now()
    for kind in kinds():
        rows = Action.objects.filter(kind=kind.key).exclude(municipality_id=laid.b.municipality_id)
        open_rows = rows.filter(state__in=["open", "in_progress"])
        assert Measure.objects.filter(kind=kind.key, state="running").exists()
        assert open_rows.filter(late_from__lte=now).exists(), f"{kind.key}: overdue"
        assert open_rows.filter(due_on=today).exists(), f"{kind.key}: today"
        week = open_rows.filter(due_on__gt=today, due_on__lte=today + timedelta(days=7))
        assert week.exists(), f"{kind.key}: this week"
        assert open_rows.filter(due_on__gt=today + timedelta(days=7)).exists(), f"{kind.key}: later"
        assert rows.filter(state="done").exists(), f"{kind.key}: done"
        assert rows.filter(state="dropped").exists(), f"{kind.key}: dropped"
        assert open_rows.filter(pinned=True).exists(), f"{kind.key}: pinned"


@pytest.mark.parametrize("day", ["2026-12-28", "2027-02-14", "2027-04-28", "2027-07-31"])
def test_it_can_be_laid_on_any_day(world: World, day: str) -> None:
    with time_machine.travel(f"{day}T03:00:00+00:00", tick=False):
        demo.lay()
        late = Action.objects.running().filter(late_from__lte=clock.now())
        assert set(late.values_list("kind", flat=True)) == {one.key for one in kinds()}


def test_a_leave_comes_up(laid: World) -> None:
    leave = Leave.objects.get()
    assert (leave.person, leave.deputy) == (laid.kabinet_a, laid.oov_a)
    assert not leave.began
    assert not leave.is_over


def test_laying_it_twice_changes_nothing(laid: World) -> None:
    before = (Measure.objects.count(), Action.objects.count(), Leave.objects.count())
    demo.lay()
    assert (Measure.objects.count(), Action.objects.count(), Leave.objects.count()) == before


@pytest.mark.parametrize("hour", ["03:00", "10:00", "22:30"])
def test_the_first_tick_sends_a_mail_at_any_hour(world: World, hour: str) -> None:
    with time_machine.travel(f"2026-10-06T{hour}:00+00:00", tick=False) as now:
        demo.lay()
        now.shift(timedelta(seconds=30))
        sweep()
        mine = Message.objects.filter(address="kabinet@voorbeeldstad.example", fires_at__lte=clock.now())
    assert any("aandacht" in mail.subject or "Te laat" in mail.subject for mail in mine)


def test_the_list_of_people_names_everybody(laid: World, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    call_command("demo")
    text = (tmp_path / "demo-people.txt").read_text()
    assert all(part.email in text and part.email.endswith(".example") for part in CAST)
    assert demo.TOTP_SECRET in text


@pytest.mark.parametrize(("production", "is_demo"), [(True, True), (True, False), (False, False)])
def test_never_in_production(world: World, settings: Any, production: bool, is_demo: bool) -> None:
    settings.PRODUCTION, settings.DEMO = production, is_demo
    with pytest.raises(CommandError):
        call_command("demo")
    assert not Measure.objects.exists()


def test_the_demo_mailbox_exists_only_in_the_demo(
    laid: World, settings: Any, tmp_path: Path, sign_in
) -> None:
    client = sign_in(laid.kabinet_a)
    assert client.get("/demo-postvak/").status_code == 404
    settings.DEMO, settings.MAIL_GOES_TO_SINK, settings.SMTP_SINK_DIR = True, True, tmp_path
    (tmp_path / "20261005T100000-abc.eml").write_bytes(
        b"From: a@b.example\r\nTo: kabinet@voorbeeldstad.example\r\nSubject: Vandaag: Stap\r\n"
        b"Date: Mon, 05 Oct 2026 12:00:00 +0200\r\n\r\nDeze actie ligt bij u.\r\n"
    )
    page = client.get("/demo-postvak/").content.decode()
    assert "Vandaag: Stap" in page
    assert "Deze actie ligt bij u" in client.get("/demo-postvak/20261005T100000-abc/").content.decode()
    assert client.get("/demo-postvak/geen-mail/").status_code == 404

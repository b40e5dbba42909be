"""Every mail the portal can send: there is a sample, in both languages, and nothing private is in any."""

import re
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils.html import conditional_escape

from measures.tracking import actions as act
from measures.tracking.kinds import kinds
from measures.tracking.models import Action, Measure
from portal import clock
from portal.deadlines import notices
from portal.deadlines import plan as engine
from portal.deadlines.models import Notice
from portal.deadlines.sources import Subject
from portal.deadlines.sweep import sweep
from portal.mail.models import Message
from portal.mail.samples import samples, written
from portal.mail.sms import fits
from portal.municipalities.models import Scope
from portal.people.models import Leave, Membership, Person
from portal.planning.days import OfficeDays
from tests.cast import World, step
from tests.toys import toy

MAILS = Path(settings.BASE_DIR) / "templates" / "mail"
# No word of a language: where this shows, something typed or somebody's name came through.
SECRET = "Zqxw"


def test_every_mail_has_a_sample() -> None:
    templates = {path.name.removesuffix(".subject.txt") for path in MAILS.glob("*.subject.txt")}
    assert {one.template for one in samples if one.template} == templates


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", [one.key for one in samples])
def test_every_sample_can_be_read(db: None, key: str, language: str) -> None:
    sample = next(one for one in samples if one.key == key)
    mail = written(sample, language)
    assert len(mail.subject) > 10 or mail.channel != "mail"
    assert "\n" not in mail.subject
    for text in (mail.subject, mail.text, mail.html):
        assert "INVALID" not in text
        assert "&quot;" not in mail.text
        assert "{{" not in text
        assert "{%" not in text
        assert "A. Voorbeeld" not in text
    # Text and HTML say the same: every link of the one is in the other.
    links = set(re.findall(r"https?://[^\s\"<]+", mail.text))
    assert mail.channel != "mail" or links <= set(re.findall(r"https?://[^\s\"<]+", mail.html))


def test_beheerders_read_them_all_on_one_page(world: World, sign_in: Any) -> None:
    page = sign_in(world.beheerder_a).get(reverse("deadlines:words")).content.decode()
    for one in samples:
        assert conditional_escape(written(one, "en").text[:20].split("\n")[0]) in page
    assert sign_in(world.kabinet_a).get(reverse("deadlines:words")).status_code == 403


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_goes_to_a_telephone_fits_in_one_message(language: str) -> None:
    person = Person(language=language)
    for one in kinds():
        about = Subject(None, Scope(1), str(one.nav), "", "", None, None, "", None, None, "")
        assert fits(notices.short_text(person, about))


def everything_typed(world: World) -> tuple[Measure, Action]:
    """A measure in which every word that a person can type, and every name, is the secret word."""
    measure = toy(world.oov_a, world.a)
    own = act.add_action(
        by=world.oov_a,
        measure=measure,
        title=f"{SECRET} bellen",
        description=f"{SECRET} woont daar",
        due_on=date(2026, 10, 20),
        key="k",
        holder_person=world.kabinet_a,
    )
    act.write_note(by=world.oov_a, action=own, text=f"{SECRET} zei", key="n")
    act.drop(by=world.oov_a, action=step(measure, "brief"), reason=f"{SECRET} wil niet")
    act.put_off(by=world.kabinet_a, action=own, until=date(2026, 10, 8), reason=f"{SECRET} weg", key="p")
    Measure.objects.update(title=f"{SECRET} maatregel")
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(name=f"{SECRET} {person.name}")
    Membership.objects.update(function=f"{SECRET} functie")
    return measure, own


@pytest.mark.parametrize("language", ["nl", "en"])
def test_nothing_that_somebody_typed_and_no_name_reaches_a_mail(world: World, language: str) -> None:
    Person.objects.update(language=language)
    measure, own = everything_typed(world)
    Leave.objects.create(
        person=world.kabinet_a,
        deputy=world.oov_a,
        starts_on=date(2026, 10, 12),
        ends_on=date(2026, 10, 13),
        announced_by=world.kabinet_a,
    )
    urgent = step(measure, "look_back")
    days = OfficeDays(closed={})
    due = clock.at(date(2026, 10, 14), time(12))
    Action.objects.filter(pk=urgent.pk).update(due_on=None, due_at=due, late_from=due)
    rules = engine.Rules((-2,), days, hours=True, urgent=True)
    engine.plan("action", urgent.pk, world.a, engine.Moment(at=due), rules, engine.Holder("kabinet"), "")
    day = date(2026, 10, 6)
    while day < date(2026, 12, 4):
        if day == date(2026, 11, 9):
            # From here on nobody holds the roles: the beheerder hears.
            Membership.objects.exclude(role__startswith="beheerder").update(ends_on=date(2026, 11, 8))
        for hour in (7, 12):
            with time_machine.travel(clock.at(day, time(hour, 15)), tick=False):
                sweep()
        day = days.add(day, 1)
    told = set(Notice.objects.filter(state="told").values_list("name", flat=True))
    assert told >= {"reminder", "escalated", "role_empty"}
    assert Notice.objects.filter(stands_in=True).exists()
    assert Notice.objects.filter(reminder__object_id=own.pk, state="told").exists()
    assert Notice.objects.filter(reminder__urgent=True, state="told").exists()
    for mail in Message.objects.all():
        assert SECRET not in mail.subject + mail.text + mail.html + mail.thread_id + mail.unsubscribe_url
    for notice in Notice.objects.all():
        assert SECRET not in str(notice.facts)

"""Closed days and recess: the beheerder keeps those of the own municipality; plans stay where they are."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from measures.tracking import actions as act
from portal.audit.models import AuditRow
from portal.municipalities.models import Scope
from portal.people import cast
from portal.planning.days import OfficeDays
from portal.planning.models import ClosedDay, Recess
from tests.cast import World, step
from tests.people.pages import errors, fill, said
from tests.toys import toy

URL = "/gesloten-dagen/"
ADD_DAY = "/gesloten-dagen/toevoegen/"
ADD_RECESS = "/reces/toevoegen/"
CHRISTMAS = {"name": "Kerstreces", "starts_on": "2026-12-21", "ends_on": "2027-01-01"}


@pytest.fixture
def beheer(world: World, sign_in) -> Client:
    return sign_in(world.beheerder_a)


def a_day(scope: Scope) -> ClosedDay:
    return ClosedDay.objects.create(
        municipality_id=scope.municipality_id, day=date(2026, 12, 24), name="Brug"
    )


def a_recess(scope: Scope) -> Recess:
    return Recess.objects.create(
        municipality_id=scope.municipality_id,
        starts_on=date(2026, 12, 21),
        ends_on=date(2027, 1, 1),
        name="Kerstreces",
    )


def test_a_closed_day_is_added_and_counts_from_now_on(world: World, beheer: Client) -> None:
    action = step(toy(world.kabinet_a, world.a), "look_back")
    due = action.due_on
    assert due is not None
    answer = fill(beheer, ADD_DAY, day=due.isoformat(), name="Collectieve vrije dag")
    assert "vanaf nu plant" in said(answer, beheer)[0]
    assert OfficeDays.of(world.a).why_skipped(due) == "Collectieve vrije dag"
    action.refresh_from_db()
    assert action.due_on == due, "what is planned does not move by itself"
    act.move_anchor(action.measure, "week_monday", date(2026, 11, 23), world.kabinet_a)
    act.move_anchor(action.measure, "week_monday", date(2026, 11, 16), world.kabinet_a)
    action.refresh_from_db()
    assert action.due_on != due, "a new date skips the closed day"


def test_the_page_says_what_a_change_does(world: World, beheer: Client) -> None:
    page = beheer.get(URL).content.decode()
    assert "Wat al gepland is, verschuift niet vanzelf" in page
    assert "Nog niemand keek deze lijst na" in page
    assert "Eerste Kerstdag" in page


def test_a_recess_is_added(world: World, beheer: Client) -> None:
    assert fill(beheer, ADD_RECESS, **CHRISTMAS).status_code == 302
    assert OfficeDays.of(world.a).recess_on(date(2026, 12, 24)) == "Kerstreces"
    assert "maandag 21 december" in beheer.get(URL).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"day": ""}, "day", "Vul een datum in"),
        ({"day": "31-02-2027"}, "day", "dag-maand-jaar"),
        ({"day": "2036-01-02"}, "day", "tot en met 2035"),
        ({"day": "2026-10-02"}, "day", "al voorbij"),
        ({"day": "2026-10-10"}, "day", "telt al niet mee: weekend"),
        ({"day": "2026-12-25"}, "day", "telt al niet mee: Eerste Kerstdag"),
        ({"day": "2026-12-24"}, "day", "staat al in de lijst"),
        ({"name": ""}, "name", "verplicht"),
        ({"name": "x" * 90}, "name", "80"),
        ({"name": "111222333"}, "name", "burgerservicenummer"),
    ],
)
def test_a_bad_day_gets_one_sentence(
    world: World, beheer: Client, typed: dict, field: str, sentence: str
) -> None:
    a_day(world.a)
    a_day(world.b)
    found = errors(fill(beheer, ADD_DAY, **({"day": "2026-12-28", "name": "Dicht"} | typed)))
    assert list(found) == [field]
    assert len(found[field]) == 1
    assert sentence in found[field][0]
    assert ClosedDay.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"ends_on": "2026-12-20"}, "ends_on", "vóór de eerste dag"),
        ({"ends_on": "2036-12-20"}, "ends_on", "tot en met 2035"),
        ({"starts_on": "2026-08-01", "ends_on": "2026-09-01"}, "ends_on", "al voorbij"),
        ({"starts_on": "", "ends_on": "2026-12-30"}, "starts_on", "Vul een datum in"),
        ({"ends_on": "2027-01-01"}, "starts_on", "staat al in de lijst"),
    ],
)
def test_a_bad_recess_gets_one_sentence(
    world: World, beheer: Client, typed: dict, field: str, sentence: str
) -> None:
    a_recess(world.a)
    found = errors(fill(beheer, ADD_RECESS, **(CHRISTMAS | typed)))
    assert list(found) == [field]
    assert sentence in found[field][0]
    assert Recess.objects.count() == 1


def test_the_same_form_twice_adds_once(world: World, beheer: Client) -> None:
    form = beheer.get(ADD_DAY).context["form"]
    data = {name: form[name].value() for name in ("key", "place")} | {"day": "2026-12-28", "name": "Dicht"}
    assert beheer.post(ADD_DAY, data).url == beheer.post(ADD_DAY, data).url == URL
    assert ClosedDay.objects.count() == 1
    assert AuditRow.objects.filter(event="calendar.day_added").count() == 1


def test_removing_asks_first(world: World, beheer: Client) -> None:
    day, recess = a_day(world.a), a_recess(world.a)
    for name, row in (("remove_day", day), ("remove_recess", recess)):
        url = reverse(f"planning:{name}", args=[row.pk])
        assert beheer.get(url).status_code == 200
        assert type(row).objects.filter(pk=row.pk).exists()
        assert fill(beheer, url).status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()
        assert beheer.post(url).status_code == 404
    events = AuditRow.objects.filter(event__startswith="calendar.").values_list("event", flat=True)
    assert sorted(events) == ["calendar.day_removed", "calendar.recess_removed"]


def test_looking_and_finding_it_right_is_noted(world: World, beheer: Client) -> None:
    fill(beheer, reverse("planning:confirm", args=[world.a.municipality_id]))
    assert "K. Jansen keek de lijst na" in beheer.get(URL).content.decode()


@pytest.mark.parametrize("key", [part.key for part in cast.CAST])
def test_only_the_beheerder_of_a_touches_a(world: World, sign_in, key: str) -> None:
    client, mine = sign_in(getattr(world, key)), key == "beheerder_a"
    day, recess = a_day(world.a), a_recess(world.a)
    for url in (URL, ADD_DAY, ADD_RECESS):
        assert client.get(url).status_code == (200 if mine else 403), url
    for url in (
        reverse("planning:remove_day", args=[day.pk]),
        reverse("planning:remove_recess", args=[recess.pk]),
        reverse("planning:confirm", args=[world.a.municipality_id]),
    ):
        assert client.get(url).status_code == (200 if mine else 404), url
        assert client.post(url).status_code == (302 if mine else 404), url


def test_the_beheerder_of_a_does_not_touch_b(world: World, beheer: Client) -> None:
    for url in (
        reverse("planning:remove_day", args=[a_day(world.b).pk]),
        reverse("planning:remove_recess", args=[a_recess(world.b).pk]),
        reverse("planning:confirm", args=[world.b.municipality_id]),
    ):
        assert beheer.get(url).status_code == 404
        assert beheer.post(url).status_code == 404
    place = f"gemeente:{world.b.municipality_id}"
    assert "place" in errors(fill(beheer, ADD_DAY, place=place, day="2026-12-28", name="Dicht"))

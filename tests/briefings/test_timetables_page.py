"""The page on which a beheerder moves a briefing: what comes next, versions, one-time keys, bad input."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.briefings import making, office
from portal.briefings.models import Timetable
from tests.briefings.conftest import Renders
from tests.cast import World


@pytest.fixture(autouse=True)
def _quick(world: World, quick: Renders) -> Renders:
    return quick


@pytest.fixture
def beheerder(world: World, sign_in) -> Client:
    client: Client = sign_in(world.beheerder_a)
    return client


def _url(world: World, key: str = office.DAY) -> str:
    return reverse("briefings:change_timetable", args=[world.a.municipality_id, key])


def _typed(**changed: object) -> dict[str, object]:
    return {"is_on": "on", "at": "07:15", "office_days_only": "on", "version": "1", "key": "een"} | changed


def _row(world: World, key: str = office.DAY) -> Timetable:
    return Timetable.objects.get(municipality_id=world.a.municipality_id, document=key)


@pytest.mark.parametrize("is_laid", [False, True])
def test_the_page_says_what_comes_next(world: World, beheerder: Client, is_laid: bool) -> None:
    if is_laid:
        making.make_waiting()
    html = beheerder.get(reverse("briefings:timetables")).content.decode()
    assert "dinsdag 6 oktober 07:15" in html
    assert "maandag 12 oktober 07:15" in html
    assert "maandag 4 januari 2027 07:15" in html
    assert Timetable.objects.exists() == is_laid, "looking lays nothing"


@pytest.mark.parametrize("is_laid", [False, True])
def test_moving_an_hour(world: World, beheerder: Client, is_laid: bool) -> None:
    if is_laid:
        making.make_waiting()
    assert beheerder.post(_url(world), _typed(at="06:30")).status_code == 302
    row = _row(world)
    assert (row.at, row.version) == (time(6, 30), 2)
    assert "dinsdag 6 oktober 06:30" in beheerder.get(reverse("briefings:timetables")).content.decode()
    audit = AuditRow.objects.get(event="timetable.changed")
    assert (audit.actor, audit.municipality_id) == (world.beheerder_a, world.a.municipality_id)
    assert audit.changes == {"briefing": "dagbrief", "at": {"old": "07:15:00", "new": "06:30:00"}}


def test_the_second_post_of_one_form_changes_nothing(world: World, beheerder: Client) -> None:
    for _ in range(2):
        assert beheerder.post(_url(world), _typed(at="06:30")).status_code == 302
    assert _row(world).version == 2
    assert AuditRow.objects.filter(event="timetable.changed").count() == 1


def test_what_changed_meanwhile_is_shown_and_nothing_typed_is_lost(world: World, beheerder: Client) -> None:
    beheerder.post(_url(world), _typed(at="06:30"))
    answer = beheerder.post(_url(world), _typed(at="08:00", key="twee"))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "K. Jansen" in html
    assert 'value="08:00"' in html
    assert _row(world).at == time(6, 30)
    assert beheerder.post(_url(world), _typed(at="08:00", key="twee", version="2")).status_code == 302
    assert _row(world).at == time(8)


def test_switching_off(world: World, beheerder: Client) -> None:
    typed = _typed()
    del typed["is_on"]
    beheerder.post(_url(world), typed)
    assert not _row(world).is_on
    assert "komt niet" in beheerder.get(reverse("briefings:timetables")).content.decode()


def test_each_form_asks_what_its_rhythm_has(world: World, beheerder: Client) -> None:
    fields = {
        key: set(beheerder.get(_url(world, key)).context["form"].fields) & {"weekday", "days_after"}
        for key in (office.DAY, office.WEEK, office.QUARTER)
    }
    assert fields == {office.DAY: set(), office.WEEK: {"weekday"}, office.QUARTER: {"days_after"}}
    beheerder.post(_url(world, office.WEEK), _typed(weekday="4"))
    beheerder.post(_url(world, office.QUARTER), _typed(days_after="3", key="twee"))
    html = beheerder.get(reverse("briefings:timetables")).content.decode()
    assert "vrijdag 9 oktober 07:15" in html
    # Three office days after 1 October: today still counts, so that one is to come.
    assert html.count("dinsdag 6 oktober 07:15") == 2


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        (office.DAY, {"at": "25:00"}, "Schrijf de tijd als uren en minuten"),
        (office.DAY, {"at": ""}, "Vul een tijd in, zoals 07:15."),
        (office.QUARTER, {"days_after": "21"}, "Vul een getal in van 0 tot en met 20."),
        (office.QUARTER, {"days_after": "vier"}, "Vul een getal in van 0 tot en met 20."),
        (office.WEEK, {"weekday": "7"}, "Kies een dag uit de lijst."),
    ],
)
def test_bad_input_gets_one_sentence(
    world: World, beheerder: Client, key: str, typed: dict[str, str], sentence: str
) -> None:
    answer = beheerder.post(_url(world, key), _typed(**{"weekday": "0", "days_after": "0"} | typed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not AuditRow.objects.filter(event="timetable.changed").exists()


def test_without_what_may_be_left_out_it_stays_as_it_is(world: World, beheerder: Client) -> None:
    making.make_waiting()
    Timetable.objects.filter(document=office.DAY).update(weekday=3)
    beheerder.post(_url(world), _typed(at="09:00"))
    assert _row(world).weekday == 3


@pytest.mark.parametrize("who", ["kabinet_a", "burgemeester_a", "landelijk", "kabinet_b"])
def test_only_the_beheerder_of_the_municipality(world: World, sign_in, who: str) -> None:
    assert sign_in(getattr(world, who)).post(_url(world), _typed(at="06:30")).status_code == 404
    assert not AuditRow.objects.filter(event="timetable.changed").exists()

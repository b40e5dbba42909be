"""The calendar as a page: what is on which day, in which shape, and for whom."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.feeds.agenda import agenda, month_of
from portal.planning.models import ClosedDay, Recess
from tests.cast import World, start
from tests.tracking.test_appointments import plan
from tests.visits.make import a_visit, at
from visits import actions as act

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 5)
ALL = {"visits", "appointments"}


def _on(shown, day: date) -> list[str]:
    return [item.title for week in shown.weeks for one in week if one.day == day for item in one.items]


def _names(shown, day: date) -> list[str]:
    return next(one.names for week in shown.weeks for one in week if one.day == day)


def test_a_month_begins_on_a_monday_and_ends_on_a_sunday() -> None:
    assert month_of(date(2026, 11, 30)) == (date(2026, 10, 26), date(2026, 12, 6))
    assert month_of(date(2027, 2, 1)) == (date(2027, 2, 1), date(2027, 2, 28))


@pytest.mark.parametrize("shape", ["maand", "week", "lijst"])
def test_a_visit_stands_beside_a_meeting_in_every_shape(world: World, shape: str) -> None:
    visit = a_visit(world)
    plan(world.kabinet_a, visit.measure, title="Voorbespreking", starts_at=at(9), ends_at=at(10))
    shown = agenda(world.kabinet_a, shape, NOVEMBER, ALL)
    assert _on(shown, NOVEMBER) == ["Voorbespreking", visit.title]


def test_another_municipality_sees_an_empty_calendar(world: World) -> None:
    a_visit(world)
    assert agenda(world.kabinet_b, "maand", NOVEMBER, ALL).is_empty


def test_a_cancelled_visit_says_so(world: World, sign_in) -> None:
    visit = a_visit(world)
    act.cancel(by=world.kabinet_a, visit=visit, reason="Ziek.")
    page = reverse("feeds:agenda") + "?vorm=lijst&dag=2026-11-01"
    assert "afgezegd" in sign_in(world.kabinet_a).get(page).content.decode()


def test_days_bear_the_names_of_holidays_closed_days_and_recesses(world: World) -> None:
    own = world.a.municipality_id
    ClosedDay.objects.create(municipality_id=own, day=date(2026, 12, 24), name="Collectief vrij")
    Recess.objects.create(
        municipality_id=own, starts_on=date(2026, 12, 21), ends_on=date(2027, 1, 3), name="Winterreces"
    )
    shown = agenda(world.kabinet_a, "maand", date(2026, 12, 1), ALL)
    assert _names(shown, date(2026, 12, 24)) == ["Collectief vrij", "Winterreces"]
    assert _names(shown, date(2026, 12, 25))[0].endswith("Kerstdag")
    assert _names(shown, date(2026, 12, 20)) == []
    assert _names(agenda(world.kabinet_b, "maand", date(2026, 12, 1), ALL), date(2026, 12, 24)) == []


def test_the_campaign_week_is_the_usual_one_until_a_measure_has_another(world: World) -> None:
    shown = agenda(world.kabinet_a, "maand", NOVEMBER, ALL)
    named = [one.day.day for week in shown.weeks for one in week if "Campagneweek" in one.names]
    assert named == list(range(16, 23))
    start(world.kabinet_a, world.a, "publicity", week_monday=date(2026, 11, 9))
    shown = agenda(world.kabinet_a, "maand", NOVEMBER, ALL)
    named = [one.day.day for week in shown.weeks for one in week if "Campagneweek" in one.names]
    assert named == list(range(9, 16))


@pytest.mark.parametrize(
    "query", ["", "?vorm=x&dag=y&bron=z", "?dag=0001-01-01", "?dag=9999-12-31", "?vorm=week"]
)
def test_any_address_shows_a_calendar(world: World, sign_in, query: str) -> None:
    assert sign_in(world.kabinet_a).get(reverse("feeds:agenda") + query).status_code == 200


def test_it_costs_the_same_with_many_entries(world: World, sign_in) -> None:
    client, page, costs = sign_in(world.kabinet_a), reverse("feeds:agenda") + "?dag=2026-11-05", []
    visit = a_visit(world)
    for count in (1, 20):
        for nr in range(count):
            plan(world.kabinet_a, visit.measure, starts_at=at(9, nr), ends_at=at(10))
        client.get(page)
        with CaptureQueriesContext(connection) as seen:
            client.get(page)
        costs.append(len(seen))
    assert costs[0] == costs[1]

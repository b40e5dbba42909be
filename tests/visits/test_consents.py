"""The go of the host: per use, per stop, withdrawn with all that hung on it."""

from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from measures.tracking.actions.changed import ChangedMeanwhile
from portal import clock
from portal.audit.models import AuditRow
from portal.papers.press import actions as press
from tests.cast import World
from tests.visits.make import a_stop, a_visit
from visits import actions as act
from visits.enums import Meets
from visits.models import Consent, Stop, Visit
from visits.programme_queries import consents_of
from visits.programme_rules import Part

pytestmark = pytest.mark.django_db


def give(world: World, visit: Visit, *uses: str, stop: Stop | None = None, **more: Any) -> list[Consent]:
    usual = {"on": clock.today(), "said_by": "teamleider", "key": uuid4().hex}
    return act.give_consents(by=world.kabinet_a, visit=visit, uses=uses, stop=stop, **usual | more)


def take(world: World, visit: Visit, consent: Consent, on: date | None = None) -> list[Stop]:
    return act.withdraw_consent(
        by=world.kabinet_a, visit=visit, consent=consent, on=on or clock.today(), version=consent.version
    )


def welcome(world: World, visit: Visit) -> Stop:
    """A stop with victims where press is welcome, by whatever go stands."""
    stop = visit.stops.standing().get()
    part = Part(stop.title, time(14), 30, meets=Meets.VICTIMS, press="welcome", pk=stop.pk)
    act.write_programme(by=world.kabinet_a, visit=visit, stops=[part], version=visit.programme_version)
    stop.refresh_from_db()
    return stop


def test_each_use_is_a_row_of_its_own_with_who_said_it_and_when(world: World) -> None:
    visit = a_visit(world)
    rows = give(world, visit, "talk", "photo", on=date(2026, 10, 1))
    assert [(one.use, one.said_by, one.given_on, one.recorded_by) for one in rows] == [
        ("talk", "teamleider", date(2026, 10, 1), world.kabinet_a),
        ("photo", "teamleider", date(2026, 10, 1), world.kabinet_a),
    ]
    changes = AuditRow.objects.filter(event="consent.given").values_list("changes", flat=True)
    assert len(changes) == 2
    assert "teamleider" not in str(list(changes))


def test_the_same_press_twice_makes_them_once(world: World) -> None:
    visit = a_visit(world)
    first = give(world, visit, "talk", key="een")
    assert give(world, visit, "talk", key="een") == first
    assert Consent.objects.count() == 1


def test_what_stands_is_not_given_again_but_another_stop_is_another_matter(world: World) -> None:
    visit = a_visit(world)
    give(world, visit, "photo")
    with pytest.raises(act.StandsAlready):
        give(world, visit, "quote", "photo")
    assert Consent.objects.count() == 1
    give(world, visit, "photo", stop=a_stop(visit))
    assert Consent.objects.count() == 2


def test_nobody_can_agree_to_press_where_minors_are(world: World) -> None:
    visit = a_visit(world)
    with pytest.raises(act.NoPressWithMinors):
        give(world, visit, "press", stop=a_stop(visit, meets=Meets.MINORS))


def test_a_go_taken_back_takes_the_press_off_the_stops_that_hung_on_it(world: World) -> None:
    visit = a_visit(world)
    a_stop(visit, title="Gesprek")
    (go,) = give(world, visit, "press")
    stop = welcome(world, visit)
    version = visit.programme_version
    assert [one.pk for one in take(world, visit, go)] == [stop.pk]
    stop.refresh_from_db()
    assert (stop.press, stop.press_go) == ("no", None)
    assert Visit.objects.get(pk=visit.pk).programme_version == version + 1
    row = AuditRow.objects.get(event="consent.withdrawn")
    assert row.changes["no_press_at"] == [str(stop.pk)]


def test_a_stop_that_has_a_go_of_its_own_keeps_its_press(world: World) -> None:
    visit = a_visit(world)
    stop = a_stop(visit)
    (whole,) = give(world, visit, "press")
    (own,) = give(world, visit, "press", stop=stop)
    assert welcome(world, visit).press_go == own
    assert take(world, visit, whole) == []
    stop.refresh_from_db()
    assert stop.press == "welcome"


def test_no_to_one_stop_weighs_more_than_an_earlier_yes_to_the_whole_visit(
    world: World, frozen_clock
) -> None:
    visit = a_visit(world)
    stop = a_stop(visit)
    (whole,) = give(world, visit, "press")
    (own,) = give(world, visit, "press", stop=stop)
    take(world, visit, own)
    with pytest.raises(act.NotAProgramme):
        welcome(world, visit)
    take(world, visit, whole)
    frozen_clock.shift(60)
    (anew,) = give(world, visit, "press")
    assert welcome(world, visit).press_go == anew


def test_the_second_press_of_withdrawing_finds_it_gone(world: World) -> None:
    visit = a_visit(world)
    (go,) = give(world, visit, "talk")
    take(world, visit, go)
    with pytest.raises(ChangedMeanwhile):
        take(world, visit, go)


def test_it_cannot_be_taken_back_before_it_was_given(world: World) -> None:
    visit = a_visit(world)
    (go,) = give(world, visit, "talk")
    with pytest.raises(IntegrityError), transaction.atomic():
        take(world, visit, go, on=date(2026, 10, 1))


def text(world: World, visit: Visit) -> Any:
    return press.plan(
        by=world.kabinet_a,
        shelf="measure",
        subject=visit.measure,
        key=uuid4().hex,
        sort="column",
        title="Column",
    )


@pytest.mark.parametrize("use", ["quote", "photo", "name", "publication"])
def test_a_text_that_is_not_placed_is_in_doubt_when_a_go_for_it_is_gone(world: World, use: str) -> None:
    visit = a_visit(world)
    row = text(world, visit)
    (go,) = give(world, visit, use)
    assert consents_of(visit, world.kabinet_a).in_doubt == []
    take(world, visit, go)
    assert consents_of(visit, world.kabinet_a).in_doubt == [row]
    give(world, visit, use)
    assert consents_of(visit, world.kabinet_a).in_doubt == []


def test_nothing_is_in_doubt_for_a_talk_or_for_a_text_that_was_withdrawn(world: World) -> None:
    visit = a_visit(world)
    row = text(world, visit)
    for one in give(world, visit, "talk", "photo"):
        take(world, visit, one)
    press.withdraw(by=world.kabinet_a, row=row, reason="Gaat niet door")
    assert consents_of(visit, world.kabinet_a).in_doubt == []


def test_the_consents_of_a_visit_cost_the_same_with_many(world: World, django_assert_num_queries) -> None:
    visit = a_visit(world)
    for nr in range(4):
        give(world, visit, "photo", "talk", stop=a_stop(visit, starts=time(14 + nr)))
    with django_assert_num_queries(1):
        assert len([str(one.stop) for one in consents_of(visit).standing]) == 8


def test_a_go_can_be_taken_back_after_the_visit_was_closed_or_cancelled(world: World, sign_in) -> None:
    visit = a_visit(world)
    (go,) = give(world, visit, "publication")
    act.cancel(by=world.kabinet_a, visit=visit, reason="Geen tijd.")
    client = sign_in(world.kabinet_a)
    page = reverse("visits:withdraw_consent", args=[visit.pk, go.pk])
    assert page in client.get(reverse("visits:consents", args=[visit.pk])).content.decode()
    client.post(page, {"on": "2026-10-05", "version": "1"})
    go.refresh_from_db()
    assert go.withdrawn_on == date(2026, 10, 5)

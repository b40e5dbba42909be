"""Writing a programme: all stops at once, compared and set, with its audit row and the search told."""

from dataclasses import replace
from datetime import time

import pytest

from measures.tracking.actions.changed import ChangedMeanwhile
from portal import clock
from portal.audit.models import AuditRow
from portal.search.models import Waiting
from tests.cast import World
from tests.visits.make import a_host, a_stop, a_visit
from visits import actions as act
from visits.actions.changed import Ended, NotAhead
from visits.enums import Meets, StopPress
from visits.models import Stop, Visit
from visits.programme_queries import programme_of
from visits.programme_rules import Part

pytestmark = pytest.mark.django_db

TALK = Part("Gesprek", time(14, 30), 40, meets=Meets.VICTIMS, press=StopPress.WELCOME)


def as_part(stop: Stop) -> Part:
    names = (
        "title",
        "starts",
        "minutes",
        "travel",
        "place",
        "leads",
        "speaks",
        "aim",
        "meets",
        "press",
        "pk",
    )
    return Part(**{name: getattr(stop, name) for name in names})


def write(world: World, visit: Visit, *parts: Part, version: int | None = None) -> bool:
    return act.write_programme(
        by=world.kabinet_a,
        visit=visit,
        stops=parts,
        version=visit.programme_version if version is None else version,
    )


def titles(visit: Visit) -> list[tuple[str, str]]:
    return [(one.title, f"{one.starts:%H:%M}") for one in visit.stops.standing()]


def test_stops_are_made_changed_and_taken_off_in_one_press_in_the_order_of_the_day(world: World) -> None:
    visit = a_visit(world)
    first, second = a_stop(visit, title="Ontvangst"), a_stop(visit, title="Rondleiding")
    shown = visit.version
    later = replace(as_part(first), starts=time(15), minutes=20)
    assert write(world, visit, later, Part("Gesprek", time(14), 45)) is True
    assert titles(visit) == [("Gesprek", "14:00"), ("Ontvangst", "15:00")]
    second.refresh_from_db()
    assert second.removed_at == clock.now()
    fresh = Visit.objects.get(pk=visit.pk)
    assert (fresh.programme_version, fresh.version) == (2, shown), "the form of the visit stays as it is"


def test_the_audit_row_says_counts_and_moved_times_and_no_words(world: World) -> None:
    visit = a_visit(world)
    stop = a_stop(visit, title="Ontvangst")
    Waiting.objects.all().delete()
    write(world, visit, replace(as_part(stop), starts=time(14, 15), aim="Kennismaken met Fatima"))
    row = AuditRow.objects.get(event="programme.changed")
    assert row.changes["stops"] == {"old": 1, "new": 1}
    assert row.changes["changed"] == [
        {
            "stop": str(stop.pk),
            "fields": {"starts": {"old": "14:00:00", "new": "14:15:00"}, "aim": {"length": 22}},
        }
    ]
    assert "Fatima" not in str(row.changes)
    assert list(Waiting.objects.values_list("searchable", "object_id")) == [("visit", visit.pk)]


def test_what_stays_the_same_is_no_change(world: World) -> None:
    visit = a_visit(world)
    stop = a_stop(visit)
    assert write(world, visit, as_part(stop)) is False
    assert not AuditRow.objects.filter(event="programme.changed").exists()
    assert Visit.objects.get(pk=visit.pk).programme_version == 1


def test_somebody_who_was_a_moment_too_late_changes_nothing(world: World) -> None:
    visit = a_visit(world)
    write(world, visit, Part("A", time(14), 30))
    with pytest.raises(ChangedMeanwhile):
        write(world, visit, Part("B", time(14), 30), version=1)
    assert titles(visit) == [("A", "14:00")]


def test_a_stop_that_somebody_took_off_meanwhile_is_made_anew(world: World) -> None:
    visit = a_visit(world)
    stop = as_part(a_stop(visit, title="Ontvangst"))
    write(world, visit)
    write(world, visit, stop)
    assert titles(visit) == [("Ontvangst", "14:00")]
    assert visit.stops.count() == 2


def test_the_rules_hold_behind_the_form_too(world: World) -> None:
    visit = a_visit(world)
    with pytest.raises(act.NotAProgramme) as found:
        write(world, visit, Part("A", time(14), 60), TALK)
    assert {one.code for one in found.value.faults} == {"overlap", "go"}
    assert not visit.stops.exists()


@pytest.mark.parametrize("at_the_stop", [True, False])
def test_press_is_welcome_at_victims_by_the_go_of_the_host_and_the_stop_knows_which(
    world: World, at_the_stop: bool
) -> None:
    visit = a_visit(world)
    write(world, visit, replace(TALK, press=StopPress.NO))
    stop = visit.stops.get()
    (go,) = act.give_consents(
        by=world.kabinet_a,
        visit=visit,
        uses=["press"],
        stop=stop if at_the_stop else None,
        on=clock.today(),
        said_by="directeur",
        key="k",
    )
    write(world, visit, replace(TALK, pk=stop.pk))
    stop.refresh_from_db()
    assert stop.press_go == go
    write(world, visit, replace(TALK, pk=stop.pk, press=StopPress.BY_ARRANGEMENT))
    stop.refresh_from_db()
    assert stop.press_go is None


def test_of_a_secret_host_no_place_can_hold_an_address(world: World) -> None:
    visit = a_visit(world, host=a_host(world, kind="crisisopvang", address_is_secret=True))
    with pytest.raises(act.NotAProgramme):
        write(world, visit, Part("A", time(14), 30, place="Dorpsstraat"))
    write(world, visit, Part("A", time(14), 30, place="Kantine"))


def test_when_an_address_becomes_secret_the_places_that_might_tell_it_are_emptied(world: World) -> None:
    host = a_host(world)
    visit = a_visit(world, host=host)
    act.change_visit(by=world.kabinet_a, visit=visit, gathers_at="Dorpsstraat 1")
    a_stop(visit, place="Dorpsstraat 3")
    a_stop(visit, place="Kantine")
    act.change_host(by=world.kabinet_a, host=host, address_is_secret=True)
    visit.refresh_from_db()
    assert [visit.gathers_at, *[one.place for one in visit.stops.standing()]] == ["", "", "Kantine"]


def test_a_visit_that_goes_to_a_secret_host_instead_keeps_no_address_either(world: World) -> None:
    visit = a_visit(world)
    a_stop(visit, place="Dorpsstraat 3")
    secret = a_host(world, kind="crisisopvang", address_is_secret=True)
    act.change_visit(by=world.kabinet_a, visit=visit, host=secret)
    assert visit.stops.get().place == ""


def test_what_was_held_or_cancelled_has_the_programme_that_it_had(world: World, frozen_clock) -> None:
    visit = a_visit(world)
    frozen_clock.move_to("2026-11-05T14:00:00+00:00")
    act.hold(by=world.kabinet_a, visit=visit)
    with pytest.raises(NotAhead):
        write(world, visit, Part("A", time(14), 30))
    other = a_visit(world)
    act.cancel(by=world.kabinet_a, visit=other, reason="De gastheer is verhinderd")
    with pytest.raises(Ended):
        write(world, other, Part("A", time(14), 30))


def test_the_programme_of_a_visit_is_one_query(world: World, django_assert_num_queries) -> None:
    visit = a_visit(world)
    for _ in range(3):
        a_stop(visit)
    with django_assert_num_queries(1):
        found = programme_of(visit)
        assert found.total is not None
        assert (found.total.length, len(found.stops), found.with_press) == ("1 uur 30 min", 3, [])

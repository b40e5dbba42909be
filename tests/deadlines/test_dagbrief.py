"""An escalation to the burgemeester: in the dagbrief and the portal where one comes, otherwise by mail."""

from datetime import date

import pytest

from measures.tracking.models import Action, Measure
from portal import clock
from portal.briefings.models import Timetable
from portal.deadlines.models import Choices, Notice
from portal.deadlines.sweep import sweep
from portal.mail.models import Message
from portal.municipalities.models import Driehoek, Scope
from portal.people.models import Membership
from tests.briefings.conftest import in_the_driehoek
from tests.briefings.office import now
from tests.cast import World, any_action
from tests.toys import toy


@pytest.fixture
def measure(world: World) -> Measure:
    return toy(world.kabinet_a, world.a)


def _climb(measure: Measure, frozen_clock) -> Action:
    """The first action is five office days late, and what fires is told."""
    action = any_action(measure)
    assert action.due_on is not None
    from portal.planning.days import OfficeDays

    fifth = OfficeDays(closed={}).add(action.due_on, 5)
    frozen_clock.move_to(clock.end_of(fifth).isoformat())
    frozen_clock.shift(-3600 * 12)
    sweep()
    return action


def _off(scope: Scope) -> None:
    Timetable.objects.create(municipality_id=scope.municipality_id, document="dagbrief", is_on=False)


def _state(world: World, who: str) -> list[str]:
    rows = Notice.objects.filter(person=getattr(world, who), name="escalated", reminder__rule="role")
    return sorted(rows.values_list("state", flat=True))


def test_with_a_dagbrief_there_is_no_mail_and_it_stands_in_the_dagbrief(
    world: World, measure: Measure, frozen_clock
) -> None:
    action = _climb(measure, frozen_clock)
    assert _state(world, "burgemeester_a") == ["shown"]
    assert not Message.objects.filter(person=world.burgemeester_a).exists()
    assert str(action.pk) in now(world.a, world.burgemeester_a).content.facts["day_late"]["order"]


def test_without_a_dagbrief_it_comes_by_mail(world: World, measure: Measure, frozen_clock) -> None:
    _off(world.a)
    _climb(measure, frozen_clock)
    assert _state(world, "burgemeester_a") == ["told"]
    assert Message.objects.filter(person=world.burgemeester_a).exists()


def test_who_gets_no_mail_about_the_dagbrief_hears_the_escalation_by_mail(
    world: World, measure: Measure, frozen_clock
) -> None:
    Choices.objects.create(person=world.burgemeester_a, by_mail=False)
    Choices.objects.create(person=world.loco_a, by_mail=True)
    _climb(measure, frozen_clock)
    assert _state(world, "burgemeester_a") == ["told"]
    assert _state(world, "loco_a") == ["shown"]
    assert Message.objects.filter(person=world.burgemeester_a).exists()


def test_a_dagbrief_of_another_municipality_does_not_count(
    world: World, measure: Measure, frozen_clock
) -> None:
    _off(world.b)
    _climb(measure, frozen_clock)
    assert _state(world, "burgemeester_a") == ["shown"]


@pytest.mark.parametrize("is_off", [False, True])
def test_of_the_driehoek_it_is_in_the_dagbrief_of_who_is_mayor_in_it(
    world: World, frozen_clock, is_off: bool
) -> None:
    if is_off:
        _off(world.a)
    action = _climb(in_the_driehoek(world), frozen_clock)
    assert _state(world, "burgemeester_a") == (["told"] if is_off else ["shown"])
    if not is_off:
        assert str(action.pk) in now(world.a, world.burgemeester_a).content.facts["day_late"]["order"]


def test_of_a_driehoek_that_is_in_nobodys_dagbrief_it_comes_by_mail(world: World, frozen_clock) -> None:
    Driehoek.objects.get(pk=world.d.driehoek_id).municipalities.clear()
    _climb(in_the_driehoek(world), frozen_clock)
    assert _state(world, "burgemeester_a") == ["told"]


def test_a_mayor_of_the_driehoek_only_hears_by_mail(world: World, frozen_clock) -> None:
    Membership.objects.create(
        person=world.burgemeester_b,
        role="burgemeester",
        driehoek_id=world.d.driehoek_id,
        starts_on=date(2026, 9, 1),
    )
    Membership.objects.filter(person=world.burgemeester_b, municipality__isnull=False).update(
        ended_at=clock.now()
    )
    _climb(in_the_driehoek(world), frozen_clock)
    assert _state(world, "burgemeester_b") == ["told"]
    assert _state(world, "burgemeester_a") == ["shown"]


def test_a_mayor_whose_address_is_refused_leaves_it_to_the_beheerder_too(
    world: World, measure: Measure, frozen_clock
) -> None:
    """A dagbrief that no mail can bring is no reason to be silent."""
    for who in (world.burgemeester_a, world.loco_a):
        who.mail_refused_at = clock.now()
        who.save(update_fields=["mail_refused_at"])
    _climb(measure, frozen_clock)
    assert Notice.objects.filter(person=world.beheerder_a, name="role_empty", reminder__rule="role").exists()
    assert set(_state(world, "burgemeester_a")) == {"shown"}

"""Who sees which kind, and who may do what: the contract's table, row by row."""

from datetime import date, timedelta

import pytest

from measures.tracking import permissions
from measures.tracking.actions import hand_over
from measures.tracking.kinds import kind, kinds
from measures.tracking.models import Action, Measure
from measures.tracking.registrations import sight, subjects, visible
from portal import clock
from portal.people import cast
from portal.people.models import Membership, Person
from tests.cast import World, any_action, start

ALL = {"visits", "driehoek", "huisverbod", "open_door", "stop_it_now", "publicity"}
SEES = {
    "burgemeester_a": ALL,
    "loco_a": ALL,
    "kabinet_a": ALL,
    "oov_a": {"huisverbod", "open_door", "driehoek"},
    "piket_a": {"open_door", "huisverbod"},
    "communicatie_a": {"publicity", "visits"},
    "beleid_a": {"stop_it_now", "driehoek", "publicity"},
    "receptie_a": set(),
    "beheerder_a": set(),
    "landelijk": set(),
    "secretaris": set(),
    "ovj": set(),
    "burgemeester_b": set(),
    "kabinet_b": set(),
}
STARTS = {
    "burgemeester_a": ALL,
    "loco_a": ALL,
    "kabinet_a": ALL,
    "oov_a": {"huisverbod", "open_door", "driehoek"},
    "communicatie_a": {"publicity", "visits"},
    "beleid_a": {"stop_it_now", "driehoek", "publicity"},
    "piket_a": set(),
    "receptie_a": set(),
    "beheerder_a": set(),
}


@pytest.fixture
def six(world: World) -> dict[str, Measure]:
    return {one.key: start(world.kabinet_a, world.a, one.key) for one in kinds()}


def test_what_each_person_sees_of_municipality_a(world: World, six: dict[str, Measure]) -> None:
    for key, expected in SEES.items():
        person = getattr(world, key)
        seen = set(Measure.objects.visible_to(person).values_list("kind", flat=True))
        assert seen == expected, key
        assert set(Action.objects.visible_to(person).values_list("kind", flat=True)) == expected, key


def test_the_driehoek_opens_nothing_of_the_municipality_and_the_reverse(world: World) -> None:
    measure = start(world.secretaris, world.d, "driehoek")
    sees = {
        key for key in world.people if Measure.objects.visible_to(getattr(world, key)).filter(pk=measure.pk)
    }
    assert sees == {"secretaris", "ovj", "teamchef", "burgemeester_a"}


def test_who_may_start(world: World) -> None:
    for key, expected in STARTS.items():
        person = getattr(world, key)
        assert {one.key for one in kinds() if permissions.can_start(person, one, world.a)} == expected, key
        assert not any(permissions.can_start(person, one, world.b) for one in kinds()), key
    assert permissions.can_start(world.secretaris, kind("driehoek"), world.d)
    assert not permissions.can_start(world.ovj, kind("driehoek"), world.d)


def may(world: World, action: Action, can) -> set[str]:
    return {key for key in world.people if can(getattr(world, key), action)}


def test_who_may_finish_drop_and_steer(world: World) -> None:
    measure = start(world.oov_a, world.a, "open_door")
    action = any_action(measure, holder_role="adviseur_oov")
    assert may(world, action, permissions.can_finish) == {"kabinet_a", "oov_a"}
    assert may(world, action, permissions.can_drop) == {"kabinet_a", "burgemeester_a", "loco_a", "oov_a"}
    steer = {key for key in world.people if permissions.can_steer(getattr(world, key), measure)}
    assert steer == {"burgemeester_a", "loco_a", "kabinet_a", "oov_a"}


def test_the_loco_does_the_mayors_work_in_his_period(world: World) -> None:
    measure = start(world.kabinet_a, world.a, "open_door")
    action = any_action(measure, holder_role="burgemeester")
    assert may(world, action, permissions.can_finish) == {"kabinet_a", "burgemeester_a", "loco_a"}
    assert Action.objects.held_by(world.loco_a).filter(pk=action.pk).exists()
    Membership.objects.filter(person=world.loco_a).update(ends_on=clock.today() - timedelta(days=1))
    assert may(world, action, permissions.can_finish) == {"kabinet_a", "burgemeester_a"}
    assert not Action.objects.held_by(world.loco_a).exists()


def test_who_holds_an_action_without_a_membership_sees_that_action_and_nothing_else(
    world: World, sign_in
) -> None:
    measure = start(world.kabinet_a, world.a, "visits")
    action = any_action(measure)
    guest: Person = world.ovj
    hand_over(by=world.kabinet_a, action=action, to_person=guest)
    assert list(Action.objects.visible_to(guest)) == [action]
    assert not Measure.objects.visible_to(guest).exists()
    client = sign_in(guest)
    page = client.get(f"/acties/{action.pk}/").content.decode()
    assert measure.title in page
    assert f"/maatregelen/{measure.pk}/" not in page
    assert "Trekker" not in page
    assert client.get(f"/maatregelen/{measure.pk}/").status_code == 404
    assert permissions.can_finish(guest, action)
    assert not permissions.can_drop(guest, action)


def test_a_membership_holds_through_its_last_day_and_not_a_day_longer(world: World) -> None:
    measure = start(world.kabinet_a, world.a, "visits")
    for ends, sees in ((clock.today(), True), (clock.today() - timedelta(days=1), False)):
        Membership.objects.filter(person=world.communicatie_a).update(ends_on=ends)
        assert Measure.objects.visible_to(world.communicatie_a).filter(pk=measure.pk).exists() is sees
    Membership.objects.filter(person=world.communicatie_a).update(ends_on=None, starts_on=date(2026, 10, 6))
    assert not Measure.objects.visible_to(world.communicatie_a).exists()


def test_a_person_who_is_no_longer_active_sees_nothing(world: World) -> None:
    start(world.kabinet_a, world.a, "visits")
    Person.objects.filter(pk=world.kabinet_a.pk).update(is_active=False)
    assert not Measure.objects.visible_to(world.kabinet_a).exists()


def test_the_sight_of_the_engine_is_the_sight_of_the_pages(world: World) -> None:
    for by, scope, key in (
        (world.kabinet_a, world.a, "open_door"),
        (world.kabinet_a, world.a, "visits"),
        (world.kabinet_b, world.b, "publicity"),
        (world.secretaris, world.d, "driehoek"),
    ):
        start(by, scope, key)
    held = list(Action.objects.order_by("id")[:4])
    for row, holder in zip(
        held, (world.communicatie_a, world.receptie_a, world.oov_a, world.ovj), strict=True
    ):
        Action.objects.filter(pk=row.pk).update(holder_role="", holder_person=holder)
    ids = list(Action.objects.values_list("pk", flat=True))
    at_hand = subjects(ids)
    seen = 0
    for part in cast.CAST:
        person = getattr(world, part.key)
        is_seen = sight(person)
        assert {pk for pk, one in at_hand.items() if is_seen(one)} == visible(person, ids), part.key
        seen += len(visible(person, ids))
    assert seen > len(ids)

"""What a deputy sees and may do during a leave: the absent person's work, never more than own sight allows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking import permissions
from measures.tracking.models import Action, Measure
from portal import clock
from portal.audit.models import AuditRow
from portal.people.models import Leave, Membership, Person
from tests.cast import World, any_action, start, step
from tests.people.pages import fill
from tests.test_query_counts import cost
from tests.toys import toy

MAY = ("can_finish", "can_hand_over", "can_note", "can_drop", "can_reopen", "can_pin")


def away(world: World, person: str, deputy: str, days: int = 7) -> Leave:
    """Somebody is on leave from today."""
    return Leave.objects.create(
        person=getattr(world, person),
        deputy=getattr(world, deputy),
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=days),
        announced_by=getattr(world, person),
    )


def held(world: World, by: str, kind: str = "open_door") -> Action:
    """An action that somebody holds personally, in a measure that kabinet A leads."""
    if kind == "open_door":
        action = step(toy(world.kabinet_a, world.a, monday=date(2026, 10, 20)), "prepare")
    else:
        action = any_action(start(world.kabinet_a, world.a, kind), evidence_kind="none")
    act.hand_over(by=world.kabinet_a, action=action, to_person=getattr(world, by))
    return again(action)


def again(action: Action) -> Action:
    return Action.objects.select_related("measure", "step").get(pk=action.pk)


def may(person: Person, action: Action) -> set[str]:
    return {name for name in MAY if getattr(permissions, name)(person, action)}


def mine(person: Person) -> list[Action]:
    return list(Action.objects.visible_to(person).running().held_by(person))


HOLDERS = {"can_finish", "can_hand_over", "can_note"}


def test_the_deputy_finds_and_may_do_what_the_absent_holder_might(world: World, sign_in) -> None:
    action = held(world, "oov_a")
    assert mine(world.piket_a) == []
    assert may(world.piket_a, action) == set()
    away(world, "oov_a", "piket_a", days=7)
    assert mine(world.piket_a) == [action, *mine_by_role(world, "adviseur_oov")]
    assert may(world.piket_a, action) == HOLDERS
    for url in ("/", "/acties/", f"/acties/{action.pk}/"):
        assert "oor S. de Wit, tot en met 12 oktober" in sign_in(world.piket_a).get(url).content.decode()


def mine_by_role(world: World, role: str) -> list[Action]:
    return list(Action.objects.filter(holder_role=role).running().order_by("late_from", "id"))


def test_leave_never_widens_sight(world: World, sign_in) -> None:
    action = held(world, "kabinet_a", kind="visits")
    away(world, "kabinet_a", "oov_a")
    assert mine(world.oov_a) == []
    assert may(world.oov_a, action) == set()
    assert not Action.objects.visible_to(world.oov_a).filter(pk=action.pk).exists()
    client = sign_in(world.oov_a)
    assert client.get(f"/acties/{action.pk}/").status_code == 404
    assert client.post(f"/acties/{action.pk}/klaar/", {"version": action.version}).status_code == 404


def test_the_deputy_of_a_member_of_the_holding_role_may_act_where_he_sees(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "store")
    assert action.holder_role == "adviseur_oov"
    away(world, "oov_a", "piket_a")
    assert may(world.piket_a, again(action)) == HOLDERS
    away(world, "beleid_a", "communicatie_a")
    assert may(world.communicatie_a, again(action)) == set()


def test_the_deputy_has_the_rights_of_the_lead_and_only_in_those_measures(world: World, sign_in) -> None:
    led, other = toy(world.oov_a, world.a), toy(world.kabinet_a, world.a)
    away(world, "oov_a", "piket_a")
    person = world.piket_a
    assert [permissions.can_steer(person, one) for one in (led, other)] == [True, False]
    assert [permissions.can_reopen_measure(person, one) for one in (led, other)] == [True, False]
    assert may(person, step(led, "brief")) == set(MAY)
    assert may(person, step(other, "brief")) == set()
    assert not permissions.can_start(person, permissions.kind("open_door"), world.a)
    act.stop(by=person, measure=led, reason="Niet meer nodig.")
    assert AuditRow.objects.get(event="measure.stopped").changes["for"] == str(world.oov_a.pk)


@pytest.mark.parametrize(
    ("moment", "rights"),
    [
        ("2026-10-11T23:59:00+02:00", False),
        ("2026-10-12T00:01:00+02:00", True),
        # The day of the change to winter time.
        ("2026-10-25T23:59:00+01:00", True),
        ("2026-10-26T00:01:00+01:00", False),
    ],
)
def test_the_rights_hold_exactly_in_the_period(world: World, sign_in, moment: str, rights: bool) -> None:
    action = held(world, "oov_a")
    Leave.objects.create(
        person=world.oov_a,
        deputy=world.piket_a,
        starts_on=date(2026, 10, 12),
        ends_on=date(2026, 10, 25),
        announced_by=world.oov_a,
    )
    with time_machine.travel(moment, tick=False):
        client = sign_in(world.piket_a)
        assert (action.title in client.get("/acties/").content.decode()) is rights
        answer = client.post(f"/acties/{action.pk}/klaar/", {"version": action.version})
        assert answer.status_code == (302 if rights else 403)


def test_the_rights_stop_at_once_when_the_leave_is_ended(world: World, sign_in) -> None:
    action = held(world, "oov_a")
    leave = away(world, "oov_a", "piket_a")
    client = sign_in(world.piket_a)
    assert client.get(f"/acties/{action.pk}/klaar/").status_code == 200
    Leave.objects.filter(pk=leave.pk).update(ended_at=clock.now())
    assert client.get(f"/acties/{action.pk}/klaar/").status_code == 403


def deed(world: World, action: Action, person: Person) -> Any:
    """What the audit says of a finish by this person."""
    act.finish(by=person, action=again(action))
    return (
        AuditRow.objects.filter(event="action.finished", object_id=action.pk).latest("at").changes.get("for")
    )


def test_what_is_done_for_somebody_says_so(world: World, sign_in) -> None:
    action = held(world, "oov_a")
    away(world, "oov_a", "piket_a")
    assert deed(world, action, world.piket_a) == str(world.oov_a.pk)
    page = sign_in(world.kabinet_a).get(f"/acties/{action.pk}/").content.decode()
    assert "<b>R. Bakker, namens S. de Wit,</b> meldde de actie klaar" in page


def test_also_by_who_might_have_done_it_anyway(world: World) -> None:
    """Kabinet may finish everything; of a colleague on leave it is that colleague's work that was done."""
    action = held(world, "oov_a")
    assert deed(world, action, world.kabinet_a) is None
    other = held(world, "oov_a", kind="huisverbod")
    away(world, "oov_a", "kabinet_a")
    assert deed(world, other, world.kabinet_a) == str(world.oov_a.pk)


def test_what_is_one_s_own_work_is_done_in_the_own_name(world: World) -> None:
    away(world, "oov_a", "piket_a")
    assert deed(world, held(world, "piket_a"), world.piket_a) is None
    away(world, "burgemeester_a", "loco_a")
    assert deed(world, held(world, "loco_a", kind="visits"), world.loco_a) is None


def every_deed(world: World, person: Person, action: Action) -> None:
    """Everything a lead may do with an action."""
    check = action.checks.all()[0]
    act.begin(by=person, action=action)
    act.tick(by=person, check=check, done=True)
    act.write_note(by=person, action=action, text="Gebeld.", key="n")
    act.pin(by=person, action=action, to=date(2026, 10, 8))
    act.unpin(by=person, action=action)
    act.drop(by=person, action=action, reason="Niet nodig.")
    act.reopen(by=person, action=again(action), reason="Toch nodig.")
    action = again(action)
    act.finish(by=person, action=action)
    act.undo_finish(by=person, action=action)
    act.hand_over(by=person, action=again(action), to_role="kabinet")


def every_steer(world: World, person: Person, measure: Measure) -> None:
    act.move_anchor(measure, "week_monday", date(2026, 11, 23), person)
    act.add_action(
        by=person, measure=measure, title="Extra", description="", due_on=None, key="x", holder_role="kabinet"
    )
    act.stop(by=person, measure=measure, reason="Klaar ermee.")
    act.reopen_measure(by=person, measure=measure, reason="Toch niet.")
    for action in Action.objects.unfinished().filter(measure=measure):
        act.drop(by=person, action=action, reason="Weg.")
    act.complete(by=person, measure=measure, result="Gelukt.")


def test_every_deed_of_a_deputy_is_on_record_as_such(world: World) -> None:
    measure = toy(world.oov_a, world.a)
    action = step(measure, "prepare")
    away(world, "oov_a", "piket_a")
    every_deed(world, world.piket_a, action)
    every_steer(world, world.piket_a, measure)
    rows = AuditRow.objects.filter(actor=world.piket_a)
    assert {row.event for row in rows} >= {
        *(f"action.{one}" for one in ("begun", "ticked", "noted", "pinned", "unpinned", "moved", "dropped")),
        *(f"action.{one}" for one in ("reopened", "finished", "undone", "handed_over", "added")),
        *(f"measure.{one}" for one in ("anchor_moved", "stopped", "reopened", "completed")),
    }
    assert {row.changes.get("for") for row in rows} == {str(world.oov_a.pk)}


# -- the loco and the mayor -----------------------------------------------------------------------
def mayors(world: World) -> Action:
    """An action that lies with the office of burgemeester."""
    action = step(toy(world.kabinet_a, world.a), "prepare")
    act.hand_over(by=world.kabinet_a, action=action, to_role="burgemeester")
    return again(action)


def test_the_loco_acts_for_the_mayor_and_the_record_says_so(world: World, sign_in) -> None:
    action = mayors(world)
    assert deed(world, action, world.loco_a) == "burgemeester"
    page = sign_in(world.kabinet_a).get(f"/acties/{action.pk}/").content.decode()
    assert "<b>J. Peters, namens de burgemeester,</b> meldde de actie klaar" in page


def test_with_a_leave_the_record_names_the_mayor_who_is_away(world: World) -> None:
    action = mayors(world)
    away(world, "burgemeester_a", "loco_a")
    assert deed(world, action, world.loco_a) == str(world.burgemeester_a.pk)


def test_everything_the_office_of_loco_allows_is_for_the_mayor(world: World) -> None:
    started = toy(world.loco_a, world.a)
    assert AuditRow.objects.get(event="measure.started").changes["for"] == "burgemeester"
    measure = toy(world.kabinet_a, world.a)
    act.stop(by=world.loco_a, measure=measure, reason="Stop.")
    assert AuditRow.objects.get(event="measure.stopped").changes["for"] == "burgemeester"
    act.stop(by=world.burgemeester_a, measure=started, reason="Stop.")
    assert "for" not in AuditRow.objects.filter(event="measure.stopped").latest("at", "id").changes


def test_what_is_the_mayor_s_goes_to_nobody_but_a_loco(world: World) -> None:
    """Even when somebody else stands as deputy: a role may have ended since."""
    role, personal = mayors(world), held(world, "burgemeester_a", kind="visits")
    away(world, "burgemeester_a", "communicatie_a")
    assert not {role, personal} & set(mine(world.communicatie_a))
    for action in (role, personal):
        assert may(world.communicatie_a, action) == set()


def test_the_deputy_of_a_loco_gets_the_loco_s_work_and_not_the_mayor_s(world: World) -> None:
    role, personal = mayors(world), held(world, "loco_a", kind="publicity")
    away(world, "burgemeester_a", "loco_a")
    away(world, "loco_a", "communicatie_a")
    assert {role, personal} & set(mine(world.communicatie_a)) == {personal}
    assert may(world.communicatie_a, role) == set()
    assert may(world.communicatie_a, personal) == HOLDERS


def test_a_loco_of_one_municipality_is_none_in_another(world: World) -> None:
    """The mayor of two municipalities: each has its own loco."""
    Membership.objects.create(
        person=world.burgemeester_a, role="burgemeester", starts_on=date(2026, 1, 1), **world.b.as_fields()
    )
    Membership.objects.create(
        person=world.loco_a, role="kabinet", starts_on=date(2026, 1, 1), **world.b.as_fields()
    )
    measure = toy(world.kabinet_b, world.b)
    action = step(measure, "store")
    act.hand_over(by=world.kabinet_b, action=action, to_person=world.burgemeester_a)
    away(world, "burgemeester_a", "loco_a")
    assert action not in mine(world.loco_a)
    assert permissions.absent_holder(world.loco_a, again(action)) is None


# -- pages ----------------------------------------------------------------------------------------
def test_the_deputy_finishes_from_the_list_and_goes_on(world: World, sign_in) -> None:
    action = held(world, "oov_a")
    away(world, "oov_a", "piket_a")
    client: Client = sign_in(world.piket_a)
    answer = fill(client, reverse("tracking:finish", args=[action.pk]))
    assert answer.status_code == 302
    assert again(action).state == "done"


def more(world: World, measure: Measure, count: int) -> None:
    for nr in range(count):
        act.add_action(
            by=world.oov_a,
            measure=measure,
            title=f"Eigen actie {nr}",
            description="",
            due_on=date(2026, 10, 6),
            key=f"{nr}-{count}",
            holder_person=world.oov_a,
        )


@pytest.mark.parametrize("url", ["/", "/acties/"])
def test_a_deputy_s_lists_cost_the_same_with_3_and_with_30(
    world: World, sign_in: Callable[..., Client], url: str
) -> None:
    client = sign_in(world.piket_a)
    measure = toy(world.oov_a, world.a)
    away(world, "oov_a", "piket_a")
    more(world, measure, 3)
    few = cost(client, url)
    more(world, measure, 27)
    assert cost(client, url) == few


def test_without_a_leave_my_actions_costs_five_queries_at_most(world: World, sign_in) -> None:
    toy(world.kabinet_a, world.a)
    assert cost(sign_in(world.kabinet_a), "/acties/") <= 5
    assert cost(sign_in(world.kabinet_a), "/") <= 8

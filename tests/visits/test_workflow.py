"""The life of a visit: every pair of states, and what each move does to its measure."""

from datetime import date, time
from itertools import product

import pytest
from django.urls import reverse

from measures.tracking.actions.measures import OpenActionsLeft
from measures.tracking.models import Measure
from measures.tracking.workflow import IllegalMove, check_move
from portal.feeds.models import Invitation
from portal.mail.models import Message
from tests.cast import World
from tests.visits.make import DAY, a_host, a_visit, at
from visits import actions as act
from visits.actions.life import NotYet
from visits.enums import VisitState
from visits.programme_rules import Part
from visits.workflow import MOVES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("old", "new"), list(product(VisitState, VisitState)))
def test_only_the_moves_of_the_table_go_through(old: VisitState, new: VisitState) -> None:
    if new in MOVES[old]:
        check_move(MOVES, old, new)
    else:
        with pytest.raises(IllegalMove):
            check_move(MOVES, old, new)


def test_confirming_keeps_who_said_yes_and_when(world: World) -> None:
    visit = a_visit(world)
    act.confirm(by=world.kabinet_a, visit=visit, said_by="teamleider", on=DAY)
    visit.refresh_from_db()
    assert (visit.state, visit.confirmed_by, visit.confirmed_on) == ("confirmed", "teamleider", DAY)


def test_nobody_can_say_it_was_held_before_it_began(world: World, time_machine) -> None:
    visit = a_visit(world)
    with pytest.raises(NotYet):
        act.hold(by=world.kabinet_a, visit=visit)
    time_machine.move_to(at(14), tick=False)
    act.hold(by=world.kabinet_a, visit=visit)
    visit.refresh_from_db()
    assert visit.state == "held"


def test_held_by_mistake_goes_back_to_where_it_was(world: World, time_machine) -> None:
    visit = a_visit(world)
    act.confirm(by=world.kabinet_a, visit=visit, said_by="teamleider", on=DAY)
    time_machine.move_to(at(15), tick=False)
    act.hold(by=world.kabinet_a, visit=visit)
    act.take_back(by=world.kabinet_a, visit=visit)
    visit.refresh_from_db()
    assert (visit.state, visit.held_at) == ("confirmed", None)


def test_cancelling_stops_the_measure_and_tells_everybody_who_was_invited(world: World) -> None:
    host = a_host(world, contact_name="Een coördinator", contact_email="co@veiligthuis.example")
    visit = a_visit(world, host=host, with_driehoek=True, invites=True)
    assert Invitation.objects.filter(source="visits", object_id=visit.pk).count() == 3
    Message.objects.update(state="sent")
    act.cancel(by=world.kabinet_a, visit=visit, reason="De organisatie heeft een crisis.")
    measure = Measure.objects.get(pk=visit.measure_id)
    assert (measure.state, measure.stop_reason) == ("stopped", "De organisatie heeft een crisis.")
    told = Message.objects.filter(state="planned")
    assert sorted(told.values_list("address", flat=True)) == sorted(
        [world.ovj.email, world.teamchef.email, "co@veiligthuis.example"]
    )
    assert all("METHOD:CANCEL" in one.calendar for one in told)
    assert not any("crisis" in one.text + one.html + one.calendar for one in told)


def test_what_was_cancelled_can_be_taken_up_again_as_an_idea(world: World) -> None:
    visit = a_visit(world)
    act.cancel(by=world.kabinet_a, visit=visit, reason="Geen tijd.")
    act.resume(by=world.kabinet_a, visit=visit, reason="Het kan toch.")
    visit.refresh_from_db()
    assert (visit.state, visit.starts_at, visit.cancel_reason) == ("idea", None, "")
    assert visit.measure.is_running
    assert visit.measure.anchors.get(name="visit").at is None


def test_it_is_closed_only_when_every_promise_is_kept(world: World, time_machine) -> None:
    visit = a_visit(world)
    time_machine.move_to(at(17), tick=False)
    act.hold(by=world.kabinet_a, visit=visit)
    with pytest.raises(OpenActionsLeft):
        act.follow_up(by=world.kabinet_a, visit=visit, result="Klaar.")
    visit.refresh_from_db()
    assert visit.state == "held"
    visit.measure.actions.update(state="done")
    act.follow_up(by=world.kabinet_a, visit=visit, result="De wachtlijst is korter.")
    visit.refresh_from_db()
    assert (visit.state, visit.measure.state) == ("followed_up", "completed")


def test_of_what_does_not_go_on_no_action_is_called_late(world: World, sign_in) -> None:
    visit = a_visit(world)
    act.cancel(by=world.kabinet_a, visit=visit, reason="Storm.")
    text = sign_in(world.kabinet_a).get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert 'id="acties"' not in text


def test_a_programme_that_changed_after_the_yes_is_put_to_the_host_again(world: World, sign_in) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    page = reverse("visits:visit", args=[visit.pk])
    act.confirm(by=world.kabinet_a, visit=visit, said_by="teamleider", on=DAY)
    assert "Leg het opnieuw voor" not in client.get(page).content.decode()
    part = Part("Ontvangst", time(14), 30)
    act.write_programme(by=world.kabinet_a, visit=visit, stops=[part], version=visit.programme_version)
    assert "Leg het opnieuw voor" in client.get(page).content.decode()
    visit.refresh_from_db()
    act.confirm(by=world.kabinet_a, visit=visit, said_by="teamleider", on=DAY)
    assert "Leg het opnieuw voor" not in client.get(page).content.decode()


def test_what_cannot_be_done_yet_is_said_before_anybody_types(world: World, sign_in, time_machine) -> None:
    visit, client = a_visit(world, host=None), sign_in(world.kabinet_a)
    said = client.get(reverse("visits:confirm", args=[visit.pk]), follow=True).content.decode()
    assert "Kies eerst een gastorganisatie" in said
    time_machine.move_to(at(17), tick=False)
    act.hold(by=world.kabinet_a, visit=visit)
    client = sign_in(world.kabinet_a)
    said = client.get(reverse("visits:follow_up", args=[visit.pk]), follow=True).content.decode()
    assert "Er staan nog acties of toezeggingen open" in said


def test_the_page_names_a_day_that_is_no_ordinary_one(world: World, sign_in) -> None:
    day = date(2026, 12, 25)
    visit = a_visit(world, starts_at=at(14, day=day), ends_at=at(16, day=day))
    page = reverse("visits:visit", args=[visit.pk])
    assert "geen gewone werkdag (Eerste Kerstdag)" in sign_in(world.kabinet_a).get(page).content.decode()

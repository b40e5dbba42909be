"""After a visit: promises that speak until they are kept, who was told, and a next visit after this one."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from portal.deadlines.models import Reminder
from tests.cast import World, newest
from tests.visits.make import a_stop, a_visit, at
from visits import actions as act
from visits.enums import Meets, StopPress
from visits.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(world: World, time_machine):
    visit = a_visit(world, with_driehoek=True, question="Waar wachten kinderen?")
    time_machine.move_to(at(17), tick=False)
    act.hold(by=world.kabinet_a, visit=visit)
    return visit


def test_a_promise_is_an_action_with_a_holder_and_a_date_that_reminds(world: World, sign_in, held) -> None:
    page = reverse("visits:promise", args=[held.pk])
    typed = {
        "key": uuid4().hex,
        "title": "Wachtlijst bespreken met de wethouder",
        "due_on": "2026-12-01",
        "holder": "role:kabinet",
        "nog": "1",
    }
    answer = sign_in(world.kabinet_a).post(page, typed)
    assert answer.headers["Location"] == page
    action = held.measure.actions.get(origin="pledge")
    assert (action.due_on, action.holder_role) == (date(2026, 12, 1), "kabinet")
    assert Reminder.objects.filter(object_id=action.pk, state="planned").exists()


def test_a_promise_without_a_date_is_asked_for(world: World, sign_in, held) -> None:
    page = reverse("visits:promise", args=[held.pk])
    typed = {"key": uuid4().hex, "title": "Terugbellen", "holder": "role:kabinet"}
    answer = sign_in(world.kabinet_a).post(page, typed)
    assert answer.status_code == 422
    assert "Terugbellen" in answer.content.decode()


def test_a_promise_stands_on_the_page_until_it_is_kept(world: World, sign_in, held) -> None:
    action = act.promise(
        by=world.kabinet_a,
        visit=held,
        title="Wachtlijst bespreken",
        due_on=date(2026, 12, 1),
        key="k" * 20,
        holder_role="kabinet",
    )
    client, page = sign_in(world.kabinet_a), reverse("visits:visit", args=[held.pk])
    text = client.get(page).content.decode()
    assert "Wachtlijst bespreken" in text
    assert "Daarvan is 1 een toezegging." in text
    action.state = "done"
    action.save()
    assert "nagekomen" in client.get(page).content.decode()


def test_who_was_told_is_written_down_once(world: World, sign_in, held) -> None:
    page = reverse("visits:report", args=[held.pk])
    typed = {"key": uuid4().hex, "to": "driehoek", "on": "2026-11-05", "kept_in": "Zaaksysteem Z-2026-1"}
    client = sign_in(world.kabinet_a)
    client.post(page, typed)
    client.post(page, typed)
    assert Report.objects.get().to == "driehoek"


def test_nobody_was_told_tomorrow(world: World, sign_in, held) -> None:
    page = reverse("visits:report", args=[held.pk])
    typed = {"key": uuid4().hex, "to": "college", "on": "2026-11-06"}
    answer = sign_in(world.kabinet_a).post(page, typed)
    assert "moet nog komen" in answer.content.decode()


def test_a_next_visit_takes_the_programme_with_the_times_it_really_took(world: World, held) -> None:
    stop = a_stop(held, title="Gesprek", minutes=30, meets=Meets.STAFF, press=StopPress.WELCOME)
    stop.began_at, stop.ended_at = at(14), at(14) + timedelta(minutes=43)
    stop.save()
    made = act.duplicate(
        by=world.kabinet_a, visit=held, version=newest("visits"), title="Nog eens", key="k" * 20
    )
    (copy,) = made.stops.standing()
    assert (copy.title, copy.starts, copy.minutes, copy.press) == ("Gesprek", time(14), 45, "welcome")
    assert (made.state, made.starts_at, made.host, made.question) == ("idea", None, held.host, "")
    assert made.companions.count() == 2
    again = act.duplicate(
        by=world.kabinet_a, visit=held, version=newest("visits"), title="Nog eens", key="k" * 20
    )
    assert (again, again.stops.count()) == (made, 1)


def test_the_go_of_the_host_is_not_taken_along(world: World, held) -> None:
    from visits.models import Consent

    go = Consent.objects.create(
        visit=held,
        use="press",
        given_on=date(2026, 11, 1),
        said_by="teamleider",
        recorded_by=world.kabinet_a,
        create_key="c",
    )
    a_stop(held, meets=Meets.VICTIMS, press=StopPress.WELCOME, press_go=go)
    made = act.duplicate(
        by=world.kabinet_a, visit=held, version=newest("visits"), title="Nog eens", key="k" * 20
    )
    assert made.stops.get().press == "by_arrangement"
    assert not made.consents.exists()


def test_what_took_long_pushes_what_follows_and_nothing_lasts_longer_than_it_may(world: World, held) -> None:
    long, next_ = a_stop(held, starts=time(9), minutes=30), a_stop(held, starts=time(10), travel=10)
    long.began_at, long.ended_at = at(9), at(18)
    long.save()
    made = act.duplicate(
        by=world.kabinet_a, visit=held, version=newest("visits"), title="Nog eens", key="k" * 20
    )
    found = made.stops.standing().values_list("title", "starts", "minutes")
    assert list(found) == [(long.title, time(9), 480), (next_.title, time(17, 10), 30)]

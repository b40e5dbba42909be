"""Moving the day: the actions, the programme, the invitations and the host's yes go along."""

from datetime import date, time

import pytest
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.feeds.models import Invitation
from portal.mail.models import Message
from portal.planning.models import Recess
from tests.cast import World, step
from tests.visits.make import DAY, a_stop, a_visit, at
from visits import actions as act
from visits.actions.changed import NotAhead
from visits.actions.dates import PastMidnight

pytestmark = pytest.mark.django_db

LATER = date(2026, 11, 12)


def _post(client, visit, **fields: str):
    typed = {"day": f"{LATER}", "starts": "15:00", "ends": "17:00", "version": str(visit.version)}
    return client.post(reverse("visits:move", args=[visit.pk]), typed | fields)


def test_one_preview_says_all_that_goes_along_and_writes_nothing(world: World, sign_in) -> None:
    visit = a_visit(world, with_driehoek=True, invites=True)
    a_stop(visit)
    answer = _post(sign_in(world.kabinet_a), visit)
    text = answer.content.decode()
    assert "2 genodigden krijgen een nieuwe uitnodiging" in text
    assert "De briefing gaat uit op maandag 9 november" in text
    assert "Het programma schuift op de klok mee" in text
    visit.refresh_from_db()
    assert visit.starts_at == at(14)
    assert step(visit.measure, "briefing_nalezen").due_on == date(2026, 11, 2)


def test_the_press_after_it_moves_everything(world: World, sign_in) -> None:
    visit = a_visit(world, with_driehoek=True, invites=True)
    stop = a_stop(visit)
    Message.objects.update(state="sent")
    Invitation.objects.update(answer="yes")
    _post(sign_in(world.kabinet_a), visit, zeker="1")
    visit.refresh_from_db()
    stop.refresh_from_db()
    assert (visit.starts_at, visit.ends_at) == (at(15, day=LATER), at(17, day=LATER))
    assert step(visit.measure, "briefing_nalezen").due_on == date(2026, 11, 9)
    assert stop.starts == time(15)
    mails = Message.objects.filter(state="planned")
    assert mails.count() == 2
    assert all(f"SEQUENCE:{visit.sequence}" in one.calendar and visit.sequence == 1 for one in mails)
    assert all("DTSTART" in one.calendar and "20261112T150000" in one.calendar for one in mails)
    assert set(Invitation.objects.values_list("answer", flat=True)) == {""}


def test_a_host_who_said_yes_is_asked_anew(world: World) -> None:
    visit = a_visit(world)
    act.confirm(by=world.kabinet_a, visit=visit, said_by="teamleider", on=DAY)
    act.move(by=world.kabinet_a, visit=visit, starts_at=at(15), ends_at=at(17))
    visit.refresh_from_db()
    assert (visit.state, visit.confirmed_by, visit.confirmed_on) == ("planned", "", None)


def test_the_same_hours_change_nothing_and_mail_nobody(world: World) -> None:
    visit = a_visit(world, with_driehoek=True, invites=True)
    act.confirm(by=world.kabinet_a, visit=visit, said_by="teamleider", on=DAY)
    before = Message.objects.count()
    act.move(by=world.kabinet_a, visit=visit, starts_at=at(14), ends_at=at(16))
    visit.refresh_from_db()
    assert (visit.state, visit.sequence, Message.objects.count()) == ("confirmed", 0, before)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-12-25", "Kerst"), ("2026-11-07", "zaterdag"), ("2026-12-30", "Winterreces")],
)
def test_a_day_that_is_no_ordinary_one_is_named_and_not_refused(
    world: World, sign_in, day: str, name: str
) -> None:
    Recess.objects.create(
        municipality_id=world.a.municipality_id,
        starts_on=date(2026, 12, 28),
        ends_on=date(2027, 1, 3),
        name="Winterreces",
    )
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    assert name in _post(client, visit, day=day).content.decode()
    _post(client, visit, day=day, zeker="1")
    visit.refresh_from_db()
    assert visit.day == date.fromisoformat(day)


def test_a_programme_that_would_go_past_midnight_stops_the_move(world: World, sign_in) -> None:
    visit = a_visit(world)
    a_stop(visit, title="Nagesprek", starts=time(15, 30), minutes=60)
    with pytest.raises(PastMidnight):
        act.move(by=world.kabinet_a, visit=visit, starts_at=at(22), ends_at=at(23))
    text = _post(sign_in(world.kabinet_a), visit, starts="22:00", ends="23:00").content.decode()
    assert "‘Nagesprek’ over middernacht" in text
    assert 'value="22:00"' in text


def test_letting_go_of_the_day_cancels_and_makes_it_an_idea(world: World, sign_in) -> None:
    visit = a_visit(world, with_driehoek=True, invites=True)
    Message.objects.update(state="sent")
    _post(sign_in(world.kabinet_a), visit, day="", zeker="1")
    visit.refresh_from_db()
    assert (visit.state, visit.starts_at) == ("idea", None)
    assert step(visit.measure, "briefing_nalezen").due is None
    assert all("METHOD:CANCEL" in one.calendar for one in Message.objects.filter(state="planned"))
    assert Message.objects.filter(state="planned").count() == 2


def test_what_was_held_stays_where_it_was(world: World, time_machine) -> None:
    visit = a_visit(world)
    time_machine.move_to(at(17), tick=False)
    act.hold(by=world.kabinet_a, visit=visit)
    with pytest.raises(NotAhead):
        act.move(by=world.kabinet_a, visit=visit, starts_at=at(15, day=LATER), ends_at=at(16, day=LATER))


def test_somebody_else_moved_it_meanwhile(world: World, sign_in) -> None:
    visit = a_visit(world)
    act.move(by=world.burgemeester_a, visit=visit, starts_at=at(10), ends_at=at(12))
    answer = _post(sign_in(world.kabinet_a), visit, version="1", zeker="1")
    assert answer.status_code == 409
    assert "M. van Dijk" in answer.content.decode()
    assert 'value="15:00"' in answer.content.decode()


def test_the_date_of_the_measure_leads_to_the_page_of_the_visit(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    for page, name in (("anchor", "move"), ("stop", "cancel"), ("complete", "follow_up")):
        args = [visit.measure_id, "visit"] if page == "anchor" else [visit.measure_id]
        for send in (client.get, client.post):
            answer = send(reverse(f"tracking:{page}", args=args))
            assert answer.headers["Location"] == reverse(f"visits:{name}", args=[visit.pk])


def test_who_heard_that_the_day_was_let_go_hears_of_the_new_one_and_the_preview_says_so(
    world: World,
) -> None:
    visit = a_visit(world, with_driehoek=True, invites=True)
    Message.objects.update(state="sent")
    act.move(by=world.kabinet_a, visit=visit, starts_at=None, ends_at=None)
    Message.objects.update(state="sent")
    assert act.preview(visit, at(10)).guests == 2
    act.move(by=world.kabinet_a, visit=visit, starts_at=at(10), ends_at=at(12))
    mails = Message.objects.filter(state="planned")
    assert len(mails) == 2
    assert all("METHOD:REQUEST" in one.calendar for one in mails)


def test_the_audit_row_of_a_move_holds_both_hours_and_the_state(world: World) -> None:
    visit = a_visit(world)
    act.confirm(by=world.kabinet_a, visit=visit, said_by="teamleider", on=date(2026, 10, 5))
    act.move(by=world.kabinet_a, visit=visit, starts_at=at(14), ends_at=at(17))
    changes = AuditRow.objects.get(event="visit.moved").changes
    assert changes["ends_at"] == {"old": at(16).isoformat(), "new": at(17).isoformat()}
    assert changes["state"] == {"old": "confirmed", "new": "planned"}

"""From notice to mail: one digest, asked again before it goes, and handed to whoever stands in."""

import json
import re
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from measures.tracking import actions as act
from portal import clock
from portal.deadlines import actions as hearing
from portal.deadlines import plan as engine
from portal.deadlines.looking import last_look
from portal.deadlines.models import Choices, Notice, Reminder, Silence
from portal.deadlines.sweep import sweep
from portal.mail.models import Gateway, Message, Phone
from portal.people.models import Leave, Membership, Person
from portal.planning.days import OfficeDays
from tests.cast import World, step
from tests.toys import toy

DAY = date(2026, 10, 26)  # five office days before "prepare" is due


def at(day: date, hour: int, minute: int = 0) -> Any:
    return time_machine.travel(clock.at(day, time(hour, minute)), tick=False)


def choose(person: Person, **chosen: Any) -> None:
    Choices.objects.update_or_create(person=person, defaults=chosen)


def told(action: Any) -> set[tuple[str, str]]:
    """Who heard which rule about this action by mail; without the number of a request or hand-over."""
    return {
        (one.person.email.partition("@")[0], one.facts["rule"].partition(":")[0])
        for one in Notice.objects.filter(state="told", reminder__object_id=action.pk).select_related("person")
    }


def test_the_digest_comes_at_the_hour_somebody_chose(world: World) -> None:
    choose(world.kabinet_a, digest_at=time(11, 30))
    toy(world.kabinet_a, world.a)
    with at(DAY, 7, 30):
        sweep()
        assert not Message.objects.exists()
        assert Notice.objects.get().state == "waiting"
    with at(DAY, 11, 30):
        sweep()
        assert Message.objects.get().person == world.kabinet_a


def test_a_new_hour_counts_at_once_for_what_waits(world: World) -> None:
    choose(world.kabinet_a, digest_at=time(16, 0))
    toy(world.kabinet_a, world.a)
    with at(DAY, 8):
        sweep()
        hearing.choose(
            by=world.kabinet_a,
            digest_at=time(9, 0),
            every_day=False,
            quiet_from=time(20),
            quiet_until=time(7),
            by_mail=True,
            version=1,
        )
    with at(DAY, 9):
        sweep()
        assert Message.objects.count() == 1


def test_what_is_finished_before_the_digest_is_not_in_it(world: World) -> None:
    choose(world.kabinet_a, digest_at=time(11, 0))
    kept, finished = toy(world.kabinet_a, world.a), toy(world.kabinet_a, world.a)
    with at(DAY, 8):
        sweep()
        act.finish(by=world.kabinet_a, action=step(finished, "prepare"))
    with at(DAY, 11):
        sweep()
    notice = Notice.objects.get(reminder__object_id=step(finished, "prepare").pk)
    assert notice.state == "gone"
    mail = Message.objects.get()
    assert str(step(kept, "prepare").pk) in mail.text
    assert str(step(finished, "prepare").pk) not in mail.text


def test_what_is_handed_over_before_the_digest_only_the_new_holder_hears_once(world: World) -> None:
    choose(world.kabinet_a, digest_at=time(11, 0))
    measure = toy(world.kabinet_a, world.a)
    with at(DAY, 8):
        sweep()
        act.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.oov_a)
        sweep()
    with at(date(2026, 10, 27), 11):
        sweep()
    assert told(step(measure, "prepare")) == {("oov", "to")}


def test_a_message_says_who_hears_next_and_on_which_day(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    with at(DAY, 4):
        act.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.oov_a)
    with at(DAY, 7, 15):
        sweep()
    text = Message.objects.get().text
    assert "Wie het daarna hoort: de trekker, op woensdag 4 november." in text
    for page in ("klaar", "overdragen", "later"):
        assert f"/{page}/" in text


def test_an_urgent_reminder_goes_at_night(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "prepare")
    due = clock.at(DAY, time(4, 0))
    type(action).objects.filter(pk=action.pk).update(due_on=None, due_at=due, late_from=due)
    rules = engine.Rules(remind=(-1,), days=OfficeDays(closed={}), hours=True, urgent=True)
    engine.plan("action", action.pk, world.a, engine.Moment(at=due), rules, engine.Holder("kabinet"), "")
    with at(DAY, 3):
        sweep()
    mail = Message.objects.get()
    assert mail.subject.startswith("Dringend: ")
    assert not mail.unsubscribe_url


def test_only_the_digest_can_be_unsubscribed_from(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.oov_a)
    with at(date(2026, 11, 4), 7, 15):
        sweep()
    about = Notice.objects.filter(reminder__object_id=step(measure, "prepare").pk, state="told")
    assert {(one.person, one.name): bool(one.message.unsubscribe_url) for one in about} == {
        (world.oov_a, "reminder"): True,
        (world.kabinet_a, "escalated"): False,  # the lead hears of another's work
    }


def test_unsubscribed_means_in_the_portal_only_and_escalations_still_come(world: World) -> None:
    choose(world.oov_a, by_mail=False)
    choose(world.kabinet_a, by_mail=False)
    measure = toy(world.kabinet_a, world.a)
    act.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.oov_a)
    with at(date(2026, 11, 4), 7, 15):
        sweep()
    assert told(step(measure, "prepare")) == {("kabinet", "lead")}
    shown = Notice.objects.filter(state="shown", reminder__object_id=step(measure, "prepare").pk)
    assert {one.person for one in shown} == {world.oov_a}


class TestLater:
    def put_off(self, world: World, until: date, key: str = "k") -> Any:
        measure = toy(world.kabinet_a, world.a)
        action = step(measure, "prepare")
        act.hand_over(by=world.kabinet_a, action=action, to_person=world.oov_a)
        Reminder.objects.filter(rule__startswith="to:").delete()
        with at(date(2026, 10, 23), 12):
            act.put_off(by=world.oov_a, action=action, until=until, reason="Wacht op het college.", key=key)
        return action

    def test_ordinary_reminders_wait_and_it_is_heard_again_on_that_day(self, world: World) -> None:
        action = self.put_off(world, date(2026, 10, 28))
        for day in (26, 27, 28, 29):
            with at(date(2026, 10, day), 7, 15):
                sweep()
        assert told(action) == {("oov", "later")}
        with at(date(2026, 10, 30), 7, 15):
            sweep()
        assert told(action) == {("oov", "later"), ("oov", "-1")}

    def test_no_date_and_no_escalation_moves(self, world: World) -> None:
        action = self.put_off(world, date(2026, 11, 5))
        action.refresh_from_db()
        assert action.due_on == date(2026, 11, 2)
        with at(date(2026, 11, 4), 7, 15):
            sweep()
        assert told(action) == {("kabinet", "lead")}

    def test_a_second_request_replaces_the_first(self, world: World) -> None:
        action = self.put_off(world, date(2026, 11, 5))
        with at(date(2026, 10, 23), 13):
            act.put_off(
                by=world.oov_a, action=action, until=date(2026, 10, 27), reason="Toch eerder.", key="2"
            )
        for day in (26, 27):
            with at(date(2026, 10, day), 7, 15):
                sweep()
        assert told(action) == {("oov", "later")}
        assert Silence.objects.filter(until__gt=date(2026, 10, 27)).count() == 0

    def test_a_new_holder_hears_all_the_same(self, world: World) -> None:
        action = self.put_off(world, date(2026, 11, 5))
        with at(date(2026, 10, 23), 14):
            action.refresh_from_db()
            act.hand_over(by=world.kabinet_a, action=action, to_person=world.communicatie_a)
            action.refresh_from_db()
            act.hand_over(by=world.kabinet_a, action=action, to_person=world.kabinet_a)
        with at(DAY, 7, 15):
            sweep()
        assert {who for who, _rule in told(action)} == {"kabinet"}

    def test_the_form_refuses_today_and_the_eleventh_office_day(self, world: World, sign_in: Any) -> None:
        action = step(toy(world.kabinet_a, world.a), "prepare")
        client: Client = sign_in(world.kabinet_a)
        url = reverse("tracking:later", args=[action.pk])
        page = client.get(url)
        assert "Uiterlijk maandag 19 oktober" in page.content.decode()
        for until, sentence in (
            ("2026-10-05", "Kies een dag na vandaag."),
            ("2026-10-20", "Kies een dag tot en met maandag 19 oktober"),
        ):
            answer = client.post(url, {"until": until, "reason": "Later", "key": "k"})
            assert answer.status_code == 422
            assert sentence in answer.content.decode()
        assert client.post(url, {"until": "2026-10-19", "reason": "Later", "key": "k"}).status_code == 302
        assert client.post(url, {"until": "2026-10-19", "reason": "Later", "key": "k"}).status_code == 302
        assert Silence.objects.count() == 1

    def test_opening_the_link_changes_nothing(self, world: World, sign_in: Any) -> None:
        action = step(toy(world.kabinet_a, world.a), "prepare")
        client: Client = sign_in(world.kabinet_a)
        for name in ("later", "finish", "hand_over"):
            assert client.get(reverse(f"tracking:{name}", args=[action.pk])).status_code == 200
        assert not Silence.objects.exists()

    def test_who_does_not_hear_it_cannot_put_it_off(self, world: World, sign_in: Any) -> None:
        action = step(toy(world.kabinet_a, world.a), "prepare")
        url = reverse("tracking:later", args=[action.pk])
        assert sign_in(world.oov_a).get(url).status_code == 403
        assert sign_in(world.kabinet_b).get(url).status_code == 404


class TestLastLook:
    def waiting_mail(self, world: World) -> tuple[Any, Any, Message]:
        first, second = toy(world.kabinet_a, world.a), toy(world.kabinet_a, world.a)
        with at(DAY, 7, 15):
            sweep()
            return step(first, "prepare"), step(second, "prepare"), Message.objects.get()

    def test_a_mail_that_just_was_written_is_not_asked_about(self, world: World) -> None:
        _first, _second, mail = self.waiting_mail(world)
        with at(DAY, 7, 15):
            assert last_look([mail]) == {}

    def test_what_still_holds_goes_as_it_is(self, world: World) -> None:
        _first, _second, mail = self.waiting_mail(world)
        with at(DAY, 12):
            assert last_look([mail]) == {}

    def test_what_was_finished_meanwhile_is_taken_out(self, world: World) -> None:
        first, second, mail = self.waiting_mail(world)
        with at(DAY, 12):
            act.finish(by=world.kabinet_a, action=first)
            newer = last_look([mail])[mail.pk]
            assert newer is not None
            assert str(first.pk) not in newer.text
            assert str(second.pk) in newer.text
            sweep()
        assert Message.objects.count() == 1

    def test_who_may_no_longer_see_it_does_not_get_it(self, world: World) -> None:
        _first, _second, mail = self.waiting_mail(world)
        Membership.objects.filter(person=world.kabinet_a).update(ends_on=date(2026, 10, 25))
        with at(DAY, 12):
            assert last_look([mail]) == {mail.pk: None}

    def test_the_deputy_hears_what_waited_when_the_leave_began(self, world: World) -> None:
        measure = toy(world.oov_a, world.a)
        act.hand_over(by=world.oov_a, action=step(measure, "prepare"), to_person=world.oov_a)
        with at(DAY, 7, 15):
            sweep()
            mail = Message.objects.get()
        away(world.oov_a, world.kabinet_a, DAY, DAY)
        with at(DAY, 12):
            assert last_look([mail]) == {mail.pk: None}
            sweep()
            sweep()
        assert told(step(measure, "prepare")) == {("kabinet", "-5")}


def away(person: Person, deputy: Person, first: date, last: date) -> Leave:
    return Leave.objects.create(
        person=person,
        deputy=deputy,
        starts_on=first,
        ends_on=last,
        announced_by=person,
    )


class TestLeave:
    def test_the_deputy_hears_instead_for_exactly_that_period(self, world: World) -> None:
        measure = toy(world.oov_a, world.a)
        act.hand_over(by=world.oov_a, action=step(measure, "prepare"), to_person=world.oov_a)
        away(world.oov_a, world.kabinet_a, date(2026, 10, 26), date(2026, 10, 30))
        for day in (date(2026, 10, 26), date(2026, 10, 30), date(2026, 11, 2)):
            with at(day, 7, 15):
                sweep()
        about = Notice.objects.filter(state="told", reminder__object_id=step(measure, "prepare").pk)
        heard = {(one.person.email.partition("@")[0], one.facts["rule"], one.stands_in) for one in about}
        assert heard == {("kabinet", "-5", True), ("kabinet", "-1", True), ("oov", "+0", False)}
        mail = about.get(facts__rule="-5").message
        assert "U vervangt iemand die met verlof is." in mail.text
        assert world.oov_a.name not in mail.text

    def test_what_the_deputy_may_not_see_stays_with_who_is_away(self, world: World) -> None:
        measure = toy(world.oov_a, world.a)  # open_door: communicatie does not see it
        act.hand_over(by=world.oov_a, action=step(measure, "prepare"), to_person=world.oov_a)
        away(world.oov_a, world.communicatie_a, date(2026, 10, 26), date(2026, 10, 30))
        with at(DAY, 7, 15):
            sweep()
        assert told(step(measure, "prepare")) == {("oov", "-5")}

    def test_the_leads_deputy_hears_the_escalation(self, world: World) -> None:
        measure = toy(world.kabinet_a, world.a)
        act.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.piket_a)
        away(world.kabinet_a, world.oov_a, date(2026, 11, 4), date(2026, 11, 6))
        with at(date(2026, 11, 4), 7, 15):
            sweep()
        assert {("oov", "lead")} == told(step(measure, "prepare")) - {("piket", "+2"), ("piket", "to")}

    def test_leave_that_begins_before_the_digest_sends_it_to_the_deputy(self, world: World) -> None:
        choose(world.oov_a, digest_at=time(18, 0))
        choose(world.kabinet_a, digest_at=time(18, 0))
        measure = toy(world.oov_a, world.a)
        act.hand_over(by=world.oov_a, action=step(measure, "prepare"), to_person=world.oov_a)
        with at(DAY, 8):
            sweep()
        away(world.oov_a, world.kabinet_a, DAY, DAY)
        with at(DAY, 18):
            sweep()
            sweep()
        assert told(step(measure, "prepare")) == {("kabinet", "-5")}


class TestChoicesPage:
    def page(self, sign_in: Any, person: Person) -> tuple[Client, str]:
        return sign_in(person), reverse("deadlines:choices")

    GOOD = {
        "digest_at": "08:30",
        "quiet_from": "21:00",
        "quiet_until": "06:30",
        "by_mail": "on",
        "version": "0",
    }

    def test_choices_are_kept(self, world: World, sign_in: Any) -> None:
        client, url = self.page(sign_in, world.kabinet_a)
        assert client.post(url, self.GOOD).status_code == 302
        row = Choices.objects.get(person=world.kabinet_a)
        assert (row.digest_at, row.quiet_from, row.by_mail) == (time(8, 30), time(21), True)

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"digest_at": "25:00"}, "Schrijf de tijd als uren en minuten van 00:00 tot 23:59"),
            ({"digest_at": "04:59"}, "Kies een tijd van 05:00 tot en met 22:00."),
            ({"digest_at": "22:30", "quiet_from": "23:00"}, "Kies een tijd van 05:00 tot en met 22:00."),
            ({"digest_at": "21:30"}, "De verzamelmail valt in uw stille uren."),
            ({"quiet_from": ""}, "Vul een tijd in"),
        ],
    )
    def test_a_time_that_cannot_be_is_refused_and_what_was_typed_stays(
        self, world: World, sign_in: Any, changed: dict[str, str], sentence: str
    ) -> None:
        client, url = self.page(sign_in, world.kabinet_a)
        answer = client.post(url, self.GOOD | changed)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert sentence in text
        assert all(f'value="{value}"' in text for value in changed.values() if value)
        assert not Choices.objects.exists()

    def test_a_stale_page_is_shown_again(self, world: World, sign_in: Any) -> None:
        client, url = self.page(sign_in, world.kabinet_a)
        client.post(url, self.GOOD)
        answer = client.post(url, self.GOOD | {"digest_at": "09:45"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Intussen is dit gewijzigd." in page
        assert "wijzigde wanneer herinneringen komen" in page
        assert 'value="09:45"' in page
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version is not None
        again = self.GOOD | {"digest_at": "09:45", "version": version[1]}
        assert client.post(url, again).status_code == 302
        # The page of the own name speaks of its own changes only.
        stale = {"name": "N. Vos", "language": "nl", "version": "1"}
        answer = client.post(reverse("people:me"), stale)
        assert answer.status_code == 409
        assert "choices.changed" not in answer.content.decode()

    def test_it_shows_what_was_heard_and_not_what_may_no_longer_be_seen(
        self, world: World, sign_in: Any
    ) -> None:
        toy(world.kabinet_a, world.a)
        with at(DAY, 7, 15):
            sweep()
            text = sign_in(world.kabinet_a).get(reverse("deadlines:choices")).content.decode()
            assert "Stap prepare" in text
            Membership.objects.filter(person=world.kabinet_a).update(role="communicatie")
            text = sign_in(world.kabinet_a).get(reverse("deadlines:choices")).content.decode()
            assert "Stap prepare" not in text
            assert "niet meer mag zien" in text


class TestUnsubscribe:
    def url(self, world: World) -> str:
        toy(world.kabinet_a, world.a)
        with at(DAY, 7, 15):
            sweep()
        return Message.objects.get().unsubscribe_url.removeprefix("http://localhost:8000")

    def test_a_mail_program_can_press_once_without_a_session(self, world: World) -> None:
        url = self.url(world)
        client = Client(enforce_csrf_checks=True)
        # RFC 8058: the answer is no redirect.
        assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not Choices.objects.get(person=world.kabinet_a).by_mail

    def test_opening_the_link_changes_nothing(self, world: World) -> None:
        page = Client().get(self.url(world))
        assert page.status_code == 200
        assert not Choices.objects.exists()
        assert world.kabinet_a.email not in page.content.decode()

    def test_a_changed_link_opens_nothing(self, world: World) -> None:
        url = self.url(world)
        assert Client().post(url.replace("/uitschrijven/", "/uitschrijven/x")).status_code == 404
        assert not Choices.objects.exists()


def test_four_hundred_reminders_are_refused_and_nothing_is_planned(world: World) -> None:
    days = OfficeDays(closed={})
    before = Reminder.objects.count()
    with pytest.raises(engine.RulesRefused, match="400 herinneringen; geef er ten hoogste 24"):
        engine.Rules(remind=range(-400, 0), days=days)
    with pytest.raises(engine.RulesRefused, match="ten hoogste 400 dagen of uren"):
        engine.Rules(remind=[-401], days=days)
    assert Reminder.objects.count() == before


def test_when_nobody_at_all_is_left_the_reminder_is_not_counted_as_said(world: World) -> None:
    toy(world.kabinet_a, world.a)
    Membership.objects.all().update(ends_on=date(2026, 10, 25))
    with at(DAY, 7, 15) as now:
        sweep()
        row = Reminder.objects.get(rule="-5", fires_at__lte=clock.now())
        assert row.state == "claimed"
        Membership.objects.filter(person=world.beheerder_a).update(ends_on=None)
        now.shift(timedelta(hours=2))
        sweep()
    row.refresh_from_db()
    assert row.state == "fired"
    assert Notice.objects.get().person == world.beheerder_a


class TestWebhook:
    def hook(self, world: World) -> Gateway:
        return Gateway.objects.create(
            kind="webhook", name="Dienst", url="https://dienst.example/", **world.a.as_fields()
        )

    def test_a_webhook_of_the_scope_hears_once_of_what_climbed_the_ladder(self, world: World) -> None:
        self.hook(world)
        measure = toy(world.kabinet_a, world.a)
        act.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.oov_a)
        for hour in (7, 12):
            with at(date(2026, 11, 4), hour, 15):
                sweep()
        about = [
            json.loads(one.text)
            for one in Message.objects.filter(channel="webhook")
            if str(step(measure, "prepare").pk) in one.text
        ]
        assert about == [
            {
                "event": "escalation",
                "kind": "Open deur",
                "title": "Stap prepare",
                "due": "2026-11-02",
                "told": "trekker",
                "url": f"http://localhost:8000/acties/{step(measure, 'prepare').pk}/",
            }
        ]

    def test_it_hears_nothing_of_another_scope(self, world: World) -> None:
        self.hook(world)
        measure = toy(world.kabinet_b, world.b)
        with at(date(2026, 11, 9), 7, 15):
            sweep()
        assert Notice.objects.filter(
            name="escalated", reminder__object_id=step(measure, "prepare").pk
        ).exists()
        assert not Message.objects.filter(channel="webhook").exists()


class TestTelephone:
    def test_what_is_urgent_goes_to_a_confirmed_number_too(self, world: World) -> None:
        Gateway.objects.create(kind="sms", name="Sms", url="https://sms.example/", **world.a.as_fields())
        for person, verified_at in ((world.kabinet_a, clock.now()), (world.oov_a, None)):
            Phone.objects.create(person=person, sealed_number="x", verified_at=verified_at)
        measure = toy(world.kabinet_a, world.a)
        action = step(measure, "prepare")
        due = clock.at(DAY, time(4, 0))
        type(action).objects.filter(pk=action.pk).update(due_on=None, due_at=due, late_from=due)
        rules = engine.Rules(remind=(-1,), days=OfficeDays(closed={}), hours=True, urgent=True)
        engine.plan("action", action.pk, world.a, engine.Moment(at=due), rules, engine.Holder("kabinet"), "")
        with at(DAY, 3):
            sweep()
            sweep()
        (short,) = Message.objects.filter(channel="sms")
        assert short.person == world.kabinet_a
        assert short.text == "Dringend: Open deur. Meld u aan op http://localhost:8000"
        assert short in Notice.objects.get().also.all()
        # What was finished before it left is not said.
        with at(DAY, 3, 30):
            action.refresh_from_db()
            act.finish(by=world.kabinet_a, action=action)
            mail = Notice.objects.get().message
            assert last_look([short, mail]) == {short.pk: None, mail.pk: None}

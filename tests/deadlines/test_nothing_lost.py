"""What falls away before it was told, comes back, is refused or dies half way: it is heard all the same, once."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Action, Measure
from portal import clock
from portal.deadlines import plan as engine
from portal.deadlines.looking import last_look
from portal.deadlines.models import Choices, Notice, Reminder, Silence
from portal.deadlines.sweep import sweep
from portal.mail import deliver, urgent
from portal.mail.models import Gateway, Message
from portal.people.models import Leave, Membership, Person
from portal.planning.days import OfficeDays
from tests.cast import World, step
from tests.toys import toy

# "prepare" is due on Monday 2 November: five office days before it is Monday 26 October.
DAY = date(2026, 10, 26)
ONE = ({"key": "prepare", "anchor": "week_monday", "offset": -10},)


def at(day: date, hour: int, minute: int = 0) -> Any:
    return time_machine.travel(clock.at(day, time(hour, minute)), tick=False)


@pytest.fixture
def made(world: World) -> tuple[Measure, Action]:
    measure = toy(world.kabinet_a, world.a, steps=ONE, key="one")
    return measure, step(measure, "prepare")


def held_by(world: World, action: Action, person: Person) -> None:
    """Somebody else than the lead holds it, and heard so."""
    act.hand_over(by=world.kabinet_a, action=action, to_person=person)
    engine.taken("action", action.pk)


def heard(action: Action) -> set[tuple[str, str]]:
    """Who heard which rule by mail."""
    return {
        (one.person.email.partition("@")[0], one.reminder.rule.partition(":")[0])
        for one in Notice.objects.filter(state="told", reminder__object_id=action.pk)
    }


@pytest.mark.parametrize("back", ["undo_finish", "reopen"])
def test_what_fell_away_while_it_waited_is_heard_when_it_is_open_again(
    world: World, made: tuple[Measure, Action], back: str
) -> None:
    measure, action = made
    with at(DAY, 5):
        sweep()
    with at(DAY, 7, 10):
        act.finish(by=world.kabinet_a, action=action)
    with at(DAY, 7, 15):
        sweep()
        assert heard(action) == set()
    with at(DAY, 7, 20):
        reason = {"reason": "Toch niet klaar."} if back == "reopen" else {}
        getattr(act, back)(by=world.kabinet_a, action=step(measure, "prepare"), **reason)
        sweep()
    with at(date(2026, 10, 27), 7, 15):
        sweep()
    assert heard(action) == {("kabinet", "-5")}


def test_a_date_that_moves_away_and_back_before_the_digest_is_heard(
    world: World, made: tuple[Measure, Action]
) -> None:
    measure, action = made
    with at(DAY, 5):
        sweep()
    with at(DAY, 6):
        act.move_anchor(measure, "week_monday", date(2026, 11, 30), world.kabinet_a)
    with at(DAY, 7, 15):
        sweep()
    with at(DAY, 8):
        measure.refresh_from_db()
        act.move_anchor(measure, "week_monday", date(2026, 11, 16), world.kabinet_a)
        sweep()
    with at(date(2026, 10, 27), 7, 15):
        sweep()
    assert heard(action) == {("kabinet", "-5")}


def test_a_leave_that_ends_again_before_the_digest_leaves_it_with_the_holder(
    world: World, made: tuple[Measure, Action]
) -> None:
    Choices.objects.create(person=world.oov_a, digest_at=time(16))
    Choices.objects.create(person=world.kabinet_a, digest_at=time(17))
    _measure, action = made
    held_by(world, action, world.oov_a)
    with at(DAY, 5):
        sweep()
    leave = Leave.objects.create(
        person=world.oov_a, deputy=world.kabinet_a, starts_on=DAY, ends_on=DAY, announced_by=world.oov_a
    )
    with at(DAY, 16):
        sweep()
        Leave.objects.filter(pk=leave.pk).update(ended_at=clock.now())
    for hour in (17, 18):
        with at(DAY, hour):
            sweep()
    assert heard(action) == {("oov", "-5")}


def test_who_put_it_off_and_finished_it_hears_normally_when_it_is_open_again(
    world: World, made: tuple[Measure, Action]
) -> None:
    measure, action = made
    with at(DAY, 9):
        until = date(2026, 11, 3)
        act.put_off(by=world.kabinet_a, action=action, until=until, reason="Nu niet.", key="k")
    with at(date(2026, 10, 27), 9):
        act.finish(by=world.kabinet_a, action=step(measure, "prepare"))
        act.undo_finish(by=world.kabinet_a, action=step(measure, "prepare"))
        assert not Silence.objects.filter(until__gt=clock.today()).exists()
    with at(date(2026, 10, 30), 7, 15):
        sweep()
    assert ("kabinet", "-1") in heard(action)


def test_a_deputy_puts_off_until_the_holder_is_back_who_then_hears_it(
    world: World, made: tuple[Measure, Action]
) -> None:
    measure, action = made
    held_by(world, action, world.oov_a)
    Leave.objects.create(
        person=world.oov_a,
        deputy=world.kabinet_a,
        starts_on=DAY,
        ends_on=date(2026, 10, 30),
        announced_by=world.oov_a,
    )
    with at(date(2026, 10, 29), 9):
        until = act.put_off(
            by=world.kabinet_a,
            action=step(measure, "prepare"),
            until=date(2026, 11, 9),
            reason="Nu niet.",
            key="k",
        )
    assert until == date(2026, 11, 2)
    for day in (date(2026, 10, 30), until):
        with at(day, 7, 15):
            sweep()
    assert ("oov", "later") in heard(action)
    assert not [rule for who, rule in heard(action) if who == "kabinet"]


def refuse(message: Message) -> None:
    """The mail server says that there is no such mailbox."""
    deliver._refuse(message)


def test_when_the_mail_of_what_was_put_off_is_refused_the_next_hears(
    world: World, made: tuple[Measure, Action]
) -> None:
    measure, action = made
    held_by(world, action, world.oov_a)
    day = date(2026, 10, 28)
    with at(date(2026, 10, 23), 9):
        act.put_off(by=world.oov_a, action=step(measure, "prepare"), until=day, reason="Nu niet.", key="k")
    with at(day, 7, 15):
        sweep()
        refuse(Message.objects.get())
    with at(day, 7, 16):
        sweep()
    assert ("kabinet", "re") in heard(action)


def test_a_second_refusal_about_the_same_date_is_told_too(world: World, made: tuple[Measure, Action]) -> None:
    _measure, action = made
    held_by(world, action, world.oov_a)
    for rule, day in (("-5", DAY), ("-1", date(2026, 10, 30))):
        Person.objects.update(mail_refused_at=None)
        with at(day, 7, 15):
            sweep()
            refuse(Notice.objects.get(reminder__rule=rule).message)
        with at(day, 7, 16):
            sweep()
    assert Notice.objects.filter(reminder__rule__startswith="re:", person=world.kabinet_a).count() == 2


def test_what_no_longer_holds_silences_nothing_that_does(world: World, made: tuple[Measure, Action]) -> None:
    _measure, action = made
    held_by(world, action, world.oov_a)
    with at(DAY, 7, 15):
        sweep()
        mail = Message.objects.get()
    with at(DAY, 7, 16):
        # The date moves, and in the same tick the mail about the old date is refused.
        act.pin(by=world.kabinet_a, action=action, to=date(2026, 10, 28))
    with time_machine.travel(clock.at(DAY, time(7, 16, 5)), tick=False):
        refuse(mail)
    with at(DAY, 7, 17):
        sweep()
    fired = Reminder.objects.filter(object_id=action.pk, due_on=date(2026, 10, 28), state="fired")
    assert Notice.objects.filter(reminder__in=fired, person=world.kabinet_a, name="no_holder").exists()


def test_nobody_left_between_sweep_and_digest_is_not_counted_as_said(
    world: World, made: tuple[Measure, Action]
) -> None:
    Choices.objects.create(person=world.kabinet_a, digest_at=time(16))
    _measure, action = made
    with at(DAY, 6):
        sweep()
    Membership.objects.update(ends_on=date(2026, 10, 25))
    with at(DAY, 16):
        sweep()
    row = Reminder.objects.get(object_id=action.pk, rule="-5")
    assert row.state == "claimed"
    Membership.objects.filter(person=world.kabinet_a).update(ends_on=None)
    with at(DAY, 18):
        sweep()
    with at(date(2026, 10, 27), 16):
        sweep()
    assert heard(action) == {("kabinet", "-5")}


def test_after_a_long_standstill_lead_and_role_each_hear_once(
    world: World, made: tuple[Measure, Action]
) -> None:
    _measure, action = made
    held_by(world, action, world.oov_a)
    for day in (date(2026, 11, 10), date(2026, 11, 20)):
        with at(day, 8):
            sweep()
    assert ("kabinet", "lead") in heard(action)
    shown = Notice.objects.filter(state="shown", reminder__rule="role", reminder__object_id=action.pk)
    assert {one.person for one in shown} == {world.burgemeester_a, world.loco_a}
    assert Notice.objects.filter(reminder__object_id=action.pk, person=world.kabinet_a).count() == 1


def test_when_only_the_portal_would_say_it_the_beheerder_gets_a_mail(
    world: World, made: tuple[Measure, Action]
) -> None:
    _measure, action = made
    Person.objects.filter(pk=world.kabinet_a.pk).update(mail_refused_at=clock.now())
    with at(DAY, 8):
        sweep()
    assert heard(action) == {("beheer", "-5")}
    assert "Stap" not in Message.objects.get().text


def test_a_lead_who_put_the_own_action_off_still_gets_the_escalation(
    world: World, made: tuple[Measure, Action]
) -> None:
    measure, action = made
    with at(date(2026, 11, 2), 9):
        act.put_off(
            by=world.kabinet_a,
            action=step(measure, "prepare"),
            until=date(2026, 11, 13),
            reason="Nu niet.",
            key="k",
        )
    with at(date(2026, 11, 4), 7, 15):
        sweep()
    assert ("kabinet", "lead") in heard(action)


def test_a_worker_that_dies_in_the_last_look_sends_nothing_stale(
    world: World, made: tuple[Measure, Action], monkeypatch: pytest.MonkeyPatch
) -> None:
    _measure, action = made
    with at(DAY, 7, 15):
        sweep()
    with at(DAY, 7, 30):
        act.finish(by=world.kabinet_a, action=action)
        rows = deliver.claim(clock.now())
        with monkeypatch.context() as dying:

            def die(*_: Any) -> None:
                raise KeyboardInterrupt

            dying.setattr(deliver, "_goes_as", die)
            with pytest.raises(KeyboardInterrupt):
                deliver.look_again(rows)
    with at(DAY, 7, 40):
        assert deliver.look_again(deliver.claim(clock.now())) == []
    assert Message.objects.get().state == "cancelled"


def test_a_short_message_that_waits_does_not_take_back_the_mail_that_went(
    world: World, made: tuple[Measure, Action]
) -> None:
    _measure, action = made
    due = clock.at(DAY, time(12))
    Action.objects.filter(pk=action.pk).update(due_on=None, due_at=due, late_from=due)
    rules = engine.Rules(remind=(-1,), days=OfficeDays(closed={}), hours=True, urgent=True)
    engine.plan("action", action.pk, world.a, engine.Moment(at=due), rules, engine.Holder("kabinet"), "")
    gateway = Gateway.objects.create(
        kind="sms", name="Sms", url="https://sms.example/", **world.a.as_fields()
    )
    with at(DAY, 11):
        sweep()
        notice = Notice.objects.get()
        Message.objects.filter(pk=notice.message_id).update(state="sent", sent_at=clock.now())
        short = urgent.message(gateway, "Dringend", person=notice.person)
        short.save(force_insert=True)
        notice.also.add(short)
    with at(DAY, 11, 20):
        action.refresh_from_db()
        act.finish(by=world.kabinet_a, action=action)
        assert last_look([short]) == {short.pk: None}
    notice.refresh_from_db()
    assert notice.state == "told"


@pytest.fixture
def hook(world: World) -> Gateway:
    return Gateway.objects.create(
        kind="webhook", name="Dienst", url="https://dienst.example/", **world.a.as_fields()
    )


def test_a_webhook_hears_once_also_when_a_deputy_hears_instead(
    world: World, made: tuple[Measure, Action], hook: Gateway
) -> None:
    _measure, action = made
    held_by(world, action, world.oov_a)
    Choices.objects.create(person=world.kabinet_a, quiet_until=time(10), digest_at=time(11))
    day = date(2026, 11, 4)
    Reminder.objects.filter(object_id=action.pk).exclude(rule="lead").delete()
    with at(day, 7, 15):
        sweep()
    Leave.objects.create(
        person=world.kabinet_a, deputy=world.loco_a, starts_on=day, ends_on=day, announced_by=world.kabinet_a
    )
    with at(day, 10):
        sweep()
        sweep()
    assert heard(action) == {("loco", "lead")}
    assert Message.objects.filter(channel="webhook").count() == 1


def test_a_webhook_hears_nothing_of_what_is_over(
    world: World, made: tuple[Measure, Action], hook: Gateway
) -> None:
    _measure, action = made
    held_by(world, action, world.oov_a)
    with at(date(2026, 11, 4), 7, 15):
        sweep()
        (message,) = Message.objects.filter(channel="webhook")
    with at(date(2026, 11, 4), 9):
        action.refresh_from_db()
        act.finish(by=world.kabinet_a, action=action)
        assert last_look([message]) == {message.pk: None}


def test_who_only_holds_it_reads_nothing_of_colleagues_elsewhere(
    world: World, made: tuple[Measure, Action], sign_in: Callable[..., Any]
) -> None:
    _measure, action = made
    act.write_note(by=world.kabinet_a, action=action, text="Overlegd met het college.", key="n")
    act.put_off(
        by=world.kabinet_a, action=action, until=date(2026, 10, 12), reason="Wacht op de jurist.", key="k"
    )
    Action.objects.filter(pk=action.pk).update(holder_role="", holder_person=world.kabinet_b)
    page = sign_in(world.kabinet_b).get(reverse("tracking:action", args=[action.pk])).content.decode()
    for word in ("Wacht op de jurist", "Overlegd met het college", "Wie hoort wat"):
        assert word not in page


def test_the_page_says_told_only_when_it_was(
    world: World, made: tuple[Measure, Action], sign_in: Callable[..., Any]
) -> None:
    Choices.objects.create(person=world.kabinet_a, digest_at=time(16))
    _measure, action = made
    url = reverse("tracking:action", args=[action.pk])
    with at(DAY, 6):
        sweep()
        page = sign_in(world.kabinet_a).get(url).content.decode()
        assert "staat klaar" in page
        assert "gemeld" not in page
    with at(DAY, 16):
        sweep()
        assert "gemeld" in sign_in(world.kabinet_a).get(url).content.decode()


def test_a_mail_about_a_hand_over_says_what_happens_otherwise_and_who_is_next(
    world: World, made: tuple[Measure, Action]
) -> None:
    _measure, action = made
    with at(DAY - timedelta(days=3), 4):
        act.hand_over(by=world.kabinet_a, action=action, to_person=world.oov_a)
    with at(DAY - timedelta(days=3), 7, 15):
        sweep()
    text = Message.objects.get().text
    assert "Als niemand iets doet: Dan weet niemand het." in text
    assert "Wie het daarna hoort: de trekker, op woensdag 4 november." in text

"""Delivery: each message once, errors in words the row remembers, refusals climb the ladder."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from portal import clock
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.plan import SPEAKS_AT
from portal.deadlines.sweep import sweep
from portal.mail.deliver import _send, claim, deliver
from portal.mail.models import Message
from tests.cast import World, step
from tests.mail.server import Server, words
from tests.toys import toy


@pytest.fixture
def waiting(world: World) -> Any:
    """One reminder's mail that waits, at the moment it was written."""
    measure = toy(world.kabinet_a, world.a)
    with time_machine.travel(
        clock.at(date(2026, 10, 26), SPEAKS_AT) + timedelta(minutes=1), tick=False
    ) as now:
        sweep()
        yield step(measure, "prepare"), now


def test_a_mail_goes_out_once_and_its_body_does_not_stay(waiting: Any, server: Server) -> None:
    assert deliver() == 1
    assert deliver() == 0
    message = Message.objects.get()
    assert (message.state, message.text, message.html) == ("sent", "", "")
    sent = server.sent[0]
    assert sent["Message-ID"] == message.message_id
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["References"] == f"<action.{waiting[0].pk}@voorbeeldstad.example>"
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]


def test_a_passing_error_is_tried_again_later_with_the_same_message_id(waiting: Any, server: Server) -> None:
    server.answers = [("gone", "")]
    assert deliver() == 0
    first = Message.objects.get()
    assert first.state == "planned"
    assert first.fires_at > clock.now()
    with time_machine.travel(first.fires_at, tick=False):
        assert deliver() == 1
    assert server.sent[0]["Message-ID"] == first.message_id


def test_a_refused_address_is_marked_and_the_second_person_hears_now(waiting: Any, server: Server) -> None:
    action, _now = waiting
    server.answers = [("rcpt", "550 onbekend")]
    assert deliver() == 0
    message = Message.objects.get()
    assert message.state == "refused"
    assert message.person.mail_refused_at == clock.now()
    again = Reminder.objects.get(object_id=action.pk, rule__startswith="re:")
    assert again.fires_at == clock.now()
    # The kabinet is its own lead here, so the mayor reads it in the portal; the ladder stays as planned.
    sweep()
    told = Notice.objects.filter(reminder=again)
    assert {one.person.email.partition("@")[0] for one in told} == {"burgemeester", "loco", "beheer"}
    assert Reminder.objects.get(object_id=action.pk, rule="lead").state == "planned"


def test_a_full_mailbox_is_not_a_refusal(waiting: Any, server: Server) -> None:
    server.answers = [("rcpt", "452 vol")]
    deliver()
    assert Message.objects.get().state == "planned"


def test_nothing_was_sent_past_the_outbox(waiting: Any) -> None:
    assert not getattr(mail, "outbox", [])


def test_one_mail_that_cannot_be_written_holds_up_no_other(
    waiting: Any, server: Server, world: World
) -> None:
    other = Message.objects.get()
    Message.objects.filter(pk=other.pk).update(
        fires_at=clock.now() - timedelta(hours=1), subject="Eerste\nBcc: iedereen@voorbeeld.example"
    )
    Message.objects.create(
        person=world.oov_a,
        address=world.oov_a.email,
        subject="Tweede",
        text="Tekst",
        message_id="<2@x.example>",
    )
    assert deliver() == 1
    assert [message["Subject"] for message in server.sent] == ["Tweede"]
    assert Message.objects.get(pk=other.pk).state == "planned"


def more_mail(world: World, count: int) -> None:
    for nr in range(count):
        Message.objects.create(
            person=world.oov_a,
            address=world.oov_a.email,
            subject=f"Mail {nr}",
            text="Tekst",
            message_id=f"<{nr}@x.example>",
        )


def test_a_mail_that_the_server_rejects_holds_up_no_other(waiting: Any, server: Server, world: World) -> None:
    first = Message.objects.get()
    Message.objects.filter(pk=first.pk).update(fires_at=clock.now() - timedelta(hours=1))
    more_mail(world, 3)
    server.answers = [("data", "554 inhoud geweigerd")]
    assert deliver() == 3
    assert Message.objects.get(pk=first.pk).state == "planned"


@pytest.mark.parametrize(
    "answer", ["554 5.7.1 Relay access denied", "550 5.7.1 policy", "451 later", "421 even dicht"]
)
def test_a_refusal_by_policy_says_nothing_about_the_address(
    waiting: Any, server: Server, answer: str
) -> None:
    server.answers = [("rcpt", answer)]
    deliver()
    message = Message.objects.get()
    assert message.state == "planned"
    assert message.text
    assert message.person is not None
    assert message.person.mail_refused_at is None


def test_a_slow_batch_does_not_send_what_another_worker_took(
    waiting: Any, server: Server, world: World
) -> None:
    more_mail(world, 2)
    rows = claim(clock.now())
    assert len(rows) == 3
    with time_machine.travel(clock.now() + timedelta(seconds=130), tick=False):
        assert deliver() == 3  # the lease ran out: another worker takes them
        assert _send(rows) == (0, True)
    assert len(server.sent) == 3


def test_a_refused_reader_leaves_the_connection_fit_for_the_next(server: Server, world: World) -> None:
    more_mail(world, 4)
    server.answers = [("rcpt", "550 onbekend"), None, ("data", "554 inhoud"), None]
    assert deliver() == 2
    assert [mail["Subject"] for mail in server.sent] == ["Mail 1", "Mail 3"]
    assert server.connections == 1


def test_a_server_that_refuses_the_sender_is_asked_no_more(server: Server, world: World) -> None:
    more_mail(world, 3)
    server.answers = [("mail", "550 u mag hier niet mailen")]
    assert deliver() == 0
    assert {one.state for one in Message.objects.all()} == {"planned"}
    assert server.connections == 1


HARD = (
    "Beste lezer,\n.\n..twee punten\n--streepjes\nFrom dit is geen kop\n"
    "een = teken, één trema: ë, een lange regel " + "van woorden " * 60 + "\n \nslot zonder regeleinde"
)


def test_the_words_arrive_as_they_were_written(server: Server, world: World) -> None:
    Message.objects.create(
        person=world.oov_a,
        address=world.oov_a.email,
        subject="Eén actie is 3 dagen te laat: " + "lang " * 30 + "slot",
        text=HARD,
        html=f"<p>{HARD}</p>",
        message_id="<hard@x.example>",
    )
    assert deliver() == 1
    (mail,) = server.sent
    assert words(mail).rstrip("\n") == HARD
    assert words(mail, "html").rstrip("\n") == f"<p>{HARD}</p>"
    assert mail["Subject"] == "Eén actie is 3 dagen te laat: " + "lang " * 30 + "slot"
    assert mail["Date"].datetime == clock.now()
    assert max(len(line) for line in mail.as_bytes().splitlines()) < 998
    assert mail.as_bytes().isascii()


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("kabinet@voorbeeld.example", "kabinet@voorbeeld.example"),
        ("Kabinet <kabinet@voorbeeld.example>", "Kabinet <kabinet@voorbeeld.example>"),
        ("Cabinet Súdwest <kabinet@voorbeeld.example>", "Cabinet Súdwest <kabinet@voorbeeld.example>"),
        ("kabinet@gemeenté.example", "kabinet@xn--gemeent-hya.example"),
    ],
)
def test_the_sender_may_have_a_name(
    server: Server, world: World, settings: Any, sender: str, shown: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = settings.REPLY_TO = sender
    more_mail(world, 1)
    assert deliver() == 1
    assert str(server.sent[0]["From"]) == str(server.sent[0]["Reply-To"]) == shown


def test_a_quick_server_costs_one_statement_a_mail(
    server: Server, world: World, django_assert_num_queries: Any
) -> None:
    more_mail(world, 5)
    # Two to claim and read, one for each mail, and two that find nothing more; with their savepoints.
    with django_assert_num_queries(5 + 7):
        assert deliver() == 5


def test_a_lease_is_renewed_when_a_quarter_of_it_is_gone(server: Server, world: World) -> None:
    more_mail(world, 2)
    rows = claim(clock.now())
    with time_machine.travel(clock.now() + timedelta(seconds=40), tick=False):
        _send(rows[:1])
        left = Message.objects.get(pk=rows[1].pk)
        assert left.lease_until == clock.now() + timedelta(seconds=120)

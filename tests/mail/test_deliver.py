"""Delivery: each message once, errors in words the row remembers, refusals climb the ladder."""

import smtplib
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend

from portal import clock
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.plan import SPEAKS_AT
from portal.deadlines.sweep import sweep
from portal.mail.deliver import _send, claim, deliver
from portal.mail.models import Message
from tests.cast import World, step
from tests.toys import toy


class Server(EmailBackend):
    """A mail server of a stranger that answers as a test tells it."""

    answers: list[Exception | None] = []
    sent: list[Any] = []

    def open(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.sent.extend(messages)
        return len(messages)


@pytest.fixture(autouse=True)
def server(settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = "tests.mail.test_deliver.Server"
    Server.answers, Server.sent = [], []
    return Server


@pytest.fixture
def waiting(world: World) -> Any:
    """One reminder's mail that waits, at the moment it was written."""
    measure = toy(world.kabinet_a, world.a)
    with time_machine.travel(
        clock.at(date(2026, 10, 26), SPEAKS_AT) + timedelta(minutes=1), tick=False
    ) as now:
        sweep()
        yield step(measure, "prepare"), now


def test_a_mail_goes_out_once_and_its_body_does_not_stay(waiting: Any, server: type[Server]) -> None:
    assert deliver() == 1
    assert deliver() == 0
    message = Message.objects.get()
    assert (message.state, message.text, message.html) == ("sent", "", "")
    sent = server.sent[0]
    assert sent.extra_headers["Message-ID"] == message.message_id
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.extra_headers["References"] == f"<action.{waiting[0].pk}@voorbeeldstad.example>"
    assert sent.message().get_payload()[0].get_content_type() == "text/plain"


def test_a_passing_error_is_tried_again_later_with_the_same_message_id(
    waiting: Any, server: type[Server]
) -> None:
    server.answers = [smtplib.SMTPServerDisconnected("weg")]
    assert deliver() == 0
    first = Message.objects.get()
    assert first.state == "planned"
    assert first.fires_at > clock.now()
    with time_machine.travel(first.fires_at, tick=False):
        assert deliver() == 1
    assert server.sent[0].extra_headers["Message-ID"] == first.message_id


def test_a_refused_address_is_marked_and_the_second_person_hears_now(
    waiting: Any, server: type[Server]
) -> None:
    action, _now = waiting
    address = Message.objects.get().address
    server.answers = [smtplib.SMTPRecipientsRefused({address: (550, b"onbekend")})]
    assert deliver() == 0
    message = Message.objects.get()
    assert message.state == "refused"
    assert message.person.mail_refused_at == clock.now()
    again = Reminder.objects.get(object_id=action.pk, rule__startswith="re:")
    assert again.fires_at == clock.now()
    # The kabinet is its own lead here, so the mayor reads it in the portal; the ladder stays as planned.
    sweep()
    told = Notice.objects.filter(reminder=again)
    assert {one.person.email.partition("@")[0] for one in told} == {"burgemeester", "loco"}
    assert Reminder.objects.get(object_id=action.pk, rule="lead").state == "planned"


def test_a_full_mailbox_is_not_a_refusal(waiting: Any, server: type[Server]) -> None:
    server.answers = [smtplib.SMTPRecipientsRefused({Message.objects.get().address: (452, b"vol")})]
    deliver()
    assert Message.objects.get().state == "planned"


def test_nothing_was_sent_past_the_outbox(waiting: Any) -> None:
    assert not getattr(mail, "outbox", [])


def test_one_mail_that_cannot_be_written_holds_up_no_other(
    waiting: Any, server: type[Server], world: World
) -> None:
    other = Message.objects.get()
    Message.objects.filter(pk=other.pk).update(fires_at=clock.now() - timedelta(hours=1))
    Message.objects.create(
        person=world.oov_a,
        address=world.oov_a.email,
        subject="Tweede",
        text="Tekst",
        message_id="<2@x.example>",
    )
    server.answers = [ValueError("kapot")]
    assert deliver() == 1
    assert [message.subject for message in server.sent] == ["Tweede"]
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


def test_a_mail_that_the_server_rejects_holds_up_no_other(
    waiting: Any, server: type[Server], world: World
) -> None:
    first = Message.objects.get()
    Message.objects.filter(pk=first.pk).update(fires_at=clock.now() - timedelta(hours=1))
    more_mail(world, 3)
    server.answers = [smtplib.SMTPDataError(554, b"inhoud geweigerd")]
    assert deliver() == 3
    assert Message.objects.get(pk=first.pk).state == "planned"


@pytest.mark.parametrize(
    ("code", "text"), [(554, b"5.7.1 Relay access denied"), (550, b"5.7.1 policy"), (451, b"later")]
)
def test_a_refusal_by_policy_says_nothing_about_the_address(
    waiting: Any, server: type[Server], code: int, text: bytes
) -> None:
    server.answers = [smtplib.SMTPRecipientsRefused({Message.objects.get().address: (code, text)})]
    deliver()
    message = Message.objects.get()
    assert message.state == "planned"
    assert message.text
    assert message.person is not None
    assert message.person.mail_refused_at is None


def test_a_slow_batch_does_not_send_what_another_worker_took(
    waiting: Any, server: type[Server], world: World
) -> None:
    more_mail(world, 2)
    rows = claim(clock.now())
    assert len(rows) == 3
    with time_machine.travel(clock.now() + timedelta(seconds=130), tick=False):
        assert deliver() == 3  # the lease ran out: another worker takes them
        assert _send(rows) == (0, True)
    assert len(server.sent) == 3

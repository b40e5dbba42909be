"""The watchdog's mail: to whom, what it says, and what happens when a mail server refuses."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal import clock
from portal.supervisor.serve import claim
from portal.watchdog import tell
from portal.watchdog.judge import PARTS, Contact
from portal.watchdog.rounds import Told
from tests.servers import Mailbox, smtp_sink

# No database mark on this module: a query would fail its tests.
ADMIN = Contact("landelijk@portaal.example", "nl", is_national=True)
ENGLISH = Contact("beheer@voorbeeld.example", "en", is_national=False)
SINCE = datetime(2026, 10, 5, 9, 40, tzinfo=UTC)
STILL = Told((("worker", SINCE),), (), SINCE)
OVER = Told((), (("worker", SINCE),), SINCE)


@pytest.fixture(scope="module")
def running_sink() -> Iterator[Mailbox]:
    with smtp_sink() as mailbox:
        yield mailbox


@pytest.fixture
def sink(running_sink: Mailbox, settings: Any) -> Mailbox:
    for mail in running_sink.folder.iterdir():
        mail.unlink()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running_sink.port
    return running_sink


@contextmanager
def refusing(*addresses: str) -> Iterator[tuple[int, list[str]]]:
    """A mail server that refuses these recipients, or everybody; yields its port and what it took."""
    taken: list[str] = []

    class Handler:
        async def handle_RCPT(
            self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: Any
        ) -> str:
            if not addresses or address in addresses:
                return "550 5.1.1 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:
            taken.extend(envelope.rcpt_tos)
            return "250 OK"

    loop = asyncio.new_event_loop()
    with claim(0) as listener:
        port: int = listener.getsockname()[1]
        server = loop.run_until_complete(
            loop.create_server(lambda: SMTP(Handler(), hostname="localhost", loop=loop), sock=listener)
        )
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield port, taken
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


def groups(*contacts: Contact) -> list[list[tuple[str, str]]]:
    return tell.readers(list(contacts))


def test_the_national_beheerders_are_told_and_else_who_answers_the_mail(settings: Any) -> None:
    settings.WATCHDOG_TO, settings.REPLY_TO = [], "kabinet@voorbeeld.example"
    assert groups(ADMIN, ENGLISH) == [[(ADMIN.address, "nl")], [("kabinet@voorbeeld.example", "nl")]]
    assert groups() == [[("kabinet@voorbeeld.example", "nl")]]


def test_who_is_named_comes_first_in_their_own_language(settings: Any) -> None:
    settings.WATCHDOG_TO = ["Beheer@voorbeeld.example", "dienst@voorbeeld.example"]
    assert groups(ADMIN, ENGLISH)[:2] == [
        [("Beheer@voorbeeld.example", "en"), ("dienst@voorbeeld.example", "nl")],
        [(ADMIN.address, "nl")],
    ]


def test_the_mail_says_what_since_when_what_meanwhile_and_where_to_look(sink: Mailbox) -> None:
    assert tell.post(STILL, [(ADMIN.address, "nl")]) == 1
    [mail] = sink.mails()
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert mail["To"] == ADMIN.address
    assert mail["Subject"] == "Portaal Kinderveiligheid: de worker staat stil"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "De worker neemt geen werk meer aan.\nSinds ma 5 okt 11:40 (20 minuten geleden)." in text
    assert "Er gaan geen herinneringen, opschalingen en mails uit." in text
    assert "Kijk eerst hier: systemctl status portaal-worker" in text
    assert "http" in text
    html = mail.get_body(("html",))
    assert html is not None
    assert "De worker neemt geen werk meer aan." in html.get_content()


def test_the_mail_says_that_it_is_over(sink: Mailbox) -> None:
    tell.post(OVER, [(ADMIN.address, "nl")])
    tell.post(Told((("mail", SINCE),), (("worker", SINCE),), SINCE), [(ADMIN.address, "nl")])
    over, partly = sink.mails()
    assert over["Subject"] == "Portaal Kinderveiligheid: alles werkt weer"
    assert partly["Subject"] == "Portaal Kinderveiligheid: de mail staat stil"
    for mail in (over, partly):
        body = mail.get_body(("plain",))
        assert body is not None
        assert "Werkt weer: de worker. Stond stil sinds ma 5 okt 11:40." in body.get_content()


def test_every_part_has_its_mail(sink: Mailbox) -> None:
    everything = Told(tuple((part, SINCE) for part in PARTS), (), SINCE)
    made = tell.mail(everything, (ADMIN.address, "nl"))
    assert made.subject == "Portaal Kinderveiligheid: de database staat stil, en meer"
    assert str(made.body).count("Kijk eerst hier:") == len(PARTS)
    assert "INVALID" not in str(made.body)
    assert "@" not in str(made.body)


def test_one_wrong_address_keeps_it_from_nobody_else(settings: Any) -> None:
    with refusing("weg@voorbeeld.example") as (port, taken):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        group = [
            ("weg@voorbeeld.example", "nl"),
            ("a@b.example\nBcc: c@d.example", "nl"),
            ("dienst@voorbeeld.example", "nl"),
        ]
        assert tell.post(STILL, group) == 1
        assert taken == ["dienst@voorbeeld.example"]


def test_a_mail_server_that_refuses_all_or_is_away_counts_nobody(settings: Any) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    with refusing() as (port, taken):
        settings.EMAIL_PORT = port
        assert tell.post(STILL, [(ADMIN.address, "nl")]) == 0
        assert taken == []
    with claim(0) as free:
        settings.EMAIL_PORT = free.getsockname()[1]
        free.close()
        assert tell.post(STILL, [(ADMIN.address, "nl")]) == 0


@pytest.mark.faults
def test_when_nobody_named_can_be_reached_the_national_beheerder_is(settings: Any) -> None:
    settings.WATCHDOG_TO = ["weg@voorbeeld.example"]
    with refusing("weg@voorbeeld.example") as (port, taken):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        assert tell.tell(STILL, [ADMIN]) == 1
        assert taken == [ADMIN.address]


def test_lateness_is_told_in_words() -> None:
    late = Told((("beat", clock.now() - timedelta(hours=30)),), (), clock.now())
    assert "(1 dag geleden)" in str(tell.mail(late, (ADMIN.address, "nl")).body)

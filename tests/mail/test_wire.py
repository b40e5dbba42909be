"""The talk with a mail server: what goes in one go, and that no reply is read for another mail's."""

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from portal.mail.wire import Letter, Talk
from tests.mail.server import serving

ONE = Letter("een@voorbeeld.example", b"Subject: een\r\n\r\nTekst\r\n")
TWO = Letter("twee@voorbeeld.example", b"Subject: twee\r\n\r\nTekst\r\n")


@contextmanager
def stranger(script: Callable[[Callable[[bytes], bytes], Callable[[str], None]], None]) -> Iterator[int]:
    """A server that follows a script: `hear(end)` reads up to and including `end`, `say(text)` answers."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        line, _peer = listener.accept()
        with line:
            line.settimeout(5)
            kept = bytearray()

            def hear(end: bytes) -> bytes:
                while end not in kept:
                    got = line.recv(4096)
                    if not got:
                        return bytes(kept)
                    kept.extend(got)
                cut = kept.index(end) + len(end)
                heard = bytes(kept[:cut])
                del kept[:cut]
                return heard

            line.sendall(b"220 hier\r\n")
            hear(b"\r\n")
            line.sendall(b"250-hier\r\n250 PIPELINING\r\n")
            script(hear, lambda text: line.sendall(f"{text}\r\n".encode()))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(5)
        listener.close()
    assert not thread.is_alive()


def test_a_mail_is_announced_in_one_go_and_the_next_with_its_content() -> None:
    heard: list[bytes] = []

    def script(hear: Callable[[bytes], bytes], say: Callable[[str], None]) -> None:
        # Nothing is answered before all of it is there.
        heard.append(hear(b"DATA\r\n"))
        say("250 OK\r\n250 OK\r\n354 ga uw gang")
        heard.append(hear(b"\r\n.\r\n"))
        heard.append(hear(b"DATA\r\n"))
        say("250 OK\r\n250 OK\r\n250 OK\r\n354 ga uw gang")
        heard.append(hear(b"\r\n.\r\n"))
        say("250 OK")

    with stranger(script) as port, smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        talk = Talk(server, "kabinet@voorbeeld.example")
        talk.send(ONE, TWO)
        talk.send(TWO)
        server.close()
    start = b"MAIL FROM:<kabinet@voorbeeld.example>\r\nRCPT TO:<%s>\r\nDATA\r\n"
    assert heard == [
        start % b"een@voorbeeld.example",
        ONE.mail + b".\r\n",
        start % b"twee@voorbeeld.example",
        TWO.mail + b".\r\n",
    ]


def test_a_no_to_the_content_leaves_the_replies_to_the_next_in_place() -> None:
    def script(hear: Callable[[bytes], bytes], say: Callable[[str], None]) -> None:
        hear(b"DATA\r\n")
        say("250 OK\r\n250 OK\r\n354 ga uw gang")
        hear(b"DATA\r\n")
        say("554 inhoud\r\n250 OK\r\n550 onbekend\r\n503 geen lezer")
        hear(b"rset\r\n")
        say("250 OK")

    with stranger(script) as port, smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        talk = Talk(server, "kabinet@voorbeeld.example")
        with pytest.raises(smtplib.SMTPDataError):
            talk.send(ONE, TWO)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as no:
            talk.send(TWO)
        assert no.value.recipients == {TWO.to: (550, b"onbekend")}
        server.close()


def test_after_a_reply_nobody_understands_the_connection_is_closed() -> None:
    def script(hear: Callable[[bytes], bytes], say: Callable[[str], None]) -> None:
        hear(b"DATA\r\n")
        say("250 OK " + "x" * 9000)

    with stranger(script) as port, smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        talk = Talk(server, "kabinet@voorbeeld.example")
        with pytest.raises(smtplib.SMTPResponseException):
            talk.send(ONE, TWO)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            talk.send(TWO)


def test_an_announced_mail_that_is_taken_back_does_not_arrive() -> None:
    with serving(pipelining=True) as there:
        with smtplib.SMTP("127.0.0.1", there.port, timeout=5) as server:
            talk = Talk(server, "kabinet@voorbeeld.example")
            talk.send(ONE, TWO)
            talk.hang_up()
        with smtplib.SMTP("127.0.0.1", there.port, timeout=5) as server:
            Talk(server, "kabinet@voorbeeld.example").send(ONE)
        assert [mail["Subject"] for mail in there.sent] == ["een", "een"]

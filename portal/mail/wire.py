"""A mail on the wire: its bytes, and the least talk with the server that hands it over."""

import binascii
import re
import smtplib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail.message import sanitize_address

from portal import clock
from portal.mail.models import Message

_LEADING_DOT = re.compile(rb"(?m)^\.")
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
Reply = tuple[int, bytes]


@dataclass(frozen=True)
class Letter:
    """A mail that is ready: the address of its reader and its bytes."""

    to: str
    mail: bytes


class NotOneLine(ValueError):
    """A header holds a line break; such a mail could say what its sender never meant."""


def _header(name: str, value: str) -> str:
    if "\n" in value or "\r" in value:
        raise NotOneLine(name)
    return f"{name}: {value if value.isascii() else _encoded(value)}\r\n"


def _encoded(value: str) -> str:
    """Text that is not ASCII as RFC 2047 words of at most 75 characters, each on a line of its own.

    The email package weighs every character of every word, which took a third of the time of a mail.
    """
    parts = (value[nr : nr + 10].encode() for nr in range(0, len(value), 10))
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in parts)


def _mailbox(name: str, address: str) -> str:
    """A header with one address, whose name and domain may be in any script."""
    return _header(name, address if address.isascii() else sanitize_address(address, "utf-8"))


def _part(kind: str, text: str, more: str = "") -> bytes:
    """One text as quoted-printable: seven bits whatever the server can, and no line too long."""
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"{more}\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = text.replace("\r\n", "\n").encode()
    return head.encode() + binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def _calendar(text: str) -> bytes:
    """The calendar as the richest alternative; its method stands in the header too (RFC 6047)."""
    found = _METHOD.search(text)
    return _part("calendar", text, f"; method={found.group(1)}" if found else "")


def content(row: Message) -> bytes:
    """The mail as it goes out: text first, machine-made, threaded by action; the same at every try."""
    headers = [
        _header("Subject", row.subject),
        _mailbox("From", settings.DEFAULT_FROM_EMAIL),
        _mailbox("To", row.address),
        _mailbox("Reply-To", settings.REPLY_TO),
        _header("Date", format_datetime(clock.now())),
        _header("Message-ID", row.message_id),
        "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n",
    ]
    if row.thread_id:
        headers += [_header("In-Reply-To", row.thread_id), _header("References", row.thread_id)]
    if row.unsubscribe_url:
        headers.append(_header("List-Unsubscribe", f"<{row.unsubscribe_url}>"))
        headers.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    top = "".join(headers).encode("ascii")
    if not row.html:
        return top + _part("plain", row.text) + b"\r\n"
    # In quoted-printable "=" is never followed by "_", so the boundary stands in no text.
    mark = f"=_{row.pk.hex}"
    line = f"\r\n--{mark}".encode()
    return b"".join(
        (
            top,
            f'Content-Type: multipart/alternative; boundary="{mark}"\r\n'.encode(),
            line + b"\r\n" + _part("plain", row.text),
            line + b"\r\n" + _part("html", row.html),
            line + b"\r\n" + _calendar(row.calendar) if row.calendar else b"",
            line + b"--\r\n",
        )
    )


def letter(row: Message) -> Letter:
    """The message, ready to go."""
    return Letter(plain_address(row.address), content(row))


def plain_address(address: str) -> str:
    """The address alone, as the server wants it."""
    plain = parseaddr(address)[1]
    return plain if plain.isascii() else parseaddr(sanitize_address(plain, "utf-8"))[1]


class Talk:
    """Mail after mail over one connection; raises as smtplib's own sendmail does.

    To a server that offers PIPELINING (RFC 2920) the next mail is announced together with the content of
    the one before: while the caller notes that this one was taken, the server looks at the next. So a mail
    costs one journey to and fro instead of four.
    """

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        server.ehlo_or_helo_if_needed()
        self.server = server
        self.sender = sender
        self._announced = False
        self._many_at_once = server.has_extn("pipelining")
        self._takes_size = server.has_extn("size")

    def send(self, letter: Letter, following: Letter | None = None) -> None:
        """Hand over one mail; when this returns the server has taken it upon itself.

        `following` must be the next one that is sent, or else `hang_up` comes first. After anything but
        a no of the server the connection is closed, so that no reply is ever read for another mail's.
        """
        try:
            self._send(letter, following)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
            raise
        except BaseException:
            self.server.close()
            raise

    def _send(self, letter: Letter, following: Letter | None) -> None:
        if self._many_at_once:
            if not self._announced:
                self.server.send(_lines(self._commands(letter)))
            self._announced = False
            said = [self.server.getreply() for _step in range(3)]
        else:
            said = self._step_by_step(letter)
        self._check(letter, said)
        more = _lines(self._commands(following)) if following and self._many_at_once else b""
        self._announced = bool(more)
        code, text = put(self.server, letter.mail, more)
        if code == 421:
            self.server.close()
        if code != 250:
            raise smtplib.SMTPDataError(code, text)

    def hang_up(self) -> None:
        """Take back an announced mail: without its last dot the server keeps nothing of it."""
        if self._announced:
            self.server.close()

    def _commands(self, letter: Letter) -> tuple[str, str, str]:
        size = f" SIZE={len(letter.mail)}" if self._takes_size else ""
        return f"MAIL FROM:<{self.sender}>{size}", f"RCPT TO:<{letter.to}>", "DATA"

    def _step_by_step(self, letter: Letter) -> list[Reply]:
        said: list[Reply] = []
        for command in self._commands(letter):
            said.append(self.server.docmd(command))
            if said[-1][0] >= 400:
                break
        return said

    def _check(self, letter: Letter, said: list[Reply]) -> None:
        """Raise the first no among the replies to sender, reader and DATA, with the server ready for more."""
        refused = next((nr for nr, (code, _text) in enumerate(said) if code >= 400), None)
        if refused is None:
            return
        code, text = said[refused]
        if code == 421:
            self.server.close()
        else:
            if said[-1][0] == 354:  # it waits for a mail without a reader; an empty one ends that
                put(self.server, b"")
            self.server.rset()
        if refused == 0:
            raise smtplib.SMTPSenderRefused(code, text, self.sender)
        if refused == 1:
            raise smtplib.SMTPRecipientsRefused({letter.to: (code, text)})
        raise smtplib.SMTPDataError(code, text)


def _lines(commands: Iterable[str]) -> bytes:
    return "".join(f"{command}\r\n" for command in commands).encode("ascii")


def put(server: smtplib.SMTP, mail: bytes, more: bytes = b"") -> Reply:
    """The content and what follows it, in one go; gives what the server says of the content."""
    server.send(_LEADING_DOT.sub(b"..", mail) + b".\r\n" + more)
    return server.getreply()

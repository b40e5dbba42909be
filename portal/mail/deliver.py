"""Delivery: claims messages in batches and sends them over one connection."""

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
import uuid6
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q

from portal import clock
from portal.mail import last_look, refusals
from portal.mail.models import Message

log = structlog.get_logger("portal.mail")

BATCH = 50
MAIL = ("mail",)
_WAITING = ("planned", "claimed")
_LONGEST_WAIT = timedelta(hours=1)


@transaction.atomic
def claim(now: datetime, limit: int = BATCH, channels: Sequence[str] = MAIL) -> list[Message]:
    """Claim messages of these channels that must go now, with one statement and a lease."""
    due = Message.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now),
        state__in=_WAITING,
        fires_at__lte=now,
        channel__in=channels,
    ).order_by("fires_at")[:limit]
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    lease = uuid6.uuid7()
    claimed = Message.objects.filter(pk__in=due.values("pk")).update(
        state="claimed",
        lease_id=lease,
        lease_until=now + timedelta(seconds=settings.LEASE_SECONDS),
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return []
    return list(
        Message.objects.filter(lease_id=lease, state="claimed")
        .select_related("person")
        .order_by("fires_at", "id")
    )


def deliver() -> int:
    """Send everything that waits; returns how many were accepted. Stops when the server is away."""
    accepted = 0
    while rows := claim(clock.now()):
        sent, reachable = _send(rows)
        accepted += sent
        if not reachable:
            break
    return accepted


def _send(rows: list[Message]) -> tuple[int, bool]:
    """Send a claimed batch; gives how many were accepted and whether the server is still there."""
    rows = look_again(rows)
    if not rows:
        return 0, True
    mailer = get_connection()
    assert isinstance(mailer, EmailBackend)
    try:
        mailer.open()
    except OSError as error:
        _stop(rows, error)
        return 0, False
    accepted = 0
    try:
        for nr, row in enumerate(rows):
            if not _still_mine(row):
                continue
            try:
                accepted += _send_one(mailer, row)
            except _SERVER_AWAY as error:
                _stop(rows[nr:], error)
                return accepted, False
    finally:
        with suppress(OSError):  # what was accepted is marked already
            mailer.close()
    return accepted, True


def look_again(rows: list[Message]) -> list[Message]:
    """Of a claimed batch what must still go, with the newest content; one bad row holds up no other."""
    try:
        said = last_look.ask(rows)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the rows
    except Exception as error:
        if len(rows) > 1:
            return [found for row in rows for found in look_again([row])]
        log.error("message_not_looked_at", message=str(rows[0].pk), error=type(error).__name__)
        _later(rows[0])
        return []
    return [row for row in rows if row.pk not in said or _goes_as(row, said[row.pk])]


def _goes_as(row: Message, newer: Message | None) -> bool:
    """Write down what the last look said; whether the row still goes."""
    mine = Message.objects.filter(pk=row.pk, lease_id=row.lease_id, state="claimed")
    if newer is None:
        mine.update(state="cancelled", lease_until=None, text="", html="")
        return False
    row.subject, row.text, row.html = newer.subject, newer.text, newer.html
    return mine.update(subject=row.subject, text=row.text, html=row.html) == 1


# With these nothing is wrong with the mail in hand: the rest of the batch would fail alike.
_SERVER_AWAY = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    TimeoutError,
    ConnectionError,
)


def _send_one(mailer: EmailBackend, row: Message) -> bool:
    """Send one mail and mark what became of it; a mail that cannot go holds up no other."""
    if row.person is not None and not row.person.is_active:
        _refuse(row)
        return False
    try:
        mailer.send_messages([envelope(row)])
    except _SERVER_AWAY:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        if all(_is_unknown(code, text) for code, text in error.recipients.values()):
            _refuse(row)
        else:
            log.warning("mail_not_taken", message=str(row.pk))
            _later(row)
        return False
    except Exception as error:
        log.error("mail_cannot_be_sent", message=str(row.pk), error=type(error).__name__)
        _later(row)
        return False
    _sent(row)
    return True


def _is_unknown(code: int, text: bytes | str) -> bool:
    """Whether a refusal says that there is no such mailbox; a policy (5.7.x) says nothing of the kind."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return code in (550, 551, 553) and not said.lstrip().startswith("5.7.")


def _stop(rows: list[Message], error: Exception) -> None:
    log.warning("mail_server_away", error=type(error).__name__)
    for row in rows:
        _later(row)


def _still_mine(row: Message) -> bool:
    """Renew the lease before each mail: with a slow server another worker may have taken it."""
    renewed = Message.objects.filter(pk=row.pk, lease_id=row.lease_id, state="claimed").update(
        lease_until=clock.now() + timedelta(seconds=settings.LEASE_SECONDS)
    )
    return renewed == 1


def envelope(row: Message) -> EmailMultiAlternatives:
    """The mail as it goes out: text first, machine-made, threaded by action."""
    headers = {
        "Message-ID": row.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if row.thread_id:
        headers["In-Reply-To"] = headers["References"] = row.thread_id
    if row.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{row.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        subject=row.subject,
        body=row.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[row.address],
        reply_to=[settings.REPLY_TO],
        headers=headers,
    )
    if row.html:
        mail.attach_alternative(row.html, "text/html")
    return mail


def _sent(row: Message) -> None:
    """Mark at once: between the server's yes and this line lies the only chance of a double."""
    Message.objects.filter(pk=row.pk).update(
        state="sent", sent_at=clock.now(), lease_until=None, text="", html=""
    )


def _later(row: Message) -> None:
    wait = min(timedelta(seconds=15 * 2 ** min(row.attempts, 12)), _LONGEST_WAIT)
    Message.objects.filter(pk=row.pk, lease_id=row.lease_id, state="claimed").update(
        state="planned", fires_at=clock.now() + wait, lease_until=None, lease_id=None
    )


@transaction.atomic
def _refuse(row: Message) -> None:
    """The mailbox does not exist: mark the person, and let somebody else hear what this mail said."""
    Message.objects.filter(pk=row.pk).update(state="refused", lease_until=None, text="", html="")
    log.warning("address_refused", message=str(row.pk))
    if row.person is not None:
        type(row.person).objects.filter(pk=row.person.pk).update(mail_refused_at=clock.now())
        refusals.tell(row)

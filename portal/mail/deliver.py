"""Delivery: claims messages in batches and sends them over one connection."""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
import uuid6
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import F, Q

from portal import clock
from portal.mail import last_look, refusals, wire
from portal.mail.models import Message

log = structlog.get_logger("portal.mail")

BATCH = 50
MAIL = ("mail",)
URGENT = ("sms", "voice", "webhook")
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
    ready = _ready(look_again(rows))
    if not ready:
        return 0, True
    rows = [row for row, _letter in ready]
    mailer = get_connection()
    assert isinstance(mailer, EmailBackend)
    try:
        mailer.open()
    except OSError as error:
        _stop(rows, error)
        return 0, False
    assert mailer.connection is not None
    accepted = 0
    nr = 0
    try:
        talk = wire.Talk(mailer.connection, wire.plain_address(settings.DEFAULT_FROM_EMAIL))
        for nr, (row, letter) in enumerate(ready):
            if not still_mine(row, rows[nr:]):
                talk.hang_up()
                continue
            accepted += _send_one(talk, row, letter, *(letter for _row, letter in ready[nr + 1 : nr + 2]))
    except _SERVER_AWAY as error:
        _stop(rows[nr:], error)
        return accepted, False
    finally:
        with suppress(OSError):  # what was accepted is marked already
            mailer.close()
    return accepted, True


def _ready(rows: list[Message]) -> list[tuple[Message, wire.Letter]]:
    """The bytes of each mail; one that cannot be written, or to somebody who left, holds up no other."""
    ready: list[tuple[Message, wire.Letter]] = []
    for row in rows:
        if row.person is not None and not row.person.is_active:
            _refuse(row)
            continue
        try:
            ready.append((row, wire.letter(row)))
        except Exception as error:
            _cannot(row, error)
    return ready


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
        later(rows[0])
        return []
    return [row for row in rows if row.pk not in said or _goes_as(row, said[row.pk])]


def _goes_as(row: Message, newer: Message | None) -> bool:
    """Write down what the last look said; whether the row still goes."""
    mine = Message.objects.filter(pk=row.pk, lease_id=row.lease_id, state="claimed")
    if newer is None:
        mine.update(state="cancelled", lease_until=None, text="", html="", calendar="")
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
    ssl.SSLError,
)


def _send_one(talk: wire.Talk, row: Message, letter: wire.Letter, *following: wire.Letter) -> bool:
    """Send one mail and mark what became of it; a mail that cannot go holds up no other."""
    try:
        talk.send(letter, *following)
    except _SERVER_AWAY:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        if all(_is_unknown(code, text) for code, text in error.recipients.values()):
            _refuse(row)
        else:
            log.warning("mail_not_taken", message=str(row.pk))
            later(row)
        return False
    except Exception as error:
        _cannot(row, error)
        return False
    mark_sent(row)
    return True


def _cannot(row: Message, error: Exception) -> None:
    log.error("mail_cannot_be_sent", message=str(row.pk), error=type(error).__name__)
    later(row)


def _is_unknown(code: int, text: bytes | str) -> bool:
    """Whether a refusal says that there is no such mailbox; a policy (5.7.x) says nothing of the kind."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return code in (550, 551, 553) and not said.lstrip().startswith("5.7.")


def _stop(rows: list[Message], error: Exception) -> None:
    log.warning("mail_server_away", error=type(error).__name__)
    for row in rows:
        later(row)


def still_mine(row: Message, rest: list[Message]) -> bool:
    """Whether the lease still holds; renewed, for all that is left of the batch, when it wears off.

    While three quarters of it are left nobody else can have taken the row, and a mail takes less than
    that; so with a quick server this asks the database nothing, and with a slow one it asks each time.
    """
    assert row.lease_until is not None
    now, lease = clock.now(), timedelta(seconds=settings.LEASE_SECONDS)
    if row.lease_until - now > lease * 0.75:
        return True
    mine = Message.objects.filter(lease_id=row.lease_id, state="claimed")
    mine.update(lease_until=now + lease)
    held = set(mine.values_list("pk", flat=True))
    for one in rest:
        one.lease_until = now + lease if one.pk in held else now
    return row.pk in held


# In plain SQL: building this statement anew for each mail took as long as the database with it.
_MARK = """
    UPDATE mail_message
    SET state = 'sent', sent_at = %s, lease_until = NULL, text = '', html = '', calendar = ''
    WHERE id = %s
"""
_SENT_AT, _ID = models.DateTimeField(), models.UUIDField()


def mark_sent(row: Message) -> None:
    """Mark at once: between the server's yes and this line lies the only chance of a double."""
    values = [_SENT_AT.get_db_prep_value(clock.now(), connection), _ID.get_db_prep_value(row.pk, connection)]
    with connection.cursor() as cursor:
        cursor.execute(_MARK, values)


def later(row: Message) -> None:
    """Try again after a wait that doubles each time, up to an hour."""
    wait = min(timedelta(seconds=15 * 2 ** min(row.attempts, 12)), _LONGEST_WAIT)
    Message.objects.filter(pk=row.pk, lease_id=row.lease_id, state="claimed").update(
        state="planned", fires_at=clock.now() + wait, lease_until=None, lease_id=None
    )


@transaction.atomic
def _refuse(row: Message) -> None:
    """The mailbox does not exist: mark the person, and let somebody else hear what this mail said."""
    Message.objects.filter(pk=row.pk).update(state="refused", lease_until=None, text="", html="", calendar="")
    log.warning("address_refused", message=str(row.pk))
    if row.person is not None:
        type(row.person).objects.filter(pk=row.person.pk).update(mail_refused_at=clock.now())
        refusals.tell(row)

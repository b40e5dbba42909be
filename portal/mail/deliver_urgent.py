"""Delivery through gateways, apart from mail: a service that hangs holds up nothing but itself."""

from uuid import UUID

import structlog
from django.db import transaction

from portal import clock
from portal.mail import gateways, phones, refusals
from portal.mail.deliver import URGENT, claim, later, look_again, mark_sent, still_mine
from portal.mail.models import Gateway, Message

log = structlog.get_logger("portal.mail")

BATCH = 10


def deliver_urgent() -> int:
    """Send everything that waits for a gateway; returns how many messages were accepted.

    A gateway that is away is asked once in a run; what else waits for it is tried again later.
    """
    accepted = 0
    away: set[UUID] = set()
    while rows := claim(clock.now(), BATCH, URGENT):
        rows = look_again(rows)
        for nr, row in enumerate(rows):
            assert row.gateway_id is not None
            if row.gateway_id in away:
                later(row)
            elif still_mine(row, rows[nr:]):
                try:
                    accepted += _send(row, away)
                except Exception as error:
                    log.error("message_cannot_be_sent", message=str(row.pk), error=type(error).__name__)
                    later(row)
    return accepted


def _send(row: Message, away: set[UUID]) -> bool:
    """Send one message and write down what became of it."""
    gateway = row.gateway
    assert gateway is not None
    if row.person is not None and not row.person.is_active:
        _refuse(row)
        return False
    to = "" if row.channel == "webhook" else phones.number_for(row)
    if to is None or not gateway.is_active:
        _cancel(row)
        return False
    answer = gateways.send(gateway, to=to, text=row.text, message=str(row.pk))
    if answer.outcome == gateways.ACCEPTED:
        mark_sent(row)
        Gateway.objects.filter(pk=gateway.pk).update(last_ok_at=clock.now())
        return True
    log.warning("gateway_did_not_take", message=str(row.pk), gateway=str(gateway.pk), said=answer.said)
    if answer.is_away:
        away.add(gateway.pk)
    with transaction.atomic():
        Gateway.objects.filter(pk=gateway.pk).update(last_failed_at=clock.now(), last_error=answer.said)
        if answer.outcome == gateways.REFUSED:
            _refuse(row)
        else:
            later(row)
    return False


def _cancel(row: Message) -> None:
    """There is no number or no service for it any more; the e-mail went beside it."""
    Message.objects.filter(pk=row.pk, lease_id=row.lease_id, state="claimed").update(
        state="cancelled", lease_until=None, text=""
    )


@transaction.atomic
def _refuse(row: Message) -> None:
    """The service said no for good. Its mail stands, and the page of channels shows the trouble."""
    refused = Message.objects.filter(pk=row.pk, lease_id=row.lease_id, state="claimed").update(
        state="refused", lease_until=None, text=""
    )
    if refused and row.person is not None:
        refusals.tell(row)

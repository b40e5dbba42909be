"""Setting, proving and removing one's own number."""

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.audit.record import record
from portal.mail import compose, phones, urgent
from portal.mail.models import Phone
from portal.nudge import nudge
from portal.people.models import Person


class NoService(Exception):
    """None of the person's municipalities or driehoeken has a service that can send a code."""


class TooManyCodes(Exception):
    """Five codes in an hour is enough."""


def _own(by: Person) -> Phone | None:
    """The own number, with its owner held: two presses at once come one after the other."""
    Person.objects.select_for_update().get(pk=by.pk)
    return Phone.objects.filter(person=by).first()


@transaction.atomic
def set_phone(*, by: Person, number: str) -> None:
    """Keep the own number, sealed, and send a code to it; until the code is typed it gets nothing else.

    The same number again is only a new code. Its owner hears of a change by mail.
    """
    row = _own(by)
    if row is None or phones.number_of(row) != number:
        fresh = row is None
        row = row or Phone(person=by)
        row.sealed_number = phones.seal(row, number)
        row.verified_at = None
        row.version += 0 if fresh else 1
        row.save(force_insert=fresh)
        record("phone.set", by=by, about=row, scope=None)
        _tell(by, _("Uw mobiele nummer voor spoed is ingevuld of gewijzigd."))
    else:
        record("phone.code_sent", by=by, about=row, scope=None)
    _send(row, by)


@transaction.atomic
def send_code(*, by: Person, row: Phone) -> None:
    """Send a new code to a number that waits for one; the code before it works no more."""
    now = _own(by)
    if now is not None and now.pk == row.pk and now.verified_at is None:
        record("phone.code_sent", by=by, about=row, scope=None)
        _send(row, by)


def _send(row: Phone, by: Person) -> None:
    if phones.codes_lately(by) >= phones.CODES_AN_HOUR:
        raise TooManyCodes
    services = urgent.gateways_of(by)
    if not services:
        raise NoService
    code = phones.new_code()
    text = phones.code_text(by, code, spoken=services[0].kind == "voice")
    message = urgent.message(services[0], text, person=by)
    message.thread_id = phones.thread_of_codes(by)
    message.save(force_insert=True)
    Phone.objects.filter(pk=row.pk).update(
        code_hash=phones.code_hash(row, code),
        code_until=clock.now() + phones.CODE_HOLDS,
        code_tries=0,
        code_message=message,
    )
    nudge("portal.mail.tasks.deliver_urgent")


@transaction.atomic
def verify_phone(*, by: Person, row: Phone, code: str) -> bool:
    """Type the code; True when it fits and the number counts from now on. A wrong one costs a try."""
    now = Phone.objects.select_for_update().get(pk=row.pk)
    if not phones.waits_for_code(now):
        return False
    if not phones.fits_code(now, code):
        Phone.objects.filter(pk=row.pk).update(code_tries=now.code_tries + 1)
        return False
    Phone.objects.filter(pk=row.pk).update(
        verified_at=clock.now(), code_hash="", code_until=None, version=now.version + 1
    )
    record("phone.verified", by=by, about=now, scope=None, changes={"verified_at": (None, clock.now())})
    return True


@transaction.atomic
def remove_phone(*, by: Person) -> None:
    """Take the own number out of the portal for good; the same press twice changes nothing."""
    row = _own(by)
    if row is None:
        return
    record("phone.removed", by=by, about=row, scope=None)
    Phone.objects.filter(pk=row.pk).delete()
    _tell(by, _("Uw mobiele nummer voor spoed is weggehaald."))


def _tell(person: Person, what: str | Promise) -> None:
    """The owner hears by mail what changed, in the words of every change to an account."""
    with translation.override(person.language):
        compose.write(
            person.email, "mail/account_changed", {"what": str(what), "at": clock.now()}, person=person
        ).save(force_insert=True)
    nudge("portal.mail.tasks.deliver")

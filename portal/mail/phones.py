"""Somebody's own number: how it is written and sealed, the code that proves it, and when it is opened."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from portal import clock
from portal.mail.compose import sender_host
from portal.mail.models import Message, Phone
from portal.people.models import Person
from portal.people.secrets import decrypt, encrypt
from portal.ui.formatting import tijd

CODE_HOLDS = timedelta(minutes=15)
CODE_TRIES = 5
CODES_AN_HOUR = 5
_DIGITS = 6
# Dutch mobile numbers, and for who lives across the border those of Europe (country codes 3x and 4x).
_DUTCH = re.compile(r"\+316[1-68]\d{7}")
_EUROPEAN = re.compile(r"\+(?!31)[34]\d{8,13}")


class NotANumber(ValueError):
    """Not a mobile number that can be reached."""


def normalise(text: str) -> str:
    """The number in E.164, from what people write: 06-12345678, +31 (0)6 12 34 56 78, 0031 6…"""
    plain = re.sub(r"[\s./()\u2010-\u2015-]", "", text.replace("(0)", ""))
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    elif plain.startswith("06"):
        plain = "+31" + plain[1:]
    elif re.fullmatch(r"316\d{8}", plain):
        plain = "+" + plain
    if plain.startswith("+3106"):
        plain = "+31" + plain[4:]
    if not plain.isascii() or not (_DUTCH.fullmatch(plain) or _EUROPEAN.fullmatch(plain)):
        raise NotANumber
    return plain


def as_written(number: str) -> str:
    """A number as its owner reads it: 06 12 34 56 78."""
    if not number.startswith("+31"):
        return number
    rest = "0" + number[3:]
    return " ".join(rest[nr : nr + 2] for nr in range(0, len(rest), 2))


def _bound(phone: Phone) -> str:
    return f"phone.{phone.pk}"


def seal(phone: Phone, number: str) -> str:
    """The number as it is stored."""
    return encrypt(number, _bound(phone))


def number_of(phone: Phone) -> str:
    """The number itself; only to send to it and to show it to its owner."""
    return decrypt(phone.sealed_number, _bound(phone))


def number_for(message: Message) -> str | None:
    """Where this sms or call goes at this very moment; None when nowhere.

    A number that is not verified gets nothing but the message with its own code.
    """
    phone = Phone.objects.filter(person=message.person).first() if message.person else None
    if phone is None or (phone.verified_at is None and phone.code_message_id != message.pk):
        return None
    return number_of(phone)


# -- the code -----------------------------------------------------------------------------------
def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def code_hash(phone: Phone, code: str) -> str:
    """What is kept of a code: keyed, because six digits are soon all tried."""
    return salted_hmac(_bound(phone), code, algorithm="sha256").hexdigest()


def fits_code(phone: Phone, code: str) -> bool:
    """Whether this is the code that was sent to this number."""
    return bool(phone.code_hash) and constant_time_compare(phone.code_hash, code_hash(phone, code))


def waits_for_code(phone: Phone) -> bool:
    """Whether a code was sent that can still be typed."""
    return (
        bool(phone.code_hash)
        and phone.code_until is not None
        and clock.now() < phone.code_until
        and phone.code_tries < CODE_TRIES
    )


def code_text(person: Person, code: str, *, spoken: bool) -> str:
    """The message with the code, in the language of its reader; a voice says the digits one by one."""
    assert len(code) == _DIGITS
    words = {"code": " ".join(code) if spoken else code, "time": tijd(clock.now() + CODE_HOLDS)}
    with translation.override(person.language):
        return (
            _("Portaal Kinderveiligheid: uw code is %(code)s. Hij werkt tot %(time)s. Geef hem aan niemand.")
            % words
        )


def thread_of_codes(person: Person) -> str:
    """The thread of the messages with a code; by this they are counted."""
    return f"<phone.{person.pk}@{sender_host()}>"


def codes_lately(person: Person) -> int:
    """How many codes were asked for in the last hour."""
    return Message.objects.filter(
        person=person, thread_id=thread_of_codes(person), created_at__gt=clock.now() - timedelta(hours=1)
    ).count()


def still_wanted(messages: Sequence[Message]) -> Mapping[UUID, Message | None]:
    """The last look at messages with a code: an older one, or one that ran out, does not go."""
    codes = [one for one in messages if one.thread_id.startswith("<phone.")]
    if not codes:
        return {}
    wanted = set(
        Phone.objects.filter(
            code_message__in=[one.pk for one in codes], code_until__gt=clock.now()
        ).values_list("code_message_id", flat=True)
    )
    return {one.pk: None for one in codes if one.pk not in wanted}

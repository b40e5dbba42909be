"""What somebody seeks may be a name: in the address it stands sealed, for this person alone."""

from binascii import Error as NotBase64
from typing import Any

from portal.people.secrets import WrongKey, decrypt, encrypt


def sealed(person_id: Any, text: str) -> str:
    """The question as it may stand in an address."""
    return encrypt(text, _bound(person_id))


def opened(person_id: Any, token: str) -> str:
    """The question again; '' when it is not of this person, or of a key that is gone."""
    try:
        return decrypt(token, _bound(person_id))
    except (WrongKey, NotBase64, ValueError):
        return ""


def _bound(person_id: Any) -> str:
    return f"search:{person_id}"

"""Secrets at rest: AES-256-GCM with a key id, bound to the row they belong to."""

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE = 12


@lru_cache(maxsize=4)
def _keys(text: str) -> dict[str, bytes]:
    """The keys of FIELD_KEYS, `id:base64,id:base64`; the first one encrypts, all decrypt."""
    found: dict[str, bytes] = {}
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        key = base64.urlsafe_b64decode(encoded)
        if not name or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS: schrijf elke sleutel als naam:base64 van 32 bytes.")
        found[name] = key
    return found


def encrypt(text: str, bound_to: str) -> str:
    """Ciphertext of `text` that opens only together with the same `bound_to`."""
    keys = _keys(settings.FIELD_KEYS)
    name = next(iter(keys))
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(keys[name]).encrypt(nonce, text.encode(), bound_to.encode())
    return f"{name}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


class WrongKey(ValueError):
    """The secret cannot be opened: another key, another row, or changed bytes."""


def decrypt(sealed: str, bound_to: str) -> str:
    """The text again; raises WrongKey rather than give anything else back."""
    name, _, encoded = sealed.partition(".")
    key = _keys(settings.FIELD_KEYS).get(name)
    if key is None:
        raise WrongKey("unknown key id")
    raw = base64.urlsafe_b64decode(encoded)
    try:
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], bound_to.encode()).decode()
    except InvalidTag as error:
        raise WrongKey("the secret does not open") from error

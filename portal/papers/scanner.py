"""Asks a ClamAV daemon whether a file is clean, over its INSTREAM command."""

import socket
import struct
from collections.abc import Iterable

from django.conf import settings

SECONDS = 30
_PART = 64 * 1024


class Unreachable(Exception):
    """No answer, or one that says neither clean nor found: the file must wait."""


def is_configured() -> bool:
    return bool(settings.CLAMAV)


def _connect(where: str) -> socket.socket:
    if where.startswith("/"):
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(SECONDS)
        try:
            made.connect(where)
        except OSError:
            made.close()
            raise
        return made
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def is_clean(parts: Iterable[bytes]) -> bool:
    """Whether the scanner found nothing in these bytes; Unreachable when it did not say so."""
    try:
        with _connect(settings.CLAMAV) as link:
            link.sendall(b"zINSTREAM\0")
            for part in parts:
                for at in range(0, len(part), _PART):
                    piece = part[at : at + _PART]
                    link.sendall(struct.pack("!L", len(piece)) + piece)
            link.sendall(struct.pack("!L", 0))
            said = b""
            while not said.endswith(b"\0") and len(said) < 4096 and (more := link.recv(1024)):
                said += more
    except OSError as error:
        raise Unreachable(type(error).__name__) from error
    answer = said.rstrip(b"\0\n")
    if answer == b"stream: OK":
        return True
    if answer.endswith(b" FOUND"):
        return False
    raise Unreachable("unknown answer")

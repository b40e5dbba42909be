"""The one adapter for services over HTTP: an SMS or voice gateway with its own request, or a webhook."""

import hmac
import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from portal import clock
from portal.mail import outside
from portal.mail.models import Gateway
from portal.people.secrets import decrypt, encrypt

SECONDS = 10.0
_MOST_BYTES = 65_536
SIGNATURE = "X-Portaal-Handtekening"
_NOT_OURS_TO_SET = frozenset(
    {"host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "te", "upgrade"}
)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HOLES = ("{to}", "{text}")

ACCEPTED, REFUSED, LATER = "accepted", "refused", "later"


class Wrong(ValueError):
    """A template or header cannot be used; `.sentence` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Answer:
    """What became of a message, and in one word why: a status code or the type of an error.

    With `is_away` nothing is wrong with this message: the next to the same service would fare alike.
    """

    outcome: str
    said: str
    is_away: bool = False


@dataclass(frozen=True)
class Request:
    """What is sent, apart from where."""

    method: str
    query: str
    headers: dict[str, str]
    body: bytes


# -- secrets ------------------------------------------------------------------------------------
def _bound(gateway: Gateway, part: str) -> str:
    return f"gateway.{part}.{gateway.pk}"


def seal(gateway: Gateway, part: str, text: str) -> str:
    """The sealed form of "headers" or "secret" of this gateway; empty stays empty."""
    return encrypt(text, _bound(gateway, part)) if text else ""


def _opened(gateway: Gateway, part: str) -> str:
    sealed: str = getattr(gateway, f"sealed_{part}")
    return decrypt(sealed, _bound(gateway, part)) if sealed else ""


# -- the request --------------------------------------------------------------------------------
def read_headers(text: str) -> dict[str, str]:
    """Headers written one to a line as "Name: value"; raises Wrong."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not value or not _HEADER_NAME.fullmatch(name):
            raise Wrong(_("Schrijf elke kopregel als Naam: waarde, zoals Authorization: Bearer abc."))
        if name.lower() in _NOT_OURS_TO_SET:
            raise Wrong(_("De kopregel %(name)s zet het portaal zelf. Haal die weg.") % {"name": name})
        if not value.isascii() or not value.isprintable():
            raise Wrong(_("Gebruik in kopregels alleen gewone letters, cijfers en tekens."))
        found[name] = value
    return found


def read_body(text: str, encoding: str) -> Any:
    """The template of the body as data; raises Wrong. The holes {to} and {text} stand in values only."""
    if encoding == "json":
        try:
            body: Any = json.loads(text)
        except ValueError as error:
            raise Wrong(_("Dit is geen JSON. Kijk of alle haakjes en aanhalingstekens er staan.")) from error
    else:
        body = parse_qsl("&".join(line.strip() for line in text.splitlines()), keep_blank_values=True)
    shown = _strings(body)
    for hole in _HOLES:
        if not any(hole in one for one in shown):
            raise Wrong(_("Zet %(hole)s waar het nummer of de tekst moet komen.") % {"hole": hole})
    return body


def _strings(body: Any) -> list[str]:
    """Every value that is text, however deep; no keys."""
    if isinstance(body, str):
        return [body]
    if isinstance(body, dict):
        return [found for value in body.values() for found in _strings(value)]
    if isinstance(body, list):
        return [found for value in body for found in _strings(value)]
    if isinstance(body, tuple):
        return _strings(body[1])
    return []


def _filled(body: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(body, str):
        return fill(body)
    if isinstance(body, dict):
        return {name: _filled(value, fill) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, fill) for value in body]
    if isinstance(body, tuple):
        return body[0], _filled(body[1], fill)
    return body


def request_of(gateway: Gateway, *, to: str, text: str, message: str) -> Request:
    """The request for one message. Number and text are put into values after the template was read, and
    encoded with it, so that neither can become anything but a value."""
    headers = {"User-Agent": "Portaal Kinderveiligheid", "Idempotency-Key": message}
    headers |= read_headers(_opened(gateway, "headers"))
    if gateway.kind == "webhook":
        body = text.encode()
        headers["Content-Type"] = "application/json"
        headers[SIGNATURE] = sign(_opened(gateway, "secret"), body, int(clock.now().timestamp()))
        return Request("POST", "", headers, body)
    holes = {"{to}": to, "{text}": text}
    filled = _filled(
        read_body(gateway.body, gateway.encoding),
        lambda value: re.sub(r"\{to\}|\{text\}", lambda found: holes[found[0]], value),
    )
    if gateway.encoding == "json":
        headers["Content-Type"] = "application/json"
        return Request(gateway.method, "", headers, json.dumps(filled, ensure_ascii=False).encode())
    if gateway.method == "GET":
        return Request("GET", urlencode(filled), headers, b"")
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(gateway.method, "", headers, urlencode(filled).encode())


def sign(secret: str, body: bytes, at: int) -> str:
    """The value of the signature header: HMAC-SHA256 over "<moment>.<body>", as docs/webhook.md tells."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={made}"


# -- sending ------------------------------------------------------------------------------------
def send(gateway: Gateway, *, to: str, text: str, message: str) -> Answer:
    """Send one message and say what became of it; never raises for what the other side does."""
    try:
        target = outside.check(gateway.url)
    except outside.NotFound:
        return Answer(LATER, "NotFound", is_away=True)
    except outside.Refused:
        return Answer(REFUSED, "InsideAddress")
    if not target.addresses:
        return Answer(LATER, "NotFound", is_away=True)
    request = request_of(gateway, to=to, text=text, message=message)
    try:
        status = _exchange(target, request)
    except (OSError, http.client.HTTPException) as error:
        return Answer(LATER, type(error).__name__, is_away=True)
    if 200 <= status < 300:
        return Answer(ACCEPTED, str(status))
    if status in (408, 429) or status >= 500:
        return Answer(LATER, str(status), is_away=status == 429)
    return Answer(REFUSED, str(status))


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _exchange(target: outside.Target, request: Request) -> int:
    """One request and the status of its answer, within SECONDS in all; follows no redirect."""
    path = target.path
    if request.query:
        path += ("&" if "?" in path else "?") + request.query
    headers = {"Host": target.shown_host} | request.headers
    ends = time.monotonic() + SECONDS
    connection = http.client.HTTPConnection(target.host, target.port)
    lines = [_connect(target)]
    # A server that answers a byte at a time would outlast any timeout of a single read.
    cut = threading.Timer(max(0.0, ends - time.monotonic()), lambda: _shut(lines[-1]))
    cut.daemon = True
    cut.start()
    try:
        if target.is_https:
            safe = _context().wrap_socket(
                lines[0], server_hostname=target.host, do_handshake_on_connect=False
            )
            lines.append(safe)
            safe.do_handshake()
        connection.sock = lines[-1]
        connection.request(request.method, path, body=request.body or None, headers=headers)
        with connection.getresponse() as answer:
            answer.read(_MOST_BYTES)
            return answer.status
    finally:
        cut.cancel()
        connection.close()
        for line in lines:
            line.close()


def _connect(target: outside.Target) -> socket.socket:
    """A connection to one of the addresses that were checked, whatever the name says by now."""
    failed: OSError | None = None
    for address in target.addresses[:2]:
        try:
            made = socket.create_connection((address, target.port), timeout=SECONDS / 2)
        except OSError as error:
            failed = error
        else:
            made.settimeout(SECONDS)
            return made
    raise failed or OSError("no address")


def _shut(line: socket.socket) -> None:
    # The method of the class: that of a wrapped socket would wait for the other side.
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)

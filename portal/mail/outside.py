"""Where a message may be sent over HTTP: only to the outside world, or to hosts that the operator named."""

import ipaddress
import queue
import re
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

RESOLVE_SECONDS = 5.0
_LONGEST = 500
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
# What the registries call public and still does not lead to a stranger's server: addresses that carry
# another address within, and the door to the machine below at one cloud.
_NOT_OUTSIDE = tuple(
    ipaddress.ip_network(one)
    for one in ("192.88.99.0/24", "168.63.129.16/32", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_OUTSIDE_V6 = ipaddress.ip_network("2000::/3")


class Refused(ValueError):
    """This address is not one to send to; `.sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refused):
    """The name is not known now; that can pass."""


@dataclass(frozen=True)
class Target:
    """A checked address: connect to one of `addresses` and to nothing else, in the name of `host`."""

    is_https: bool
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def shown_host(self) -> str:
        """The host as the Host header says it."""
        return self.host if self.port == (443 if self.is_https else 80) else f"{self.host}:{self.port}"


def is_outside(address: str) -> bool:
    """Whether an IP address belongs to the public internet and to no reserved corner of it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found not in _OUTSIDE_V6:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return not any(found.version == one.version and found in one for one in _NOT_OUTSIDE)


def is_named_inside(host: str, port: int) -> bool:
    """Whether the operator named this host in GATEWAY_INSIDE_HOSTS, with or without its port."""
    named = {one.strip().lower() for one in settings.GATEWAY_INSIDE_HOSTS}
    return host in named or f"{host}:{port}" in named


def check(url: str) -> Target:
    """The address, looked up just now; raises Refused with a sentence for every other.

    Connect only to the addresses it gives: a name may lead elsewhere the next moment.
    """
    is_https, host, port, path = _parts(url)
    if is_named_inside(host, port):
        return Target(is_https, host, port, path, tuple(resolve(host, port)))
    if not is_https:
        raise Refused(_("Begin het adres met https://. Zonder versleuteling kan iedereen meelezen."))
    if not _NAME.fullmatch(host):
        raise Refused(_("Gebruik de naam van de server, zoals sms.leverancier.nl, en geen nummer."))
    addresses = tuple(resolve(host, port))
    if not addresses:
        raise NotFound(_("Deze server is niet te vinden. Kijk of u het adres goed hebt overgenomen."))
    if not all(is_outside(one) for one in addresses):
        raise Refused(
            _("Dit adres leidt naar binnen, naar het eigen netwerk. Gebruik een adres op het internet.")
        )
    return Target(is_https, host, port, path, addresses)


def _parts(url: str) -> tuple[bool, str, int, str]:
    """Whether it is https, then host, port and path with query; of an address that reads in one way only."""
    wrong = Refused(_("Dit adres klopt niet. Schrijf het als https://sms.leverancier.nl/pad."))
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or re.search(r"[\s\\]", url):
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Refused(_("Zet geen naam of wachtwoord in het adres. Gebruik daarvoor een kopregel."))
    if "#" in url:
        raise Refused(_("Haal het deel vanaf # uit het adres."))
    if parts.scheme not in ("http", "https") or not parts.hostname or "%" in parts.netloc or port == 0:
        raise wrong
    is_https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return is_https, parts.hostname, port or (443 if is_https else 80), path


def resolve(host: str, port: int) -> list[str]:
    """The addresses behind a name; none when it is unknown or the answer takes too long.

    On a thread of its own, because the system's resolver cannot be given a limit.
    """
    answer: queue.Queue[list[str]] = queue.Queue(maxsize=1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answer.put(list(dict.fromkeys(str(one[4][0]) for one in found)))

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        return answer.get(timeout=RESOLVE_SECONDS)
    except queue.Empty:
        return []

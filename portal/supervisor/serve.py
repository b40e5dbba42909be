"""Serving the portal in the foreground: claim the ports, prepare, start all parts, tell when ready."""

import http.client
import json
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from portal.supervisor import parts
from portal.supervisor.watch import SIGNALS, Watch, describe, say

_ASK_EVERY = 0.1
_TELL_EVERY = 30.0
_PREPARE = (sys.executable, "-m", "portal.supervisor.prepare")


class Refused(Exception):
    """Why nothing was started, in one Dutch sentence."""


def claim(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1, held here and handed to the part that answers on it.

    It listens before that part exists: whoever comes early, or during a restart, waits a moment
    instead of being refused, and nobody else can take the port in between.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
        held.listen(512)
    except OSError:
        held.close()
        raise
    return held


def claim_web(text: str) -> socket.socket:
    """The port that people use."""
    try:
        port = int(text)
        if not 0 < port < 65536:
            raise ValueError
        return claim(port)
    except ValueError:
        raise Refused(f"PORT={text} is geen poort; kies een getal, zoals PORT=8000.") from None
    except PermissionError:
        raise Refused(f"poort {text} mag u niet gebruiken; kies een hogere, zoals PORT=8000.") from None
    except OSError:
        raise Refused(
            f"poort {text} is al in gebruik; kies een andere, zoals: make run PORT={int(text) + 1}"
        ) from None


def claim_sink(given: int) -> socket.socket:
    """The port that the embedded mail server listens on: the given one, or else the first free one."""
    for port in [given] if given else parts.SINK_PORTS:
        with suppress(OSError):
            return claim(port)
    raise Refused(f"poort {given} (SMTP_SINK_PORT) is al in gebruik; kies een andere.")


def missing(port: int, host: str) -> list[str] | None:
    """Which parts /readyz does not see yet; None when the portal does not answer."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asked.request("GET", "/readyz", headers={"Host": host})
        answer = asked.getresponse()
        body = answer.read()
        if answer.status == http.HTTPStatus.OK:
            return []
        return [name for name, is_up in json.loads(body).items() if not is_up]
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        asked.close()


def _log_end(log: Path, lines: int = 5) -> str:
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _welcome(port: int) -> None:
    say(f"\nHet portaal draait: http://localhost:{port}")
    people = settings.VAR_DIR / "demo-people.txt"
    if settings.DEMO and people.exists():
        say(people.read_text().rstrip())
    say("Stoppen: Ctrl-C\n")


def _until_ready(watch: Watch, port: int) -> signal.Signals | None:
    """Wait until /readyz is content, and say so; a signal to stop ends the waiting."""
    host = urlsplit(settings.PORTAL_URL).netloc
    began = told = time.monotonic()
    while True:
        heard = watch.wait(_ASK_EVERY)
        if heard is not None:
            return heard
        waits_for = missing(port, host)
        if waits_for == []:
            _welcome(port)
            return None
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            names = ", ".join(waits_for or ["web"])
            say(f"Nog niet klaar na {told - began:.0f} s: {names}. Meer in {watch.logs}")


def prepare(watch: Watch) -> signal.Signals | None:
    """Run the preparation; what makes it fail ends the supervisor."""
    ended = watch.run_once("prepare", _PREPARE)
    if isinstance(ended, signal.Signals):
        return ended
    if ended != 0:
        log = watch.log_of("prepare")
        raise Refused(f"klaarzetten mislukte ({describe(ended)}). Meer in {log}\n{_log_end(log)}")
    return None


def new_watch(environment: dict[str, str]) -> Watch:
    """A watch that logs under VAR_DIR, with the signals it waits for blocked."""
    # A shell that starts us in the background leaves SIGINT ignored; here it means stop.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    logs = settings.VAR_DIR / "log"
    logs.mkdir(parents=True, exist_ok=True)
    return Watch(os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | environment, logs)


def _supplies(stack: ExitStack, environment: dict[str, str]) -> list[parts.Part]:
    """The parts that stand in for what production has: a broker and a mail server."""
    supplies: list[parts.Part] = []
    if not os.environ.get("REDIS_URL"):
        data = settings.VAR_DIR / "broker"
        data.mkdir(mode=0o700, exist_ok=True)
        try:
            supplies.append(parts.broker(settings.SOCKET_DIR / "broker.sock", data))
        except parts.NoBroker:
            raise Refused("er is geen Valkey of Redis op deze computer.") from None
    if settings.MAIL_GOES_TO_SINK:
        mail = stack.enter_context(claim_sink(settings.SMTP_SINK_PORT))
        environment["SMTP_SINK_PORT"] = str(mail.getsockname()[1])
        supplies.append(parts.sink(mail.fileno(), settings.SMTP_SINK_DIR))
    return supplies


def run() -> int:
    """Serve until Ctrl-C or SIGTERM."""
    with ExitStack() as stack:
        web = stack.enter_context(claim_web(os.environ.get("PORT") or "8000"))
        port: int = web.getsockname()[1]
        environment = {"PORT": str(port)}
        supplies = _supplies(stack, environment)
        watch = new_watch(environment)
        stack.callback(watch.stop)
        watch.add(*supplies)
        heard = prepare(watch)
        if heard is None:
            watch.add(parts.web(web.fileno()), parts.worker(), parts.beat(), parts.watchdog())
            heard = _until_ready(watch, port) or watch.wait()
        say("\nStoppen...")
    say("Gestopt.")
    return 0

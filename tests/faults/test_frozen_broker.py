"""The broker stands still: every page answers, people sign in and finish work, and nothing is lost."""

import re
import signal
from datetime import timedelta

import pytest

from portal.people import cast
from tests.faults.browser import Browser
from tests.faults.chaos import TUESDAY, Wall
from tests.faults.engines import installation
from tests.processes import until
from tests.servers import Mailbox, beat, manage, scratch, smtp_sink, valkey, web, worker

pytestmark = pytest.mark.faults

PAGES = ("/", "/acties/", "/maatregelen/", "/maatregelen/starten/", "/sjablonen/")


def heard(sink: Mailbox, who: str, path: str) -> bool:
    bodies = [mail.get_body(("plain",)) for mail in sink.mails() if mail["To"] == who]
    return any(path in body.get_content() for body in bodies if body)


def test_pages_answer_and_work_goes_on_while_the_broker_is_frozen() -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        scratch() as folder,
        installation(
            "sqlite",
            broker=broker.url,
            smtp_port=sink.port,
            DEMO="1",
            PORTAL_URL="http://localhost",
            CLOCK_SHIFT_FILE=str((wall := Wall(folder)).file),
        ) as env,
    ):
        manage(env, "demo")
        manage(env, "collectstatic", "--no-input")
        with web(env) as port, worker(env), beat(env):
            browser = Browser(port)
            until(lambda: browser.get("/readyz")[0] == 200, 60, "ready")
            broker.process.send_signal(signal.SIGSTOP)
            try:
                _status, page = browser.get("/aanmelden/")
                status, page = browser.post(
                    "/aanmelden/", page, login="kabinet@voorbeeldstad.example", password=cast.PASSWORD
                )
                assert status == 200
                assert "N. Vos" in page
                for path in PAGES:
                    assert browser.get(path)[0] == 200, path
                # Handing over writes a notice and nudges: the nudge must not wait for the broker.
                _status, page = browser.get("/acties/")
                action = re.findall(r'href="(/acties/[0-9a-f-]{36}/)"', page)[0]
                _status, page = browser.get(f"{action}overdragen/")
                version = re.findall(r'name="version" value="(\d+)"', page)[0]
                status, page = browser.post(
                    f"{action}overdragen/", page, holder="role:burgemeester", version=version
                )
                assert status == 200
                assert browser.get("/readyz")[0] == 503
                assert browser.get("/healthz")[0] == 200
            finally:
                broker.process.send_signal(signal.SIGCONT)
            until(lambda: browser.get("/readyz")[0] == 200, 60, "ready again")
            # The next morning, when the digest comes.
            wall.set(TUESDAY + timedelta(days=1))
            until(
                lambda: heard(sink, "burgemeester@voorbeeldstad.example", action), 60, "the new holder heard"
            )

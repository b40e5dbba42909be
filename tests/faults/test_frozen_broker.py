"""The broker stands still: every page answers, people sign in and finish work, and nothing is lost."""

import re
import signal

import pytest

from portal.people import cast
from tests.faults.browser import Browser
from tests.faults.engines import installation
from tests.processes import until
from tests.servers import beat, manage, smtp_sink, valkey, web, worker

pytestmark = pytest.mark.faults

PAGES = ("/", "/acties/", "/maatregelen/", "/maatregelen/starten/", "/sjablonen/")


def test_pages_answer_and_work_goes_on_while_the_broker_is_frozen() -> None:
    with (
        valkey() as broker,
        smtp_sink() as sink,
        installation(
            "sqlite", broker=broker.url, smtp_port=sink.port, DEMO="1", PORTAL_URL="http://localhost"
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
            before = "Voor u: "
            until(
                lambda: any(
                    str(mail["To"]) == "burgemeester@voorbeeldstad.example" and before in str(mail["Subject"])
                    for mail in sink.mails()
                ),
                60,
                "the new holder heard",
            )

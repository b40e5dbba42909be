"""A server with the demo, and a browser that signs in as its people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portal.people.cast import CAST_BY_KEY, PASSWORD
from tests.processes import scratch, until
from tests.servers import beat, environment, manage, smtp_sink, valkey, web, worker

NO_SECOND_FACTOR = "from allauth.mfa.models import Authenticator; Authenticator.objects.all().delete()"


@dataclass(frozen=True)
class Portal:
    """Where the portal answers, and the environment of its parts."""

    root: str
    env: dict[str, str]


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """Web, worker, beat, broker and mail server, with the demo laid."""
    with valkey() as broker, smtp_sink() as sink, scratch() as var_dir:
        env = environment(
            var_dir,
            DEMO="1",
            TICK_SECONDS="1",
            REDIS_URL=broker.url,
            SMTP_SINK_PORT=str(sink.port),
            PORTAL_URL="http://localhost",
        )
        # The Demo-postvak reads where the mail server of this test keeps its mail.
        (var_dir / "postvak").symlink_to(sink.folder)
        manage(env, "migrate", "--no-input")
        manage(env, "createcachetable")
        manage(env, "starter")
        manage(env, "demo")
        # A code counts once in half a minute, too seldom for a browser that signs in again and again.
        manage(env, "shell", "--no-imports", "-c", NO_SECOND_FACTOR)
        manage(env, "collectstatic", "--no-input")
        with web(env) as port, worker(env), beat(env):
            until(sink.mails, 60, "the first reminder")
            yield Portal(f"http://localhost:{port}", env)


SignIn = Callable[..., Page]


@pytest.fixture
def visit(portal: Portal, chromium: Browser) -> Iterator[SignIn]:
    """A page, signed in as one of the cast (not the one with a second factor), or as nobody."""
    contexts = []

    def open_page(person: str = "", **options: Any) -> Page:
        context = chromium.new_context(base_url=portal.root, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if person:
            page.goto("/aanmelden/")
            page.fill("input[name=login]", CAST_BY_KEY[person].email)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(f"{portal.root}/")
        return page

    yield open_page
    for context in contexts:
        context.close()

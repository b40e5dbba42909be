"""The mail server of these tests: a real one, that takes commands one by one or many at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mail.server import Server, serving


@pytest.fixture(params=[False, True], ids=["step by step", "pipelined"])
def server(request: pytest.FixtureRequest, settings: Any) -> Iterator[Server]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with serving(pipelining=request.param) as made:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        yield made

"""A mail server of the test alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mail.server import Server, serving


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with serving() as made:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        yield made

"""How gunicorn serves the portal."""

from typing import Any

from portal.supervisor.process import die_with_parent

worker_class = "gthread"
workers = 2
threads = 4
# Loaded once and shared: starting costs half, and a dead worker is back at once.
preload_app = True
timeout = 60
graceful_timeout = 4
control_socket_disable = True


def pre_fork(_server: Any, _worker: Any) -> None:
    """No worker may inherit a database connection that loading the application opened."""
    from django.db import connections

    connections.close_all()


def post_fork(_server: Any, _worker: Any) -> None:
    """A worker that lost its master would hold the port."""
    die_with_parent()

"""The Celery application: what beat ticks and how the worker takes its work."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def tick_at_once(sender: Any, **_: Any) -> None:
    """Make every entry due now, so that what fell due while all was down does not wait for a tick.

    Sending is left to beat's own loop: it outlasts a broker that does not answer, this would not.
    """
    for entry in sender.scheduler.schedule.values():
        entry.last_run_at -= timedelta(days=1)


beat_init.connect(tick_at_once)

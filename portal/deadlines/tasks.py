"""The task that beat ticks: heartbeat and sweep."""

from typing import Any

from celery import shared_task

from portal.deadlines import heartbeat
from portal.deadlines.sweep import sweep as run_sweep
from portal.nudge import nudge


@shared_task(name="portal.deadlines.tasks.sweep", bind=True)
def sweep(self: Any) -> None:
    """Handle what is due; the mail that follows is nudged at once.

    That it runs shows the worker; only a message that beat itself sent shows that beat is alive.
    """
    heartbeat.beat("worker")
    if getattr(self.request, "celery_beat_task", False):
        heartbeat.beat("beat")
    if run_sweep():
        nudge("portal.mail.tasks.deliver")

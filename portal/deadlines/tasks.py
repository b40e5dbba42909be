"""The task that beat ticks: heartbeat and sweep."""

from typing import Any

from celery import shared_task

from portal.deadlines import heartbeat
from portal.deadlines.sweep import sweep as run_sweep
from portal.nudge import nudge


@shared_task(name="portal.deadlines.tasks.sweep", bind=True)
def sweep(self: Any) -> None:
    """Handle what is due; the mail that follows is nudged at once.

    That it runs shows the worker; only a message that beat itself sent shows that beat is alive;
    only coming to the end shows that what is due was handled.
    """
    heartbeat.beat("worker")
    if getattr(self.request, "celery_beat_task", False):
        heartbeat.beat("beat")
    handled = run_sweep()
    heartbeat.beat("sweep")
    if handled:
        nudge("portal.mail.tasks.deliver")
        nudge("portal.mail.tasks.deliver_urgent")

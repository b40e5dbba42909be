"""The task that beat ticks: heartbeat and sweep."""

from celery import shared_task

from portal.deadlines import heartbeat
from portal.deadlines.sweep import sweep as run_sweep


@shared_task(name="portal.deadlines.tasks.sweep")
def sweep(beat: float | None = None) -> None:
    """Handle what is due; the mail that follows is nudged at once."""
    heartbeat.beat("worker")
    heartbeat.beat("beat")
    if run_sweep():
        from portal.nudge import nudge

        nudge("portal.mail.tasks.deliver")

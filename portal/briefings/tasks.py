"""The task that makes the briefings that were asked for or are due."""

from celery import shared_task


@shared_task(name="portal.briefings.tasks.make_due")
def make_due() -> None:
    """Ask for the briefings that steps leave today, and render everything that was asked for."""
    from portal.briefings import making

    making.make_waiting()

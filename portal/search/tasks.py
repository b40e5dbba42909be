"""The task that fills the index."""

from celery import shared_task


@shared_task(name="portal.search.tasks.fill", soft_time_limit=60, time_limit=90)
def fill() -> None:
    """Read what changed, and go on with the round along all rows."""
    from portal.search import filling

    filling.fill()

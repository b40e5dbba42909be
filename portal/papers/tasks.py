"""The task that checks what was uploaded."""

from celery import shared_task


@shared_task(name="portal.papers.tasks.check")
def check() -> None:
    """Scan and look into the papers that wait."""
    from portal.papers import checking

    checking.check_waiting()

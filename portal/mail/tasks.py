"""The task that sends the mail that waits."""

from celery import shared_task

from portal.mail.deliver import deliver as run_deliver


@shared_task(name="portal.mail.tasks.deliver")
def deliver() -> None:
    """Send everything that waits, in batches on one connection."""
    run_deliver()

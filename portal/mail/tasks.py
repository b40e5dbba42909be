"""The tasks that send what waits: mail, and apart from it what goes through a gateway."""

from celery import shared_task

from portal.mail.deliver import deliver as run_deliver
from portal.mail.deliver_urgent import deliver_urgent as run_deliver_urgent


@shared_task(name="portal.mail.tasks.deliver")
def deliver() -> None:
    """Send the mail that waits, in batches on one connection."""
    run_deliver()


@shared_task(name="portal.mail.tasks.deliver_urgent")
def deliver_urgent() -> None:
    """Send what waits for a gateway, one by one."""
    run_deliver_urgent()

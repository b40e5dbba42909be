"""The task that pings as long as all is well."""

from celery import shared_task

from portal.watchdog import deadman


@shared_task(name="portal.watchdog.tasks.ping")
def ping() -> None:
    """Ping the address that waits for it; without one this does nothing."""
    deadman.ping()

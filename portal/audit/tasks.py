"""The task that seals audit rows."""

from celery import shared_task
from django.db import IntegrityError

from portal.audit import record


@shared_task(name="portal.audit.tasks.seal")
def seal() -> None:
    """Seal what waits; another sealer at the same moment wins and this one tries at the next tick."""
    try:
        while record.seal():
            pass
    except IntegrityError:
        return

"""The task that beat ticks: who is back from leave hears what was done."""

from celery import shared_task

from portal.people.actions.leaves import hand_back


@shared_task(name="portal.people.tasks.leave")
def leave() -> None:
    """Hand back every leave whose first morning has come; running it twice tells nobody twice."""
    hand_back()

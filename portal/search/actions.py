"""Saying that the words of a row changed."""

from collections.abc import Iterable
from typing import Any

from portal.nudge import nudge
from portal.search.models import Waiting

TASK = "portal.search.tasks.fill"


def changed(searchable: str, ids: Iterable[Any]) -> None:
    """Have the worker read these rows again; called in the transaction that changed them."""
    rows = [Waiting(searchable=searchable, object_id=pk) for pk in ids]
    if rows:
        Waiting.objects.bulk_create(rows)
        nudge(TASK)

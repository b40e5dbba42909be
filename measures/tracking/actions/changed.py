"""Two people or two presses at once: the second is refused, or led to what the first made."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import F, Model, QuerySet

from measures.tracking.models import Measure
from portal.people.models import Person


class ChangedMeanwhile(Exception):
    """Somebody changed the row after it was shown; nothing was written."""


def change(rows: "QuerySet[Any]", row: Any, *, version: int | None, **fields: Any) -> None:
    """Set `fields` and count the version up, unless it is not `version` any more.

    `version` None means: the version that `row` was loaded with. The loaded row is updated too.
    """
    seen = row.version if version is None else version
    fields = {
        name: value.pk if isinstance(value, Model) and name.endswith("_id") else value
        for name, value in fields.items()
    }
    if rows.filter(pk=row.pk, version=seen).update(version=F("version") + 1, **fields) != 1:
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(row, name, value)
    row.version = seen + 1


def runs(measure_id: Any) -> bool:
    """Whether the measure runs now; its row stays as it is until the transaction ends."""
    measure: Measure = Measure.objects.select_for_update(no_key=True).get(pk=measure_id)
    return measure.is_running


def bound_key(key: str, by: Person, *parents: Any) -> str:
    """The one-time key of a form as it is stored: it counts for this person and these parents only."""
    if not key:
        raise ValueError("a one-time key is missing")
    return sha256("\0".join([key, *(str(one) for one in (by.pk, *parents))]).encode()).hexdigest()


def moment_or_day(value: Any) -> dict[str, Any]:
    """The two columns of something that is a date, a moment or unknown."""
    if isinstance(value, datetime):
        return {"on": None, "at": value}
    return {"on": value, "at": None}

"""Compare-and-set: a write that finds another version than it was shown is refused."""

from datetime import datetime
from typing import Any

from django.db.models import F, Model, QuerySet


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


def moment_or_day(value: Any) -> dict[str, Any]:
    """The two columns of something that is a date, a moment or unknown."""
    if isinstance(value, datetime):
        return {"on": None, "at": value}
    return {"on": value, "at": None}

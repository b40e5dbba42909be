"""What stands in people's calendars: each app registers its sources; feeds and invitations read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

from portal.ui.registry import Registry

if TYPE_CHECKING:
    from portal.people.models import Person


@dataclass(frozen=True)
class Item:
    """One entry in a calendar. Moments are aware; what begins on a date lasts that whole day.

    `uid` is opaque and never changes; `sequence` only goes up. `title` is shown at the level of titles
    alone, `kind` is all that an invitation and the middle level say. `is_busy` is False for what takes
    no time of its own, such as a last day.
    """

    uid: str
    sequence: int
    kind: str
    title: str
    starts: datetime | date
    ends: datetime | None
    updated_at: datetime
    place: str = ""
    path: str = ""
    is_cancelled: bool = False
    is_busy: bool = True


@dataclass(frozen=True)
class Source:
    """Something that fills calendars.

    `items` gives what a person sees now in a period, trimmed by visible_to; what was cancelled stays
    in it for thirty days. Where people can be invited, `one` gives an item as it is now, and `sees`
    whether a person may still see it.
    """

    key: str
    name: str | Promise
    items: Callable[[Person, datetime, datetime], Sequence[Item]]
    order: int = 100
    one: Callable[[UUID], Item | None] | None = None
    sees: Callable[[Person, UUID], bool] | None = None


sources: Registry[Source] = Registry("Source of calendars")


def source(key: str) -> Source:
    """The source with this key; KeyError when no app registered it."""
    for one in sources:
        if one.key == key:
            return one
    raise KeyError(key)

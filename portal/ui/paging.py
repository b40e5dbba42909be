"""Keyset paging: a page follows the last row shown, so a long list costs what a short one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest

ROWS = 25
_SALT = "portal.ui.paging"


@dataclass(frozen=True)
class Page:
    """The rows of one page and where the next and the first page are."""

    rows: Sequence[Any]
    next_url: str
    previous_url: str

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    request: HttpRequest, rows: "QuerySet[Any]", *, key: str, descending: bool = False, size: int = ROWS
) -> Page:
    """A page of `rows` by (key, id); the place to go on from is signed into the address.

    `key` must be a column that is never null within `rows`.
    """
    after = request.GET.get("na", "")
    sign = "-" if descending else ""
    ordered = rows.order_by(f"{sign}{key}", f"{sign}id")
    if after:
        try:
            value, last_id = signing.loads(after, salt=_SALT)
        except (signing.BadSignature, ValueError):
            after = ""
        else:
            step = "lt" if descending else "gt"
            ordered = ordered.filter(
                Q(**{f"{key}__{step}": value}) | Q(**{key: value, f"id__{step}": last_id})
            )
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    next_url = ""
    if more:
        last = found[-1]
        value = getattr(last, key)
        place = [value.isoformat() if hasattr(value, "isoformat") else str(value), str(last.pk)]
        next_url = _with(request, na=signing.dumps(place, salt=_SALT))
    return Page(found, next_url, _with(request, na=None) if after else "")


def _with(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    encoded = query.urlencode()
    return f"{request.path}?{encoded}" if encoded else request.path

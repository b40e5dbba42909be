"""Keyset paging: a page follows the last row shown, so a long list costs what a short one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet
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
    """A page of `rows` by (key, id), rows without a key last; the last row shown is signed into the address.

    Only its id: what `key` holds may be a name. The token is good for this list alone, and a row
    that is gone leads to the first page. `key` may follow relations, but not be an annotation.
    """
    salt = f"{_SALT}:{request.path}:{rows.model._meta.label}:{key}"
    place = F(key).desc(nulls_last=True) if descending else F(key).asc(nulls_last=True)
    ordered = rows.order_by(place, "-id" if descending else "id")
    last = _last_shown(request.GET.get("na", ""), salt, rows, key)
    if last is not None:
        ordered = ordered.filter(_beyond(key, *last, "lt" if descending else "gt"))
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    next_url = _with(request, na=signing.dumps(str(found[-1].pk), salt=salt)) if more else ""
    return Page(found, next_url, _with(request, na=None) if last is not None else "")


def _last_shown(token: str, salt: str, rows: "QuerySet[Any]", key: str) -> tuple[Any, Any] | None:
    """The key value, as it is now, and the id of the row that a token points at."""
    try:
        pk = signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None
    # Not among `rows`: a row that has left the list since still marks the place.
    found: tuple[Any, Any] | None = rows.model._base_manager.filter(pk=pk).values_list(key, "pk").first()
    return found


def _beyond(key: str, value: Any, pk: Any, step: str) -> Q:
    """The rows that come after (value, pk)."""
    if value is None:
        return Q(**{f"{key}__isnull": True, f"id__{step}": pk})
    after = Q(**{f"{key}__{step}": value}) | Q(**{key: value, f"id__{step}": pk})
    return after | Q(**{f"{key}__isnull": True})


def _with(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    encoded = query.urlencode()
    return f"{request.path}?{encoded}" if encoded else request.path

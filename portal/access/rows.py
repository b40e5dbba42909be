"""Fetching one row for one person: outside one's sight it is 404, seen but not allowed it is 403."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404


def visible_or_404(rows: "QuerySet[Any]", **lookup: Any) -> Any:
    """The one row of an already trimmed queryset, or 404."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def allowed_or_403(allowed: bool) -> None:
    """Raise 403 when the policy says no."""
    if not allowed:
        raise PermissionDenied

"""What visits put in people's calendars: the word, the hours, and never where a secret host is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.feeds.registry import Item, Source, sources
from portal.people.models import Person
from visits.enums import VisitState
from visits.models import Visit

VISITS = "visits"
# So long a calendar hears that something was cancelled; then it is gone.
CANCELLED_STAYS = timedelta(days=30)


def items(person: Person, start: datetime, end: datetime) -> Sequence[Item]:
    """The visits a person sees, and those he or she comes along on (two queries)."""
    lately = clock.now() - CANCELLED_STAYS
    in_time = Visit.objects.between(start, end).filter(
        Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=lately), measure__is_mistake=False
    )
    rows = in_time.select_related("measure", "host").order_by("starts_at", "id")
    seen = {row.pk: _item(row) for row in rows.filter(pk__in=Visit.objects.visible_to(person).values("pk"))}
    along = rows.filter(pk__in=Visit.objects.accompanied_by(person).values("pk")).exclude(pk__in=list(seen))
    return [*seen.values(), *(_item(row, is_outside=True) for row in along)]


def item(pk: UUID) -> Item | None:
    """One visit as it is now, as those hear of it who are invited; None while it has no day."""
    row = Visit.objects.select_related("measure", "host").filter(pk=pk, starts_at__isnull=False).first()
    return _item(row, is_outside=True) if row else None


def may_see(person: Person, pk: UUID) -> bool:
    """Whoever sees the visit, and whoever comes along."""
    return (
        Visit.objects.visible_to(person).filter(pk=pk).exists()
        or Visit.objects.accompanied_by(person).filter(pk=pk).exists()
    )


def _item(row: Visit, *, is_outside: bool = False) -> Item:
    """`is_outside`: without the title, which is for whoever sees the measure."""
    assert row.starts_at is not None
    word = _("Werkbezoek")
    page = "visits:sheet" if is_outside else "visits:visit"
    return Item(
        uid=str(row.uid),
        sequence=row.sequence,
        kind=word,
        title=word if is_outside or row.is_secret else row.title,
        starts=row.starts_at,
        ends=row.ends_at,
        updated_at=row.changed_at,
        place=row.place,
        path=reverse(page, args=[row.pk]),
        is_cancelled=row.state == VisitState.CANCELLED,
    )


def register() -> None:
    """Register the source; called once when the app is ready."""
    sources.register(Source(VISITS, gettext_lazy("Werkbezoeken"), items, order=15, one=item, sees=may_see))

"""Writing the figures of a briefing, and that a sheet was sent."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from measures.tracking.actions.changed import bound_key
from portal import clock
from portal.briefings import making
from portal.briefings.models import Briefing
from portal.people.models import Person
from visits.actions.changed import held, note, touch
from visits.models import Figure, SheetSent, Visit
from visits.models.figures import MOST_FIGURES
from visits.papers.subject import BRIEFING, SHEET

_FIGURE = ("value", "about", "source", "as_of")


class TooManyFigures(ValueError):
    """More figures than a briefing has room for."""


class NotReady(ValueError):
    """It is no finished sheet of this visit for these readers."""


@transaction.atomic
def write_figures(
    *, by: Person, visit: Visit, figures: Sequence[dict[str, Any]], version: int | None = None
) -> bool:
    """Put these figures, each with value, about, source and as_of, in the place of what was there.

    Gives whether something changed.
    """
    held(visit)
    if len(figures) > MOST_FIGURES:
        raise TooManyFigures
    old = list(visit.figures.order_by("order", "id").values(*_FIGURE))
    new = [{name: one[name] for name in _FIGURE} for one in figures]
    if old == new and version in (None, visit.version):
        return False
    touch(visit, version=version)
    visit.figures.all().delete()
    Figure.objects.bulk_create(Figure(visit=visit, order=nr, **one) for nr, one in enumerate(new))
    note("visit.figures_written", by=by, visit=visit, figures=(len(old), len(new)))
    return True


@transaction.atomic
def note_sent(*, by: Person, visit: Visit, audience: str, briefing: Briefing, key: str) -> SheetSent:
    """Write down that this sheet went to its readers today; the same one-time key notes it once."""
    held(visit)
    if not briefing.is_ready or (briefing.subject_id, briefing.audience) != (visit.pk, audience):
        raise NotReady
    sent, is_new = SheetSent.objects.get_or_create(
        create_key=bound_key(key, by, visit.pk),
        defaults={
            "visit": visit,
            "audience": audience,
            "briefing": briefing,
            "content_hash": briefing.content_hash,
            "sent_on": clock.today(),
            "recorded_by": by,
        },
    )
    if is_new:
        note("sheet.sent", by=by, visit=visit, audience=(None, audience), sent_on=(None, sent.sent_on))
    return sent


def forget_papers(visits: Iterable[Visit]) -> int:
    """Destroy what was made on paper of visits whose host has a secret address from now on.

    Called in the transaction that makes it so: the files, and the lines that would say what it was.
    """
    return making.take_away((SHEET, BRIEFING), [one.pk for one in visits])

"""Putting moments to everybody who must be there, and writing down what they say."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from portal import clock
from portal.people.models import Person
from visits.actions.changed import NotAhead, held, note
from visits.models import Companion, DateOption, OptionAnswer, Visit

MOST_OPTIONS = 6


class TooMany(ValueError):
    """More moments than people can answer at once."""


@transaction.atomic
def add_options(*, by: Person, visit: Visit, hours: Sequence[tuple[datetime, datetime]]) -> list[DateOption]:
    """Add moments; one that stands there already is not added twice."""
    held(visit)
    if not visit.is_ahead:
        raise NotAhead
    standing = visit.options.filter(withdrawn_at__isnull=True)
    known = set(standing.values_list("starts_at", flat=True))
    new = [(starts, ends) for starts, ends in dict(hours).items() if starts not in known]
    if len(known) + len(new) > MOST_OPTIONS:
        raise TooMany
    made = [DateOption.objects.create(visit=visit, starts_at=starts, ends_at=ends) for starts, ends in new]
    for one in made:
        note("visit.option_added", by=by, visit=visit, starts_at=(None, one.starts_at))
    return made


@transaction.atomic
def answer_option(*, by: Person, option: DateOption, companion: Companion | None, answer: str) -> None:
    """Write down what a companion, or the host when `companion` is None, says; the last word counts.

    An empty answer takes back what was said before.
    """
    held(option.visit)
    if option.withdrawn_at is not None or not option.visit.is_ahead:
        raise NotAhead
    if companion is not None and (companion.visit_id != option.visit_id or companion.ended_at):
        raise NotAhead
    before = option.answers.filter(companion=companion).values_list("answer", flat=True).first()
    if (before or "") == answer:
        return
    if answer:
        OptionAnswer.objects.update_or_create(
            option=option,
            companion=companion,
            defaults={"answer": answer, "written_by": by, "written_at": clock.now()},
        )
    else:
        option.answers.filter(companion=companion).delete()
    note("visit.option_answered", by=by, visit=option.visit, answer=(before, answer))


@transaction.atomic
def withdraw_option(*, by: Person, option: DateOption) -> None:
    """Take a moment off the list."""
    held(option.visit)
    if option.withdrawn_at is None:
        option.withdrawn_at = clock.now()
        option.save(update_fields=["withdrawn_at"])
        note("visit.option_withdrawn", by=by, visit=option.visit, starts_at=(option.starts_at, None))

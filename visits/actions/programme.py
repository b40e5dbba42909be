"""Writing the programme of a visit: all stops at once, by whoever saw the newest."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from portal import clock
from portal.audit.record import text_change
from portal.people.models import Person
from portal.search import actions as index
from visits.actions.changed import ChangedMeanwhile, NotAhead, held, note
from visits.models import Consent, Stop, Visit
from visits.places import safe_place
from visits.programme_queries import press_goes
from visits.programme_rules import Fault, Part, by_time, faults

TEXTS = ("title", "place", "leads", "speaks", "aim")
PLAIN = ("starts", "minutes", "travel", "meets", "press")


class NotAProgramme(ValueError):
    """What was given breaks the rules; `.faults` say where, counted in the order of the day."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__("not a programme")
        self.faults = found


@transaction.atomic
def write_programme(*, by: Person, visit: Visit, stops: Sequence[Part], version: int) -> bool:
    """Make these the programme, in the order of the day; gives whether something changed.

    Stops with the key of one that stands change it, the others are made, those not named are taken off.
    `version` is the programme's; ChangedMeanwhile when it is another by now. Raises NotAProgramme,
    NotAhead when it was held or cancelled meanwhile.
    """
    held(visit)
    # Read again behind the lock: what was agreed to, and how the visit stands, may have changed.
    now = Visit.objects.select_related("host").get(pk=visit.pk)
    if not now.is_ahead:
        raise NotAhead
    if now.programme_version != version:
        raise ChangedMeanwhile
    parts, goes = by_time(stops), press_goes(visit)
    found = faults(parts, has_go=goes.at, is_secret=now.is_secret)
    if found:
        raise NotAProgramme(found)
    standing = {one.pk: one for one in visit.stops.standing()}
    kept: set[Any] = set()
    changes: list[dict[str, Any]] = []
    for order, part in enumerate(parts):
        stop = standing.get(part.pk) if part.pk and part.pk not in kept else None
        go = goes.at(stop.pk if stop else None) if part.needs_go else None
        if stop is None:
            stop = _made(visit, part, order, go)
            changes.append(_said(stop, {}))
        else:
            old = _facts(stop)
            _set(stop, part, order, go)
            if _facts(stop) != old:
                stop.save(update_fields=[*TEXTS, *PLAIN, "order", "press_go"])
                changes.append(_said(stop, old))
        kept.add(stop.pk)
    gone = [one.pk for pk, one in standing.items() if pk not in kept]
    if not changes and not gone:
        return False
    Stop.objects.filter(pk__in=gone).update(removed_at=clock.now())
    _count_up(visit)
    note(
        event="programme.changed",
        by=by,
        visit=visit,
        stops=(len(standing), len(parts)),
        minutes=(_length(standing.values()), _length(parts)),
        removed=[str(pk) for pk in gone],
        changed=[one for one in changes if one["fields"]],
    )
    return True


def _count_up(visit: Visit) -> None:
    """Another programme, but the same visit: its own form stays as it is."""
    at = clock.now()
    Visit.objects.filter(pk=visit.pk).update(programme_version=F("programme_version") + 1, changed_at=at)
    visit.programme_version += 1
    visit.changed_at = at
    index.changed("visit", [visit.pk])


def forget_places(visits: Iterable[Visit]) -> int:
    """Empty the places of visits and stops that might tell where a host is whose address became secret.

    Called in the transaction that makes it so; gives how many places were emptied.
    """
    found = list(visits)
    gathering = [one.pk for one in found if not safe_place(one.gathers_at)]
    rows = Stop.objects.filter(visit__in=found).exclude(place="").order_by("pk")
    unsafe = [one.pk for one in rows if not safe_place(one.place)]
    for one in found:
        if one.pk in gathering:
            one.gathers_at = ""
    return Stop.objects.filter(pk__in=unsafe).update(place="") + Visit.objects.filter(
        pk__in=gathering
    ).update(gathers_at="")


def _set(stop: Stop, part: Part, order: int, go: Consent | None) -> None:
    for name in (*TEXTS, *PLAIN):
        setattr(stop, name, getattr(part, name))
    stop.order = order
    stop.press_go = go


def _made(visit: Visit, part: Part, order: int, go: Consent | None) -> Stop:
    stop = Stop(visit=visit)
    _set(stop, part, order, go)
    stop.save(force_insert=True)
    return stop


def _facts(stop: Stop) -> dict[str, Any]:
    return {name: getattr(stop, name) for name in (*TEXTS, *PLAIN, "order", "press_go_id")}


def _said(stop: Stop, old: dict[str, Any]) -> dict[str, Any]:
    """What of a stop changed: times and choices as they were and are, of texts name and length."""
    fields: dict[str, Any] = {}
    for name in PLAIN:
        if old.get(name) != getattr(stop, name):
            was = old.get(name)
            fields[name] = {"old": None if was is None else str(was), "new": str(getattr(stop, name))}
    for name in TEXTS:
        if old.get(name, "") != getattr(stop, name):
            fields |= text_change(name, getattr(stop, name))
    return {"stop": str(stop.pk), "fields": fields}


def _length(parts: Iterable[Any]) -> int:
    return sum(one.minutes for one in parts)

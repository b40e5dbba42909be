"""Writing down for what the host gave its go, and that it takes it back."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from measures.tracking.actions.changed import bound_key
from portal import clock
from portal.audit.record import text_change
from portal.people.models import Person
from portal.search import actions as index
from visits.actions.changed import ChangedMeanwhile, at_any_time, held, note
from visits.enums import Meets, StopPress, Use
from visits.models import Consent, Stop, Visit


class StandsAlready(ValueError):
    """The host agreed to this already, at the same stop or for the whole visit; `.use` says to what."""

    def __init__(self, use: str) -> None:
        super().__init__("stands already")
        self.use = use


class NoPressWithMinors(ValueError):
    """Where minors are there is no press, whoever agrees."""


@transaction.atomic
def give_consents(
    *, by: Person, visit: Visit, uses: Collection[str], stop: Stop | None, on: date, said_by: str, key: str
) -> list[Consent]:
    """Write down the go of the host, one row for each use; the same one-time key makes nothing twice.

    `said_by` is a function at the host. Raises StandsAlready, NoPressWithMinors.
    """
    held(visit)
    if stop is not None and stop.meets == Meets.MINORS and Use.PRESS in uses:
        raise NoPressWithMinors
    keys = {use: bound_key(key, by, visit.pk, stop.pk if stop else "", use) for use in uses}
    made_before = list(visit.consents.filter(create_key__in=keys.values()))
    if made_before:
        return made_before
    standing = set(visit.consents.standing().filter(stop=stop).values_list("use", flat=True))
    for use in keys:
        if use in standing:
            raise StandsAlready(use)
    found = []
    for use, bound in keys.items():
        row = Consent.objects.create(
            visit=visit,
            stop=stop,
            use=use,
            given_on=on,
            said_by=said_by.strip(),
            recorded_by=by,
            create_key=bound,
        )
        changes: dict[str, Any] = {
            "consent": (None, row.pk),
            "use": (None, use),
            "stop": (None, row.stop_id),
            "given_on": (None, on),
        }
        changes |= text_change("said_by", row.said_by)
        note(
            event="consent.given",
            by=by,
            visit=visit,
            **changes,
        )
        found.append(row)
    return found


@transaction.atomic
def withdraw_consent(
    *, by: Person, visit: Visit, consent: Consent, on: date, version: int | None = None
) -> list[Stop]:
    """The host takes its go back; gives the stops at which press is not welcome any more because of it.

    Always possible, also of a visit that was closed or cancelled: whoever gave it may take it back.
    """
    at_any_time(visit)
    seen = consent.version if version is None else version
    rows = Consent.objects.standing().filter(pk=consent.pk, visit=visit, version=seen)
    at = clock.now()
    if not rows.update(withdrawn_on=on, withdrawn_by=by, withdrawn_at=at, version=F("version") + 1):
        raise ChangedMeanwhile
    stops = list(visit.stops.filter(press_go=consent).order_by("order", "id"))
    for stop in stops:
        stop.press, stop.press_go = StopPress.NO, None
        stop.save(update_fields=["press", "press_go"])
    if stops:
        # Who has the programme open sees that it is another now.
        Visit.objects.filter(pk=visit.pk).update(programme_version=F("programme_version") + 1, changed_at=at)
        visit.programme_version += 1
        index.changed("visit", [visit.pk])
    note(
        event="consent.withdrawn",
        by=by,
        visit=visit,
        consent=(consent.pk, consent.pk),
        use=(consent.use, consent.use),
        withdrawn_on=(None, on),
        no_press_at=[str(one.pk) for one in stops],
    )
    return [one for one in stops if one.removed_at is None]

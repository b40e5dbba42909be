"""Planning, changing and cancelling an appointment of a measure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from measures.tracking.actions.changed import ChangedMeanwhile, bound_key, change, runs
from measures.tracking.actions.names import named
from measures.tracking.calendars import APPOINTMENTS
from measures.tracking.models import Appointment, Measure
from portal import clock
from portal.audit.record import record, text_change
from portal.feeds import invitations
from portal.feeds.models import Invitation
from portal.people.models import Person

# What a guest must know; the title and the talking points are for whoever sees the measure.
FOR_GUESTS = ("starts_at", "ends_at", "place")


class TooLate(ValueError):
    """The appointment is over, was cancelled, or its measure does not run any more."""


@transaction.atomic
def plan_appointment(
    *,
    by: Person,
    measure: Measure,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    key: str,
    place: str = "",
    points: str = "",
) -> Appointment:
    """Plan an appointment; the same one-time key leads to the one it made before."""
    is_running = runs(measure.pk)
    create_key = bound_key(key, by, measure.pk)
    made: Appointment | None = Appointment.objects.filter(create_key=create_key).first()
    if made is not None:
        return made
    if not is_running:
        raise ChangedMeanwhile
    appointment: Appointment = Appointment.objects.create(
        measure=measure,
        kind=measure.kind,
        municipality_id=measure.municipality_id,
        driehoek_id=measure.driehoek_id,
        title=title.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        place=place.strip(),
        talking_points=points.strip(),
        create_key=create_key,
    )
    record(
        "appointment.planned",
        by=by,
        about=appointment,
        scope=measure.scope,
        changes={"starts_at": (None, starts_at), "ends_at": (None, ends_at)}
        | text_change("title", appointment.title)
        | named(by, measure),
    )
    return appointment


@transaction.atomic
def change_appointment(
    *,
    by: Person,
    appointment: Appointment,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    points: str = "",
    version: int | None = None,
) -> bool:
    """Change an appointment that is not over; gives whether a guest must know of it."""
    if not runs(appointment.measure_id):
        raise TooLate
    _must_be_coming(appointment)
    new: dict[str, Any] = {
        "title": title.strip(),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "place": place.strip(),
        "talking_points": points.strip(),
    }
    old = {name: getattr(appointment, name) for name in new}
    if new == old and version in (None, appointment.version):
        return False
    for_guests = any(new[name] != old[name] for name in FOR_GUESTS)
    change(
        Appointment.objects.standing(),
        appointment,
        version=version,
        changed_at=clock.now(),
        sequence=appointment.sequence + int(for_guests),
        **new,
    )
    moments = {name: (old[name], new[name]) for name in ("starts_at", "ends_at") if new[name] != old[name]}
    texts: dict[str, Any] = {}
    for name in ("title", "place", "talking_points"):
        if new[name] != old[name]:
            texts |= text_change(name, new[name])
    record(
        "appointment.changed",
        by=by,
        about=appointment,
        scope=appointment.scope,
        changes=moments | texts | named(by, appointment.measure),
    )
    if for_guests:
        invitations.renew(APPOINTMENTS, appointment.pk)
    return for_guests


@transaction.atomic
def invite_to(
    *,
    by: Person,
    appointment: Appointment,
    persons: Sequence[Person] = (),
    guests: Sequence[invitations.Guest] = (),
) -> list[Invitation]:
    """Invite people to an appointment that has not begun, of a measure that runs.

    Who was invited already is not asked twice.
    """
    if not runs(appointment.measure_id):
        raise TooLate
    now = Appointment.objects.select_for_update(no_key=True).get(pk=appointment.pk)
    if now.cancelled_at is not None or now.starts_at <= clock.now():
        raise TooLate
    return invitations.invite(
        by=by,
        key=APPOINTMENTS,
        object_id=appointment.pk,
        scope=appointment.scope,
        persons=persons,
        guests=guests,
    )


@transaction.atomic
def cancel_appointment(
    *, by: Person, appointment: Appointment, reason: str, version: int | None = None
) -> None:
    """Cancel an appointment that is not over, with a reason; it stays in the list as cancelled."""
    _must_be_coming(appointment)
    _cancel(by, appointment, reason, version)


@transaction.atomic
def cancel_coming(*, by: Person, measure: Measure, reason: str) -> None:
    """Cancel what is still to come of a measure that ends."""
    for row in measure.appointments.coming().order_by("starts_at", "id"):
        row.measure = measure
        _cancel(by, row, reason, None)


def _cancel(by: Person, appointment: Appointment, reason: str, version: int | None) -> None:
    now = clock.now()
    change(
        Appointment.objects.standing(),
        appointment,
        version=version,
        cancelled_at=now,
        cancel_reason=reason.strip(),
        changed_at=now,
        sequence=appointment.sequence + 1,
    )
    record(
        "appointment.cancelled",
        by=by,
        about=appointment,
        scope=appointment.scope,
        changes={"cancelled_at": (None, now)}
        | text_change("reason", reason)
        | named(by, appointment.measure),
    )
    invitations.cancel(APPOINTMENTS, appointment.pk)


def _must_be_coming(appointment: Appointment) -> None:
    if not appointment.is_coming:
        raise TooLate

"""What tracking puts in people's calendars: the appointments they see and the last days of their actions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.tracking.dates import campaign_monday
from measures.tracking.enums import Origin
from measures.tracking.kinds import kind
from measures.tracking.models import Action, Appointment, Measure, MeasureAnchor
from portal import clock
from portal.audit.models import AuditRow
from portal.feeds.daynames import DayNames, Names, day_names, days_of
from portal.feeds.registry import Item, Source, sources
from portal.people.models import Person

APPOINTMENTS, DEADLINES = "appointments", "deadlines"
# So long a calendar hears that something was cancelled; then it is gone.
CANCELLED_STAYS = timedelta(days=30)
# An action has no name in calendars of its own; this gives one that does not tell its address.
_ACTIONS = UUID("6f0c2f7e-3b0a-4f0e-9a57-2d1f0f3f6a11")


def appointments(person: Person, start: datetime, end: datetime) -> Sequence[Item]:
    """The appointments of the measures a person sees (one query)."""
    lately = clock.now() - CANCELLED_STAYS
    rows = (
        Appointment.objects.visible_to(person)
        .between(start, end)
        .filter(Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=lately))
    )
    return [_appointment(row) for row in rows.order_by("starts_at", "id")]


def appointment(pk: UUID) -> Item | None:
    """One appointment as it is now."""
    row = Appointment.objects.filter(pk=pk).first()
    return _appointment(row) if row else None


def sees_appointment(person: Person, pk: UUID) -> bool:
    return Appointment.objects.visible_to(person).filter(pk=pk).exists()


def _appointment(row: Appointment) -> Item:
    return Item(
        uid=str(row.uid),
        sequence=row.sequence,
        kind=str(kind(row.kind).nav),
        title=row.title,
        starts=row.starts_at,
        ends=row.ends_at,
        updated_at=row.changed_at,
        place=row.place,
        path=reverse("tracking:appointment", args=[row.pk]),
        is_cancelled=row.cancelled_at is not None,
    )


def deadlines(person: Person, start: datetime, end: datetime) -> Sequence[Item]:
    """The dated actions of "Mijn acties": held personally, by an own role, or for somebody on leave."""
    last = AuditRow.objects.filter(object_type=Action._meta.label_lower, object_id=OuterRef("pk"))
    rows = (
        Action.objects.visible_to(person)
        .running()
        .held_by(person)
        .filter(
            Q(due_at__gte=start, due_at__lt=end) | Q(due_on__range=(clock.day_of(start), clock.day_of(end)))
        )
        .annotate(changed_at=Subquery(last.order_by("-at").values("at")[:1]))
        .select_related("measure")
    )
    return [_deadline(row) for row in rows.order_by("late_from", "id")]


def _deadline(row: Action) -> Item:
    # What somebody typed by hand stays in the portal.
    title = row.title if row.origin == Origin.STEP else _("een eigen actie")
    return Item(
        uid=str(uuid5(_ACTIONS, str(row.pk))),
        sequence=row.version,
        kind=str(kind(row.kind).nav),
        title=_("Uiterlijk: %(title)s") % {"title": title},
        starts=row.due,
        ends=None,
        updated_at=getattr(row, "changed_at", None) or row.measure.started_at,
        path=reverse("tracking:action", args=[row.pk]),
        is_busy=False,
    )


# The anchor of a campaign week, and what its days are called.
_CAMPAIGN = "week_monday"


def campaign_weeks(person: Person, first: date, last: date) -> Names:
    """The days of the campaign week: as a running measure has it, otherwise of the week that is usual."""
    week = timedelta(days=6)
    rows = MeasureAnchor.objects.filter(
        measure__in=Measure.objects.visible_to(person).running().order_by().values("pk"),
        name=_CAMPAIGN,
        on__range=(first - timedelta(days=370), last + timedelta(days=370)),
    )
    chosen = {one for one in rows.order_by("on").values_list("on", flat=True) if one is not None}
    years = {one.isocalendar().year for one in chosen}
    usual = {campaign_monday(date(year, 1, 1)) for year in range(first.year, last.year + 1)}
    mondays = chosen | {one for one in usual if one.isocalendar().year not in years}
    return {
        day: [_("Campagneweek")]
        for monday in mondays
        for day in days_of(max(monday, first), min(monday + week, last))
    }


def register() -> None:
    """Register both sources, and the name of a week; called once when the app is ready."""
    day_names.register(DayNames("campaign", campaign_weeks, 20))
    sources.register(
        Source(
            APPOINTMENTS,
            gettext_lazy("Afspraken die u ziet"),
            appointments,
            order=10,
            one=appointment,
            sees=sees_appointment,
        )
    )
    sources.register(Source(DEADLINES, gettext_lazy("Uiterste datums van mijn acties"), deadlines, order=20))

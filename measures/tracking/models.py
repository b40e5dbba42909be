"""Templates with their versions and steps; measures with their anchors, tracked actions and appointments."""

from typing import Any
from uuid import uuid4

import uuid6
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from measures.tracking.enums import ActionState, EvidenceKind, MeasureState, Origin
from measures.tracking.kinds import own_briefings
from measures.tracking.querysets import (
    ActionQuerySet,
    AppointmentQuerySet,
    EvidenceQuerySet,
    MeasureQuerySet,
    TemplateQuerySet,
)
from portal import clock
from portal.briefings.models import Briefing
from portal.municipalities.models import Municipality, Scoped, one_scope
from portal.people.enums import Role
from portal.people.models import Leave


class Template(models.Model):
    """A measure that can be started again and again; national, or local to one municipality."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20)
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(municipality__isnull=True), name="template_national_key"
            ),
            models.UniqueConstraint(
                fields=["municipality", "key"],
                condition=Q(municipality__isnull=False),
                name="template_local_key",
            ),
        ]


class TemplateVersion(models.Model):
    """One published state of a template; never changed after publication."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    purpose = models.TextField()
    # [{"key", "label", "moment", "default"}], in the order of the start page.
    anchors = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["template_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_number")]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One thing to do, as a version of a template says it."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    guidance = models.TextField()
    source = models.CharField(max_length=300)
    otherwise = models.CharField(max_length=300)
    role = models.CharField(max_length=24)
    escalates_to = models.CharField(max_length=24)
    anchor = models.CharField(max_length=40, blank=True, default="")
    after = models.CharField(max_length=60, blank=True, default="")
    term = models.CharField(max_length=40, blank=True, default="")
    offset = models.SmallIntegerField(default=0)
    unit = models.CharField(max_length=10)
    remind = models.JSONField()
    evidence = models.CharField(max_length=10)
    checklist = models.JSONField()

    class Meta:
        ordering = ["version_id", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="step_key")]

    def __str__(self) -> str:
        return self.title


class Measure(Scoped):
    """One running instance of a template version in one scope."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    kind = models.CharField(max_length=20)
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default=MeasureState.RUNNING)
    lead = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="leads")
    started_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=500, blank=True, default="")
    stop_reason = models.CharField(max_length=500, blank=True, default="")
    is_mistake = models.BooleanField(default=False)
    # The one-time key of the form that started it: the second post leads here too.
    start_key = models.CharField(max_length=64, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            one_scope("measure_scope"),
            models.CheckConstraint(
                name="measure_state", condition=Q(state__in=[str(s) for s in MeasureState])
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "-id"], name="measure_municipality"),
            models.Index(fields=["driehoek", "-id"], name="measure_driehoek"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.state == MeasureState.RUNNING


class MeasureAnchor(models.Model):
    """A named date or moment from which steps count; both empty means "datum volgt"."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="anchors")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    is_moment = models.BooleanField(default=False)
    on = models.DateField(null=True)
    at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["measure_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "name"], name="anchor_name"),
            models.CheckConstraint(
                name="anchor_date_or_moment",
                condition=Q(is_moment=True, on__isnull=True) | Q(is_moment=False, at__isnull=True),
            ),
        ]


class Action(Scoped):
    """What somebody must do. Scope and kind are copied from the measure so that lists stay quick."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=20)
    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT)
    origin = models.CharField(max_length=10, default=Origin.STEP)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    holder_role = models.CharField(max_length=24, blank=True, default="")
    holder_person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="held_actions"
    )
    escalates_to = models.CharField(max_length=24, default="burgemeester")
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    # The moment from which it is late: 24:00 of due_on, or due_at. One column to sort and filter by.
    late_from = models.DateTimeField(null=True)
    pinned = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=ActionState.OPEN)
    evidence_kind = models.CharField(max_length=10, default=EvidenceKind.NONE)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    drop_reason = models.CharField(max_length=500, blank=True, default="")
    create_key = models.CharField(max_length=64, null=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = ActionQuerySet.as_manager()

    # The leave because of which it lies with the reader of a list; set by queries.mark.
    leave: Leave | None = None

    class Meta:
        ordering = ["late_from", "id"]
        constraints = [
            one_scope("action_scope"),
            models.CheckConstraint(
                name="action_one_holder",
                condition=Q(holder_person__isnull=True) & ~Q(holder_role="")
                | Q(holder_person__isnull=False, holder_role=""),
                violation_error_message=_("Kies een rol of een persoon als actiehouder."),
            ),
            models.CheckConstraint(
                name="action_one_due",
                condition=Q(due_on__isnull=True) | Q(due_at__isnull=True),
                violation_error_message=_("Kies een datum of een moment."),
            ),
            models.CheckConstraint(name="action_state", condition=Q(state__in=[str(s) for s in ActionState])),
            models.UniqueConstraint(
                fields=["measure", "step"], condition=Q(step__isnull=False), name="action_step_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "late_from", "id"],
                name="action_open_municipality",
                condition=Q(state__in=["open", "in_progress"]),
            ),
            models.Index(
                fields=["driehoek", "late_from", "id"],
                name="action_open_driehoek",
                condition=Q(state__in=["open", "in_progress"]),
            ),
            models.Index(
                fields=["holder_person", "late_from", "id"],
                name="action_open_holder",
                condition=Q(state__in=["open", "in_progress"]),
            ),
            models.Index(fields=["measure", "order"], name="action_of_measure"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unfinished(self) -> bool:
        return self.state in (ActionState.OPEN, ActionState.IN_PROGRESS)

    @property
    def is_late(self) -> bool:
        return self.is_unfinished and self.late_from is not None and self.late_from <= clock.now()

    @property
    def due(self) -> Any:
        """The date or the moment, whichever it has."""
        return self.due_on or self.due_at

    @property
    def holder_name(self) -> str:
        """The role's label or the person's name; join holder_person before you list."""
        return self.holder_person.name if self.holder_person else str(Role(self.holder_role).label)

    def measure_briefings(self) -> "models.QuerySet[Briefing]":
        """The ready briefings about this action's measure, or about what owns it; newest first."""
        own = own_briefings([self]).get(self.measure_id)
        document, subject = own or ("measure", self.measure_id)
        ready = Briefing.objects.about(document, subject).filter(state="ready")
        return ready.order_by("-made_at", "-id")


class Check(models.Model):
    """One line of an action's checklist."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="checks")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    done_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["action_id", "order"]
        constraints = [models.UniqueConstraint(fields=["action", "order"], name="check_order")]


class Note(models.Model):
    """A working note on an action; read by who sees the action."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    create_key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["at", "id"]


class Evidence(models.Model):
    """What shows that an action was done: a decision, a document kept elsewhere, or a briefing."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10)
    text = models.TextField(blank=True, default="")
    decided_by_role = models.CharField(max_length=80, blank=True, default="")
    decided_by_name = models.CharField(max_length=120, blank=True, default="")
    dated_on = models.DateField(null=True)
    kept_in = models.CharField(max_length=120, blank=True, default="")
    reference = models.CharField(max_length=120, blank=True, default="")
    briefing = models.ForeignKey(Briefing, null=True, on_delete=models.PROTECT)
    # The version that was there when the action was finished: a later one shows something else.
    paper_version = models.ForeignKey(
        "papers.PaperVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "id"]


class Appointment(Scoped):
    """People come together for a measure, on one day. Scope and kind are copied from the measure.

    `uid` names it in calendars, for ever; `sequence` counts the changes that a guest must know.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True, default="")
    # At most three lines; read them by `points`.
    talking_points = models.TextField(blank=True, default="")
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True, default="")
    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    create_key = models.CharField(max_length=64, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            one_scope("appointment_scope"),
            models.CheckConstraint(
                name="appointment_hours",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Het einde ligt niet na het begin."),
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "starts_at"], name="appointment_municipality"),
            models.Index(fields=["driehoek", "starts_at"], name="appointment_driehoek"),
            models.Index(fields=["measure", "starts_at"], name="appointment_of_measure"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def points(self) -> list[str]:
        """The talking points, at most three."""
        return self.talking_points.splitlines()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_coming(self) -> bool:
        """Neither cancelled nor over."""
        return self.cancelled_at is None and not self.is_over

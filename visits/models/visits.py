"""A working visit, the dates it may have, and who comes along."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import uuid4

import uuid6
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.municipalities.models import Driehoek, Scoped, one_scope
from visits.enums import Answer, Function, VisitState
from visits.models.hosts import Host
from visits.sight import sees
from visits.workflow import AHEAD, DATED

if TYPE_CHECKING:
    from portal.people.models import Person

BRIEFING_DAYS = 3
# When a visit begins as long as nobody chose a time.
USUAL_START = time(14)


class VisitQuerySet(models.QuerySet["Visit"]):
    """Reads of visits."""

    def visible_to(self, person: Person) -> VisitQuerySet:
        """Whoever sees this kind in the scope; companions from elsewhere see their sheet only."""
        return self.filter(sees(person))

    def accompanied_by(self, person: Person) -> VisitQuerySet:
        """The visits on which the person comes along now, and is still a member of where they belong."""
        municipalities = {one.municipality_id for one in person.grants if one.municipality_id}
        driehoeken = {one.driehoek_id for one in person.grants if one.driehoek_id}
        covered = Driehoek.municipalities.through.objects.filter(driehoek__in=driehoeken)
        own = (
            Q(municipality__in=municipalities)
            | Q(municipality__in=covered.values("municipality"))
            | Q(driehoek__in=driehoeken)
        )
        rows = Companion.objects.current().filter(person=person)
        return self.filter(own, pk__in=rows.values("visit"))

    def listed(self) -> VisitQuerySet:
        """Without mistakes, with what a list shows."""
        rows = self.filter(measure__is_mistake=False)
        return rows.select_related("measure", "host", "municipality", "driehoek")

    def ahead(self) -> VisitQuerySet:
        return self.filter(state__in=[str(one) for one in AHEAD])

    def dated(self) -> VisitQuerySet:
        """Those that stand in people's calendars."""
        return self.filter(state__in=[str(one) for one in DATED])

    def between(self, start: datetime, end: datetime) -> VisitQuerySet:
        """Those of which some part lies in the period; the first moment counts, the last does not."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Visit(Scoped):
    """A visit by the mayor to those who help and those who were hurt. Owns one measure.

    Its day and hours stand here and nowhere else; the anchor of the measure follows. `uid` names it in
    calendars for ever, `sequence` counts the changes that a guest must know.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    measure = models.OneToOneField("tracking.Measure", on_delete=models.PROTECT, related_name="visit")
    host = models.ForeignKey(Host, null=True, on_delete=models.PROTECT, related_name="visits")
    state = models.CharField(max_length=12, default=VisitState.IDEA)
    aim = models.CharField(max_length=500, blank=True, default="")
    # What the mayor wants answered, in one sentence.
    question = models.CharField(max_length=300, blank=True, default="")
    with_driehoek = models.BooleanField(default=False)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    # Where the visitors gather; never a secret address.
    gathers_at = models.CharField(max_length=120, blank=True, default="")
    # As what somebody at the host said yes.
    confirmed_by = models.CharField(max_length=80, blank=True, default="")
    confirmed_on = models.DateField(null=True)
    # The programme to which the host said yes; another one by now is put to it again.
    confirmed_programme = models.PositiveIntegerField(null=True)

    briefing_days = models.PositiveSmallIntegerField(default=BRIEFING_DAYS)
    # What runs between municipality and host: contract, subsidy, waiting list.
    between_us = models.TextField(blank=True, default="")
    sensitive = models.TextField(blank=True, default="")
    # At most five lines; read them by `questions`.
    questions_to_ask = models.TextField(blank=True, default="")
    not_to_say = models.TextField(blank=True, default="")
    press_line = models.TextField(blank=True, default="")
    speaks_to_press = models.CharField(max_length=80, blank=True, default="")
    # As agreed with the host: what visitors may see, do and carry; and what the host is asked to arrange.
    house_rules = models.TextField(blank=True, default="")
    asked_of_host = models.TextField(blank=True, default="")

    held_at = models.DateTimeField(null=True)
    # The answer to the question, and what is better next time.
    answer = models.TextField(blank=True, default="")
    learned = models.TextField(blank=True, default="")
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True, default="")

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    # Counts the changes of the programme alone: its editor carries this one.
    programme_version = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            one_scope("visit_scope"),
            models.CheckConstraint(
                name="visit_state", condition=Q(state__in=[str(one) for one in VisitState])
            ),
            models.CheckConstraint(
                name="visit_dated",
                condition=Q(starts_at__isnull=False, ends_at__isnull=False)
                | Q(state__in=[str(VisitState.IDEA), str(VisitState.CANCELLED)]),
                violation_error_message=gettext_lazy("Kies eerst een dag en een tijd."),
            ),
            models.CheckConstraint(
                name="visit_hours",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=gettext_lazy("Het einde ligt na het begin. Kies een later einde."),
            ),
            models.CheckConstraint(
                name="visit_cancelled",
                condition=~Q(state=str(VisitState.CANCELLED))
                | Q(cancelled_at__isnull=False) & ~Q(cancel_reason=""),
                violation_error_message=gettext_lazy("Schrijf waarom het bezoek niet doorgaat."),
            ),
            models.CheckConstraint(name="visit_briefing_days", condition=Q(briefing_days__lte=20)),
        ]
        indexes = [
            models.Index(fields=["municipality", "-starts_at"], name="visit_municipality"),
            models.Index(fields=["driehoek", "-starts_at"], name="visit_driehoek"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title of its measure; join it before you list."""
        return self.measure.title

    @property
    def state_label(self) -> str:
        return str(VisitState(self.state).label)

    @property
    def is_ahead(self) -> bool:
        return self.state in AHEAD

    @property
    def is_dated(self) -> bool:
        return self.state in DATED

    @property
    def day(self) -> date | None:
        """The day in Amsterdam."""
        return clock.day_of(self.starts_at) if self.starts_at else None

    @property
    def begins(self) -> time:
        """When its programme begins, on the wall clock in Amsterdam."""
        if self.starts_at is None:
            return USUAL_START
        return self.starts_at.astimezone(clock.AMSTERDAM).time()

    @property
    def is_other_than_agreed(self) -> bool:
        """Whether the programme changed after the host said yes."""
        return self.state == VisitState.CONFIRMED and self.confirmed_programme not in (
            None,
            self.programme_version,
        )

    @property
    def has_begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at <= clock.now()

    @property
    def is_secret(self) -> bool:
        """Whether nothing of it may tell where it is."""
        return self.host is not None and self.host.address_is_secret

    @property
    def place(self) -> str:
        """What calendars, invitations and papers say of the place."""
        if self.is_secret:
            return _("adres bij host bekend")
        return self.gathers_at or (self.host.address if self.host else "")

    @property
    def questions(self) -> list[str]:
        return [line for line in self.questions_to_ask.splitlines() if line.strip()]


class CompanionQuerySet(models.QuerySet["Companion"]):
    """Reads of companions."""

    def current(self) -> CompanionQuerySet:
        """Who comes along now: not taken off, and who has an account still may sign in."""
        return self.filter(ended_at__isnull=True).exclude(person__is_active=False)


class Companion(models.Model):
    """Somebody who comes along with the mayor, in a function; with an account, or by name.

    Being one opens the sheet for companions, to nobody but a member of the municipality or of a
    driehoek of it, and as long as that lasts.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="companions")
    order = models.PositiveSmallIntegerField(default=0)
    function = models.CharField(max_length=12)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    # Somebody without an account; an official, never a client.
    name = models.CharField(max_length=80, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    # What he or she does that day.
    part = models.CharField(max_length=200, blank=True, default="")
    added_at = models.DateTimeField(default=clock.now)
    # The one-time key of the form, where one brought him or her.
    create_key = models.CharField(max_length=64, null=True, unique=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CompanionQuerySet.as_manager()

    class Meta:
        ordering = ["visit_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="companion_function", condition=Q(function__in=[str(one) for one in Function])
            ),
            models.CheckConstraint(
                name="companion_who",
                condition=Q(person__isnull=False, name="", email="") | Q(person__isnull=True) & ~Q(name=""),
                violation_error_message=gettext_lazy("Kies iemand met een account of schrijf een naam."),
            ),
            models.UniqueConstraint(
                fields=["visit", "person"],
                condition=Q(ended_at__isnull=True, person__isnull=False),
                name="companion_once",
            ),
        ]

    def __str__(self) -> str:
        return self.who

    @property
    def who(self) -> str:
        """The name; join the person before you list."""
        return self.person.name if self.person else self.name


class DateOption(models.Model):
    """A moment at which the visit may be, put to everybody who must be there."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="options")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["visit_id", "starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "starts_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="date_option_once",
                violation_error_message=gettext_lazy("Dit moment staat er al bij."),
            ),
            models.CheckConstraint(name="date_option_hours", condition=Q(ends_at__gt=F("starts_at"))),
        ]


class OptionAnswer(models.Model):
    """What one companion, or the host (`companion` empty), says to one option; the last word counts."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    option = models.ForeignKey(DateOption, on_delete=models.PROTECT, related_name="answers")
    companion = models.ForeignKey(Companion, null=True, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=6)
    # Who wrote it down: the companion in person, or the office after a call.
    written_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["option_id", "written_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="option_answer", condition=Q(answer__in=[str(one) for one in Answer])
            ),
            models.UniqueConstraint(fields=["option", "companion"], name="option_answer_companion_once"),
            models.UniqueConstraint(
                fields=["option"], condition=Q(companion__isnull=True), name="option_answer_host_once"
            ),
        ]

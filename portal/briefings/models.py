"""Briefings that were asked for or were due, the files they became, and when the next ones come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import uuid6
from django.db import models
from django.db.models import Q

from portal import clock
from portal.briefings.enums import State
from portal.briefings.rhythm import Rhythm
from portal.municipalities.models import Scoped, one_scope

if TYPE_CHECKING:
    from portal.people.models import Person


# A tick or two late is not late.
BELATED = timedelta(minutes=5)


class BriefingQuerySet(models.QuerySet["Briefing"]):
    """Reads of briefings."""

    def visible_to(self, person: Person) -> BriefingQuerySet:
        """A briefing is seen by whoever sees its subject now; its document says who that is."""
        from portal.briefings.registry import documents

        condition = Q(pk__in=[])
        for one in documents:
            condition |= Q(document=one.key) & one.opens(person)
        return self.filter(condition)

    def scheduled(self) -> BriefingQuerySet:
        """Those of a period: what a schedule makes, and what was made again of it."""
        return self.filter(period__isnull=False)

    def like(self, row: Briefing) -> BriefingQuerySet:
        """Every briefing for the same reader about the same, in whatever period."""
        return self.about(row.document, row.subject_id).filter(audience=row.audience, reader=row.reader_id)

    def about(self, document: str, subject_id: UUID) -> BriefingQuerySet:
        return self.filter(document=document, subject_id=subject_id)

    def waiting(self, at: datetime) -> BriefingQuerySet:
        """What a worker may take now: asked for, or claimed by a worker whose lease ran out."""
        return self.filter(
            Q(lease_until__isnull=True) | Q(lease_until__lt=at), state__in=[State.ASKED, State.MAKING]
        )


class Briefing(Scoped):
    """One briefing about one subject for one audience; equal content shares one file."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    document = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    audience = models.CharField(max_length=24)
    state = models.CharField(max_length=10, default=State.ASKED)
    asked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    # The one-time key of the form that asked: the second post leads here too.
    ask_key = models.CharField(max_length=64, null=True, unique=True)
    # Set for what a step leaves on its date, or a schedule in its period: once for each.
    due_key = models.CharField(max_length=120, null=True, unique=True)
    # The one person for whom it is made; nobody else opens it. Without: whoever sees its subject.
    reader = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    # The driehoeken of which it holds rows: who left one of them does not open it any more.
    driehoeken = models.ManyToManyField("municipalities.Driehoek", related_name="+")
    # The first day of the period it is about, for what is made on a schedule.
    period = models.DateField(null=True)
    # When the schedule wanted it; later is said on the paper.
    planned_at = models.DateTimeField(null=True)
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True, default="")
    # When its content was settled; with an equal content before it, later than what the file says.
    made_at = models.DateTimeField(null=True)
    # When its file was rendered: the moment that is printed in it.
    rendered_at = models.DateTimeField(null=True)
    # When time alone makes the content other; empty when only people can change it.
    valid_until = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    file = models.CharField(max_length=120, blank=True, default="")
    pages = models.PositiveSmallIntegerField(default=0)
    # How much room the lists got, where they were cut to fit one page.
    rows = models.PositiveSmallIntegerField(default=0)
    # What it said, by section and line; as secret as the briefing itself.
    facts = models.JSONField(default=dict)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            one_scope("briefing_scope"),
            models.CheckConstraint(
                name="briefing_state",
                condition=Q(state__in=[str(state) for state in State]),
            ),
            # Two workers never make the same briefing at once, so equal content is not rendered twice.
            models.UniqueConstraint(
                fields=["document", "subject_id", "audience"],
                condition=Q(state="making"),
                name="briefing_one_making",
            ),
        ]
        indexes = [
            models.Index(fields=["document", "subject_id", "asked_at"], name="briefing_subject"),
            models.Index(
                fields=["asked_at"],
                name="briefing_to_make",
                condition=Q(state__in=["asked", "making"]),
            ),
            models.Index(
                fields=["subject_id", "asked_at"],
                name="briefing_scheduled",
                condition=Q(period__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        made = self.made_at or self.asked_at
        return f"{made.astimezone(clock.AMSTERDAM):%d-%m-%Y %H:%M}"

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in (State.READY, State.FAILED, State.MISSED)

    @property
    def is_unchanged(self) -> bool:
        """Whether it shares the file of an earlier briefing with the same content."""
        return self.rendered_at is not None and self.made_at is not None and self.rendered_at < self.made_at

    @property
    def is_belated(self) -> bool:
        """Whether it was made well after the moment at which the schedule wanted it, or still is not."""
        return self.planned_at is not None and (self.made_at or clock.now()) - self.planned_at > BELATED

    @property
    def is_expired(self) -> bool:
        """Whether time alone has made its words untrue."""
        return self.valid_until is not None and self.valid_until <= clock.now()


class Timetable(models.Model):
    """When one briefing of one municipality is made; the portal lays a row with what holds by itself.

    `at` is on the wall clock in Amsterdam. What was due before `since` is not made afterwards; `look_at`
    is the next moment at which a tick asks whether it is due, `looked_on` the last day it did.
    """

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    municipality = models.ForeignKey(
        "municipalities.Municipality", on_delete=models.PROTECT, related_name="timetables"
    )
    document = models.CharField(max_length=30)
    is_on = models.BooleanField(default=True)
    at = models.TimeField(default=time(7, 15))
    weekday = models.PositiveSmallIntegerField(default=0)
    days_after = models.PositiveSmallIntegerField(default=0)
    office_days_only = models.BooleanField(default=True)
    since = models.DateTimeField(default=clock.now)
    look_at = models.DateTimeField(default=clock.now)
    looked_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    # The press of a form that changed it last: its second post changes nothing.
    last_change = models.UUIDField(null=True)

    class Meta:
        ordering = ["municipality_id", "document"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "document"], name="timetable_once"),
            models.CheckConstraint(name="timetable_day", condition=Q(weekday__lte=6, days_after__lte=20)),
        ]
        indexes = [models.Index(fields=["look_at"], name="timetable_look_at")]

    def __str__(self) -> str:
        return f"{self.document} {self.at:%H:%M}"

    def rhythm(self, of: Rhythm) -> Rhythm:
        """The rhythm of its document with what was chosen here."""
        return replace(
            of,
            at=self.at,
            weekday=self.weekday,
            days_after=self.days_after,
            office_days_only=self.office_days_only,
        )

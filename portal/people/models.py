"""Persons, memberships, invitations, leaves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

import uuid6
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.asked_once import AskedOnce
from portal.municipalities.models import Driehoek, Municipality, Scope
from portal.people.enums import DRIEHOEK_ROLES, Role


@dataclass(frozen=True)
class Grant:
    """One role that a person holds now, in one scope (or in none: the national beheerder)."""

    role: Role
    municipality_id: Any
    driehoek_id: Any
    municipality_name: str
    driehoek_name: str

    @property
    def scope(self) -> Scope | None:
        if self.municipality_id is None and self.driehoek_id is None:
            return None
        return Scope(self.municipality_id, self.driehoek_id)

    @property
    def scope_name(self) -> str:
        return self.municipality_name or self.driehoek_name


class PersonManager(BaseUserManager["Person"]):
    """Makes persons; an e-mail address is kept in lower case so that it is one name."""

    def create_person(self, *, email: str, name: str, password: str | None = None) -> "Person":
        person = self.model(email=email.strip().lower(), name=name.strip())
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in; what the person may do comes from memberships alone."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    email = models.EmailField(_("e-mailadres"), unique=True)
    name = models.CharField(_("naam"), max_length=120)
    language = models.CharField(max_length=2, default="nl")
    is_active = models.BooleanField(default=True)
    mail_refused_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[PersonManager] = PersonManager()

    # Set with the grants: whether they told that no leave of this day concerns the person.
    knows_no_leave = False

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="person_email_lower",
                condition=Q(email=Lower("email")),
                violation_error_message=_("Schrijf het e-mailadres in kleine letters."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """At most two letters for the round badge in the header."""
        words = [word for word in self.name.replace(".", " ").split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """What the person holds now; read once per loaded person, so once per request.

        The same query tells whether some leave of this day concerns the person: nearly always none.
        """
        rows = _HELD.rows(clock.today(), self.pk)
        self.knows_no_leave = bool(rows) and not rows[0][-1]
        return tuple(
            Grant(Role(role), municipality_id, driehoek_id, municipality or "", driehoek or "")
            for role, municipality_id, driehoek_id, municipality, driehoek, _on_leave in rows
        )

    def roles_in(self, scope: Scope) -> frozenset[Role]:
        """The roles the person holds now in exactly this scope."""
        return frozenset(grant.role for grant in self.grants if grant.scope == scope)

    def has_role(self, *roles: Role) -> bool:
        """Whether the person holds one of these roles now, wherever."""
        return any(grant.role in roles for grant in self.grants)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def current(self, on: date) -> "MembershipQuerySet":
        """Memberships whose period holds the day `on`; the last day counts until 24:00.

        One that was ended before its last day counts no more from that moment on.
        """
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            starts_on__lte=on,
            ended_at__isnull=True,
            person__is_active=True,
        )

    def in_scope(self, scope: Scope) -> "MembershipQuerySet":
        return self.filter(**scope.as_fields())

    def held(self, on: date) -> "MembershipQuerySet":
        """Current memberships with the names of their places, in the order of grants."""
        return self.current(on).select_related("municipality", "driehoek").order_by("role", "id")

    def granted(self, persons: Collection[Any], on: date) -> dict[Any, tuple[Grant, ...]]:
        """What each of these persons holds on a day, by person id: one query for all."""
        held: dict[Any, list[Grant]] = {}
        for row in self.held(on).filter(person__in=persons):
            held.setdefault(row.person_id, []).append(grant_of(row))
        return {person_id: tuple(grants) for person_id, grants in held.items()}


class Membership(models.Model):
    """A person's role in a municipality or a driehoek during a period: the only source of rights."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24)
    municipality = models.ForeignKey(
        Municipality, null=True, on_delete=models.PROTECT, related_name="memberships"
    )
    driehoek = models.ForeignKey(Driehoek, null=True, on_delete=models.PROTECT, related_name="memberships")
    function = models.CharField(max_length=80, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # Ended by hand before the last day of the period: the rights stop at this moment, not at 24:00.
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", "role", "id"]
        indexes = [
            models.Index(fields=["municipality", "role"], name="membership_municipality_role"),
            models.Index(fields=["driehoek", "role"], name="membership_driehoek_role"),
        ]
        constraints = [
            models.CheckConstraint(
                name="membership_scope",
                condition=Q(municipality__isnull=False, driehoek__isnull=True)
                | Q(municipality__isnull=True, driehoek__isnull=False)
                | Q(municipality__isnull=True, driehoek__isnull=True, role="beheerder_landelijk"),
                violation_error_message=_("Kies één gemeente of één driehoek."),
            ),
            models.CheckConstraint(
                name="membership_role",
                condition=Q(role__in=[str(role) for role in Role]),
                violation_error_message=_("Kies een rol uit de lijst."),
            ),
            models.CheckConstraint(
                name="membership_driehoek_role_fits",
                condition=Q(driehoek__isnull=True) | Q(role__in=sorted(str(role) for role in DRIEHOEK_ROLES)),
                violation_error_message=_("Deze rol hoort niet in een driehoek."),
            ),
            models.CheckConstraint(
                name="membership_period",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("De einddatum ligt vóór de begindatum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.starts_on}"

    @property
    def scope(self) -> Scope | None:
        if self.municipality_id is None and self.driehoek_id is None:
            return None
        return Scope(self.municipality_id, self.driehoek_id)


class Invitation(models.Model):
    """A one-time way in for somebody new: seven days, resent or withdrawn by a beheerder."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=24)
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT)
    driehoek = models.ForeignKey(Driehoek, null=True, on_delete=models.PROTECT)
    function = models.CharField(max_length=80, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # Only a hash is kept: who reads the database cannot come in with it.
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="invitation_scope",
                condition=Q(municipality__isnull=False, driehoek__isnull=True)
                | Q(municipality__isnull=True, driehoek__isnull=False)
                | Q(municipality__isnull=True, driehoek__isnull=True, role="beheerder_landelijk"),
            )
        ]

    def is_open(self, at: datetime) -> bool:
        """Whether the link still lets somebody in at this moment."""
        return self.accepted_by_id is None and self.withdrawn_at is None and at < self.expires_at


def grant_of(row: Membership) -> Grant:
    """A membership as its person holds it; its place is joined."""
    return Grant(
        Role(row.role),
        row.municipality_id,
        row.driehoek_id,
        row.municipality.name if row.municipality else "",
        row.driehoek.name if row.driehoek else "",
    )


class LeaveQuerySet(models.QuerySet["Leave"]):
    """Reads of leaves."""

    def on(self, day: date) -> "LeaveQuerySet":
        """Leaves that hold on a day; the last day counts until 24:00, one that was ended no more at once."""
        return self.filter(ended_at__isnull=True, starts_on__lte=day, ends_on__gte=day)

    def overlapping(self, starts_on: date, ends_on: date) -> "LeaveQuerySet":
        """Leaves that hold on some day of a period."""
        return self.filter(ended_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on)


class Leave(models.Model):
    """Whole days on which somebody is away and a deputy acts in that person's place."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leaves")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputised_leaves")
    starts_on = models.DateField()
    ends_on = models.DateField()
    announced_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(default=clock.now)
    # Called back early, or withdrawn before it began: the deputy's rights stop at this moment.
    ended_at = models.DateTimeField(null=True)
    # When the person hears what was done meanwhile; never, when it was withdrawn before it began.
    report_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="leave_period",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("De laatste dag ligt vóór de eerste dag."),
            ),
            models.CheckConstraint(
                name="leave_deputy",
                condition=~Q(deputy=F("person")),
                violation_error_message=_("Niemand kan zichzelf vervangen."),
            ),
        ]
        indexes = [
            models.Index(fields=["report_at"], name="leave_to_report", condition=Q(reported_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"

    @property
    def began(self) -> bool:
        """Whether it has begun, or had begun when it was ended."""
        return self.begins_at <= (self.ended_at or clock.now())

    @property
    def begins_at(self) -> datetime:
        """The midnight before the first day, or the moment at which it was announced on that day."""
        return max(clock.at(self.starts_on, time(0)), self.announced_at)

    @property
    def over_at(self) -> datetime:
        """The moment from which the person is back: when it was ended, or 24:00 of the last day."""
        return self.ended_at or clock.end_of(self.ends_on)

    @property
    def is_over(self) -> bool:
        return self.over_at <= clock.now()

    @property
    def is_running(self) -> bool:
        return self.began and not self.is_over


def _held_with_leave(day: date, person_id: UUID) -> Any:
    """What a person holds on a day, each with whether some leave of that day concerns the person."""
    touching = Leave.objects.on(day).filter(Q(person_id=person_id) | Q(deputy_id=person_id))
    rows = Membership.objects.held(day).filter(person_id=person_id).annotate(on_leave=Exists(touching))
    return rows.values_list(
        "role", "municipality_id", "driehoek_id", "municipality__name", "driehoek__name", "on_leave"
    )


_HELD = AskedOnce(_held_with_leave, date, UUID)

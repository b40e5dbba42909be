"""Texts for the press and the steps of their approval; from the release on the database keeps the words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import uuid6
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.municipalities.models import Scoped, one_scope
from portal.papers.press.enums import AsWhat, Decision, PressSort, PressState
from portal.papers.press.workflow import PUBLIC
from portal.people.enums import Role

if TYPE_CHECKING:
    from portal.people.models import Person

# Who speaks to the press: the first of these who sees what the text is about.
_SPEAKS = (Role.COMMUNICATIE, Role.DRIEHOEK_SECRETARIS, Role.KABINET)
# Who works on texts for the press of a scope, whatever they are about.
WORKS_ON = frozenset(
    {Role.COMMUNICATIE, Role.KABINET, Role.BURGEMEESTER, Role.LOCO, Role.DRIEHOEK_SECRETARIS}
)


class PressTextQuerySet(models.QuerySet["PressText"]):
    """Reads of texts for the press."""

    def visible_to(self, person: Person) -> PressTextQuerySet:
        """Whoever sees the subject; before the release only who works on it there, or wrote it."""
        from portal.papers.shelves import shelves

        subject = Q(pk__in=[])
        for one in shelves:
            subject |= Q(shelf=one.key, subject_id__in=one.visible_to(person).order_by().values("pk"))
        worked_on = Q(state__in=[str(state) for state in PUBLIC]) | Q(written_by=person)
        for grant in person.grants:
            if grant.scope is not None and grant.role in WORKS_ON:
                worked_on |= Q(**grant.scope.as_fields())
        return self.filter(subject & worked_on)

    def about(self, shelf: str, subject_id: UUID) -> PressTextQuerySet:
        return self.filter(shelf=shelf, subject_id=subject_id)


class PressText(Scoped):
    """One text for the press about one subject, from plan to paper."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    shelf = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    sort = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True, default="")
    # Where it should stand: the local paper, the website.
    medium = models.CharField(max_length=120, blank=True, default="")
    embargo_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default=PressState.PLANNED)
    written_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    # Each time approval is asked is a round of its own: what was approved before counts no more.
    round = models.PositiveSmallIntegerField(default=0)
    released_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    placed_on = models.DateField(null=True)
    placed_in = models.CharField(max_length=200, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = PressTextQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            one_scope("press_scope"),
            models.CheckConstraint(
                name="press_state", condition=Q(state__in=[str(state) for state in PressState])
            ),
            models.CheckConstraint(name="press_sort", condition=Q(sort__in=[str(one) for one in PressSort])),
            models.CheckConstraint(
                name="press_has_words",
                condition=Q(state__in=["planned", "withdrawn"]) | ~Q(text=""),
                violation_error_message=_("Schrijf eerst de tekst."),
            ),
            models.CheckConstraint(
                name="press_released",
                condition=Q(state__in=["released", "placed"], released_at__isnull=False)
                | ~Q(state__in=["released", "placed"]),
            ),
            models.CheckConstraint(
                name="press_placed",
                condition=Q(state="placed", placed_on__isnull=False) | ~Q(state="placed"),
                violation_error_message=_("Vul in op welke dag de tekst is geplaatst."),
            ),
            models.CheckConstraint(
                name="press_withdrawn",
                condition=Q(state="withdrawn") & ~Q(withdraw_reason="") | ~Q(state="withdrawn"),
                violation_error_message=_("Schrijf waarom u de tekst intrekt."),
            ),
        ]
        indexes = [models.Index(fields=["shelf", "subject_id", "-written_at"], name="press_subject")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_released(self) -> bool:
        """Whether its words may not change any more, nor ever could again."""
        return self.released_at is not None

    def is_embargoed(self, at: datetime) -> bool:
        """Whether nobody may publish it yet."""
        return self.embargo_until is not None and self.embargo_until > at

    def current_steps(self) -> list[Approval]:
        """The steps of the present round, in their order; one query."""
        return list(self.approvals.filter(round=self.round).select_related("decided_by"))


class Approval(models.Model):
    """One step of approval: as what, by whom, when; a step asks only when those before it approved."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    press_text = models.ForeignKey(PressText, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    as_what = models.CharField(max_length=12)
    # Outside: the organisation that must approve; never a person.
    organisation = models.CharField(max_length=120, blank=True, default="")
    # The role that answers, or that writes the answer of somebody outside down; sees the subject.
    role = models.CharField(max_length=24)
    answer_by = models.DateField()
    decision = models.CharField(max_length=8, blank=True, default="")
    # Who pressed; for a step outside who wrote the answer down.
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        ordering = ["round", "order"]
        constraints = [
            models.UniqueConstraint(fields=["press_text", "round", "order"], name="press_approval_order"),
            models.CheckConstraint(
                name="press_approval_as", condition=Q(as_what__in=[str(one) for one in AsWhat])
            ),
            models.CheckConstraint(
                name="press_approval_decided",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    decision__in=[str(one) for one in Decision],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return not self.decision


def role_of(as_what: AsWhat, sees: Collection[Role]) -> Role:
    """Who answers: the mayor for the mayor, otherwise who does the press among those who see the subject."""
    if as_what == AsWhat.MAYOR:
        return Role.BURGEMEESTER
    return next((role for role in _SPEAKS if role in sees), Role.BURGEMEESTER)


def open_step(steps: list[Any]) -> Any:
    """The step whose turn it is, or None."""
    return next((one for one in steps if one.is_open), None)

"""Municipalities, driehoeken, Veilig Thuis organisations and telephone numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import uuid6
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VeiligThuis(models.Model):
    """A Veilig Thuis organisation and its region."""

    code = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality, valid in a period; a merger names its successor."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120)
    province = models.CharField(max_length=60)
    safety_region = models.CharField(max_length=60)
    police_unit = models.CharField(max_length=60)
    arrondissement = models.CharField(max_length=60)
    veilig_thuis = models.ForeignKey(VeiligThuis, null=True, on_delete=models.PROTECT)
    inhabitants = models.PositiveIntegerField(null=True)
    # In whose name people are invited; empty is the mailbox of the portal.
    mailbox = models.EmailField(blank=True, default="")
    valid_from = models.DateField(default=date(2023, 1, 1))
    valid_until = models.DateField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Driehoek(models.Model):
    """A gezagsdriehoek as a body: the consultation of mayor, prosecutor and police for an area."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, default="lokaal")
    municipalities = models.ManyToManyField(Municipality, related_name="driehoeken")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="driehoek_kind",
                condition=Q(kind__in=["lokaal", "basisteam", "regionaal"]),
                violation_error_message=_("Kies lokaal, basisteam of regionaal."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Scope:
    """Whose a row is: one municipality or one driehoek, exactly one; by key."""

    municipality_id: Any = None
    driehoek_id: Any = None

    def __post_init__(self) -> None:
        if (self.municipality_id is None) == (self.driehoek_id is None):
            raise ValueError("a scope is one municipality or one driehoek")

    def as_fields(self) -> dict[str, Any]:
        """Keyword arguments for a row of an abstract Scoped model or a filter on one."""
        return {"municipality_id": self.municipality_id, "driehoek_id": self.driehoek_id}


class Scoped(models.Model):
    """A row that belongs to one municipality or one driehoek."""

    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT, related_name="+")
    driehoek = models.ForeignKey(Driehoek, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return Scope(self.municipality_id, self.driehoek_id)

    @property
    def scope_name(self) -> str:
        """The name of the municipality or driehoek; join it before you list."""
        owner = self.municipality or self.driehoek
        return str(owner)


def one_scope(name: str) -> models.CheckConstraint:
    """The database check that a row has exactly one scope."""
    return models.CheckConstraint(
        name=name,
        condition=Q(municipality__isnull=False, driehoek__isnull=True)
        | Q(municipality__isnull=True, driehoek__isnull=False),
        violation_error_message=_("Kies één gemeente of één driehoek."),
    )


class PhoneNumber(models.Model):
    """A telephone number that texts refer to by key; the only place where a number stands."""

    key = models.SlugField(primary_key=True, max_length=40)
    label = models.CharField(max_length=80)
    number = models.CharField(max_length=20)
    hours = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    checked_on = models.DateField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.label

    def is_stale(self, on: date) -> bool:
        """Whether the last check is more than 90 days before `on`."""
        return (on - self.checked_on).days > 90

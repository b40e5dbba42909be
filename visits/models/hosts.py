"""The register of organisations that receive a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uuid6
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.municipalities.models import Scoped, one_scope
from visits.enums import HostKind
from visits.sight import sees

if TYPE_CHECKING:
    from portal.people.models import Person


class HostQuerySet(models.QuerySet["Host"]):
    """Reads of host organisations."""

    def visible_to(self, person: Person) -> HostQuerySet:
        """Whoever sees the visits of the scope."""
        return self.filter(sees(person))

    def offered(self) -> HostQuerySet:
        """Those that can be chosen for a new visit."""
        return self.filter(is_active=True)


class Host(Scoped):
    """An organisation that can be visited. Of a secret address nothing is stored, not even the town."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    address_is_secret = models.BooleanField(default=False)
    address = models.CharField(max_length=160, blank=True, default="")
    # Somebody in a function there, never a client.
    contact_name = models.CharField(max_length=80, blank=True, default="")
    contact_function = models.CharField(max_length=80, blank=True, default="")
    contact_email = models.EmailField(blank=True, default="")
    # What it does, for whom and with whom: a page in the briefing.
    profile = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    create_key = models.CharField(max_length=64, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = HostQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            one_scope("host_scope"),
            models.CheckConstraint(name="host_kind", condition=Q(kind__in=[str(one) for one in HostKind])),
            models.CheckConstraint(
                name="host_secret_address",
                condition=Q(address_is_secret=False) | Q(address=""),
                violation_error_message=gettext_lazy(
                    "Van een geheim adres bewaart het portaal niets. Maak het veld leeg."
                ),
            ),
            *(
                models.UniqueConstraint(
                    owner,
                    Lower("name"),
                    name=f"host_name_{owner}",
                    violation_error_message=gettext_lazy(
                        "Deze organisatie staat er al. Kies haar uit de lijst."
                    ),
                )
                for owner in ("municipality", "driehoek")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> str:
        return str(HostKind(self.kind).label)

    @property
    def where(self) -> str:
        """The address as it may be said, or that only the host knows it."""
        return _("adres bij host bekend") if self.address_is_secret else self.address

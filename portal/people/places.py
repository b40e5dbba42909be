"""Where people have a role: a municipality, a driehoek, or the portal as a whole."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.municipalities.models import Driehoek, Municipality, Scope
from portal.people import permissions
from portal.people.models import Person

MUNICIPALITY = "gemeente"
DRIEHOEK = "driehoek"
NATIONAL = "landelijk"


@dataclass(frozen=True)
class Place:
    """A scope with its name; without a scope it is the portal as a whole."""

    scope: Scope | None
    name: str = ""

    @property
    def kind(self) -> str:
        if self.scope is None:
            return NATIONAL
        return MUNICIPALITY if self.scope.municipality_id else DRIEHOEK

    @property
    def owner_id(self) -> Any:
        return (self.scope.municipality_id or self.scope.driehoek_id) if self.scope else None

    @property
    def key(self) -> str:
        """The place as a form posts it."""
        return f"{self.kind}:{self.owner_id}" if self.scope else NATIONAL

    @property
    def title(self) -> str:
        """The place as a sentence says it."""
        if self.kind == MUNICIPALITY:
            return _("gemeente %(name)s") % {"name": self.name}
        if self.kind == DRIEHOEK:
            return self.name if "driehoek" in self.name.lower() else f"Driehoek {self.name}"
        return _("landelijk beheer")

    @property
    def url(self) -> str:
        """The page with the people of this place."""
        if self.scope is None:
            return reverse("people:national")
        name = "municipality" if self.kind == MUNICIPALITY else "driehoek"
        return reverse(f"people:{name}", args=[self.owner_id])

    def as_fields(self) -> dict[str, Any]:
        """Keyword arguments for a membership or invitation, or a filter on one."""
        return self.scope.as_fields() if self.scope else {"municipality_id": None, "driehoek_id": None}


def fields_of(row: Any) -> dict[str, Any]:
    """Keyword arguments for a filter on everything in the place of a membership or invitation."""
    return {"municipality_id": row.municipality_id, "driehoek_id": row.driehoek_id}


def place_of(row: Any) -> Place:
    """The place of a membership or invitation; join municipality and driehoek before you list."""
    if row.municipality_id:
        return Place(Scope(row.municipality_id), row.municipality.name)
    if row.driehoek_id:
        return Place(Scope(driehoek_id=row.driehoek_id), row.driehoek.name)
    return Place(None)


def own_places(person: Person) -> list[Place]:
    """The municipalities whose people this person keeps as their beheerder, by name; no query."""
    found = {
        grant.scope: Place(grant.scope, grant.municipality_name)
        for grant in person.grants
        if permissions.is_beheerder_of(person, grant.scope)
    }
    return sorted(found.values(), key=lambda place: place.name)


def the_own_municipality(person: Person, pk: Any) -> Place:
    """The municipality that this person is beheerder of; 404 for every other."""
    found = next((place for place in own_places(person) if place.owner_id == pk), None)
    if found is None:
        raise Http404
    return found


def the_place(person: Person, kind: str, pk: Any) -> Place:
    """The place whose people this person keeps; 404 for every other."""
    scope = None
    if kind != NATIONAL:
        scope = Scope(pk) if kind == MUNICIPALITY else Scope(driehoek_id=pk)
    if not permissions.can_manage(person, scope):
        raise Http404
    if scope is None:
        return Place(None)
    rows: QuerySet[Any] = Municipality.objects.all() if kind == MUNICIPALITY else Driehoek.objects.all()
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return Place(scope, row.name)

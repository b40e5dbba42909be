"""What the pages of visits show."""

from typing import Any

from measures.tracking import queries as tracking
from measures.tracking.kinds import kind
from measures.tracking.models import TemplateVersion
from portal.municipalities.models import Scope
from portal.people.models import Person
from visits.models import Host, Visit
from visits.sight import KIND


def versions(person: Person) -> "Any":
    """The newest templates from which this person may start a visit."""
    return tracking.newest_versions(person).filter(template__kind=KIND).order_by("template__key", "pk")


def scopes_to_start(person: Person, version: TemplateVersion) -> list[tuple[Scope, str]]:
    """The municipalities where this person may start a visit; a visit is of one municipality."""
    return [(one, name) for one, name in tracking.scopes_to_start(person, version) if one.municipality_id]


def may_start(person: Person) -> bool:
    """Whether there is a municipality in which this person may start a visit; asks no query."""
    roles = kind(KIND).roles_start
    return any(one.municipality_id and one.role in roles for one in person.grants)


def hosts(person: Person) -> list[Host]:
    """The organisations that can be chosen."""
    return list(Host.objects.visible_to(person).offered().order_by("name", "id"))


def whole(person: Person) -> "Any":
    """The visits a person sees, with all that a page needs of them at hand."""
    return Visit.objects.visible_to(person).select_related(
        "measure__lead",
        "measure__template_version__template",
        "measure__municipality",
        "measure__driehoek",
        "host",
        "municipality",
        "driehoek",
    )


def accompanied(person: Person) -> "Any":
    """The visits on which a person comes along, with what the sheet for companions needs."""
    rows = Visit.objects.accompanied_by(person)
    return rows.select_related("measure__lead", "host", "municipality", "driehoek")

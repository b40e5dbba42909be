"""Keeping the register of host organisations."""

from typing import Any

from django.db import transaction

from measures.tracking.actions.changed import bound_key, change
from portal.audit.record import record, text_change
from portal.municipalities.models import Scope
from portal.people.models import Person
from portal.search import actions as index
from visits.actions.papers import forget_papers
from visits.actions.programme import forget_places
from visits.models import Host, Visit

FIELDS = (
    "kind",
    "name",
    "address_is_secret",
    "address",
    "contact_name",
    "contact_function",
    "contact_email",
    "profile",
    "is_active",
)


@transaction.atomic
def add_host(*, by: Person, scope: Scope, key: str, **facts: Any) -> Host:
    """Add an organisation; the same one-time key leads to the one it made before. Takes FIELDS."""
    host, is_new = Host.objects.get_or_create(
        create_key=bound_key(key, by, scope), defaults={**_safe(facts), **scope.as_fields()}
    )
    if is_new:
        changes = text_change("name", host.name) | {"kind": (None, host.kind)}
        record("host.added", by=by, about=host, scope=scope, changes=changes)
    return host


@transaction.atomic
def change_host(*, by: Person, host: Host, version: int | None = None, **facts: Any) -> None:
    """Change an organisation; of a secret address nothing is kept, nor by its visits. Takes FIELDS."""
    new = _safe({name: getattr(host, name) for name in FIELDS} | facts)
    old = {name: getattr(host, name) for name in new}
    change(Host.objects.all(), host, version=version, **new)
    if new["address_is_secret"] and not old["address_is_secret"]:
        visits = list(Visit.objects.filter(host=host).order_by("pk"))
        forget_places(visits)
        forget_papers(visits)
    changed = [name for name in new if new[name] != old[name]]
    plain = {"kind", "address_is_secret", "is_active"}
    changes: dict[str, Any] = {name: (old[name], new[name]) for name in changed if name in plain}
    for name in changed:
        if name not in plain:
            changes |= text_change(name, new[name])
    record("host.changed", by=by, about=host, scope=host.scope, changes=changes)
    index.changed("visit", list(Visit.objects.filter(host=host).values_list("pk", flat=True)))


def _safe(facts: dict[str, Any]) -> dict[str, Any]:
    """Trimmed; of a secret address nothing is kept."""
    found = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    return found | {"address": ""} if found.get("address_is_secret") else found

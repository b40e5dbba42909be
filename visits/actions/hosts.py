"""Keeping the register of host organisations."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from measures.tracking.actions.changed import bound_key, change
from measures.tracking.models import Measure
from portal import clock
from portal.audit.record import record, text_change
from portal.municipalities.models import Scope
from portal.people.models import Person
from portal.search import actions as index
from visits.actions.companions import let_go
from visits.actions.papers import forget_papers
from visits.actions.programme import forget_places
from visits.actions.visits import tell_guests
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


class NamedAlready(ValueError):
    """An organisation of this name stands in the register already."""


@transaction.atomic
def add_host(*, by: Person, scope: Scope, key: str, **facts: Any) -> Host:
    """Add an organisation; the same one-time key leads to the one it made before. Takes FIELDS.

    Raises NamedAlready.
    """
    try:
        host, is_new = Host.objects.get_or_create(
            create_key=bound_key(key, by, scope), defaults={**_safe(facts), **scope.as_fields()}
        )
    except IntegrityError as error:
        raise NamedAlready from error
    if is_new:
        changes = text_change("name", host.name) | {"kind": (None, host.kind)}
        record("host.added", by=by, about=host, scope=scope, changes=changes)
    return host


@transaction.atomic
def change_host(*, by: Person, host: Host, version: int | None = None, **facts: Any) -> None:
    """Change an organisation; of a secret address nothing is kept, nor by its visits. Takes FIELDS.

    Who is invited to a visit to come hears of another place; another contact must be invited anew.
    Raises NamedAlready.
    """
    coming = list(_coming(host))
    new = _safe({name: getattr(host, name) for name in FIELDS} | facts)
    old = {name: getattr(host, name) for name in new}
    try:
        with transaction.atomic():
            change(Host.objects.all(), host, version=version, **new)
    except IntegrityError as error:
        raise NamedAlready from error
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
    places = {one.pk: one.place for one in coming}
    for one in _coming(host) if coming else ():
        if new["contact_email"] != old["contact_email"]:
            let_go(by=by, visit=one)
        if one.place != places.get(one.pk):
            tell_guests(one)
    index.changed("visit", list(Visit.objects.filter(host=host).values_list("pk", flat=True)))


def _coming(host: Host) -> Iterable[Visit]:
    """The visits to it that lie ahead, with the host as it is now; their measures are held first."""
    rows = Visit.objects.ahead().filter(host=host, starts_at__gt=clock.now()).order_by("pk")
    measures = Measure.objects.running().filter(pk__in=rows.order_by().values("measure")).order_by("pk")
    held = [one.pk for one in measures.select_for_update(no_key=True)]
    return rows.filter(measure__in=held).select_related("measure", "host", "municipality", "driehoek")


def _safe(facts: dict[str, Any]) -> dict[str, Any]:
    """Trimmed; of a secret address nothing is kept."""
    found = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    return found | {"address": ""} if found.get("address_is_secret") else found

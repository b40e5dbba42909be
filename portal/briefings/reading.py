"""What the pages show of the briefings of an office: today's, earlier ones, what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock
from portal.briefings import office, words
from portal.briefings.changes import Changed, changes
from portal.briefings.compose import LANGUAGE, Content, compose
from portal.briefings.enums import State
from portal.briefings.models import Briefing
from portal.briefings.registry import Document, document
from portal.briefings.telling import Counted, counts
from portal.municipalities.models import Municipality
from portal.people.models import Person
from portal.ui.formatting import dag, tijd

# How far back the page looks for one that is ready when the newest one is not.
LOOK_BACK = 10


@dataclass(frozen=True)
class Since:
    """How a briefing that was made relates to now: the same, expired, or other, and in what."""

    row: Briefing
    is_same: bool
    changed: list[Changed]

    @property
    def is_stale(self) -> bool:
        """Whether a line of it is no longer so, or time made a word of it untrue."""
        return bool(self.changed) or self.row.is_expired or not self.is_same

    @property
    def moment(self) -> str:
        """'07:15', or with its day when that is not today: since when."""
        made = self.row.rendered_at
        if made is None:
            return ""
        if clock.day_of(made) == clock.today():
            return tijd(made)
        return f"{dag(made)} {tijd(made)}"


def since(row: Briefing, content: Content) -> Since:
    """What changed since a briefing was made, from what was kept with it."""
    found = changes(content.document, content.subject, row.facts, content.facts)
    return Since(row, row.content_hash == content.hash, found)


@dataclass(frozen=True)
class Now:
    """A briefing of this period as it is now, beside the newest that was made of it."""

    document: Document
    subject: Any
    audience: Any
    content: Content
    body: str
    newest: Briefing | None
    ready: Briefing | None
    since: Since | None
    validity: str


def now(of: Document, municipality: Municipality, reader: Person | None) -> Now:
    """The present edition, composed for this reader or for the office."""
    subject = office.edition(of.key, municipality, reader)
    audience = of.audiences(subject)[0]
    content = compose(of, subject, audience, clock.now())
    made = Briefing.objects.about(of.key, municipality.pk).filter(
        reader=reader, period=subject.period, audience=audience.key
    )
    if reader is not None:
        # What it held of a driehoek that the reader left is the reader's no more, nor what changed.
        made = made.visible_to(reader)
    recent = list(made.order_by("-asked_at", "-id")[:LOOK_BACK])
    ready = next((one for one in recent if one.state == State.READY), None)
    with translation.override(LANGUAGE):
        validity = words.validity(content.valid_until)
    return Now(
        of,
        subject,
        audience,
        content,
        _on_screen(content) if of.one_page else content.body,
        recent[0] if recent else None,
        ready,
        since(ready, content) if ready else None,
        validity,
    )


def _on_screen(content: Content) -> str:
    """The body for a screen: whole lists where paper cut them, and each line leads to its page."""
    subject: Any = content.subject
    return compose(content.document, replace(subject, on_screen=True), content.audience, clock.now()).body


@dataclass(frozen=True)
class Listed:
    """A briefing in the list: which one, for whom, and how it stands."""

    row: Briefing
    title: str
    dated: str
    whose: str
    state: str
    tone: str


def listed(rows: Sequence[Briefing]) -> list[Listed]:
    """These briefings for a list; their municipality and reader are joined."""
    return [_listed(row) for row in rows]


def _listed(row: Briefing) -> Listed:
    state, tone = _state(row)
    whose = row.reader.name if row.reader else _("kabinet")
    return Listed(
        row, str(document(row.document).title), office.dated(row), f"{row.scope_name}, {whose}", state, tone
    )


def _state(row: Briefing) -> tuple[str, str]:
    """How it stands by what the row itself knows; whether a source changed, its page says."""
    if row.state == State.READY:
        if row.is_expired or not office.is_present(row):
            return _("verlopen"), "calm"
        return words.validity(row.valid_until), "ok"
    if row.state == State.FAILED:
        return _("PDF mislukt"), "late"
    if row.state == State.MISSED:
        return _("niet gemaakt: het portaal stond stil"), "soon"
    return _("wordt gemaakt"), "info"


def mine(person: Person) -> Any:
    """Every briefing of an office that the person may open, with what a list shows of it."""
    return Briefing.objects.visible_to(person).scheduled().select_related("municipality", "reader")


@dataclass(frozen=True)
class Today:
    """The dagbrief of today of one municipality, for the list and the start page."""

    place: str
    url: str
    row: Briefing | None
    counts: list[Counted]


def today(person: Person) -> list[Today]:
    """One for each municipality of whose office the person is: the own copy, or that of the office."""
    places = {
        one.municipality_id: one.municipality_name
        for one in person.grants
        if one.municipality_id in office.own_offices(person, *office.OFFICE_ROLES)
    }
    rows = Briefing.objects.filter(
        office.seen(person), document=office.DAY, period=clock.today(), subject_id__in=places
    )
    newest: dict[tuple[Any, Any], Briefing] = {}
    for row in rows.order_by("asked_at", "id"):
        newest[row.subject_id, row.reader_id] = row
    found = []
    for pk, name in sorted(places.items(), key=lambda one: one[1]):
        reader = office.reader_for(person, office.DAY, pk)
        made = newest.get((pk, reader.pk if reader else None))
        url = reverse("briefings:now", args=[office.DAY, pk])
        found.append(Today(name, url, made, counts(made) if made else []))
    return found

"""What pages show of the papers of a visit: the newest files, what changed since, what is still empty."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal import clock
from portal.briefings.changes import Changed
from portal.briefings.changes import changes as changes_of
from portal.briefings.compose import Content, compose, facts_of
from portal.briefings.models import Briefing
from portal.briefings.reading import Since, since
from portal.briefings.registry import Audience, document
from portal.briefings.words import validity
from portal.people.models import Person
from portal.planning.days import OfficeDays
from visits import permissions
from visits.enums import Sheet, VisitState
from visits.models import SheetSent, Visit
from visits.papers import documents
from visits.papers.subject import BRIEFING, SHEET, VisitSubject


@dataclass(frozen=True)
class Paper:
    """A paper as it is now, beside the newest that was made of it."""

    subject: VisitSubject
    audience: Audience
    content: Content
    newest: Briefing | None
    ready: Briefing | None
    since: Since | None
    validity: str
    # What the newest says that the one before it did not.
    news: list[Changed] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return self.since is not None and self.since.is_same

    @property
    def is_made(self) -> bool:
        """Whether one is in the making."""
        return self.newest is not None and not self.newest.is_settled


def paper(visit: Visit, key: str, audience: str) -> Paper | None:
    """The paper for these readers; None where it cannot be made for them."""
    of, subject = document(key), VisitSubject(visit, key, audience)
    found = of.audience(subject, audience)
    if found is None:
        return None
    content = compose(of, subject, found, clock.now())
    newest, ready = documents.newest(visit, key, audience)
    told = since(ready, content) if ready else None
    return Paper(subject, found, content, newest, ready, told, validity(content.valid_until))


@dataclass(frozen=True)
class SheetCard:
    """One of the four sheets: when it was last sent, and what the programme says since."""

    audience: str
    label: str | Promise
    can_be_made: bool
    sent: SheetSent | None
    changed: list[Changed]

    @property
    def is_stale(self) -> bool:
        return bool(self.changed) or self.is_lapsed or self.is_taken

    @property
    def is_taken(self) -> bool:
        """Whether what was sent was taken away since: nobody can say any more what it told."""
        return self.sent is not None and not self.sent.briefing.is_ready

    @property
    def is_lapsed(self) -> bool:
        """Whether it was sent and there is none for these readers any more."""
        return self.sent is not None and not self.can_be_made

    @property
    def warning(self) -> str:
        """For whom an older version is out there, or one that does not hold at all."""
        if self.is_lapsed:
            return _("De pers heeft een blad dat niet meer geldt. Laat dat zelf weten.")
        words = {
            Sheet.MAYOR: _("De burgemeester heeft een oudere versie: er is sindsdien iets gewijzigd."),
            Sheet.COMPANION: _("Wie meegaat heeft een oudere versie: er is sindsdien iets gewijzigd."),
            Sheet.HOST: _("De gastorganisatie heeft een oudere versie: er is sindsdien iets gewijzigd."),
            Sheet.PRESS: _("De pers heeft een oudere versie: er is sindsdien iets gewijzigd."),
        }
        return words[Sheet(self.audience)] if self.is_stale else ""


def sheets_card(visit: Visit) -> list[SheetCard]:
    """The four sheets for the page of a visit; a fixed number of queries."""
    rows = SheetSent.objects.filter(visit=visit).select_related("briefing", "recorded_by")
    last = {row.audience: row for row in rows.order_by("recorded_at", "id")}
    base = VisitSubject(visit, SHEET).at_hand()
    return [_sheet_card(base, key, last.get(key)) for key in Sheet]


def _sheet_card(base: VisitSubject, key: Sheet, sent: SheetSent | None) -> SheetCard:
    of, subject = document(SHEET), base.told_to(key)
    audience = of.audience(subject, key)
    changed: list[Changed] = []
    if sent is not None and audience is not None:
        now = facts_of(of, subject, audience, clock.now())
        changed = changes_of(of, subject, sent.briefing.facts, now)
    label = documents.AUDIENCES[key].label
    return SheetCard(key, label, audience is not None, sent, changed)


def sent_last(visit: Visit, audience: str) -> SheetSent | None:
    rows = SheetSent.objects.filter(visit=visit, audience=audience).select_related("briefing", "recorded_by")
    found: SheetSent | None = rows.order_by("-recorded_at", "-id").first()
    return found


@dataclass(frozen=True)
class BriefingCard:
    """When the briefing goes out, the newest PDF and whether it still holds, what is still empty."""

    goes_out_on: date | None
    # The last that went out by itself.
    out: Briefing | None
    newest: Briefing | None
    ready: Briefing | None
    changed: list[Changed]
    is_stale: bool
    empty: Sequence[str]
    may_change: bool


def briefing_card(visit: Visit, person: Person) -> BriefingCard:
    """What the page of a visit shows of its briefing; a fixed number of queries."""
    subject = VisitSubject(visit, BRIEFING)
    goes_out = documents.goes_out_on(visit, OfficeDays.of(visit.scope))
    newest, ready = documents.newest(visit, BRIEFING, Sheet.MAYOR)
    changed: list[Changed] = []
    if ready is not None:
        of = document(BRIEFING)
        now = facts_of(of, subject, documents.AUDIENCES[Sheet.MAYOR], clock.now())
        changed = changes_of(of, subject, ready.facts, now)
    is_ahead = visit.state in (VisitState.PLANNED, VisitState.CONFIRMED) and not visit.has_begun
    return BriefingCard(
        goes_out_on=goes_out if is_ahead else None,
        out=documents.last_out(visit),
        newest=newest,
        ready=ready,
        changed=changed,
        is_stale=ready is not None and (bool(changed) or ready.is_expired),
        empty=still_empty(subject),
        may_change=permissions.can_change(person, visit),
    )


def still_empty(subject: VisitSubject) -> list[str]:
    """What the briefing has nothing to say about yet, in the words of its form."""
    visit, host = subject.visit, subject.visit.host
    wanted: tuple[tuple[Any, str], ...] = (
        (host, _("de gastorganisatie")),
        (host and host.profile, _("wat de organisatie doet")),
        (visit.question, _("de vraag van de burgemeester")),
        (subject.figures, _("cijfers")),
        (visit.between_us, _("wat er speelt tussen gemeente en organisatie")),
        (visit.sensitive, _("gevoelige punten")),
        (visit.questions, _("vragen om te stellen")),
        (visit.not_to_say, _("niet zeggen of beloven")),
        (subject.stops, _("het programma")),
        (visit.press_line, _("de perslijn")),
        (visit.speaks_to_press, _("wie de pers te woord staat")),
        (visit.house_rules, _("huisregels")),
    )
    return [name for found, name in wanted if not found]

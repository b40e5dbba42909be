"""What the pages of texts for the press show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.papers.press.enums import AsWhat, PressState
from portal.papers.press.models import Approval, PressText, open_step
from portal.papers.press.permissions import can_change, can_decide, can_release, can_write
from portal.papers.press.workflow import MOVES, OPEN_TO_CHANGE
from portal.papers.shelves import shelf
from portal.people.models import Person
from portal.ui.formatting import moment

TONES = {
    PressState.IN_APPROVAL: "soon",
    PressState.APPROVED: "ok",
    PressState.RELEASED: "ok",
    PressState.PLACED: "ok",
}
SHOWN = 5


@dataclass(frozen=True)
class OnSubject:
    """The texts of one subject as this person sees them, and whether the person may plan one."""

    rows: list[PressText]
    may_write: bool
    add_url: str


def on(key: str, subject: Any, person: Person, add_url: str) -> OnSubject:
    """One query, and none for who neither sees nor writes any."""
    rows = list(PressText.objects.visible_to(person).about(key, subject.pk).order_by("-written_at", "-id"))
    return OnSubject(rows, can_write(person, subject, key), add_url)


@dataclass(frozen=True)
class May:
    """What this person may do with this text in its present state."""

    write: bool
    ask: bool
    decide: Approval | None
    take_back: bool
    release: bool
    place: bool
    withdraw: bool


def may(person: Person, row: PressText, steps: list[Approval]) -> May:
    """Rights and state together: what is offered is what goes through."""
    follows = MOVES[PressState(row.state)]
    works, turn = can_change(person, row), open_step(steps)
    if turn is not None:
        turn.press_text = row
    asked = row.state == PressState.IN_APPROVAL and turn is not None
    return May(
        write=works and row.state in OPEN_TO_CHANGE,
        ask=works and PressState.IN_APPROVAL in follows,
        decide=turn if asked and can_decide(person, turn) else None,
        take_back=works and row.state in (PressState.IN_APPROVAL, PressState.APPROVED),
        release=can_release(person, row) and PressState.RELEASED in follows,
        place=can_release(person, row) and PressState.PLACED in follows,
        withdraw=works and PressState.WITHDRAWN in follows,
    )


def now_words(row: PressText, steps: list[Approval]) -> str:
    """What must happen now, in one sentence."""
    turn = open_step(steps)
    match PressState(row.state):
        case PressState.PLANNED:
            return _("De tekst moet nog geschreven worden.")
        case PressState.DRAFT:
            return _("Dit is een concept. Vraag akkoord als de tekst klaar is.")
        case PressState.IN_APPROVAL if turn is not None:
            return _("Wacht op akkoord van: %(who)s.") % {"who": who(turn)}
        case PressState.APPROVED:
            return _("Iedereen is akkoord. De tekst kan worden vrijgegeven.")
        case PressState.RELEASED if row.embargo_until and row.is_embargoed(clock.now()):
            until = moment(row.embargo_until)
            return _("Vrijgegeven onder embargo tot %(until)s. Plaats niets eerder.") % {"until": until}
        case PressState.RELEASED:
            return _("Vrijgegeven. Noteer waar en wanneer de tekst is geplaatst.")
        case PressState.WITHDRAWN:
            return _("Ingetrokken: %(reason)s") % {"reason": row.withdraw_reason}
    return ""


def who(step: Approval) -> str:
    """As what, and for an organisation which."""
    label = str(AsWhat(step.as_what).label)
    return f"{label} ({step.organisation})" if step.organisation else label


@dataclass(frozen=True)
class Waits:
    """A text that waits for this person, until when, and where it belongs."""

    row: PressText
    step: Approval
    subject: str


def waiting_for(person: Person) -> list[Waits]:
    """The texts whose next step this person may answer, the earliest first; at most SHOWN."""
    texts: QuerySet[PressText] = PressText.objects.visible_to(person).filter(state=PressState.IN_APPROVAL)
    steps = (
        Approval.objects.filter(press_text__in=texts, decision="")
        .select_related("press_text")
        .order_by("answer_by", "press_text_id", "order")
    )
    found: dict[Any, Approval] = {}
    for step in steps[: 10 * SHOWN]:
        if step.round == step.press_text.round:
            found.setdefault(step.press_text_id, step)
    mine = [step for step in found.values() if can_decide(person, step)][:SHOWN]
    names: dict[Any, str] = {}
    for key in {step.press_text.shelf for step in mine}:
        ids = {step.press_text.subject_id for step in mine if step.press_text.shelf == key}
        names |= {pk: about.title for pk, about in shelf(key).about(ids).items()}
    return [Waits(step.press_text, step, names.get(step.press_text.subject_id, "")) for step in mine]

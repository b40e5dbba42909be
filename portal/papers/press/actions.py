"""Every write to texts for the press; each function is one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from portal import clock
from portal.audit.record import record, text_change
from portal.papers.press import deadlines
from portal.papers.press.enums import AsWhat, Decision, PressState
from portal.papers.press.models import Approval, PressText, open_step, role_of
from portal.papers.press.workflow import OPEN_TO_CHANGE, PUBLIC, IllegalMove, check_move
from portal.papers.shelves import shelf
from portal.people.marks import made_id
from portal.people.models import Person


class ChangedMeanwhile(Exception):
    """Somebody changed the text after the page was shown."""


class NoWords(ValueError):
    """Approval of nothing cannot be asked."""


class UnderEmbargo(ValueError):
    """It cannot have been placed while its embargo held."""


@transaction.atomic
def plan(
    *, by: Person, shelf: str, subject: Any, key: str, sort: str, title: str, **fields: Any
) -> PressText:
    """Plan a text, with its words or without; the same one-time key leads to the one it made before.

    `fields` are text, medium and embargo_until.
    """
    made = made_id(by, key)
    # A second post at the same moment waits here for the first.
    Person.objects.select_for_update().get(pk=by.pk)
    before = PressText.objects.filter(pk=made, written_by=by).first()
    if before is not None:
        return before
    text = str(fields.pop("text", "")).strip()
    row = PressText.objects.create(
        id=made,
        shelf=shelf,
        subject_id=subject.pk,
        sort=sort,
        title=title.strip(),
        text=text,
        state=PressState.DRAFT if text else PressState.PLANNED,
        written_by=by,
        **fields,
        **subject.scope.as_fields(),
    )
    _record("press.planned", by, row, {"sort": sort, **_lengths(row)})
    return row


@transaction.atomic
def write(
    *,
    by: Person,
    row: PressText,
    sort: str,
    title: str,
    text: str,
    medium: str,
    embargo_until: datetime | None,
    version: int | None = None,
) -> None:
    """Change the words of a text that is planned or a draft; raises IllegalMove when it is neither."""
    if row.state not in OPEN_TO_CHANGE:
        raise IllegalMove("only a plan or a draft can be changed")
    old = (row.state, row.embargo_until)
    words = text.strip()
    # A draft whose words are taken out is a plan again.
    state = PressState.DRAFT if words else PressState.PLANNED
    _change(
        row,
        version,
        sort=sort,
        title=title.strip(),
        text=words,
        medium=medium.strip(),
        embargo_until=embargo_until,
        state=state,
    )
    changes = {"state": (old[0], state.value), "embargo_until": (old[1], embargo_until)}
    _record("press.written", by, row, changes | _lengths(row))


@transaction.atomic
def ask_approval(
    *,
    by: Person,
    row: PressText,
    steps: Sequence[tuple[AsWhat, str]],
    answer_by: date,
    version: int | None = None,
) -> None:
    """Ask approval of these steps, (as what, organisation), one after the other; a new round each time.

    Raises NoWords when there is no text yet.
    """
    if row.state == PressState.PLANNED:
        raise NoWords
    old = row.state
    check_move(old, PressState.IN_APPROVAL)
    _change(row, version, state=PressState.IN_APPROVAL, round=row.round + 1)
    subject = shelf(row.shelf).load(row.subject_id)
    sees = shelf(row.shelf).roles_see(subject) if subject is not None else ()
    made = [
        Approval(
            press_text=row,
            round=row.round,
            order=nr,
            as_what=as_what,
            organisation=organisation.strip(),
            role=role_of(as_what, sees),
            answer_by=answer_by,
        )
        for nr, (as_what, organisation) in enumerate(steps)
    ]
    if not made:
        raise ValueError("an approval without steps")
    Approval.objects.bulk_create(made)
    asked = {"answer_by": (None, answer_by), "steps": [str(one.as_what) for one in made]}
    _record("press.approval_asked", by, row, {"state": (old, row.state), **asked})
    deadlines.push(made[0])


@transaction.atomic
def decide(
    *, by: Person, step: Approval, decision: Decision, remark: str = "", version: int | None = None
) -> PressText:
    """Answer the step whose turn it is; the last approval approves the text, an objection makes it a draft.

    Raises ChangedMeanwhile when it is not its turn (any more).
    """
    row = PressText.objects.select_for_update().get(pk=step.press_text_id)
    steps = row.current_steps()
    turn = open_step(steps)
    if row.state != PressState.IN_APPROVAL or turn is None or turn.pk != step.pk:
        raise ChangedMeanwhile
    Approval.objects.filter(pk=turn.pk).update(
        decision=decision, decided_by=by, decided_at=clock.now(), remark=remark.strip()
    )
    deadlines.cancel(row)
    old, coming = row.state, [one for one in steps if one.is_open and one.pk != turn.pk]
    if decision == Decision.OBJECTED:
        new = PressState.DRAFT
    else:
        new = PressState.IN_APPROVAL if coming else PressState.APPROVED
    if new != old:
        check_move(old, new)
    _change(row, version, state=new)
    event = "press.objected" if decision == Decision.OBJECTED else "press.approved"
    changes = {"state": (old, str(new)), "as_what": turn.as_what} | text_change("remark", remark.strip())
    _record(event, by, row, changes)
    if new == PressState.IN_APPROVAL:
        coming[0].press_text = row
        deadlines.push(coming[0])
    return row


@transaction.atomic
def end(*, by: Person, shelf: str, subject_id: Any, reason: str) -> None:
    """The subject was stopped: what was not released yet goes out no more, and nobody hears of it."""
    rows = PressText.objects.about(shelf, subject_id).select_for_update()
    for row in rows.exclude(state__in=[str(one) for one in (*PUBLIC, PressState.WITHDRAWN)]):
        withdraw(by=by, row=row, reason=reason)


@transaction.atomic
def take_back(*, by: Person, row: PressText, reason: str, version: int | None = None) -> None:
    """Make it a draft again, with a reason; every approval is asked anew."""
    _move("press.taken_back", by, row, PressState.DRAFT, version, text_change("reason", reason.strip()))


@transaction.atomic
def release(*, by: Person, row: PressText, version: int | None = None) -> None:
    """Let it go: from here on its words are as they are."""
    fields = {"released_by": by, "released_at": clock.now()}
    _move("press.released", by, row, PressState.RELEASED, version, {}, **fields)


@transaction.atomic
def place(*, by: Person, row: PressText, on: date, where: str, version: int | None = None) -> None:
    """Note where and on which day it stood; raises UnderEmbargo when its embargo held or holds."""
    check_move(row.state, PressState.PLACED)
    held = row.embargo_until
    if held is not None and (clock.end_of(on) <= held or held > clock.now()):
        raise UnderEmbargo
    changes = {"placed_on": (None, on)} | text_change("placed_in", where.strip())
    _move("press.placed", by, row, PressState.PLACED, version, changes, placed_on=on, placed_in=where.strip())


@transaction.atomic
def withdraw(*, by: Person, row: PressText, reason: str, version: int | None = None) -> None:
    """It will not go out, with a reason; what was written stays readable for who worked on it."""
    fields = {"withdrawn_at": clock.now(), "withdraw_reason": reason.strip()}
    said = text_change("withdraw_reason", reason.strip())
    _move("press.withdrawn", by, row, PressState.WITHDRAWN, version, said, **fields)


def _move(
    event: str,
    by: Person,
    row: PressText,
    new: PressState,
    version: int | None,
    said: dict[str, Any],
    **fields: Any,
) -> None:
    old = row.state
    check_move(old, new)
    _change(row, version, state=new, **fields)
    deadlines.cancel(row)
    _record(event, by, row, {"state": (old, str(new))} | said)


def _change(row: PressText, version: int | None, **fields: Any) -> None:
    """Compare and set: the text as the page showed it."""
    shown = row.version if version is None else version
    rows = PressText.objects.filter(pk=row.pk, version=shown, state=row.state)
    if not rows.update(version=F("version") + 1, **fields):
        raise ChangedMeanwhile
    for name, value in fields.items():
        setattr(row, name, str(value) if name == "state" else value)
    row.version = shown + 1


def _lengths(row: PressText) -> dict[str, Any]:
    return text_change("title", row.title) | text_change("text", row.text) | text_change("medium", row.medium)


def _record(event: str, by: Person, row: PressText, changes: dict[str, Any]) -> None:
    record(event, by=by, about=row, scope=row.scope, changes=changes)

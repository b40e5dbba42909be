"""How a briefing words a date and what asks for attention; words that hold for days, not minutes.

A briefing is Dutch for every reader (it becomes paper), so nothing here is up for translation.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from measures.tracking.enums import MeasureState
from measures.tracking.models import Action, Measure, MeasureAnchor
from portal import clock
from portal.ui.formatting import dagen_te_laat, datum, datum_kort, day_of, moment, tijd


@dataclass(frozen=True)
class When:
    """A due on paper: its date ("" when unknown), how far off in days, and when those words change."""

    paper: str
    off: str = ""
    tone: str = ""
    changes_at: datetime | None = None


def on_paper(due: date | datetime) -> str:
    """'do 10 dec 14:00', kept on one line."""
    text = moment(due) if isinstance(due, datetime) else datum_kort(due)
    return text.replace(" ", "\u00a0")


def when(action: Action, as_of: datetime) -> When:
    """The due of an unfinished action as it stands on this moment.

    Paper does not count hours: "3 dagen te laat" holds until midnight, "nog 2 uur" does not.
    """
    due, late_from = action.due, action.late_from
    if due is None or late_from is None:
        return When("")
    paper = on_paper(due)
    today = as_of.astimezone(clock.AMSTERDAM).date()
    days = (day_of(due) - today).days
    midnight = clock.end_of(today)
    if late_from <= as_of:
        return When(paper, dagen_te_laat(-days) if days else f"te laat sinds {tijd(due)}", "late", midnight)
    if days == 0:
        return When(paper, "vandaag", "soon", late_from)
    if days <= 2:
        return When(paper, "morgen" if days == 1 else "overmorgen", "soon", midnight)
    return When(paper, changes_at=clock.at(day_of(due) - timedelta(days=2), time(0)))


def first_change(found: Iterable[When]) -> datetime | None:
    """The first moment at which time alone changes one of these."""
    return min((one.changes_at for one in found if one.changes_at), default=None)


@dataclass(frozen=True)
class Attention:
    """What asks for attention now, in a sentence or two; tone is late, soon, ok or info."""

    sentence: str
    tone: str


def attention(
    measure: Measure,
    rows: Sequence[tuple[Action, When]],
    is_yours: Callable[[Action], bool],
    anchors: Sequence[MeasureAnchor],
) -> Attention:
    """The sentence for a tired reader. `rows` are the open actions, soonest first."""
    if measure.state != MeasureState.RUNNING:
        return _ended(measure)
    if not rows:
        return Attention("Alle acties zijn klaar. De maatregel kan worden afgerond.", "ok")
    late = [row for row in rows if row[1].tone == "late"]
    if late:
        return Attention(_late(late, is_yours), "late")
    first, due = rows[0]
    if not due.paper:
        return Attention(_undated(anchors), "soon")
    holder = _holder(first, is_yours)
    if due.tone == "soon":
        return Attention(f"Eerst nodig: ‘{first.title}’, {holder}, {due.off} ({due.paper}).", "soon")
    return Attention(
        f"Alles is op tijd. Eerstvolgend: ‘{first.title}’, {holder}, uiterlijk {due.paper}.", "ok"
    )


def _holder(action: Action, is_yours: Callable[[Action], bool]) -> str:
    return "bij u" if is_yours(action) else f"bij {action.holder_name}"


def _late(late: Sequence[tuple[Action, When]], is_yours: Callable[[Action], bool]) -> str:
    first, due = late[0]
    what = f"‘{first.title}’, {_holder(first, is_yours)}, {due.off}."
    if len(late) == 1:
        return f"1 actie is te laat: {what}"
    said = f"{len(late)} acties zijn te laat. Het langst: {what}"
    yours = sum(is_yours(row) for row, _due in late)
    if not yours:
        return said
    return f"{said} {yours} daarvan {'ligt' if yours == 1 else 'liggen'} bij u."


def _undated(anchors: Sequence[MeasureAnchor]) -> str:
    unknown = [one.label for one in anchors if one.at is None and one.on is None]
    if not unknown:
        return "Wat nog openstaat heeft geen datum. Spreek af wanneer het klaar moet zijn."
    return f"Wat nog openstaat heeft geen datum. Vul eerst in: {unknown[0]}."


def _ended(measure: Measure) -> Attention:
    day = datum(measure.ended_at) if measure.ended_at else ""
    if measure.state == MeasureState.COMPLETED:
        return Attention(f"De maatregel is afgerond op {day}. {measure.result}", "ok")
    return Attention(f"De maatregel is gestopt op {day}. {measure.stop_reason}", "info")

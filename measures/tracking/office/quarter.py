"""The sections of the quarterly letter: how each of the measures stands, what was done, decided and planned.

Only counts of measures and actions, published titles and decisions: never a name, never a person counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.formats import date_format

from measures.tracking.enums import ActionState, EvidenceKind, MeasureState, Origin
from measures.tracking.kinds import kind, kinds
from measures.tracking.models import Action, Evidence
from measures.tracking.office import rows as of
from measures.tracking.office.week import finished
from portal import clock
from portal.briefings.office import QUARTER, Edition
from portal.briefings.registry import Audience, Line, Section, sections
from portal.ui.formatting import dag, day_of

# A letter is no list: the first of each measure, and how many more there were.
NAMED = 4


@dataclass(frozen=True)
class Opening:
    """How the letter begins."""

    municipality: str
    first: str
    last: str
    year: int
    measures: int
    changes_at: datetime | None


def opening(audience: Audience, subject: Edition, as_of: datetime) -> Opening:
    last = subject.period - timedelta(days=1)
    running = of.measures(subject).running().values("kind").distinct().count()
    return Opening(
        subject.municipality.name,
        date_format(subject.reported, "j F"),
        date_format(last, "j F"),
        last.year,
        running,
        clock.end_of(subject.ends_on),
    )


@dataclass(frozen=True)
class Stand:
    """How one of the measures stands, in sentences."""

    name: str
    sentences: list[str]
    done: list[str]
    more: int


@dataclass(frozen=True)
class Stands:
    rows: list[Stand]
    lines: list[Line]


def stands(audience: Audience, subject: Edition, as_of: datetime) -> Stands:
    """Each kind in its order: what runs, what was done in the quarter."""
    states = _states(subject)
    work = _work(subject)
    done: dict[str, list[Action]] = {}
    for row in finished(subject, of.start_of(subject.reported), of.start_of(subject.period)):
        done.setdefault(row.kind, []).append(row)
    rows, lines = [], []
    for one in kinds():
        here = done.get(one.key, [])
        sentences = _sentences(states.get(one.key, {}), work.get(one.key, (0, 0)), len(here))
        named = [_done(row) for row in here[:NAMED]]
        rows.append(Stand(one.name, sentences, named, max(0, len(here) - NAMED)))
        lines.append(Line(one.key, one.name, {"stand": " ".join(sentences)}))
    return Stands(rows, lines)


def _states(subject: Edition) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for key, state, n in (
        of.measures(subject).values_list("kind", "state").annotate(n=Count("id")).order_by("kind", "state")
    ):
        found.setdefault(key, {})[state] = n
    return found


def _work(subject: Edition) -> dict[str, tuple[int, int]]:
    """Of the running measures of each kind: actions done, and actions in all."""
    rows = (
        Action.objects.filter(of.sight(subject), measure__state=MeasureState.RUNNING)
        .exclude(state=ActionState.DROPPED)
        .values("kind")
        .annotate(all=Count("id"), done=Count("id", filter=Q(state=ActionState.DONE)))
        .order_by("kind")
    )
    return {row["kind"]: (row["done"], row["all"]) for row in rows}


def _sentences(states: dict[str, int], work: tuple[int, int], done: int) -> list[str]:
    running = states.get(MeasureState.RUNNING, 0)
    completed = states.get(MeasureState.COMPLETED, 0)
    if not running and not completed:
        return ["Met deze maatregel is nog niet begonnen."]
    words = []
    if running:
        plural = "loopt 1 maatregel" if running == 1 else f"lopen {running} maatregelen"
        words.append(f"Er {plural}; daarvan zijn {work[0]} van de {work[1]} acties klaar.")
    if completed:
        words.append(
            "1 maatregel is afgerond." if completed == 1 else f"{completed} maatregelen zijn afgerond."
        )
    if not done:
        words.append("In dit kwartaal is geen actie klaargemeld.")
    elif done == 1:
        words.append("In dit kwartaal is 1 actie gedaan:")
    else:
        words.append(f"In dit kwartaal zijn {done} acties gedaan{', onder meer' if done > NAMED else ''}:")
    return words


def _done(row: Action) -> str:
    """A published title with its day; what somebody typed stays in the office."""
    title = row.title if row.origin == Origin.STEP else "een eigen actie"
    assert row.ended_at is not None
    return f"{title} ({dag(row.ended_at)})"


@dataclass(frozen=True)
class Decision:
    """A decision of the quarter: about what, by which body, on which day."""

    about: str
    text: str
    by: str
    on: str


@dataclass(frozen=True)
class Decisions:
    rows: list[Decision]
    lines: list[Line]


def decisions(audience: Audience, subject: Edition, as_of: datetime) -> Decisions:
    """The decisions of the quarter with their dates, by whom as a role."""
    seen = Action.objects.filter(of.sight(subject), measure__is_mistake=False)
    rows = list(
        Evidence.objects.filter(
            action__in=seen,
            kind=EvidenceKind.DECISION,
            withdrawn_at__isnull=True,
            dated_on__gte=subject.reported,
            dated_on__lt=subject.period,
        )
        .select_related("action")
        .order_by("dated_on", "recorded_at", "id")
    )
    found = [
        Decision(
            f"{kind(one.action.kind).name}: {one.action.title}",
            one.text,
            one.decided_by_role,
            dag(one.dated_on) if one.dated_on else "",
        )
        for one in rows
    ]
    return Decisions(found, [Line(str(one.pk), one.action.title, {"besluit": one.text}) for one in rows])


@dataclass(frozen=True)
class Planned:
    """What is planned in this quarter for one of the measures."""

    name: str
    what: Sequence[str]
    more: int


@dataclass(frozen=True)
class Plans:
    municipality: str
    rows: list[Planned]
    lines: list[Line]


def plans(audience: Audience, subject: Edition, as_of: datetime) -> Plans:
    """What is due from now to the end of this quarter, by kind."""
    end = clock.end_of(subject.ends_on)
    coming: dict[str, list[Action]] = {}
    for row in of.running(subject).filter(late_from__gt=as_of, late_from__lte=end, origin=Origin.STEP):
        coming.setdefault(row.kind, []).append(row)
    rows = [
        Planned(
            one.name,
            [f"{row.title} (uiterlijk {dag(day_of(row.due))})" for row in coming[one.key][:NAMED]],
            max(0, len(coming[one.key]) - NAMED),
        )
        for one in kinds()
        if one.key in coming
    ]
    found = [row for rows_of in coming.values() for row in rows_of][: of.KEPT]
    lines = [of.line(row, uiterlijk=dag(day_of(row.due))) for row in found]
    return Plans(subject.municipality.name, rows, lines)


@dataclass(frozen=True)
class Figure:
    """The counts of one of the measures."""

    name: str
    running: int
    completed: int
    done: int
    open: int
    late: int


@dataclass(frozen=True)
class Figures:
    rows: list[Figure]
    lines: list[Line]


def figures(audience: Audience, subject: Edition, as_of: datetime) -> Figures:
    """Measures and actions in numbers; people are not counted anywhere."""
    states = _states(subject)
    start, end = of.start_of(subject.reported), of.start_of(subject.period)
    unfinished = Q(state__in=[ActionState.OPEN, ActionState.IN_PROGRESS], measure__state=MeasureState.RUNNING)
    counted = {
        row["kind"]: row
        for row in Action.objects.filter(of.sight(subject), measure__is_mistake=False)
        .values("kind")
        .annotate(
            done=Count("id", filter=Q(state=ActionState.DONE, ended_at__gte=start, ended_at__lt=end)),
            open=Count("id", filter=unfinished),
            late=Count("id", filter=unfinished & Q(late_from__lte=as_of)),
        )
        .order_by("kind")
    }
    none = {"done": 0, "open": 0, "late": 0}
    rows = [
        Figure(
            one.name,
            states.get(one.key, {}).get(MeasureState.RUNNING, 0),
            states.get(one.key, {}).get(MeasureState.COMPLETED, 0),
            *(counted.get(one.key, none)[name] for name in ("done", "open", "late")),
        )
        for one in kinds()
    ]
    return Figures(rows, [Line(one.name, one.name, _numbers(one)) for one in rows])


def _numbers(one: Figure) -> dict[str, str]:
    return {
        "lopend": str(one.running),
        "afgerond": str(one.completed),
        "gedaan": str(one.done),
        "open": str(one.open),
        "te laat": str(one.late),
    }


def register() -> None:
    """Register the sections; called once when the app is ready."""
    for section in (
        Section("quarter_opening", (QUARTER,), 10, opening, "Inleiding"),
        Section("quarter_stands", (QUARTER,), 20, stands, "Hoe het staat"),
        Section("quarter_decisions", (QUARTER,), 30, decisions, "Besluiten", True),
        Section("quarter_plans", (QUARTER,), 40, plans, "Wat komt", True, of.fates),
        Section("quarter_figures", (QUARTER,), 50, figures, "Cijfers"),
    ):
        sections.register(section)

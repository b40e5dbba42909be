"""What pages show of the engine: somebody's hours, what was heard, and the ladder of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Q, Value
from django.utils.translation import gettext as _

from portal import clock
from portal.deadlines import notices as words
from portal.deadlines.models import Choices, Notice, Reminder, Silence
from portal.deadlines.plan import SECOND_PERSON, WAITING
from portal.deadlines.sources import on_cards, source, with_card
from portal.deadlines.speaking import Habits
from portal.people.models import Person
from portal.planning.days import OfficeDays

HEARD = 20
# Office days; longer than this nobody may put off hearing about something.
LONGEST_SILENCE = 10


def office_days_of(person: Person) -> OfficeDays:
    """The office days that count for somebody: those of the one own municipality, else the national ones."""
    own = {grant.municipality_id for grant in person.grants if grant.municipality_id}
    return OfficeDays.of_municipality(own.pop()) if len(own) == 1 else OfficeDays(closed={})


def habits_of(person: Person) -> Habits:
    """When this person hears what is not urgent."""
    return Habits.of(Choices.objects.filter(person=person).first(), office_days_of(person))


@dataclass(frozen=True)
class Heard:
    """One thing somebody was told: `line` as the mail showed it, or None when it may not be seen any more."""

    at: datetime
    by_mail: bool
    line: dict[str, Any] | None


def heard_by(person: Person) -> list[Heard]:
    """What this person was told last, the newest first; what may not be seen any more has no words."""
    rows = list(
        Notice.objects.filter(person=person, state__in=["told", "shown"], reminder__isnull=False)
        .exclude(name="role_empty")
        .select_related("reminder", "message")
        .order_by("-speaks_at", "-id")[:HEARD]
    )
    seen = _seen(person, rows)
    return [
        Heard(
            row.message.sent_at or row.speaks_at if row.message else row.speaks_at,
            row.state == "told",
            words.line(row) if row.reminder and row.reminder.object_id in seen else None,
        )
        for row in rows
    ]


def _seen(person: Person, rows: Sequence[Notice]) -> set[Any]:
    found: set[Any] = set()
    for key in {row.reminder.source for row in rows if row.reminder}:
        ids = {row.reminder.object_id for row in rows if row.reminder and row.reminder.source == key}
        found |= source(key).visible(person, ids)
    return found


@dataclass(frozen=True)
class Rung:
    """One moment of the ladder: who hears, when, and whether it is coming, ready or told."""

    at: datetime
    who: str
    why: str
    is_coming: bool
    is_ready: bool


def ladder(key: str, object_id: Any, escalates_to: str) -> list[Rung]:
    """Who heard and who will hear about this object, in order of time (one query).

    What fired and had nothing to say, because a later rule spoke, is left out.
    """
    rows = (
        Reminder.objects.filter(source=key, object_id=object_id)
        .exclude(state="cancelled")
        .annotate(
            told=Count("notices", filter=Q(notices__state__in=["told", "shown"])),
            ready=Count("notices", filter=Q(notices__state="waiting")),
        )
        .order_by("fires_at", "rule")
    )
    rungs = [
        Rung(
            row.fires_at if row.state in WAITING else row.fired_at or row.fires_at,
            _who(row, escalates_to),
            _why(row),
            row.state in WAITING,
            row.ready > 0 and not row.told,
        )
        for row in rows
        if row.state in WAITING or row.told or row.ready
    ]
    return sorted(rungs, key=lambda rung: rung.at)


def _why(row: Reminder) -> str:
    if row.rule.startswith("to:"):
        return _("weer geopend") if row.rule.startswith("to:r") else _("na overdracht")
    return "" if row.rule in SECOND_PERSON else words.planned(row.rule)


def _who(row: Reminder, escalates_to: str) -> str:
    if row.rule == "lead":
        return _("de trekker")
    if row.rule == "role":
        return words.role_name(escalates_to)
    return _("wie erom vroeg") if row.rule.startswith("later:") else _("de actiehouder")


def silences(key: str, object_id: Any) -> list[Silence]:
    """Who asked to hear about this object later, and until when; only what still holds."""
    return list(
        Silence.objects.filter(source=key, object_id=object_id, until__gt=clock.today()).select_related(
            "person"
        )
    )


def last_day_of_silence(person: Person) -> date:
    """The furthest day on which somebody may ask to hear it again."""
    return office_days_of(person).add(clock.today(), LONGEST_SILENCE)


# What was told longer ago is not looked for on the start page; its own page still shows it.
TOLD_WITHIN = timedelta(days=90)


def told_for_cards(person: Person) -> dict[str, set[Any]]:
    """What this person was told, or what else a card of the start page may stand on, as ids by source.

    One query for all cards of one request; most people have nothing standing, and then it is the only one.
    """
    kept: dict[str, set[Any]] | None = person.__dict__.get("told_for_cards")
    if kept is None:
        since = clock.now() - TOLD_WITHIN
        of_source = Q(reminder__source__in=with_card(), created_at__gte=since)
        told = Notice.objects.filter(Q(name="escalated", state="shown") | of_source, person=person)
        rows = told.order_by().values_list("reminder__source", "reminder__object_id")
        for key, standing in on_cards.items():
            word = Value(key, output_field=CharField())
            rows = rows.union(standing(person).order_by().values_list(word, "pk"), all=True)
        kept = {}
        for key, pk in rows:
            kept.setdefault(key, set()).add(pk)
        person.__dict__["told_for_cards"] = kept
    return kept

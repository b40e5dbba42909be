"""The form of a programme: all its stops, proposed, typed, put in another order, and looked at together."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ui import fields
from portal.ui.forms import FreeText, PortalForm
from visits import programme_rules as rules
from visits.enums import Meets, StopPress
from visits.models import Stop, Visit
from visits.models.programme import LONGEST_STOP, MIDNIGHT
from visits.programme_rules import MOST_STOPS, USUAL_STOP, Part

Raw = dict[str, str]
# What the server and the script both say, with places for what they counted.
WORDS = {
    "sum": gettext_lazy("{0}–{1}, samen {2}."),
    "free": gettext_lazy("Daarvan is {0} vrij."),
    "early": gettext_lazy("Het begint {0} voor het bezoek ({1})."),
    "over": gettext_lazy("Dat is {0} langer dan het bezoek (tot {1})."),
    "hours": gettext_lazy("{0} uur"),
    "min": gettext_lazy("{0} min"),
    "until": gettext_lazy("tot {0}"),
    "gap": gettext_lazy("{0} vrij ervoor"),
    "clash": gettext_lazy("begint {0} te vroeg"),
    "moved": gettext_lazy("‘{0}’ staat nu op plaats {1} van {2}."),
    "nameless": gettext_lazy("Onderdeel {0}"),
}


def words(key: str, *values: object) -> str:
    return str(WORDS[key]).format(*values)


class StartField(forms.TimeField):
    """A time on the wall clock as one types it quickly: 14:30, 14.30, 1430 or 14; always in 24 hours."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

    def to_python(self, value: Any) -> time | None:
        if not value:
            return None
        minute = rules.read_time(str(value))
        if minute is None:
            raise ValidationError(_("Schrijf de tijd als 14:30."), code="invalid")
        return time(*divmod(minute, 60))


class StopForm(PortalForm):
    """One stop. Its times are judged beside those of the others, by ProgrammeForm."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = FreeText(label=gettext_lazy("Onderdeel"), rows=1, max_length=120, help_text="")
    starts = StartField(label=gettext_lazy("Begin"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Duur (min)"),
        widget=forms.NumberInput(attrs={"min": 1, "max": LONGEST_STOP, "inputmode": "numeric"}),
    )
    travel = forms.IntegerField(
        label=gettext_lazy("Reis (min)"),
        required=False,
        min_value=0,
        max_value=rules.LONGEST_TRAVEL,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    place = FreeText(label=gettext_lazy("Plek"), rows=1, max_length=120, required=False, help_text="")
    leads = FreeText(label=gettext_lazy("Wie leidt"), rows=1, max_length=80, required=False, help_text="")
    speaks = FreeText(label=gettext_lazy("Wie spreekt"), rows=1, max_length=120, required=False, help_text="")
    aim = FreeText(label=gettext_lazy("Doel"), rows=1, max_length=300, required=False, help_text="")
    meets = forms.ChoiceField(label=gettext_lazy("Ontmoet"), choices=list(Meets.choices))
    press = forms.ChoiceField(label=gettext_lazy("Pers"), choices=list(StopPress.choices))
    gone = forms.BooleanField(label=gettext_lazy("Haal weg"), required=False)

    # What stands beside the row: set by ProgrammeForm.
    number = 0
    until = ""
    note = ""
    clashes = False
    lifted = ""

    def __init__(self, *args: Any, is_secret: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("version", "key", "next"):
            del self.fields[name]
        self.fields["minutes"].error_messages["invalid"] = _("Schrijf een heel getal, zoals 30.")
        if is_secret:
            self.fields["place"].label = _("Ruimte (nooit een adres)")

    @property
    def asks_go(self) -> bool:
        """Whether all that is missing here is the go of the host."""
        return self.is_bound and self.has_error("press", "go")

    @property
    def name(self) -> str:
        """How messages call it."""
        number = words("nameless", self.number)
        return f"{number} ({title})" if (title := str(self["title"].value() or "").strip()) else number

    def part(self) -> Part | None:
        """What was typed, once its times can be read."""
        data = self.cleaned_data
        if data.get("starts") is None or data.get("minutes") is None:
            return None
        texts = {name: data.get(name) or "" for name in ("place", "leads", "speaks", "aim")}
        return Part(
            title=data.get("title") or words("nameless", self.number),
            starts=data["starts"],
            minutes=data["minutes"],
            travel=data.get("travel") or 0,
            meets=data.get("meets") or Meets.STAFF,
            press=data.get("press") or StopPress.NO,
            pk=data.get("id"),
            **texts,
        )


NAMES = tuple(name for name in StopForm.base_fields if name not in ("version", "key", "next"))
_TYPED = ("title", "place", "leads", "speaks", "aim")
_PREFIX = re.compile(r"s\d{1,3}")


def typed(data: QueryDict) -> list[Raw]:
    """The rows of a post in the order in which they stood on the page, as they were typed."""
    found = []
    for prefix in dict.fromkeys(data.getlist("row")):
        if _PREFIX.fullmatch(prefix):
            found.append({name: data.get(f"{prefix}-{name}", "") for name in NAMES} | {"prefix": prefix})
    return found


def of_parts(parts: Sequence[Part | Stop]) -> list[Raw]:
    """Stops or proposals as rows."""
    return [
        {
            name: str(getattr(one, name))
            for name in NAMES
            if hasattr(one, name) and name not in ("id", "starts")
        }
        | {"id": str(one.pk) if one.pk else "", "starts": f"{one.starts:%H:%M}"}
        for one in parts
    ]


def is_blank(raw: Raw) -> bool:
    """A row that was added and not used."""
    chosen = raw.get("meets", "") not in ("", Meets.STAFF) or raw.get("press", "") not in ("", StopPress.NO)
    return not raw.get("id") and not chosen and not any(raw.get(name, "").strip() for name in _TYPED)


def _number(text: str) -> int:
    found = text.strip()
    return int(found) if found.isascii() and found.isdecimal() and len(found) < 5 else 0


def _span(raw: Raw) -> Part | None:
    """The times of a row as far as they can be read; nothing of one that goes."""
    starts = rules.read_time(raw.get("starts", ""))
    if starts is None or raw.get("gone"):
        return None
    return Part(
        "", time(*divmod(starts, 60)), _number(raw.get("minutes", "")), _number(raw.get("travel", ""))
    )


def swapped(rows: list[Raw], nr: int, by: int) -> tuple[list[Raw], int]:
    """The rows with one moved up (-1) or down (1), the starts chained from the first; and where it is."""
    found, to = list(rows), nr + by
    if not (0 <= nr < len(found) and 0 <= to < len(found)):
        return found, min(max(nr, 0), max(0, len(found) - 1))
    found[nr], found[to] = found[to], found[nr]
    spans = [(raw, span) for raw in found if (span := _span(raw)) is not None]
    for (raw, _old), new in zip(spans, rules.chained([span for _raw, span in spans]), strict=True):
        found[found.index(raw)] = raw | {"starts": f"{new.starts:%H:%M}"}
    return found, to


def one_more(rows: list[Raw], begins: time) -> list[Raw]:
    """The rows and an empty one, that begins when the last ends."""
    ends = [span.ends for raw in rows if (span := _span(raw)) is not None]
    at = min(max(ends), MIDNIGHT - 1) if ends else begins.hour * 60 + begins.minute
    return [*rows, {"starts": rules.clock_of(at), "minutes": str(USUAL_STOP), "travel": "0"}]


class ProgrammeForm:
    """All rows of a programme with what they add up to.

    Bound to a post it is judged as a whole; otherwise it shows rows as they are. Empty rows and rows that
    go are kept on the page and count for nothing.
    """

    def __init__(self, visit: Visit, rows: Sequence[Raw], *, data: QueryDict | None, version: int) -> None:
        self.visit = visit
        self.version = version
        self.hours = rules.hours_of(visit.starts_at, visit.ends_at)
        self.general: list[str] = []
        self.rows: list[StopForm] = []
        # What a reader of the screen hears after a press that moved something.
        self.said = ""
        self.judged: list[tuple[StopForm, Part]] = []
        for nr, raw in enumerate(rows):
            prefix = raw["prefix"] if data is not None else f"s{nr}"
            if data is None or raw.get("gone") or is_blank(raw):
                row = StopForm(prefix=prefix, initial=raw, is_secret=visit.is_secret)
            else:
                row = StopForm(data, prefix=prefix, is_secret=visit.is_secret)
            row.number = nr + 1
            self.rows.append(row)
        self._look(rows)

    def _look(self, rows: Sequence[Raw]) -> None:
        """What the rows add up to, and beside each when it ends and how it follows the one before."""
        spans = [
            (row, span)
            for row, raw in zip(self.rows, rows, strict=True)
            if not is_blank(raw) and (span := _span(raw)) is not None
        ]
        spans.sort(key=lambda one: one[1].begins)
        self.total = rules.total([span for _row, span in spans], self.hours)
        for nr, (row, span) in enumerate(spans):
            row.until = words("until", rules.clock_of(span.ends))
            before = spans[nr - 1][1] if nr else None
            apart = span.begins - before.ends - span.travel if before else 0
            row.clashes = apart < 0
            if apart:
                row.note = words("gap" if apart > 0 else "clash", rules.duration(abs(apart)))

    def lift(self, nr: int, what: str) -> None:
        """Give the focus to a button (up, down) or the title of a row."""
        row = self.rows[nr]
        row.lifted = what
        if what == "title":
            row.fields["title"].widget.attrs["autofocus"] = True

    @property
    def blank(self) -> StopForm:
        """The row from which the script makes another."""
        initial = {"minutes": USUAL_STOP, "travel": 0}
        return StopForm(prefix="s__n__", initial=initial, is_secret=self.visit.is_secret)

    @property
    def words(self) -> dict[str, Any]:
        return WORDS

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What it adds up to, in sentences with their tone."""
        if self.total is None:
            return []
        found, one = [], self.total
        found.append(("", words("sum", one.starts_clock, one.ends_clock, one.length)))
        if one.free:
            found.append(("", words("free", rules.duration(one.free))))
        if self.hours and one.early:
            found.append(("soon", words("early", rules.duration(one.early), rules.clock_of(self.hours[0]))))
        if self.hours and one.over:
            found.append(("soon", words("over", rules.duration(one.over), rules.clock_of(self.hours[1]))))
        return found

    def is_valid(self, has_go: Callable[[UUID | None], object]) -> bool:
        """Whether this can be the programme; what is wrong stands at its row."""
        bound = [row for row in self.rows if row.is_bound]
        for row in bound:
            row.is_valid()
        if not self.rows:
            # A page always sends its rows, also those that go; without them nothing is wiped out.
            self.general.append(_("Er ontbrak iets aan dit formulier. Open het programma opnieuw."))
        if len(bound) > MOST_STOPS:
            self.general.append(_("Maak er hoogstens %(most)s onderdelen van.") % {"most": MOST_STOPS})
        self.judged = [(row, part) for row in bound if (part := row.part()) is not None]
        self.judged.sort(key=lambda one: one[1].begins)
        self.refuse(rules.faults(self.parts(), has_go=has_go, is_secret=self.visit.is_secret))
        return not self.general and not any(row.errors for row in bound)

    def parts(self) -> list[Part]:
        """What was typed, in the order of the day."""
        return [replace(part) for _row, part in self.judged]

    def refuse(self, found: Sequence[rules.Fault]) -> None:
        """Put what breaks the rules at the rows it is about; counted in the order of the day."""
        for fault in found:
            self.judged[fault.index][0].add_error(fault.field, ValidationError(fault.text, fault.code))

    @property
    def errors(self) -> list[fields.FieldError]:
        """What the summary says, each with the name of its stop."""
        found = [fields.FieldError(text, "", "", False) for text in self.general]
        for row in self.rows:
            if row.is_bound:
                found += [
                    replace(
                        one,
                        label=f"{row.name}, {one.label[:1].lower()}{one.label[1:]}"
                        if one.label
                        else row.name,
                    )
                    for one in fields.all_errors(row)
                ]
        return found

    @property
    def only_warnings(self) -> bool:
        return bool(self.errors) and all(one.is_warning for one in self.errors)

"""A small template of a kind, for tests that need to know every step of it."""

from datetime import date
from typing import Any
from uuid import uuid4

from measures.tracking import actions, library
from measures.tracking.models import Measure, TemplateVersion
from portal.municipalities.models import Scope
from portal.people.models import Person

WORDS = "Bel de contactpersoon, spreek af wat u samen wilt bereiken en leg vast wie wat wanneer doet. " * 3

STEPS: tuple[dict[str, Any], ...] = (
    {"key": "prepare", "anchor": "week_monday", "offset": -10, "checklist": ["Lijst maken", "Lijst sturen"]},
    {"key": "decide", "after": "prepare", "offset": 3, "evidence": "decision"},
    {"key": "store", "anchor": "week_monday", "offset": -2, "evidence": "document", "role": "adviseur_oov"},
    {"key": "brief", "anchor": "week_monday", "offset": -1, "evidence": "briefing"},
    {"key": "look_back", "anchor": "week_monday", "offset": 9, "unit": "dagen", "escalates_to": "kabinet"},
)


def template(
    kind: str = "open_door", steps: tuple[dict[str, Any], ...] = STEPS, key: str = "toy"
) -> TemplateVersion:
    """Publish the toy template (or find it when it is there)."""
    defaults = {"guidance": WORDS, "source": "Test", "otherwise": "Dan weet niemand het.", "role": "kabinet"}
    made = library.TemplateFile(
        key=key,
        kind=kind,
        title="Speelmaatregel",
        purpose="Om mee te testen.",
        anchors=[
            library.AnchorFile("start", "Startdatum", default="today"),
            library.AnchorFile("week_monday", "Maandag van de campagneweek", default="campaign_week"),
        ],
        steps=[library.StepFile(**{"title": f"Stap {one['key']}", **defaults, **one}) for one in steps],
    )
    return library.publish(made)


def toy(by: Person, scope: Scope, monday: date | None = date(2026, 11, 16), **kwargs: Any) -> Measure:
    """A running toy measure; week_monday is Monday 16 November 2026 unless told otherwise."""
    return actions.start_measure(
        by=by,
        version=template(**kwargs),
        scope=scope,
        anchors={"start": date(2026, 10, 5), "week_monday": monday},
        key=uuid4().hex,
    )

"""A visit in which every field holds a word of its own, and who may read which of them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from django.db import models

from measures.tracking.models import Measure
from portal import clock
from portal.briefings import making
from portal.briefings.models import Briefing
from portal.papers.press.models import PressText
from portal.people.models import Person
from tests.cast import World
from tests.visits.make import a_host, a_stop, a_visit, at
from visits.enums import Sheet
from visits.models import Companion, Consent, Figure, Host, Stop, Visit

M, C, H, P, B = (*(str(one) for one in Sheet), "briefing")
EVERYBODY = {M, C, H, P, B}
VISITORS = {M, C, B}
INSIDE = {M, C, H, B}
OFFICE = {M, B}
NOBODY: set[str] = set()

# Who may read a field: the word it holds, and the papers on which that stands. A stop of which the press
# may know stands apart from one of which it may not; with a secret host the press reads less.
ALLOWED: dict[str, tuple[str, set[str]]] = {
    "visit.measure": ("Zqtitel", OFFICE),
    "visit.aim": ("Zqdoel", OFFICE),
    "visit.question": ("Zqvraag", OFFICE),
    "visit.gathers_at": ("Zqverzamel", VISITORS),
    "visit.confirmed_by": ("Zqbevestigd", NOBODY),
    "visit.confirmed_on": ("22 maart", NOBODY),
    "visit.starts_at": ("14:03", INSIDE),
    "visit.ends_at": ("17:07", INSIDE),
    "visit.between_us": ("Zqtussen", {B}),
    "visit.sensitive": ("Zqgevoelig", OFFICE),
    "visit.questions_to_ask": ("Zqstelvraag", VISITORS),
    "visit.not_to_say": ("Zqzwijg", OFFICE),
    "visit.press_line": ("Zqperslijn", OFFICE),
    "visit.speaks_to_press": ("Zqwoordvoerder", EVERYBODY),
    "visit.house_rules": ("Zqhuisregel", INSIDE),
    "visit.asked_of_host": ("Zqgevraagd", {M, H, B}),
    "visit.answer": ("Zqantwoord", NOBODY),
    "visit.learned": ("Zqgeleerd", NOBODY),
    "visit.cancel_reason": ("Zqafgezegd", NOBODY),
    "visit.uid": ("5d0c7a10", NOBODY),
    "host.name": ("Zqgastnaam", INSIDE | {P}),
    "host.address": ("Zqadres", INSIDE | {P}),
    "host.contact_name": ("Zqcontactnaam", INSIDE),
    "host.contact_function": ("Zqcontactfunctie", INSIDE),
    "host.contact_email": ("zqgast@partner.example", NOBODY),
    "host.profile": ("Zqprofiel", {B}),
    "host.kind": ("Centrum Seksueel Geweld", {B}),
    "companion.person": ("P. Visser", INSIDE),
    "companion.name": ("Zqmeereiziger", INSIDE),
    "companion.email": ("zqmee@partner.example", NOBODY),
    "companion.part": ("Zqtaak", VISITORS),
    "companion.function": ("Wethouder", INSIDE),
    "stop.title": ("Zqonderdeel", INSIDE),
    "stop.starts": ("14:13", INSIDE),
    "stop.minutes": ("14:42", INSIDE),
    "stop.travel": ("daarvoor 17 minuten", VISITORS),
    "stop.place": ("Zqruimte", INSIDE),
    "stop.leads": ("Zqleider", INSIDE),
    "stop.speaks": ("Zqspreker", INSIDE),
    "stop.aim": ("Zqstopdoel", VISITORS),
    "stop.meets": ("slachtoffers of ervaringsdeskundigen", INSIDE),
    "press stop.title": ("Zqpersdeel", EVERYBODY),
    "press stop.starts": ("15:11", EVERYBODY),
    "press stop.minutes": ("15:34", EVERYBODY),
    "press stop.travel": ("daarvoor 19 minuten", VISITORS),
    "press stop.place": ("Zqpersplek", EVERYBODY),
    "press stop.leads": ("Zqpersleider", INSIDE),
    "press stop.speaks": ("Zqpersspreker", EVERYBODY),
    "press stop.aim": ("Zqpersdoel", VISITORS),
    "press stop.press": ("op afspraak", EVERYBODY),
    "consent.use": ("Citaat", {M, H, B}),
    "consent.given_on": ("di\u00a011\u00a0aug", {M, H, B}),
    "consent.said_by": ("Zqzegsman", {M, H, B}),
    "withdrawn consent.use": ("Publicatie", NOBODY),
    "withdrawn consent.said_by": ("Zqingetrokken", NOBODY),
    "removed stop.title": ("Zqweggehaald", NOBODY),
    "ended companion.name": ("Zqafgehaald", NOBODY),
    "figure.value": ("8731", {B}),
    "figure.about": ("Zqwaarover", {B}),
    "figure.source": ("Zqbron", {B}),
    "figure.as_of": ("wo\u00a012\u00a0aug", {B}),
}

# Fields without words of their own on any paper: keys, counts, moments of the portal, who wrote it down.
WORDLESS = {
    "visit": {
        *("id", "municipality", "driehoek", "host", "state", "with_driehoek", "briefing_days", "held_at"),
        *("cancelled_at", "sequence", "changed_at", "programme_version", "confirmed_programme", "version"),
    },
    "host": {"id", "municipality", "driehoek", "address_is_secret", "is_active", "create_key", "version"},
    "companion": {"id", "visit", "order", "added_at", "create_key", "ended_at", "version"},
    "stop": {"id", "visit", "order", "press", "press_go", "began_at", "ended_at", "removed_at"},
    "consent": {
        *("id", "visit", "stop", "recorded_by", "recorded_at", "withdrawn_on", "withdrawn_by"),
        *("withdrawn_at", "create_key", "version"),
    },
    "figure": {"id", "visit", "order"},
}
MODELS: dict[str, type[models.Model]] = {
    "visit": Visit,
    "host": Host,
    "companion": Companion,
    "stop": Stop,
    "consent": Consent,
    "figure": Figure,
}


def word(name: str) -> str:
    return ALLOWED[name][0]


def marked(world: World, *, secret: bool = False) -> Visit:
    """The visit of which every field holds its word; written straight, past the forms."""
    host = a_host(
        world,
        kind="csg",
        address_is_secret=secret,
        **{name: word(f"host.{name}") for name in ("name", "address", "contact_name")},
        **{name: word(f"host.{name}") for name in ("contact_function", "contact_email", "profile")},
    )
    visit = a_visit(world, host=host, title=word("visit.measure"), starts_at=at(14, 3), ends_at=at(17, 7))
    texts = {
        name.partition(".")[2]: found
        for name, (found, _may) in ALLOWED.items()
        if name.startswith("visit.") and found.startswith("Zq") and name != "visit.measure"
    }
    Visit.objects.filter(pk=visit.pk).update(
        **texts, confirmed_on=date(2026, 3, 22), uid="5d0c7a10-0000-4000-8000-000000000000"
    )
    _people(world, visit)
    _programme(world, visit)
    Figure.objects.create(
        visit=visit, as_of=date(2026, 8, 12), **_texts("figure", "value", "about", "source")
    )
    return Visit.objects.get(pk=visit.pk)


def _texts(of: str, *names: str) -> dict[str, str]:
    return {name: word(f"{of}.{name}") for name in names}


def _people(world: World, visit: Visit) -> None:
    Companion.objects.create(visit=visit, function="teamchef", person=world.teamchef, order=0)
    Companion.objects.create(
        visit=visit, function="wethouder", order=1, **_texts("companion", "name", "email", "part")
    )
    Companion.objects.create(
        visit=visit, function="other", order=2, name=word("ended companion.name"), ended_at=clock.now()
    )


def _programme(world: World, visit: Visit) -> None:
    names = ("title", "place", "leads", "speaks", "aim")
    shut = a_stop(
        visit, starts=time(14, 13), minutes=29, travel=17, meets="victims", **_texts("stop", *names)
    )
    a_stop(
        visit,
        starts=time(15, 11),
        minutes=23,
        travel=19,
        press="by_arrangement",
        **_texts("press stop", *names),
    )
    a_stop(visit, title=word("removed stop.title"), removed_at=clock.now(), press="welcome")
    common: dict[str, Any] = {"visit": visit, "recorded_by": world.kabinet_a}
    Consent.objects.create(
        **common,
        stop=shut,
        use="quote",
        given_on=date(2026, 8, 11),
        said_by=word("consent.said_by"),
        create_key="go",
    )
    Consent.objects.create(
        **common,
        use="publication",
        given_on=date(2026, 8, 3),
        said_by=word("withdrawn consent.said_by"),
        withdrawn_on=date(2026, 9, 1),
        withdrawn_by=world.kabinet_a,
        withdrawn_at=clock.now(),
        create_key="gone",
    )


def embargo(world: World, measure: Measure, until: datetime) -> PressText:
    """A text for the press about the visit that may not be published yet."""
    return PressText.objects.create(
        shelf="measure",
        subject_id=measure.pk,
        sort="release",
        title="Zqperstitel",
        text="Zqperstekst",
        state="draft",
        embargo_until=until,
        written_by=world.communicatie_a,
        **measure.scope.as_fields(),
    )


def made(by: Person, visit: Visit, paper: str) -> Briefing:
    """The PDF of one of the papers."""
    is_briefing = paper == B
    row = making.ask(
        by=by,
        document="visit" if is_briefing else "visit_sheet",
        subject_id=visit.pk,
        scope=visit.scope,
        audience=M if is_briefing else paper,
    )
    making.make_waiting()
    row.refresh_from_db()
    return row


@dataclass
class Told:
    """Everything that can be read out of a PDF: its pages, its tags, and its bytes with all streams open."""

    pages: str = ""
    raw: bytes = b""
    names: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes) -> "Told":
        told = cls()
        with pypdfium2.PdfDocument(data) as document:
            told.pages = " ".join(page.get_textpage().get_text_bounded() for page in document)
        with pikepdf.open(BytesIO(data)) as opened:
            loose = BytesIO()
            opened.save(
                loose,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.all,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
            )
            told.raw = loose.getvalue()
            told.names = [str(value) for value in opened.docinfo.values()]
        return told

    def holds(self, words: str) -> bool:
        """Whether the words stand anywhere: in sight, in the metadata, in plain bytes or as UTF-16."""
        plain = " ".join(words.split())
        text = " ".join(self.pages.split())
        return (
            plain in text
            or plain.replace(" ", "") in text.replace(" ", "")
            or any(plain in one for one in self.names)
            or words.encode() in self.raw
            or words.encode("utf-16-be") in self.raw
            or words.encode("utf-16-be").hex().encode() in self.raw.lower()
        )

"""What the dagbrief says, for whom, and that it is always one A4."""

from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.urls import reverse

from measures.tracking import actions
from measures.tracking.models import Measure
from portal import clock
from portal.briefings import making, office
from portal.briefings.models import Briefing
from portal.briefings.pdfua import problems
from portal.deadlines.sweep import sweep
from portal.people.models import Leave, Membership, Person
from tests.briefings.conftest import Renders, data, in_the_driehoek
from tests.briefings.office import TUESDAY, at_hour, mayors_action, now, of_a, tick
from tests.cast import World, start, step
from tests.tracking.test_appointments import plan as arrange

TODAY = date(2026, 10, 5)
LONG = (
    "Een heel lange titel van een actie die over een paar regels gaat zodat de bladzijde vol raakt, nummer "
)


def _text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", " ")


def _lines(found, section: str) -> list[str]:
    return [
        found.content.facts[section]["lines"][key]["title"] for key in found.content.facts[section]["order"]
    ]


def test_an_empty_day_is_a_dagbrief_with_a_sentence_for_each_section(world: World) -> None:
    body = now(world.a, world.burgemeester_a).content.body
    for sentence in (
        "Vandaag wacht er geen besluit op u.",
        "In de komende drie dagen loopt geen klok af.",
        "Niets is zo laat dat u het moet weten.",
        "Vandaag staat er geen afspraak in het portaal.",
        "Verder staat er deze week niets.",
        "Het portaal kent nog geen piketrooster.",
    ):
        assert sentence in body
    assert "Vandaag wacht er geen besluit op de burgemeester." in now(world.a).content.body


def test_decide_holds_what_lies_with_the_mayor_and_is_due_today_or_late(
    world: World, measure: Measure
) -> None:
    by = world.kabinet_a
    mayors_action(by, measure, "Vandaag", TODAY)
    mayors_action(by, measure, "Gisteren", TODAY - timedelta(days=3))
    mayors_action(by, measure, "Morgen", TODAY + timedelta(days=1))
    mayors_action(by, measure, "Van een ander", TODAY, holder_role="kabinet")
    mayors_action(by, measure, "Op naam", TODAY, holder_person=world.burgemeester_a)
    mine = _lines(now(world.a, world.burgemeester_a), "day_decide")
    assert sorted(mine) == ["Gisteren", "Op naam", "Vandaag"]
    assert sorted(_lines(now(world.a), "day_decide")) == ["Gisteren", "Op naam", "Vandaag"]
    # The loco acts for the mayor, but not for what the mayor holds in person.
    assert sorted(_lines(now(world.a, world.loco_a), "day_decide")) == ["Gisteren", "Vandaag"]


def test_a_decision_comes_first(world: World, measure: Measure) -> None:
    mayors_action(world.kabinet_a, measure, "Ouder", TODAY - timedelta(days=5))
    decide = step(measure, "decide")
    actions.pin(by=world.kabinet_a, action=decide, to=TODAY)
    actions.hand_over(by=world.kabinet_a, action=step(measure, "decide"), to_role="burgemeester")
    assert _lines(now(world.a, world.burgemeester_a), "day_decide") == ["Stap decide", "Ouder"]


def test_clocks_are_those_of_today_and_three_days_and_the_first_ends_the_validity(
    world: World, measure: Measure
) -> None:
    by, start = world.kabinet_a, clock.now()
    for title, hours in (("Straks", 3), ("Donderdag", 83), ("Later", 85), ("Voorbij", -1)):
        at_hour(
            mayors_action(by, measure, title, TODAY, holder_role="kabinet"), start + timedelta(hours=hours)
        )
    found = now(world.a, world.burgemeester_a)
    assert _lines(found, "day_clocks") == ["Straks", "Donderdag"]
    assert "vandaag\u00a015:00" in found.content.body
    assert found.content.valid_until == start + timedelta(hours=3)
    assert found.validity == "geldig tot 5 oktober 15:00"


def test_without_a_clock_it_holds_until_the_end_of_the_day(world: World) -> None:
    assert now(world.a).content.valid_until == clock.end_of(TODAY)


@pytest.mark.parametrize(("due", "is_there"), [(date(2026, 9, 28), True), (date(2026, 9, 29), False)])
def test_too_late_is_from_the_fifth_office_day(
    world: World, measure: Measure, due: date, is_there: bool
) -> None:
    mayors_action(world.kabinet_a, measure, "Blijft liggen", due, holder_role="kabinet")
    found = now(world.a, world.burgemeester_a)
    assert _lines(found, "day_late") == (["Blijft liggen"] if is_there else [])
    if is_there:
        assert "5 werkdagen te laat" in found.content.body


def test_what_goes_to_another_role_or_is_the_mayors_own_is_not_among_the_too_late(
    world: World, measure: Measure
) -> None:
    mayors_action(world.kabinet_a, measure, "Eigen", date(2026, 9, 1))
    other = mayors_action(world.kabinet_a, measure, "Anders", date(2026, 9, 1), holder_role="adviseur_oov")
    type(other).objects.filter(pk=other.pk).update(escalates_to="kabinet")
    assert _lines(now(world.a, world.burgemeester_a), "day_late") == []


def test_what_climbed_to_the_mayor_because_nobody_was_there_is_there_at_once(
    world: World, measure: Measure
) -> None:
    from measures.tracking.models import Measure as Row

    Membership.objects.filter(role="piket").update(ended_at=clock.now())
    Row.objects.filter(pk=measure.pk).update(lead=world.kabinet_b)
    action = mayors_action(world.kabinet_a, measure, "Niemand", TODAY, holder_role="piket")
    sweep()
    found = now(world.a, world.burgemeester_a)
    assert _lines(found, "day_late") == [action.title]
    assert "niemand pakt dit op" in found.content.body


def test_what_climbed_before_it_was_late_and_is_late_since_an_hour_says_so(
    world: World, measure: Measure, frozen_clock
) -> None:
    Membership.objects.filter(role="piket").update(ended_at=clock.now())
    type(measure).objects.filter(pk=measure.pk).update(lead=world.kabinet_b)
    action = mayors_action(world.kabinet_a, measure, "Niemand", TODAY, holder_role="piket")
    sweep()
    at_hour(action, clock.now() + timedelta(hours=2))
    found = now(world.a, world.burgemeester_a)
    assert "niemand pakt dit op" in found.content.body
    assert found.content.valid_until == clock.now() + timedelta(hours=2)
    frozen_clock.shift(3 * 3600)
    body = now(world.a, world.burgemeester_a).content.body
    assert "minder dan 1 werkdag te laat" in body
    assert "0 werkdagen" not in body


def test_a_title_of_one_long_word_keeps_its_beginning(world: World, measure: Measure) -> None:
    mayors_action(world.kabinet_a, measure, "https://voorbeeldstad.example/" + "x" * 90, TODAY)
    assert "https://voorbeeldstad.example/xxx" in now(world.a, world.burgemeester_a).content.body


def test_appointments_of_today_with_three_points(world: World, measure: Measure) -> None:
    arrange(
        world.kabinet_a,
        measure,
        title="Voorbereiding",
        starts_at=clock.at(TODAY, time(15)),
        ends_at=clock.at(TODAY, time(16)),
        points="Een\nTwee\nDrie",
    )
    arrange(
        world.kabinet_a,
        measure,
        title="Woensdag",
        starts_at=clock.at(TODAY + timedelta(days=2), time(15)),
        ends_at=clock.at(TODAY + timedelta(days=2), time(16)),
    )
    found = now(world.a, world.burgemeester_a)
    assert _lines(found, "day_meetings") == ["Voorbereiding"]
    assert "<ol><li>Een</li><li>Twee</li><li>Drie</li></ol>" in found.content.body
    assert "Woensdag" in _lines(found, "day_week")


def test_who_is_away_and_who_stands_in(world: World) -> None:
    Leave.objects.create(
        person=world.burgemeester_a,
        deputy=world.loco_a,
        starts_on=TODAY,
        ends_on=date(2026, 10, 9),
        announced_by=world.burgemeester_a,
    )
    body = now(world.a).content.body
    assert "M. van Dijk is weg tot en met 9 oktober, J. Peters vervangt" in body


# -- whose is what ---------------------------------------------------------------------------
def test_rows_of_the_driehoek_stand_in_the_mayors_copy_only(world: World) -> None:
    measure = in_the_driehoek(world)
    at_hour(step(measure, "pack"), clock.now() + timedelta(hours=5))
    title = "Stap van de Driehoek"
    type(step(measure, "pack")).objects.filter(measure=measure).update(title=title)
    assert title in now(world.a, world.burgemeester_a).content.body
    for found in (now(world.a), now(world.a, world.loco_a), now(world.b), now(world.b, world.burgemeester_b)):
        assert title not in found.content.body
        assert title not in str(found.content.facts)


def test_nothing_of_another_municipality(world: World) -> None:
    from tests.toys import toy

    mayors_action(world.kabinet_b, toy(world.kabinet_b, world.b), "Van B", TODAY)
    for reader in (world.burgemeester_a, None):
        assert "Van B" not in now(world.a, reader).content.body
    assert "Van B" in now(world.b, world.burgemeester_b).content.body


# -- one A4 ------------------------------------------------------------------------------------
def _fill(world: World, measure: Measure, count: int) -> None:
    by, start = world.kabinet_a, clock.now()
    for nr in range(count):
        mayors_action(by, measure, f"B{nr} {LONG}"[:120], TODAY - timedelta(days=nr % 3))
        clock_row = mayors_action(by, measure, f"K{nr} {LONG}"[:120], TODAY, holder_role="kabinet")
        at_hour(clock_row, start + timedelta(hours=20, minutes=nr))
        mayors_action(by, measure, f"L{nr} {LONG}"[:120], date(2026, 9, 1), holder_role="adviseur_oov")
        mayors_action(by, measure, f"W{nr} {LONG}"[:120], date(2026, 10, 9), holder_role="kabinet")
        arrange(
            by,
            measure,
            title=f"A{nr} {LONG}"[:120],
            starts_at=start + timedelta(minutes=nr),
            ends_at=start + timedelta(hours=1, minutes=nr),
            place=LONG[:120],
            points="\n".join([LONG[:100]] * 3),
        )


def test_the_page_cuts_nothing_and_the_paper_counts_what_is_not_on_it(world: World, measure: Measure) -> None:
    by = world.kabinet_a
    for nr in range(12):
        mayors_action(by, measure, f"Besluit {nr:03}", TODAY)
    found = now(world.a, world.burgemeester_a)
    assert "en nog 4 " in found.content.body
    assert "en nog" not in found.body
    assert all(f"Besluit {nr:03}" in found.body for nr in range(12))
    for nr in range(12, 105):
        mayors_action(by, measure, f"Besluit {nr:03}", TODAY)
    found = now(world.a, world.burgemeester_a)
    assert "en nog 97 " in found.content.body
    assert "en nog 5 in het portaal" in found.body


@pytest.mark.parametrize("count", [0, 3, 40])
def test_it_is_always_one_page(world: World, measure: Measure, renders: Renders, count: int) -> None:
    _fill(world, measure, count)
    row = making.ask(
        by=world.burgemeester_a,
        document=office.DAY,
        subject_id=world.a.municipality_id,
        scope=world.a,
        audience="reader",
        reader=world.burgemeester_a,
        period=TODAY,
    )
    making.make_waiting()
    row.refresh_from_db()
    pdf = data(row)
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        assert len(document) == 1
    assert (row.state, row.pages) == ("ready", 1)
    assert problems(pdf) == []
    text = _text(pdf)
    assert ("in het portaal" in text.replace("en nog", "")) or not count
    if count == 40:
        assert f"en nog {count - 1}" in text or "en nog 3" in text
        assert row.rows < 8
        # Everything is kept, so that the page can say what changed; nothing is lost by the cut.
        assert len(row.facts["day_decide"]["order"]) == count


def test_an_office_full_of_long_names_who_are_away_is_one_page(
    world: World, measure: Measure, renders: Renders, frozen_clock
) -> None:
    making.make_waiting()
    _fill(world, measure, 12)
    for nr, role in enumerate(["burgemeester", "loco", "kabinet", "piket", "adviseur_oov"] * 5):
        name = f"Mr. dr. A{nr}. van der Westerlaken-Oudenhoven tot Hoogezand"
        one = Person.objects.create(name=name, email=f"p{nr}@voorbeeldstad.example")
        Membership.objects.create(
            person=one, role=role, municipality_id=world.a.municipality_id, starts_on=TODAY
        )
        Leave.objects.create(
            person=one,
            deputy=world.loco_a,
            starts_on=TODAY,
            ends_on=date(2026, 10, 30),
            announced_by=one,
        )
    row = making.ask(
        by=world.kabinet_a,
        document=office.DAY,
        subject_id=world.a.municipality_id,
        scope=world.a,
        audience="kabinet",
        period=TODAY,
    )
    making.make_waiting()
    row.refresh_from_db()
    assert (row.state, row.pages) == ("ready", 1)


def test_the_copies_of_one_morning(world: World, measure: Measure, renders: Renders, frozen_clock) -> None:
    making.make_waiting()
    rows = of_a(tick(frozen_clock, TUESDAY), world.a)
    texts = {row.reader_id: _text(data(row)) for row in rows}
    assert "exemplaar van M. van Dijk, burgemeester" in texts[world.burgemeester_a.pk]
    assert "exemplaar van J. Peters, loco-burgemeester" in texts[world.loco_a.pk]
    assert "exemplaar van het kabinet" in texts[None]
    assert all("gemaakt 6 oktober 07:15" in text for text in texts.values())


def test_late_it_says_so_on_paper(world: World, renders: Renders, frozen_clock) -> None:
    making.make_waiting()
    rows = of_a(tick(frozen_clock, "2026-10-06T09:40:00+00:00"), world.a)
    text = _text(data(rows[0]))
    assert "Later gemaakt dan gepland: niet dinsdag 6 oktober 07:15, maar dinsdag 6 oktober 11:40." in text


def test_made_again_without_a_change_it_is_the_same_file(
    world: World, renders: Renders, frozen_clock
) -> None:
    making.make_waiting()
    first = next(row for row in of_a(tick(frozen_clock, TUESDAY), world.a) if row.reader_id is None)
    first.refresh_from_db()
    count = renders.count
    row = making.ask(
        by=world.kabinet_a,
        document=office.DAY,
        subject_id=world.a.municipality_id,
        scope=world.a,
        audience="kabinet",
        period=date(2026, 10, 6),
    )
    making.make_waiting()
    row.refresh_from_db()
    assert (row.file, renders.count) == (first.file, count)
    assert Briefing.objects.filter(file=first.file).count() == 2


def test_on_screen_each_line_leads_to_its_page_and_on_paper_nowhere(world: World, sign_in: Any) -> None:
    measure = start(world.kabinet_a, world.a)
    action = mayors_action(world.kabinet_a, measure, "Sleutels regelen", clock.today())
    address = reverse("tracking:action", args=[action.pk])
    url = reverse("briefings:now", args=["dagbrief", world.a.municipality_id])
    page = sign_in(world.burgemeester_a).get(url).content.decode()
    assert f'href="{address}"' in page
    assert address not in now(world.a, world.burgemeester_a).content.body

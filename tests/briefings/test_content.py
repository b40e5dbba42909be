"""What a briefing says, and what it never says."""

import re
from datetime import date
from html import unescape

import pytest

from measures.tracking import actions
from measures.tracking.briefing_contacts import contacts
from measures.tracking.briefing_sections import MeasureSubject, dates, state
from measures.tracking.briefing_sections import still_open as open_actions
from measures.tracking.models import Measure
from portal import clock
from portal.briefings.registry import Audience
from portal.municipalities.models import PhoneNumber
from portal.people.enums import Role
from portal.people.models import Membership
from tests.briefings.conftest import content
from tests.cast import World, step

KABINET = Audience("kabinet", "Kabinet", frozenset({Role.KABINET}))
MAYOR = Audience("burgemeester", "Burgemeester", frozenset({Role.BURGEMEESTER, Role.LOCO}))


def _text(measure: Measure, audience: str = "kabinet") -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content(measure, audience).body)).split())


def _subject(measure: Measure) -> MeasureSubject:
    return MeasureSubject(Measure.objects.get(pk=measure.pk))


def test_purpose_state_decision_dates_and_contacts_are_there(world: World, full: Measure) -> None:
    text = _text(full)
    assert "Om mee te testen." in text
    assert "Klaar Open Te laat Volgende datum 1 van 5 4 1" in text
    assert "Akkoord met het voorstel. Uitvoering start deze maand." in text
    assert "college, M. van Dijk" in text
    assert "Eigen actie zonder datum" in text
    assert "datum volgt" in text
    assert "Maandag van de campagneweek" in text
    assert "N. Vos" in text
    assert "0800-2000" in text
    assert "112" in text


@pytest.mark.parametrize(
    "inside",
    ["Notitie die binnen blijft", "Omschrijving die binnen", "Vervalreden", "Stap look_back", "Lijst maken"],
)
@pytest.mark.parametrize("audience", ["kabinet", "burgemeester"])
def test_notes_descriptions_and_what_was_dropped_stay_inside(
    full: Measure, inside: str, audience: str
) -> None:
    assert inside not in content(full, audience).html(clock.now())


def test_a_withdrawn_decision_is_gone(world: World, full: Measure) -> None:
    actions.reopen(by=world.kabinet_a, action=step(full, "decide"), reason="Opnieuw besluiten")
    text = _text(full)
    assert "Akkoord met het voorstel" not in text
    assert "Er is nog geen besluit vastgelegd." in text


def test_what_is_late_stands_on_top_in_words_with_its_holder(full: Measure) -> None:
    said = state(MAYOR, _subject(full), clock.now())
    assert said.tone == "late"
    assert said.sentence == "1 actie is te laat: ‘Stap prepare’, bij Kabinet, 5 dagen te laat."
    assert state(KABINET, _subject(full), clock.now()).sentence.endswith("bij u, 5 dagen te laat.")


def test_several_late_actions_are_counted_and_yours_among_them(
    world: World, full: Measure, frozen_clock
) -> None:
    frozen_clock.move_to("2026-10-14T10:00:00+00:00")
    said = state(KABINET, _subject(full), clock.now())
    assert said.sentence.startswith(
        "3 acties zijn te laat. Het langst: ‘Stap prepare’, bij u, 14 dagen te laat."
    )
    assert said.sentence.endswith("2 daarvan liggen bij u.")


def test_a_person_who_fills_the_role_is_you_too(world: World, measure: Measure) -> None:
    actions.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.burgemeester_a)
    actions.pin(by=world.kabinet_a, action=step(measure, "prepare"), to=date(2026, 10, 1))
    for audience, yours in ((MAYOR, True), (KABINET, False)):
        first = open_actions(audience, _subject(measure), clock.now()).rows[0]
        assert (first.title, first.holder, first.is_yours) == ("Stap prepare", "M. van Dijk", yours)
    assert "M. van Dijk, wacht op u" in _text(measure, "burgemeester")
    assert "M. van Dijk, wacht op u" not in _text(measure, "kabinet")


@pytest.mark.parametrize(
    ("moment", "sentence", "tone"),
    [
        ("2026-10-05T10:00:00+00:00", "Alles is op tijd. Eerstvolgend: ‘Stap prepare’", "ok"),
        ("2026-10-31T10:00:00+00:00", "Eerst nodig: ‘Stap prepare’, bij u, overmorgen (ma 2 nov).", "soon"),
        ("2026-11-01T22:59:00+00:00", "Eerst nodig: ‘Stap prepare’, bij u, morgen (ma 2 nov).", "soon"),
        ("2026-11-01T23:00:00+00:00", "Eerst nodig: ‘Stap prepare’, bij u, vandaag (ma 2 nov).", "soon"),
        ("2026-11-02T22:59:00+00:00", "Eerst nodig: ‘Stap prepare’, bij u, vandaag (ma 2 nov).", "soon"),
        ("2026-11-02T23:00:00+00:00", "1 actie is te laat: ‘Stap prepare’, bij u, 1 dag te laat.", "late"),
    ],
)
def test_the_sentence_follows_the_amsterdam_day(
    measure: Measure, frozen_clock, moment: str, sentence: str, tone: str
) -> None:
    frozen_clock.move_to(moment)
    said = state(KABINET, _subject(measure), clock.now())
    assert (said.sentence.replace("\u00a0", " ")[: len(sentence)], said.tone) == (sentence, tone)


def test_a_measure_without_dates_says_which_date_is_wanted(world: World, measure: Measure) -> None:
    actions.move_anchor(measure, "week_monday", None, world.kabinet_a)
    said = state(KABINET, _subject(measure), clock.now())
    assert said.sentence == "Wat nog openstaat heeft geen datum. Vul eerst in: Maandag van de campagneweek."
    assert said.next_due == "niet bekend"
    assert said.changes_at is None


def test_a_stopped_measure_hurries_nobody(world: World, full: Measure) -> None:
    actions.stop(by=world.kabinet_a, measure=full, reason="Het bezoek gaat niet door.")
    subject = _subject(full)
    said = state(KABINET, subject, clock.now())
    assert said.sentence == "De maatregel is gestopt op maandag 5 oktober. Het bezoek gaat niet door."
    assert (said.late, said.next_due, said.changes_at) == (0, "geen", None)
    assert "te laat" not in _text(full).replace("Te laat", "")
    assert all(row.is_anchor for row in dates(KABINET, subject, clock.now()).rows)


def test_a_completed_measure_says_its_result(world: World, measure: Measure) -> None:
    for key in ("prepare", "decide", "store", "brief", "look_back"):
        actions.drop(by=world.kabinet_a, action=step(measure, key), reason="niet nodig")
    said = state(KABINET, _subject(measure), clock.now())
    assert said.sentence == "Alle acties zijn klaar. De maatregel kan worden afgerond."
    actions.complete(by=world.kabinet_a, measure=measure, result="Alle balies weten wat zij doen.")
    said = state(KABINET, _subject(measure), clock.now())
    assert said.sentence == "De maatregel is afgerond op maandag 5 oktober. Alle balies weten wat zij doen."


def test_the_coming_dates_are_six_at_most_and_share_their_rows(world: World, measure: Measure) -> None:
    for nr in range(12):
        actions.add_action(
            by=world.kabinet_a,
            measure=measure,
            title=f"Eigen {nr}",
            description="",
            due_on=date(2026, 10, 8 + nr // 2),
            key=f"date-{nr}",
            holder_role="kabinet",
        )
    rows = dates(KABINET, _subject(measure), clock.now()).rows
    coming = [row for row in rows if not row.is_anchor]
    assert [row.what for row in coming] == [[f"Eigen {nr}", f"Eigen {nr + 1}"] for nr in range(0, 12, 2)]
    assert [row.what[0] for row in rows if row.is_anchor] == ["Startdatum", "Maandag van de campagneweek"]
    assert rows[0].is_anchor
    assert rows[-1].is_anchor


def test_contacts_are_who_fill_a_role_here_today(world: World, measure: Measure) -> None:
    Membership.objects.filter(person=world.oov_a).update(ends_on=date(2026, 10, 4))
    Membership.objects.filter(person=world.piket_a).update(ends_on=date(2026, 10, 6))
    found = contacts(KABINET, _subject(measure), clock.now())
    roles = {row.role: row.names for row in found.people}
    assert roles["Trekker"] == roles["Kabinet"] == ["N. Vos"]
    assert roles["Loco-burgemeester"] == ["J. Peters (wethouder zorg)"]
    assert "Adviseur OOV" not in roles
    assert not {"A. Mulder", "I. Hoekstra", "K. Jansen"} & {
        name for names in roles.values() for name in names
    }
    assert found.changes_at == clock.end_of(date(2026, 10, 6))


def test_a_number_that_was_checked_long_ago_says_so(measure: Measure) -> None:
    PhoneNumber.objects.update(checked_on=date(2026, 7, 7))
    assert "laatst gecontroleerd" not in _text(measure)
    assert contacts(KABINET, _subject(measure), clock.now()).changes_at == clock.end_of(date(2026, 10, 5))
    PhoneNumber.objects.filter(key="veilig_thuis").update(checked_on=date(2026, 7, 6))
    assert _text(measure).count("nummer laatst gecontroleerd op ma 6 jul") == 1


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        # Nothing is near: the words hold until the day before tomorrow of the first action.
        ("2026-10-05T10:00:00+00:00", date(2026, 10, 30)),
        ("2026-10-20T10:00:00+00:00", date(2026, 10, 30)),
        # "overmorgen", "morgen", "vandaag" and "dagen te laat" hold until midnight.
        ("2026-10-31T10:00:00+00:00", date(2026, 10, 31)),
        ("2026-11-02T10:00:00+00:00", date(2026, 11, 2)),
        ("2026-11-20T10:00:00+00:00", date(2026, 11, 20)),
    ],
)
def test_it_holds_until_time_alone_changes_its_words(
    measure: Measure, frozen_clock, moment: str, until: date
) -> None:
    PhoneNumber.objects.update(checked_on=date(2026, 11, 20))
    frozen_clock.move_to(moment)
    before = content(measure)
    assert before.valid_until == clock.end_of(until)
    frozen_clock.move_to(clock.end_of(until).timestamp() - 1)
    assert content(measure).hash == before.hash
    frozen_clock.move_to(clock.end_of(until).timestamp())
    assert content(measure).hash != before.hash


def test_html_that_was_typed_stays_text(world: World, measure: Measure) -> None:
    actions.add_action(
        by=world.kabinet_a,
        measure=measure,
        title="<img src=x onerror=1> & 'a' \"b\"",
        description="",
        due_on=None,
        key="html",
        holder_role="kabinet",
    )
    assert "<img" not in content(measure).html(clock.now())

"""The briefing of a visit: made by itself some office days before, again on a change, and who hears."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as tracking
from portal import clock
from portal.briefings import making
from portal.briefings.models import Briefing
from portal.mail.models import Message
from portal.municipalities.actions import change_number
from portal.municipalities.models import PhoneNumber
from portal.papers.press import actions as press
from tests.briefings.conftest import Renders
from tests.cast import World, start, step
from tests.visits.make import DAY, a_host, a_stop, a_visit, at
from tests.visits.marked import B, Told, made
from visits import actions as act
from visits.models import Visit
from visits.paper_queries import briefing_card
from visits.papers.documents import due

# Thursday 5 November 2026: three office days before is Monday the second.
MONDAY_SIX = "2026-11-02T05:00:00+00:00"
OURS = Briefing.objects.filter(document="visit")


@pytest.fixture
def visit(world: World) -> Visit:
    return a_visit(world)


def _tick(frozen_clock, moment: str) -> None:
    frozen_clock.move_to(moment)
    making.make_waiting()


def test_three_office_days_before_from_six_and_once(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    _tick(frozen_clock, "2026-11-02T04:59:00+00:00")
    assert not OURS.exists()
    for moment in (MONDAY_SIX, "2026-11-02T15:00:00+00:00", "2026-11-04T15:00:00+00:00"):
        _tick(frozen_clock, moment)
    row = OURS.get()
    assert (row.state, row.audience, row.subject_id) == ("ready", "burgemeester", visit.pk)
    assert briefing_card(visit, world.kabinet_a).out == row


@pytest.mark.parametrize(
    ("days", "out"),
    [(0, "2026-11-05T05:00:00+00:00"), (1, "2026-11-04T05:00:00+00:00"), (4, "2026-10-30T05:00:00+00:00")],
)
def test_as_many_office_days_before_as_was_chosen(
    world: World, visit: Visit, frozen_clock, quick: Renders, days: int, out: str
) -> None:
    act.change_visit(by=world.kabinet_a, visit=visit, briefing_days=days)
    frozen_clock.move_to(out)
    frozen_clock.shift(timedelta(minutes=-1))
    making.ask_due()
    assert not OURS.exists()
    frozen_clock.shift(timedelta(minutes=1))
    making.ask_due()
    assert OURS.count() == 1


@pytest.mark.parametrize("state", ["idea", "cancelled", "held", "mistake", "begun"])
def test_not_for_what_has_no_day_or_does_not_lie_ahead(
    world: World, visit: Visit, frozen_clock, quick: Renders, state: str
) -> None:
    by = world.kabinet_a
    if state == "idea":
        act.move(by=by, visit=visit, starts_at=None, ends_at=None)
    elif state in ("cancelled", "mistake"):
        act.cancel(by=by, visit=visit, reason="Ziek", is_mistake=state == "mistake")
    elif state == "held":
        Visit.objects.filter(pk=visit.pk).update(state="held")
    _tick(frozen_clock, "2026-11-05T13:01:00+00:00" if state == "begun" else MONDAY_SIX)
    assert not OURS.exists()


def test_a_day_that_moved_before_it_went_out_counts(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    later = DAY + timedelta(days=7)
    act.move(by=world.kabinet_a, visit=visit, starts_at=at(14, day=later), ends_at=at(16, day=later))
    _tick(frozen_clock, MONDAY_SIX)
    assert not OURS.exists()
    _tick(frozen_clock, "2026-11-09T05:00:00+00:00")
    assert OURS.count() == 1


def test_a_change_makes_it_again_not_within_the_hour_and_says_what_changed(
    world: World, visit: Visit, frozen_clock
) -> None:
    stop = a_stop(visit, title="Ontvangst")
    _tick(frozen_clock, MONDAY_SIX)
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Wij luisteren.")
    stop.title = "Rondleiding"
    stop.save()
    _tick(frozen_clock, "2026-11-02T05:59:00+00:00")
    assert OURS.count() == 1
    _tick(frozen_clock, "2026-11-02T06:00:00+00:00")
    first, second = OURS.order_by("asked_at")
    assert first.content_hash != second.content_hash
    with default_storage.open(second.file) as file:
        pages = " ".join(Told.of(file.read()).pages.split())
    assert "Gewijzigd sinds ma 2 nov 06:00" in pages
    assert "‘Ontvangst’ heet nu ‘Rondleiding’" in pages
    assert "nieuw: ‘Wij luisteren.’" in pages
    for moment in ("2026-11-02T07:30:00+00:00", "2026-11-03T07:30:00+00:00"):
        _tick(frozen_clock, moment)
    assert OURS.count() == 2, "nothing happened since"


def test_what_does_not_change_a_word_makes_no_new_file_and_no_mail(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    act.change_visit(by=world.kabinet_a, visit=visit, with_driehoek=True)
    _tick(frozen_clock, "2026-11-02T08:00:00+00:00")
    first, second = OURS.order_by("asked_at")
    assert second.file == first.file
    assert sum("<title>Briefing werkbezoek" in html for html in quick.seen) == 1
    assert Message.objects.filter(subject__contains="werkbezoek is gewijzigd").count() == 0


@pytest.mark.parametrize("what", ["host", "companion", "number", "questions", "figures"])
def test_whatever_stands_on_it_makes_it_again(
    world: World, visit: Visit, frozen_clock, quick: Renders, what: str
) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    by = world.kabinet_a
    if what == "host":
        act.change_host(by=by, host=visit.host, profile="Helpt kinderen en ouders.")
    elif what == "companion":
        act.add_companion(by=by, visit=visit, function="adviseur", name="S. de Wit")
    elif what == "questions":
        act.change_visit(by=by, visit=visit, questions_to_ask="Wat knelt?")
    elif what == "figures":
        row = {"value": "8", "about": "weken wachten", "source": "Jaarverslag", "as_of": date(2026, 8, 1)}
        act.write_figures(by=by, visit=visit, figures=[row])
    else:
        number = PhoneNumber.objects.get(key="veilig_thuis")
        change_number(
            by=world.landelijk,
            row=number,
            number="0800-2001",
            hours=number.hours,
            source=number.source,
            checked_on=clock.today(),
        )
    _tick(frozen_clock, "2026-11-02T06:30:00+00:00")
    hashes = list(OURS.order_by("asked_at").values_list("content_hash", flat=True))
    assert len(set(hashes)) == 2, what


def test_another_day_alone_is_said_on_paper_and_on_the_card(world: World, visit: Visit, frozen_clock) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    friday = DAY + timedelta(days=1)
    act.move(by=world.kabinet_a, visit=visit, starts_at=at(14, day=friday), ends_at=at(16, day=friday))
    card = briefing_card(Visit.objects.get(pk=visit.pk), world.kabinet_a)
    assert card.is_stale
    assert [one.section for one in card.changed] == ["Bezoek"]
    _tick(frozen_clock, "2026-11-03T05:00:00+00:00")
    with default_storage.open(OURS.order_by("asked_at")[1].file) as file:
        pages = " ".join(Told.of(file.read()).pages.split())
    assert "tekst van ‘Wanneer’ ging van" in pages


def test_where_no_line_is_other_the_paper_says_what_sort_of_change_it_is(
    world: World, visit: Visit, frozen_clock
) -> None:
    act.change_visit(by=world.kabinet_a, visit=visit, questions_to_ask="Een?\nTwee?")
    _tick(frozen_clock, MONDAY_SIX)
    act.change_visit(by=world.kabinet_a, visit=visit, questions_to_ask="Twee?\nEen?")
    _tick(frozen_clock, "2026-11-02T06:30:00+00:00")
    with default_storage.open(OURS.order_by("asked_at")[1].file) as file:
        pages = " ".join(Told.of(file.read()).pages.split())
    assert "Gewijzigd sinds ma 2 nov 06:00" in pages
    assert "Alleen de volgorde of de geldigheid is anders." in pages


def test_an_embargo_makes_it_again(world: World, visit: Visit, frozen_clock, quick: Renders) -> None:
    text = press.plan(
        by=world.kabinet_a,
        shelf="measure",
        subject=visit.measure,
        sort="release",
        key="k",
        title="Over het bezoek",
    )
    _tick(frozen_clock, MONDAY_SIX)
    press.write(
        by=world.kabinet_a,
        row=text,
        sort="release",
        title="Over het bezoek",
        text="Tekst",
        medium="",
        embargo_until=at(8, day=DAY + timedelta(days=1)),
    )
    _tick(frozen_clock, "2026-11-02T06:30:00+00:00")
    assert OURS.values("content_hash").distinct().count() == 2


def test_what_changes_shortly_before_the_beginning_still_comes_out(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Eerst.")
    _tick(frozen_clock, "2026-11-05T12:15:00+00:00")
    frozen_clock.move_to("2026-11-05T12:40:00+00:00")
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Twintig minuten ervoor.")
    _tick(frozen_clock, "2026-11-05T12:40:30+00:00")
    assert OURS.count() == 3
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="En nog eens.")
    _tick(frozen_clock, "2026-11-05T12:50:00+00:00")
    assert OURS.count() == 3, "not with every letter"
    _tick(frozen_clock, "2026-11-05T12:50:30+00:00")
    assert OURS.count() == 4
    assert "En nog eens." in quick.seen[-1]


def test_a_write_that_came_in_late_is_not_forgotten(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    # Its moment lies before the briefing was asked for, its words came in after that.
    frozen_clock.move_to("2026-11-02T04:59:50+00:00")
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Net te laat.")
    _tick(frozen_clock, "2026-11-02T06:00:00+00:00")
    assert "Net te laat." in quick.seen[-1]
    for hour in (7, 8, 9):
        _tick(frozen_clock, f"2026-11-02T{hour:02}:30:00+00:00")
    assert OURS.count() == 2


def test_it_says_what_changed_since_the_one_its_readers_heard_of(
    world: World, visit: Visit, frozen_clock
) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Eerste wijziging.")
    made(world.kabinet_a, visit, B)
    act.change_visit(by=world.kabinet_a, visit=visit, sensitive="Tweede wijziging.")
    _tick(frozen_clock, "2026-11-02T06:30:00+00:00")
    with default_storage.open(OURS.filter(due_key__isnull=False).order_by("asked_at")[1].file) as file:
        pages = " ".join(Told.of(file.read()).pages.split())
    assert "nieuw: ‘Eerste wijziging.’" in pages
    assert "nieuw: ‘Tweede wijziging.’" in pages


def test_on_the_day_itself_before_the_office_opens_it_comes_the_day_before(
    world: World, frozen_clock, quick: Renders
) -> None:
    visit = a_visit(world, starts_at=at(5), ends_at=at(7))
    act.change_visit(by=world.kabinet_a, visit=visit, briefing_days=0)
    assert act.preview(visit, at(5)).briefing_on == date(2026, 11, 4)
    _tick(frozen_clock, "2026-11-04T05:00:00+00:00")
    assert OURS.count() == 1


def test_not_any_more_when_the_visit_has_begun(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Nieuw.")
    _tick(frozen_clock, "2026-11-05T13:00:00+00:00")
    assert OURS.count() == 1


def test_back_to_what_it_said_before_is_a_change_too(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    for hour, words in ((5, ""), (7, "Ander woord."), (9, "")):
        act.change_visit(by=world.kabinet_a, visit=visit, press_line=words)
        _tick(frozen_clock, f"2026-11-02T{hour:02}:00:00+00:00")
    first, _second, third = OURS.order_by("asked_at")
    assert third.content_hash == first.content_hash
    assert third.file != first.file
    assert Message.objects.filter(subject="De briefing voor een werkbezoek is gewijzigd").count() == 6


def _mailed(subject: str) -> list[str]:
    return sorted(Message.objects.filter(subject=subject).values_list("person__name", flat=True))


def test_burgemeester_loco_kabinet_and_lead_hear_by_a_link_and_nobody_else(
    world: World, frozen_clock, quick: Renders
) -> None:
    visit = a_visit(world, lead=world.communicatie_a, question="Geheime vraag")
    _tick(frozen_clock, MONDAY_SIX)
    ready = "De briefing voor een werkbezoek staat klaar"
    assert _mailed(ready) == ["J. Peters", "L. Bakker", "M. van Dijk", "N. Vos"]
    row = OURS.get()
    for message in Message.objects.filter(subject=ready):
        assert reverse("briefings:briefing", args=[row.pk]) in message.text
        for words in (message.text, message.html):
            assert "Geheime vraag" not in words
            assert visit.host.name not in words
            assert "Bakker" not in words


def test_a_pdf_made_by_hand_tells_nobody_and_the_next_due_one_does(
    world: World, visit: Visit, frozen_clock, quick: Renders, sign_in
) -> None:
    _tick(frozen_clock, MONDAY_SIX)
    act.change_visit(by=world.kabinet_a, visit=visit, press_line="Nieuw.")
    sign_in(world.kabinet_a).post(reverse("visits:make_briefing", args=[visit.pk]), {"key": "x"})
    making.make_waiting()
    by_hand = OURS.get(due_key=None)
    assert by_hand.is_ready
    again = "De briefing voor een werkbezoek is gewijzigd"
    assert _mailed(again) == []
    _tick(frozen_clock, "2026-11-02T06:00:00+00:00")
    assert OURS.order_by("asked_at").last().file == by_hand.file
    assert _mailed(again) == ["J. Peters", "M. van Dijk", "N. Vos"]


def test_it_is_the_evidence_of_its_step_and_the_briefing_of_the_measure_is_not_made(
    world: World, visit: Visit, frozen_clock, quick: Renders
) -> None:
    action = step(visit.measure, "briefing_nalezen")
    assert action.due_on == date(2026, 11, 2)
    _tick(frozen_clock, MONDAY_SIX)
    assert not Briefing.objects.filter(document="measure").exists()
    row = OURS.get()
    assert list(action.measure_briefings()) == [row]
    tracking.finish(by=world.kabinet_a, action=action, evidence={"briefing": row})
    assert action.evidence.get().briefing == row


def test_a_measure_without_a_visit_keeps_its_own(world: World, frozen_clock, quick: Renders) -> None:
    measure = start(world.kabinet_a, world.a, "visits")
    action = step(measure, "briefing_nalezen")
    tracking.pin(by=world.kabinet_a, action=action, to=clock.today())
    _tick(frozen_clock, "2026-10-05T11:00:00+00:00")
    assert Briefing.objects.filter(document="measure", subject_id=measure.pk).count() == 1


def test_many_visits_cost_a_tick_as_many_queries_as_few(world: World, frozen_clock, quick: Renders) -> None:
    host = a_host(world)
    for _ in range(3):
        a_visit(world, host=host)
    elsewhere = a_visit(world, host=None)
    _tick(frozen_clock, MONDAY_SIX)
    frozen_clock.move_to("2026-11-02T08:00:00+00:00")
    with CaptureQueriesContext(connection) as few:
        assert list(due(clock.now())) == []
    for _ in range(5):
        a_visit(world, host=host)
    Visit.objects.filter(pk=elsewhere.pk).update(municipality=world.b.municipality_id)
    _tick(frozen_clock, "2026-11-02T08:22:00+00:00")
    frozen_clock.move_to("2026-11-02T10:00:00+00:00")
    with CaptureQueriesContext(connection) as many:
        assert list(due(clock.now())) == []
    assert len(many) == len(few) <= 9


def test_a_visit_planned_at_short_notice_waits_until_nobody_fills_it_in(
    world: World, frozen_clock, quick: Renders
) -> None:
    frozen_clock.move_to("2026-11-04T09:00:00+00:00")
    visit = a_visit(world)
    _tick(frozen_clock, "2026-11-04T09:19:00+00:00")
    assert not OURS.exists()
    act.change_visit(by=world.kabinet_a, visit=visit, question="Waar wachten kinderen?")
    _tick(frozen_clock, "2026-11-04T09:38:00+00:00")
    assert not OURS.exists()
    _tick(frozen_clock, "2026-11-04T09:39:00+00:00")
    assert OURS.count() == 1


def test_a_visit_that_begins_within_the_hour_does_not_wait(
    world: World, frozen_clock, quick: Renders
) -> None:
    frozen_clock.move_to("2026-11-05T12:05:00+00:00")
    a_visit(world)
    _tick(frozen_clock, "2026-11-05T12:06:00+00:00")
    assert OURS.count() == 1

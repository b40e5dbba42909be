"""The life of a text for the press: approval step by step, release, embargo, and what the database keeps."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from measures.tracking import papers
from measures.tracking.actions import stop
from measures.tracking.models import Measure
from portal import clock
from portal.deadlines.models import Reminder
from portal.deadlines.sweep import sweep
from portal.mail.models import Message
from portal.papers.press import actions as act
from portal.papers.press.enums import AsWhat, Decision, PressState
from portal.papers.press.models import Approval, PressText
from portal.papers.press.workflow import MOVES, IllegalMove, check_move
from tests.cast import World, start

ALL = [
    (AsWhat.SPOKESPERSON, ""),
    (AsWhat.HOST, "Veilig Thuis"),
    (AsWhat.QUOTED, "Veilig Thuis"),
    (AsWhat.MAYOR, ""),
]
FRIDAY = date(2026, 10, 9)


@pytest.fixture
def visit(world: World) -> Measure:
    return start(world.kabinet_a, world.a, "visits")


def planned(
    world: World, measure: Measure, text: str = "De burgemeester gaat op bezoek.", **more: Any
) -> PressText:
    fields = {"sort": "column", "title": "Op bezoek", "text": text, "key": uuid4().hex} | more
    return act.plan(by=world.communicatie_a, shelf=papers.MEASURE, subject=measure, **fields)


def asked(world: World, row: PressText, steps: Any = ALL) -> PressText:
    act.ask_approval(by=world.communicatie_a, row=row, steps=steps, answer_by=FRIDAY)
    return row


def answer(row: PressText, by: Any, decision: Decision = Decision.APPROVED, **more: Any) -> PressText:
    step = next(one for one in row.current_steps() if one.is_open)
    return act.decide(by=by, step=step, decision=decision, **more)


def released(world: World, measure: Measure, **more: Any) -> PressText:
    row = asked(world, planned(world, measure, **more), [(AsWhat.MAYOR, "")])
    row = answer(row, world.burgemeester_a)
    act.release(by=world.communicatie_a, row=row)
    return row


@pytest.mark.parametrize(("old", "new"), list(product(PressState, PressState)))
def test_only_the_moves_of_the_table_are_allowed(old: PressState, new: PressState) -> None:
    if new in MOVES[old]:
        check_move(old, new)
    else:
        with pytest.raises(IllegalMove):
            check_move(old, new)


def test_a_plan_without_words_is_written_later(world: World, visit: Measure) -> None:
    row = planned(world, visit, text="")
    assert row.state == PressState.PLANNED
    with pytest.raises(act.NoWords):
        asked(world, row)
    words = {"sort": "column", "title": "Op bezoek", "medium": "Het krantje", "embargo_until": None}
    act.write(by=world.kabinet_a, row=row, text="Nu wel.", **words)
    assert row.state == PressState.DRAFT
    act.write(by=world.kabinet_a, row=row, text=" ", **words)
    assert row.state == PressState.PLANNED


def test_the_steps_ask_one_after_the_other_and_the_last_makes_it_approved(
    world: World, visit: Measure
) -> None:
    row = asked(world, planned(world, visit))
    steps = row.current_steps()
    with pytest.raises(act.ChangedMeanwhile):
        act.decide(by=world.burgemeester_a, step=steps[3], decision=Decision.APPROVED)
    for nr, by in enumerate((world.communicatie_a, world.communicatie_a, world.kabinet_a)):
        row = answer(row, by)
        assert row.state == PressState.IN_APPROVAL, nr
    row = answer(row, world.burgemeester_a, remark="Mooi zo.")
    assert row.state == PressState.APPROVED
    last = row.current_steps()[-1]
    assert (last.decided_by, last.decided_at, last.remark) == (world.burgemeester_a, clock.now(), "Mooi zo.")
    with pytest.raises(act.ChangedMeanwhile):
        act.decide(by=world.burgemeester_a, step=last, decision=Decision.OBJECTED)


def test_an_objection_makes_it_a_draft_and_every_approval_is_asked_again(
    world: World, visit: Measure
) -> None:
    row = asked(world, planned(world, visit))
    row = answer(row, world.communicatie_a)
    row = answer(row, world.kabinet_a, Decision.OBJECTED, remark="De plaats is te herkennen.")
    assert row.state == PressState.DRAFT
    asked(world, row)
    assert row.round == 2
    assert all(one.is_open for one in row.current_steps())
    assert Approval.objects.filter(press_text=row, round=1).exclude(decision="").count() == 2


def test_words_do_not_change_while_approval_is_asked_or_given(world: World, visit: Measure) -> None:
    row = asked(world, planned(world, visit), [(AsWhat.MAYOR, "")])
    words = {"sort": "column", "title": "Anders", "text": "Anders.", "medium": "", "embargo_until": None}
    with pytest.raises(IllegalMove):
        act.write(by=world.kabinet_a, row=row, **words)
    row = answer(row, world.burgemeester_a)
    with pytest.raises(IllegalMove):
        act.write(by=world.kabinet_a, row=row, **words)
    act.take_back(by=world.kabinet_a, row=row, reason="Een datum klopt niet.")
    act.write(by=world.kabinet_a, row=row, **words)
    assert row.state == PressState.DRAFT
    with pytest.raises(IllegalMove):
        act.release(by=world.communicatie_a, row=row)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Andere woorden."},
        {"title": "Andere kop"},
        {"embargo_until": datetime(2030, 1, 1, tzinfo=UTC)},
        {"released_at": None},
    ],
)
def test_the_database_keeps_the_words_from_the_release_on(
    world: World, visit: Measure, change: dict[str, Any]
) -> None:
    row = released(world, visit)
    with pytest.raises(DatabaseError), transaction.atomic():
        PressText.objects.filter(pk=row.pk).update(**change)
    act.withdraw(by=world.kabinet_a, row=row, reason="Toch niet.")
    with pytest.raises(DatabaseError), transaction.atomic():
        PressText.objects.filter(pk=row.pk).update(**change)


def test_it_is_not_placed_while_its_embargo_holds(world: World, visit: Measure) -> None:
    row = released(world, visit, embargo_until=clock.now() + timedelta(hours=6))
    with pytest.raises(act.UnderEmbargo):
        act.place(by=world.communicatie_a, row=row, on=clock.today(), where="Krant")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        with pytest.raises(act.UnderEmbargo):
            act.place(by=world.communicatie_a, row=row, on=clock.today() - timedelta(days=2), where="Krant")
        act.place(by=world.communicatie_a, row=row, on=clock.today() - timedelta(days=1), where="Krant")
    assert row.state == PressState.PLACED
    with pytest.raises(IllegalMove):
        act.withdraw(by=world.kabinet_a, row=row, reason="te laat")


def test_a_measure_that_is_stopped_takes_its_open_texts_along_and_nobody_hears_of_them(
    world: World, visit: Measure
) -> None:
    gone = released(world, visit)
    waits = asked(world, planned(world, visit), [(AsWhat.MAYOR, "")])
    stop(by=world.kabinet_a, measure=visit, reason="Het bezoek gaat niet door.")
    waits.refresh_from_db()
    gone.refresh_from_db()
    assert (waits.state, waits.withdraw_reason) == (PressState.WITHDRAWN, "Het bezoek gaat niet door.")
    assert gone.state == PressState.RELEASED
    assert not Reminder.objects.filter(source="press", state="planned").exists()


def test_two_at_once_the_second_is_told(world: World, visit: Measure) -> None:
    row = planned(world, visit)
    other = PressText.objects.get(pk=row.pk)
    asked(world, row)
    with pytest.raises(act.ChangedMeanwhile):
        act.withdraw(by=world.kabinet_a, row=other, reason="niet nodig")
    row.refresh_from_db()
    with pytest.raises(act.ChangedMeanwhile):
        answer(row, world.communicatie_a, version=row.version - 1)
    assert row.current_steps()[0].is_open


def test_the_same_key_plans_once(world: World, visit: Measure) -> None:
    first, second = (planned(world, visit, key="een") for _ in range(2))
    assert first.pk == second.pk
    assert PressText.objects.count() == 1


def test_whoever_must_answer_hears_it_and_nobody_afterwards(world: World, visit: Measure) -> None:
    row = asked(
        world, planned(world, visit, title="Geheime kop"), [(AsWhat.SPOKESPERSON, ""), (AsWhat.MAYOR, "")]
    )
    first, second = row.current_steps()
    assert set(Reminder.objects.filter(source="press").values_list("object_id", "holder_role")) == {
        (first.pk, "communicatie")
    }
    row = answer(row, world.communicatie_a)
    waiting = Reminder.objects.filter(source="press", state="planned")
    assert set(waiting.values_list("object_id", "holder_role")) == {(second.pk, "burgemeester")}
    with time_machine.travel("2026-10-06T05:20:00+00:00", tick=False):
        sweep()
        told = Message.objects.filter(person=world.burgemeester_a)
        words = " ".join(f"{one.subject} {one.text} {one.html}" for one in told)
    assert "Akkoord geven op een perstekst" in words
    assert reverse("press:decide", args=[second.pk]) in words
    assert "Geheime kop" not in words
    answer(row, world.burgemeester_a)
    assert not waiting.exists()

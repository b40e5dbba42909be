"""The index follows every change, whoever reads and writes at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from measures.tracking import actions as act
from measures.tracking.actions.measures import OpenActionsLeft
from measures.tracking.models import Action, Measure
from portal import clock
from portal.search import filling
from portal.search.matching import matching
from portal.search.models import Entry, Round, Turn, Waiting
from portal.search.registry import in_scope
from portal.search.words import short, stem
from tests.cast import World
from tests.search.found import own_action, titles

SignIn = Callable[..., Client]


def test_nothing_of_an_undone_change_waits(world: World, measure: Measure) -> None:
    filling.fill()
    assert not Waiting.objects.exists()
    with pytest.raises(OpenActionsLeft):
        act.complete(by=world.kabinet_a, measure=measure, result="te vroeg")
    assert not Waiting.objects.exists()


def test_the_round_fills_what_was_there_before_and_mends_what_was_missed(
    world: World, measure: Measure
) -> None:
    filling.fill()
    lost, wrong = measure.actions.order_by("id")[:2]
    Entry.objects.filter(object_id=lost.pk).delete()
    Entry.objects.filter(object_id=wrong.pk).update(words="heel iets anders")
    Round.objects.update(ended_at=clock.now() - filling.ROUND_AGAIN_AFTER)
    filling.fill()
    filling.fill()
    assert set(titles(world.kabinet_a, "stap")) == {row.title for row in measure.actions.all()}
    Waiting.objects.all().delete()
    Entry.objects.all().delete()
    assert titles(world.kabinet_a, "stap") == []
    Round.objects.all().delete()
    filling.fill()
    filling.fill()
    assert set(titles(world.kabinet_a, "stap")) == {row.title for row in measure.actions.all()}


def test_what_changes_while_it_is_read_is_read_again(
    world: World, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading and the writing of the worker somebody changes the row."""
    action = own_action(world.kabinet_a, measure, "Zonnebloem")
    reading = filling._read

    def read_and_change(sort: Any, ids: Any) -> Any:
        found = reading(sort, ids)
        if sort.key == "action" and not changed:
            changed.append(True)
            act.hand_over(by=world.kabinet_a, action=action, to_person=world.communicatie_a)
        return found

    changed: list[bool] = []
    monkeypatch.setattr(filling, "_read", read_and_change)
    filling._fill_waiting()
    assert Waiting.objects.filter(object_id=action.pk).count() == 1
    filling._fill_waiting()
    assert titles(world.communicatie_a, "zonnebloem") == ["Zonnebloem"]
    assert not Waiting.objects.exists()


def test_a_slower_worker_writes_nothing_older_over_a_newer_text(
    world: World, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = own_action(world.kabinet_a, measure, "Zonnebloem")
    reading = filling._read

    def read_and_be_overtaken(sort: Any, ids: Any) -> Any:
        found = reading(sort, ids)
        if sort.key == "action" and not overtaken:
            overtaken.append(True)
            Action.objects.filter(pk=action.pk).update(title="Klaproos")
            while filling._fill_waiting():
                pass
        return found

    overtaken: list[bool] = []
    monkeypatch.setattr(filling, "_read", read_and_be_overtaken)
    filling._fill_waiting()
    assert titles(world.kabinet_a, "klaproos") == ["Klaproos"]
    assert stem("klaproos") in Entry.objects.get(object_id=action.pk).title_words


def test_a_row_that_breaks_the_reading_holds_up_no_other(
    world: World, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling.fill()
    reading = filling._read

    def break_on_it(sort: Any, ids: Any) -> Any:
        if broken in ids:
            raise MemoryError
        return reading(sort, ids)

    monkeypatch.setattr(filling, "_read", break_on_it)
    broken = own_action(world.kabinet_a, measure, "Breekt").pk
    own_action(world.kabinet_a, measure, "Zonnebloem")
    for _ in range(filling.MOST_ATTEMPTS):
        with pytest.raises(MemoryError):
            filling.fill()
    assert titles(world.kabinet_a, "zonnebloem") == ["Zonnebloem"]
    filling.fill()
    assert not Waiting.objects.exists()


def test_one_worker_fills_at_a_time_and_a_killed_one_gives_its_turn_back(
    world: World, measure: Measure
) -> None:
    filling.fill()
    own_action(world.kabinet_a, measure, "Zonnebloem")
    Turn.objects.update(lease_until=clock.now() + filling.LEASE)
    assert filling.fill() == 0
    assert titles(world.kabinet_a, "zonnebloem") == []
    Turn.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    filling.fill()
    assert titles(world.kabinet_a, "zonnebloem") == ["Zonnebloem"]
    assert Turn.objects.get().lease_until is None


def test_the_index_says_the_same_as_the_rows_after_many_changes(world: World, measure: Measure) -> None:
    """Every match of the full-text index is an entry, and every entry is matched by its own words."""
    for nr in range(30):
        own_action(world.kabinet_a, measure, f"Bloem nummer{nr}x")
    filling.fill()
    for action in Action.objects.filter(title__startswith="Bloem").order_by("id")[:10]:
        act.hand_over(by=world.kabinet_a, action=action, to_person=world.piket_a)
    filling.fill()
    for nr in range(30):
        assert titles(world.kabinet_a, f"nummer{nr}x") == [f"Bloem nummer{nr}x"]
    for entry in Entry.objects.all():
        mark = in_scope(world.a)
        word = next(one for one in entry.words.split() if one.startswith(short(mark)))[8:]
        found = matching([mark], [(word, "")], in_title=False, below=None, limit=1000)
        assert entry.pk in [one.id for one in found]

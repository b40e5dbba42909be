"""One-time keys: the second post leads to what the first made, and nobody else's key gets in the way."""

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Action, Measure, Note
from portal.municipalities.models import Scope
from portal.people.models import Person
from tests.cast import World, newest, step
from tests.toys import template, toy

MISSING = "Er ontbrak iets aan dit formulier"


def began(by: Person, scope: Scope, kind: str = "open_door") -> Measure:
    return act.start_measure(by=by, version=newest(kind), scope=scope, anchors={}, key="same")


def added(by: Person, measure: Measure) -> Action:
    return act.add_action(
        by=by, measure=measure, title="Bel", description="", due_on=None, key="same", holder_person=by
    )


def noted(by: Person, action: Action) -> Note:
    return act.write_note(by=by, action=action, text="Gebeld", key="same")


@pytest.fixture
def blind_once(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the first look for a row find nothing, as it does when two posts come at the same moment."""

    def blind(model: type[Any]) -> None:
        seen, real = [], QuerySet.get

        def get(rows: "QuerySet[Any]", *args: Any, **kwargs: Any) -> Any:
            if rows.model is model and not seen:
                seen.append(rows)
                raise model.DoesNotExist
            return real(rows, *args, **kwargs)

        monkeypatch.setattr(QuerySet, "get", get)

    return blind


def test_two_starts_at_the_same_moment_are_one_measure(world: World, blind_once: Any) -> None:
    first = began(world.kabinet_a, world.a)
    blind_once(Measure)
    assert began(world.kabinet_a, world.a) == first
    assert Action.objects.filter(measure=first).count() == newest("open_door").steps.count()


def test_two_notes_at_the_same_moment_are_one_note(world: World, blind_once: Any) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    first = noted(world.kabinet_a, action)
    blind_once(Note)
    assert noted(world.kabinet_a, action) == first


def test_an_action_added_twice_is_one_action_also_when_the_measure_ended_in_between(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    first = added(world.kabinet_a, measure)
    act.stop(by=world.kabinet_a, measure=measure, reason="Klaar voor de test")
    assert added(world.kabinet_a, measure) == first


def test_the_same_key_on_another_parent_makes_its_own(world: World) -> None:
    one, other = toy(world.kabinet_a, world.a), toy(world.kabinet_a, world.a)
    assert added(world.kabinet_a, one) != added(world.kabinet_a, other)
    assert noted(world.kabinet_a, step(one, "prepare")) != noted(world.kabinet_a, step(other, "prepare"))
    assert began(world.burgemeester_a, world.a) != began(world.burgemeester_a, world.d)
    assert began(world.burgemeester_a, world.a) != began(world.burgemeester_a, world.a, "visits")


def test_somebody_elses_key_is_not_ours(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "prepare")
    assert added(world.kabinet_a, measure) != added(world.burgemeester_a, measure)
    assert noted(world.kabinet_a, action) != noted(world.burgemeester_a, action)
    assert began(world.kabinet_a, world.a) != began(world.burgemeester_a, world.a)


@pytest.mark.parametrize("key", ["", "x" * 65])
@pytest.mark.parametrize("form", ["start", "add", "note"])
def test_without_a_key_the_form_comes_back_filled_with_a_fresh_one(
    world: World, sign_in: Any, form: str, key: str
) -> None:
    measure = toy(world.kabinet_a, world.a)
    url, typed = {
        "start": (
            reverse("tracking:start", args=[template().pk]),
            {"title": "Getypt", "scope": str(world.a.municipality_id), "anchor_start": "2026-10-05"},
        ),
        "add": (
            reverse("tracking:add_action", args=[measure.pk]),
            {"title": "Getypt", "holder": f"person:{world.kabinet_a.pk}"},
        ),
        "note": (
            reverse("tracking:note", args=[step(measure, "prepare").pk]),
            {"text": "Getypt"},
        ),
    }[form]
    client = sign_in(world.kabinet_a)
    before = Measure.objects.count(), Action.objects.count(), Note.objects.count()
    answer = client.post(url, {**typed, "key": key})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Getypt" in page
    assert [[str(one) for one in found] for found in answer.context["form"].errors.values()] == [
        [str(answer.context["form"].non_field_errors()[0])]
    ]
    assert MISSING in page
    assert (Measure.objects.count(), Action.objects.count(), Note.objects.count()) == before
    fresh = answer.context["form"]["key"].value()
    assert len(fresh) > 20
    assert client.post(url, {**typed, "key": fresh}).status_code == 302


def test_no_act_takes_an_empty_key(world: World) -> None:
    with pytest.raises(ValueError, match="one-time key"):
        act.write_note(
            by=world.kabinet_a, action=step(toy(world.kabinet_a, world.a), "prepare"), text="x", key=""
        )


def test_different_keys_make_different_things(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    for _ in range(2):
        act.write_note(by=world.kabinet_a, action=action, text="Gebeld", key=uuid4().hex)
    assert action.notes.count() == 2

"""A paper as the evidence with which an action is finished."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from measures.tracking.models import Action, Measure
from portal.papers.models import Paper
from tests.cast import World
from tests.papers import files
from tests.papers.conftest import added, errors, newest

SignIn = Callable[..., Client]


@pytest.fixture
def document_action(action: Action) -> Action:
    Action.objects.filter(pk=action.pk).update(evidence_kind="document")
    action.refresh_from_db()
    return action


def finish(client: Client, action: Action, **typed: Any) -> Any:
    url = reverse("tracking:finish", args=[action.pk])
    form = client.get(url).context["form"]
    return client.post(url, {"version": form["version"].value(), "dated_on": "2026-10-05"} | typed)


def test_a_paper_of_the_action_is_the_evidence_in_the_version_it_had(
    world: World, sign_in: SignIn, document_action: Action
) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, document_action, title="Draaiboek balie")
    chosen = newest(paper)
    assert finish(client, document_action, paper_version=str(chosen.pk)).status_code == 302
    evidence = document_action.evidence.get()
    assert (evidence.paper_version_id, evidence.kept_in) == (chosen.pk, "")
    page = client.get(reverse("tracking:action", args=[document_action.pk])).content.decode()
    assert f'<a href="{reverse("papers:paper", args=[paper.pk])}">Draaiboek balie</a>' in page
    assert "versie 1" in page


def test_without_a_paper_one_says_where_the_document_is(
    world: World, sign_in: SignIn, document_action: Action
) -> None:
    client = sign_in(world.kabinet_a)
    answer = finish(client, document_action)
    assert errors(answer) == [
        "Fout: Schrijf waar het document staat.",
        "Fout: Schrijf het nummer of de titel van het document.",
    ]
    assert finish(client, document_action, kept_in="Zaaksysteem", reference="Z-1").status_code == 302
    assert document_action.evidence.get().kept_in == "Zaaksysteem"


def test_only_checked_papers_of_this_action_and_measure_can_be_chosen(
    world: World, sign_in: SignIn, document_action: Action, measure: Measure
) -> None:
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:finish", args=[document_action.pk])
    assert "paper_version" not in client.get(url).context["form"].fields
    other = Action.objects.filter(measure=measure).exclude(pk=document_action.pk)[0]
    elsewhere = added(client, other, title="Van een andere actie")
    refused = added(client, document_action, files.encrypted(), title="Geweigerd")
    gone = added(client, document_action, title="Weggehaald")
    Paper.objects.filter(pk=gone.pk).update(
        withdrawn_at=gone.added_at, withdrawn_by=world.kabinet_a, withdraw_reason="dubbel"
    )
    here = added(client, document_action, title="Van deze actie")
    whole = added(client, measure, title="Van de maatregel")
    form = client.get(url).context["form"]
    offered = sorted(label for value, label in form["paper_version"].field.choices if value)
    assert offered == ["Van de maatregel (versie 1)", "Van deze actie (versie 1)"]
    answer = finish(client, document_action, paper_version=str(newest(elsewhere).pk))
    assert answer.status_code == 422
    assert newest(refused).state == "refused"
    assert {here.pk, whole.pk} == {row.paper_id for row in form["paper_version"].field.queryset}


def test_a_paper_that_was_taken_away_stays_named_without_an_address(
    world: World, sign_in: SignIn, document_action: Action
) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, document_action, title="Oud draaiboek")
    finish(client, document_action, paper_version=str(newest(paper).pk))
    Paper.objects.filter(pk=paper.pk).update(
        withdrawn_at=paper.added_at, withdrawn_by=world.kabinet_a, withdraw_reason="verkeerd"
    )
    page = client.get(reverse("tracking:action", args=[document_action.pk])).content.decode()
    assert "Oud draaiboek" in page
    assert reverse("papers:paper", args=[paper.pk]) not in page

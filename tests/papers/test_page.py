"""The pages of papers: who sees what, how a file leaves, versions, and taking a paper away."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Action, Measure
from portal.audit.models import ViewRow
from portal.papers import checking
from portal.papers.models import Paper
from portal.papers.shelves import shelf, shelves
from tests.cast import World
from tests.papers import files
from tests.papers.conftest import add_url, added, errors, newest, post

SignIn = Callable[..., Client]


def file_url(paper: Paper) -> str:
    return reverse("papers:file", args=[paper.pk, newest(paper).pk])


def paper_url(paper: Paper) -> str:
    return reverse("papers:paper", args=[paper.pk])


def test_a_file_leaves_as_an_attachment_with_a_neutral_name(
    world: World, sign_in: SignIn, action: Action
) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, action, title="Gesprek met M. de Vries")
    answer = client.get(file_url(paper))
    assert answer["Content-Disposition"] == 'attachment; filename="stuk-2026-10-05-versie-1.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert ViewRow.objects.filter(person=world.kabinet_a, object_id=newest(paper).pk).count() == 1


def test_the_subject_shows_its_papers_and_who_may_add(
    world: World, sign_in: SignIn, action: Action, measure: Measure
) -> None:
    client = sign_in(world.kabinet_a)
    added(client, action, title="Draaiboek actie")
    added(client, measure, title="Voorstel maatregel")
    page = client.get(reverse("tracking:action", args=[action.pk])).content.decode()
    assert "Draaiboek actie" in page
    assert "Voorstel maatregel" not in page
    assert add_url(action) in page
    page = client.get(reverse("tracking:measure", args=[measure.pk])).content.decode()
    assert "Voorstel maatregel" in page
    reader = sign_in(world.piket_a)
    page = reader.get(reverse("tracking:measure", args=[measure.pk])).content.decode()
    assert "Voorstel maatregel" in page
    assert add_url(measure) not in page


def test_outside_it_is_not_found_and_reading_is_not_changing(
    world: World, sign_in: SignIn, measure: Measure
) -> None:
    paper = added(sign_in(world.kabinet_a), measure)
    for person in (world.kabinet_b, world.communicatie_a, world.beheerder_a):
        for url in (paper_url(paper), file_url(paper)):
            assert sign_in(person).get(url).status_code == 404
    reader = sign_in(world.piket_a)
    assert reader.get(file_url(paper)).status_code == 200
    for name in ("add_version", "withdraw"):
        assert reader.get(reverse(f"papers:{name}", args=[paper.pk])).status_code == 403


def test_who_only_holds_the_action_sees_the_own_papers_alone(
    world: World, sign_in: SignIn, action: Action
) -> None:
    theirs = added(sign_in(world.kabinet_a), action)
    act.hand_over(by=world.kabinet_a, action=action, to_role="", to_person=world.communicatie_a)
    holder = sign_in(world.communicatie_a)
    assert holder.get(reverse("tracking:action", args=[action.pk])).status_code == 200
    assert holder.get(paper_url(theirs)).status_code == 404
    assert holder.get(file_url(theirs)).status_code == 404
    own = added(holder, action)
    assert holder.get(file_url(own)).status_code == 200
    assert sign_in(world.kabinet_a).get(file_url(own)).status_code == 200


def test_a_newer_version_stands_first_and_the_older_stays(
    world: World, sign_in: SignIn, action: Action
) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, action)
    old = file_url(paper)
    answer = post(client, reverse("papers:add_version", args=[paper.pk]), files.photo())
    assert answer.url == paper_url(paper)
    page = client.get(paper_url(paper)).content.decode()
    assert "data-poll" in page
    assert old in page
    assert client.get(reverse("papers:status", args=[paper.pk])).json()["done"] is False
    checking.check_waiting()
    assert client.get(reverse("papers:status", args=[paper.pk])).json()["done"] is True
    assert "data-poll" not in client.get(paper_url(paper)).content.decode()
    assert newest(paper).number == 2
    assert client.get(old).status_code == 200
    assert client.get(file_url(paper))["Content-Type"] == "image/jpeg"


def test_a_refused_version_leaves_the_one_before(world: World, sign_in: SignIn, action: Action) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, action)
    first = file_url(paper)
    post(client, reverse("papers:add_version", args=[paper.pk]), files.encrypted())
    checking.check_waiting()
    page = client.get(paper_url(paper)).content.decode()
    assert "Versie 2 is geweigerd." in page
    assert "Versie 1 blijft te openen." in page
    assert first in page


def test_a_version_on_an_old_page_is_a_choice(world: World, sign_in: SignIn, action: Action) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, action)
    url = reverse("papers:add_version", args=[paper.pk])
    post(client, url, files.pdf())
    answer = post(client, url, files.pdf(), version="1")
    assert answer.status_code == 409
    assert "voegde een nieuwe versie van dit stuk toe" in answer.content.decode()
    assert paper.versions.count() == 2


def test_taking_away_needs_a_reason_and_ends_the_download(
    world: World, sign_in: SignIn, action: Action
) -> None:
    client = sign_in(world.kabinet_a)
    paper = added(client, action, title="Verkeerd stuk")
    url = reverse("papers:withdraw", args=[paper.pk])
    assert errors(client.post(url, {"reason": "", "version": "1"}))
    answer = client.post(url, {"reason": "Verkeerde bijlage", "version": "1"})
    assert answer.url == reverse("tracking:action", args=[action.pk]) + "#stukken"
    assert client.get(file_url(paper)).status_code == 404
    assert "Verkeerd stuk" not in client.get(reverse("tracking:action", args=[action.pk])).content.decode()
    page = client.get(paper_url(paper)).content.decode()
    assert "Verkeerde bijlage" in page
    assert "bestand/" not in page
    late = post(client, reverse("papers:add_version", args=[paper.pk]), files.pdf())
    assert late.url == paper_url(paper)
    assert paper.versions.count() == 1


@pytest.mark.parametrize("name", ["action", "measure", "paper"])
def test_three_papers_cost_as_much_as_thirty(
    world: World, sign_in: SignIn, action: Action, measure: Measure, name: str
) -> None:
    client = sign_in(world.kabinet_a)
    subject = measure if name == "measure" else action
    paper = added(client, subject)
    url = paper_url(paper) if name == "paper" else reverse(f"tracking:{name}", args=[subject.pk])

    def more(count: int) -> int:
        for nr in range(count):
            if name == "paper":
                paper.versions.create(
                    number=99 - paper.versions.count(),
                    kind="pdf",
                    size=1,
                    uploaded_by=world.burgemeester_a if nr % 2 else world.kabinet_a,
                )
            else:
                post(client, add_url(subject), files.pdf())
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    few = more(2)
    assert more(27) == few


def test_a_shelf_is_registered_once(world: World) -> None:
    with pytest.raises(ImproperlyConfigured):
        shelves.register(shelf("action"))

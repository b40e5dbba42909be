"""Asking for a pack, waiting for it, and its page: the contents, and what changed since."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from measures.tracking import actions as work
from measures.tracking.models import Action, Measure
from portal.papers.packs.models import Pack
from tests.cast import World, step
from tests.packs.conftest import hang, made, settle
from tests.papers import files


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    made: Client = sign_in(world.kabinet_a)
    return made


def ask_url(measure: Measure) -> str:
    return reverse("tracking:pack", args=[measure.pk])


def sent(form: Any, **more: Any) -> dict[str, Any]:
    names = [name for name in ("items", "papers") if name in form.fields]
    return {"key": form["key"].value(), **{name: form[name].value() for name in names}, **more}


def test_everything_is_ticked_and_what_is_unticked_stays_out(
    client: Client, world: World, measure: Measure
) -> None:
    paper = hang(measure, world.kabinet_a, files.pdf(), "Voorstel")
    form = client.get(ask_url(measure)).context["form"]
    assert len(form["items"].value()) == 6
    assert form["papers"].value() == [f"paper:{paper.pk}"]
    answer = client.post(ask_url(measure), sent(form, items=["measure"], papers=[]))
    row = Pack.objects.get()
    assert answer.url == reverse("papers:pack", args=[row.pk])
    settle()
    assert [one.item for one in row.pieces.all()] == ["measure"]
    again = client.get(ask_url(measure)).context["form"]
    assert again["items"].value() == ["measure"], "the last choice comes back"


def test_nothing_chosen_is_said_and_the_choice_stays(client: Client, measure: Measure) -> None:
    form = client.get(ask_url(measure)).context["form"]
    answer = client.post(ask_url(measure), sent(form, items=[]))
    assert answer.status_code == 422
    assert "Kies minstens één onderdeel" in answer.content.decode()
    assert Pack.objects.count() == 0


def test_what_somebody_else_holds_cannot_be_asked_for(client: Client, measure: Measure) -> None:
    form = client.get(ask_url(measure)).context["form"]
    answer = client.post(ask_url(measure), sent(form, items=["action:elders"]))
    assert answer.status_code == 422


def test_pressing_twice_leads_to_one_pack(client: Client, measure: Measure) -> None:
    post = sent(client.get(ask_url(measure)).context["form"])
    assert client.post(ask_url(measure), post).url == client.post(ask_url(measure), post).url
    assert Pack.objects.count() == 1


def test_the_page_waits_and_then_shows_the_contents_with_links(
    client: Client, world: World, measure: Measure
) -> None:
    hang(step(measure, "decide"), world.kabinet_a, files.pdf(2), "Voorstel")
    client.post(ask_url(measure), sent(client.get(ask_url(measure)).context["form"]))
    row = Pack.objects.get()
    url, stand = reverse("papers:pack", args=[row.pk]), reverse("papers:pack_status", args=[row.pk])
    assert f'data-poll="{stand}"' in client.get(url).content.decode()
    assert client.get(stand).json()["done"] is False
    settle()
    assert client.get(stand).json() == {"state": "ready", "done": True, "text": "De bundel is klaar."}
    page = client.get(url).content.decode()
    row.refresh_from_db()
    lines = client.get(url).context["lines"]
    assert [line.piece.title for line in lines][:1] == ["Stand van de maatregel"]
    for line in lines:
        assert f'#page={line.page}"' in page
    assert reverse("tracking:action", args=[step(measure, "decide").pk]) in page
    assert "niet toegankelijk aangeleverd" in page or "een scan" in page


def test_the_page_says_what_is_new_changed_and_gone(client: Client, world: World, measure: Measure) -> None:
    row = made(world.kabinet_a, measure)
    url = reverse("papers:pack", args=[row.pk])
    assert client.get(url).context["changes"].is_same
    hang(measure, world.kabinet_a, files.pdf(), "Nieuw voorstel")
    work.begin(by=world.kabinet_a, action=step(measure, "prepare"))
    Action.objects.filter(pk=step(measure, "store").pk).update(title="Stap bewaren")
    page = client.get(url).content.decode()
    assert "Sinds deze bundel is er iets gewijzigd" in page
    assert "Nieuw: Nieuw voorstel" in page
    assert "Gewijzigd: Stap prepare" in page
    assert "Gewijzigd: Stap bewaren" in page
    assert "Gewijzigd: Stap decide" not in page


def test_the_measure_offers_it_and_lists_the_readers_own(
    client: Client, world: World, measure: Measure, sign_in: Any
) -> None:
    row = made(world.kabinet_a, measure)
    address = reverse("papers:pack", args=[row.pk])
    page = reverse("tracking:measure", args=[measure.pk])
    assert ask_url(measure) in client.get(page).content.decode()
    assert address in client.get(page).content.decode()
    assert address not in sign_in(world.burgemeester_a).get(page).content.decode()


def test_who_only_holds_an_action_gets_his_part_and_no_address_of_the_measure(
    world: World, measure: Measure, sign_in: Any
) -> None:
    action = step(measure, "store")
    Action.objects.filter(pk=action.pk).update(holder_role="", holder_person=world.receptie_a)
    client = sign_in(world.receptie_a)
    assert str(measure.pk) not in client.get(reverse("tracking:action", args=[action.pk])).content.decode()
    answer = client.get(ask_url(measure))
    assert [key for key, _label in answer.context["form"].fields["items"].choices] == [f"action:{action.pk}"]
    assert "Stap decide" not in answer.content.decode()


def test_the_pages_ask_no_more_with_more(
    client: Client, world: World, measure: Measure, django_assert_max_num_queries: Any
) -> None:
    def count(url: str) -> int:
        with django_assert_max_num_queries(60) as asked:
            client.get(url)
        return len(asked)

    hang(measure, world.kabinet_a, files.pdf(), "Stuk")
    first = made(world.kabinet_a, measure)
    urls = [ask_url(measure), reverse("papers:pack", args=[first.pk])]
    # The first visit of a session asks more.
    few = [(count(url), count(url))[1] for url in urls]
    for nr in range(12):
        work.add_action(
            by=world.kabinet_a, measure=measure, title=f"Eigen {nr}", description="", due_on=None,
            key=f"eigen{nr}", holder_role="kabinet",
        )  # fmt: skip
        hang(measure, world.kabinet_a, files.pdf(), f"Stuk {nr}")
    assert [count(url) for url in urls] == few


def test_a_pack_whose_file_is_gone_says_so(client: Client, world: World, measure: Measure) -> None:
    pack = made(world.kabinet_a, measure)
    page = reverse("papers:pack", args=[pack.pk])
    assert "Open PDF" in client.get(page).content.decode()
    default_storage.delete(pack.file)
    shown = client.get(page).content.decode()
    assert "De PDF van deze bundel is niet meer te vinden." in shown
    assert "Open PDF" not in shown
    assert ask_url(measure) in shown

"""Texts for the press of a visit: the host approves them, and nothing stands anywhere before it is over."""

import pytest
from django.urls import reverse

from portal.papers.press.models import PressText
from tests.cast import World
from tests.visits.make import a_host, a_visit, at

pytestmark = pytest.mark.django_db


def test_an_invitation_is_proposed_under_embargo_until_the_visit_is_over(world: World, sign_in) -> None:
    visit = a_visit(world)
    page = reverse("tracking:add_press_text", args=[visit.measure_id]) + "?soort=invitation"
    form = sign_in(world.communicatie_a).get(page).context["form"]
    assert form["sort"].value() == "invitation"
    assert f"{form['embargo_until'].value():%Y-%m-%d %H:%M}" == "2026-11-05 16:00"


def test_after_the_visit_no_embargo_is_proposed(world: World, sign_in, time_machine) -> None:
    visit = a_visit(world)
    time_machine.move_to(at(17), tick=False)
    page = reverse("tracking:add_press_text", args=[visit.measure_id])
    form = sign_in(world.communicatie_a).get(page).context["form"]
    assert form["embargo_until"].value() in (None, "")


def test_the_host_stands_among_those_who_approve(world: World, sign_in) -> None:
    visit = a_visit(world, host=a_host(world, name="De Haven"))
    client = sign_in(world.communicatie_a)
    typed = {"key": "k" * 20, "sort": "column", "title": "Luisteren", "text": "Deze week was ik op bezoek."}
    answer = client.post(reverse("tracking:add_press_text", args=[visit.measure_id]), typed)
    text = PressText.objects.get()
    assert answer.headers["Location"] == reverse("press:text", args=[text.pk])
    form = client.get(reverse("press:ask", args=[text.pk])).context["form"]
    assert form["host"].value() == "De Haven"


def test_the_way_back_from_a_text_or_a_paper_is_the_page_of_the_visit(world: World, sign_in) -> None:
    visit = a_visit(world)
    page = reverse("visits:visit", args=[visit.pk])
    client = sign_in(world.kabinet_a)
    for name in ("add_press_text", "add_paper_to_measure"):
        assert (
            f'href="{page}'
            in client.get(reverse(f"tracking:{name}", args=[visit.measure_id])).content.decode()
        )

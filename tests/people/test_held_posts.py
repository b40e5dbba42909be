"""A post that comes too late: nothing typed is lost, and nobody else sees it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.people.cast import PASSWORD
from portal.ui.models import HeldPost
from tests.cast import World, step
from tests.toys import template, toy


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page))


@pytest.fixture
def note(world: World):
    action = step(toy(world.kabinet_a, world.a), "prepare")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.kabinet_a)
    url = reverse("tracking:note", args=[action.pk])
    page = client.get(url).content.decode()
    return client, url, {**fields(page), "text": "Een lange zin die niet verloren mag gaan"}


def sign_in_again(client: Client, where: str, email: str):
    page = client.get(where).content.decode()
    token = fields(page)["csrfmiddlewaretoken"]
    return client.post(
        where,
        {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token, "next": fields(page)["next"]},
    )


def test_after_the_session_ended_the_form_comes_back_filled(world: World, note) -> None:
    client, url, data = note
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        answer = client.post(url, data)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
        back = sign_in_again(client, answer.url, world.kabinet_a.email)
        assert back.url.startswith(url)
        page = client.get(back.url).content.decode()
    assert "Een lange zin die niet verloren mag gaan" in page


def test_somebody_else_at_the_same_browser_does_not_see_it(world: World, note) -> None:
    client, url, data = note
    client.logout()
    answer = client.post(url, data)
    back = sign_in_again(client, answer.url, world.burgemeester_a.email)
    page = client.get(back.url).content.decode()
    assert "lange zin" not in page


def test_an_old_token_gives_the_filled_form_back(world: World, note) -> None:
    client, url, data = note
    answer = client.post(url, {**data, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Een lange zin die niet verloren mag gaan" in page


def test_another_site_can_leave_nothing_here(world: World, note) -> None:
    client, url, data = note
    del data["lezer"]
    client.post(url, {**data, "csrfmiddlewaretoken": "x" * 64})
    client.logout()
    client.post(url, data)
    assert not HeldPost.objects.exists()


def test_what_is_held_is_sealed_and_gone_after_half_an_hour(world: World, note) -> None:
    client, url, data = note
    client.logout()
    answer = client.post(url, data)
    row = HeldPost.objects.get()
    assert "lange zin" not in row.sealed
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        back = sign_in_again(client, answer.url, world.kabinet_a.email)
        page = client.get(back.url).content.decode()
    assert "lange zin" not in page


def test_a_session_lasts_twelve_hours_at_most(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    begin = clock.now()
    client.get("/")
    for hour in range(1, 13):
        with time_machine.travel(begin + timedelta(hours=hour, seconds=1), tick=False):
            status = client.get("/").status_code
        assert status == (200 if hour < settings.SESSION_ABSOLUTE_SECONDS // 3600 else 302), hour


def too_late(world: World, url: str, **typed: str) -> Any:
    """Post a form after the session ended, sign in again, and give the form that comes back."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.kabinet_a)
    data = {**fields(client.get(url).content.decode()), **typed}
    client.logout()
    answer = client.post(url, data)
    back = sign_in_again(client, answer.url, world.kabinet_a.email)
    return client.get(back.url)


def test_the_dates_of_a_start_come_back(world: World) -> None:
    typed = {"title": "Getypt", "anchor_start": "2026-10-07", "anchor_week_monday": "2027-02-01"}
    page = too_late(world, reverse("tracking:start", args=[template().pk]), **typed)
    assert {name: page.context["form"][name].value() for name in typed} == typed
    assert 'value="2027-02-01"' in page.content.decode()


def test_a_date_that_was_emptied_comes_back_empty(world: World) -> None:
    page = too_late(world, reverse("tracking:start", args=[template().pk]), anchor_week_monday="")
    assert page.context["form"]["anchor_week_monday"].value() == ""


def test_the_new_date_of_an_anchor_comes_back(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    page = too_late(world, reverse("tracking:anchor", args=[measure.pk, "week_monday"]), to="2026-12-07")
    assert page.context["form"]["to"].value() == "2026-12-07"


def test_a_chosen_holder_comes_back(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    chosen = f"person:{world.oov_a.pk}"
    for url in (
        reverse("tracking:hand_over", args=[step(measure, "prepare").pk]),
        reverse("tracking:add_action", args=[measure.pk]),
    ):
        assert too_late(world, url, holder=chosen).context["form"]["holder"].value() == chosen


def test_a_tick_comes_back_set_or_not(world: World) -> None:
    url = reverse("tracking:stop", args=[toy(world.kabinet_a, world.a).pk])
    ticked = too_late(world, url, reason="Vergissing", is_mistake="on").context["form"]
    assert ticked["is_mistake"].value() is True
    assert too_late(world, url, reason="Klaar").context["form"]["is_mistake"].value() is False


def test_the_version_is_that_of_now(world: World) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    url = reverse("tracking:hand_over", args=[action.pk])
    page = too_late(world, url, version="7")
    assert page.context["form"]["version"].value() == 1


def test_what_is_too_long_to_keep_is_not_called_kept(world: World, note) -> None:
    client, url, data = note
    data = {**data, "text": "x" * 250_000}
    stale = client.post(url, {**data, "csrfmiddlewaretoken": "x" * 64})
    assert stale.status_code == 403
    assert "bewaard" not in stale.content.decode()
    client.logout()
    answer = client.post(url, data)
    page = client.get(answer.url).content.decode()
    assert not HeldPost.objects.exists()
    assert "is bewaard" not in page
    assert "niet bewaren" in page

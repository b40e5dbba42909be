"""The register of host organisations: one of each name, and nothing typed is lost."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.cast import World
from tests.visits.make import a_host
from visits.models import Host

pytestmark = pytest.mark.django_db


def test_a_name_that_stands_there_already_is_said_beside_what_was_typed(world: World, sign_in) -> None:
    a_host(world, name="Huis Noord")
    typed = {"key": uuid4().hex, "kind": "school", "name": "huis noord", "profile": "Vier klassen."}
    answer = sign_in(world.kabinet_a).post(reverse("visits:add_host"), typed)
    assert answer.status_code == 422
    assert "Zoek haar in de lijst" in answer.content.decode()
    assert "Vier klassen." in answer.content.decode()
    assert Host.objects.count() == 1


def test_nor_can_one_be_given_the_name_of_another(world: World, sign_in) -> None:
    a_host(world, name="Huis Noord")
    other = a_host(world, name="Huis Zuid")
    typed = {"version": other.version, "kind": "school", "name": "Huis Noord", "profile": "Vier klassen."}
    answer = sign_in(world.kabinet_a).post(reverse("visits:host", args=[other.pk]), typed)
    assert answer.status_code == 422
    assert "Vier klassen." in answer.content.decode()


def test_an_address_that_is_too_long_is_said(world: World, sign_in) -> None:
    """It would not fit in its column."""
    address = "a" * 245 + "@host.example"
    typed = {"key": uuid4().hex, "kind": "school", "name": "Huis Noord", "contact_email": address}
    answer = sign_in(world.kabinet_a).post(reverse("visits:add_host"), typed)
    assert answer.status_code == 422

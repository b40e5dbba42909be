"""Photos of a visit: what cannot be kept is said at once; what can be kept tells no place."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from portal.papers import checking
from portal.papers.models import PaperVersion
from tests.cast import World
from tests.papers import files
from tests.papers.conftest import errors, post
from tests.visits.make import a_visit

pytestmark = pytest.mark.django_db


def _post(client, visit, data: bytes, name: str):
    page = reverse("tracking:add_paper_to_measure", args=[visit.measure_id])
    return post(client, page, data, name, title="Foto van de ontvangst")


def test_a_heic_is_refused_with_a_sentence_and_the_title_stays(world: World, sign_in) -> None:
    answer = _post(
        sign_in(world.kabinet_a), a_visit(world), b"\x00\x00\x00\x18ftypheic" + bytes(99), "foto.heic"
    )
    assert answer.status_code == 422
    (said,) = errors(answer)
    assert "Bewaar de foto eerst als JPEG" in said
    assert 'value="Foto van de ontvangst"' in answer.content.decode()


def test_a_photo_with_gps_is_kept_without_it(world: World, sign_in) -> None:
    given = files.photo_of_a_place()
    assert Image.open(BytesIO(given)).getexif()
    _post(sign_in(world.kabinet_a), a_visit(world), given, "foto.jpg")
    checking.check_waiting()
    row = PaperVersion.objects.get()
    assert row.state == "ready"
    with default_storage.open(row.file) as kept:
        assert not Image.open(BytesIO(kept.read())).getexif()


def test_an_image_bomb_is_refused_and_says_why(world: World, sign_in) -> None:
    visit, client = a_visit(world), sign_in(world.kabinet_a)
    _post(client, visit, files.pixel_bomb(), "foto.png")
    checking.check_waiting()
    assert (PaperVersion.objects.get().state, PaperVersion.objects.get().file) == ("refused", "")
    assert "geweigerd" in client.get(reverse("visits:visit", args=[visit.pk])).content.decode()

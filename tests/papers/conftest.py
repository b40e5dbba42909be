"""An action and a measure to hang papers on, and uploading as a browser does."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from measures.tracking.models import Action, Measure
from portal.papers import checking
from portal.papers.models import Paper, PaperVersion
from tests.cast import World, step
from tests.papers import files
from tests.toys import toy


@pytest.fixture(autouse=True)
def work_dir(settings: Any, tmp_path: Path) -> Path:
    """A work folder of this test alone, so that what lies there is of this test."""
    folder = tmp_path / "tijdelijk"
    folder.mkdir()
    settings.WORK_DIR, settings.FILE_UPLOAD_TEMP_DIR = folder, str(folder)
    return folder


@pytest.fixture
def measure(world: World) -> Measure:
    return toy(world.kabinet_a, world.a)


@pytest.fixture
def action(measure: Measure) -> Action:
    return step(measure, "prepare")


def post(client: Client, url: str, data: bytes, name: str = "Verslag J. Jansen.pdf", **more: Any) -> Any:
    """Send the form of this address with a file."""
    form = client.get(url).context["form"]
    sent: dict[str, Any] = {"title": "Voorstel", "key": form["key"].value()}
    if form["version"].value():
        sent["version"] = form["version"].value()
    return client.post(url, sent | {"upload": SimpleUploadedFile(name, data)} | more)


def add_url(subject: Action | Measure) -> str:
    sort = "action" if isinstance(subject, Action) else "measure"
    return reverse(f"tracking:add_paper_to_{sort}", args=[subject.pk])


def added(client: Client, subject: Action | Measure, data: bytes | None = None, **more: Any) -> Paper:
    """A paper that was uploaded and checked."""
    answer = post(client, add_url(subject), files.pdf() if data is None else data, **more)
    assert answer.status_code == 302, errors(answer)
    checking.check_waiting()
    return Paper.objects.get(pk=answer.url.split("/")[2])


def newest(paper: Paper) -> PaperVersion:
    return paper.versions.order_by("-number")[0]


def errors(answer: HttpResponse) -> list[str]:
    page = answer.content.decode()
    return [
        re.sub(r"<[^>]+>", "", one).strip()
        for one in re.findall(r'class="field__error[^>]*>(.*?)</div>', page, re.S)
    ]


def stored() -> set[str]:
    """The names of all files of papers there are."""
    if not default_storage.exists("stukken"):
        return set()
    return {f"stukken/{name}" for name in default_storage.listdir("stukken")[1]}

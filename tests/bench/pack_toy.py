"""A subject for measuring packs: 25 items of some pages each, with papers on some of them."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

ITEMS = 25
PAPERS = 8
ROWS = 76
_ROW = (
    "<tr><th scope='row'>Afspraak {nr} van onderdeel {item}</th><td>Het kabinet bereidt het voor en legt "
    "het voor aan het college; uitgave {salt}.</td><td>uiterlijk do 10 dec</td></tr>"
)
_TABLE = (
    "<section class='card'><h2>Afspraken {part}</h2><p>Wat er is afgesproken en wie het doet.</p>"
    "<table class='table'><thead><tr><th scope='col'>Wat</th><th scope='col'>Wie</th>"
    "<th scope='col'>Wanneer</th></tr></thead><tbody>{rows}</tbody></table></section>"
)


def body(item: int, salt: str, rows: int = ROWS) -> str:
    """Some pages of text and tables; other words with another salt."""
    half = rows // 2
    return "".join(
        _TABLE.format(
            part=part,
            rows="".join(
                _ROW.format(nr=nr, item=item, salt=salt) for nr in range(part * half, (part + 1) * half)
            ),
        )
        for part in (0, 1)
    )


def salts() -> list[str]:
    from django.conf import settings

    found: list[str] = json.loads((Path(settings.VAR_DIR) / "salts.json").read_text())
    return found


def write(found: list[str]) -> None:
    from django.conf import settings

    (Path(settings.VAR_DIR) / "salts.json").write_text(json.dumps(found))


def _words(item: int, salt: str) -> Any:
    from django.utils.safestring import mark_safe

    from portal.papers.packs.registry import Words

    return Words(mark_safe(body(item, salt)))


def register() -> None:
    """The toy binder and the shelf of its papers; the subject is the reader."""
    from portal.papers.packs.registry import Binder, Cover, Item, binders
    from portal.papers.shelves import Shelf, shelves
    from portal.people.models import Person

    def own(person: Person) -> Any:
        return Person.objects.filter(pk=person.pk)

    def load(pk: Any) -> Any:
        return Toy(pk) if Person.objects.filter(pk=pk).exists() else None

    def items(subject: Any, person: Person, as_of: datetime) -> list[Item]:
        return [
            Item(
                f"item:{nr}",
                f"Onderdeel {nr}",
                partial(_words, nr, salt),
                ((f"bench{nr}", subject.pk),) if nr < PAPERS else (),
            )
            for nr, salt in enumerate(salts())
        ]

    binders.register(
        Binder(
            "bench", "Bundel", load, own, items, lambda subject, person: Cover((("Soort", "Meting"),)), str
        )
    )
    for nr in range(PAPERS):
        shelves.register(
            Shelf(
                f"bench{nr}",
                load,
                own,
                lambda person: own(person).none(),
                lambda person, one: True,
                str,
                lambda one: "",
            )
        )


class Toy:
    """The subject."""

    title = "Meting"

    def __init__(self, pk: Any) -> None:
        from portal.municipalities.models import Municipality, Scope

        self.pk = pk
        self.scope = Scope(Municipality.objects.order_by("code")[0].pk)


def lay() -> Any:
    """The reader, and a tagged paper of three pages on each of the first items."""
    from hashlib import sha256

    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from portal import clock
    from portal.papers.models import Paper, PaperVersion
    from portal.people.models import Person

    reader = Person.objects.create_person(email=f"{uuid4()}@voorbeeld.example", name="N. Vos")
    for nr in range(PAPERS):
        data = upload(nr)
        paper = Paper.objects.create(
            shelf=f"bench{nr}",
            subject_id=reader.pk,
            title=f"Voorstel {nr}",
            added_by=reader,
            **Toy(reader.pk).scope.as_fields(),
        )
        PaperVersion.objects.create(
            paper=paper,
            number=1,
            kind="pdf",
            state="ready",
            file=default_storage.save(f"stukken/{uuid4()}", ContentFile(data)),
            size=len(data),
            sha256=sha256(data).hexdigest(),
            media_type="application/pdf",
            uploaded_by=reader,
            checked_at=clock.now(),
        )
    return reader


def words_of(nr: int) -> str:
    """What an uploaded paper says."""
    return f"<h1>Voorstel {nr}</h1>{body(nr, 'stuk', 36)}"


def upload(nr: int) -> bytes:
    from portal.briefings import pdf

    return pdf.render(
        f"<html lang='nl'><head><title>Voorstel</title></head><body>{words_of(nr)}</body></html>"
    ).data

"""What the measurement of packs says of their tags: one lost element is seen, whatever binding adds."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import default_storage

from measures.tracking.models import Measure
from portal.papers.packs import tags
from portal.papers.packs.models import Pack
from tests.bench.pack_tags import kept
from tests.cast import World, step
from tests.packs.conftest import data, hang, made
from tests.papers import files


def counted(row: Pack, pack: bytes) -> tuple[int, int]:
    def read(name: str) -> bytes:
        with default_storage.open(name) as file:
            found: bytes = file.read()
        return found

    return kept(pack, [(one.sort, read(one.file)) for one in row.pieces.order_by("order")])


def drop(pack: bytes, which: Callable[[list[pikepdf.Object]], pikepdf.Object]) -> bytes:
    """The pack without one element that has nothing below it."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pack)) as pdf:
        leaves = [
            one
            for one in tags.elements(tags.tree_of(pdf))
            if not any(tags.is_element(kid) for kid in tags.kids_of(one))
        ]
        lost = which(leaves)
        above = lost.P
        above.K = pikepdf.Array([kid for kid in tags.kids_of(above) if kid.objgen != lost.objgen])
        pdf.save(out)
    return out.getvalue()


@pytest.fixture
def row(world: World, measure: Measure) -> Pack:
    hang(measure, world.kabinet_a, files.pdf(2), "Voorstel van het college")
    hang(step(measure, "decide"), world.kabinet_a, files.photo((600, 400)), "Foto van de zaal", "image")
    return made(world.kabinet_a, measure)


def test_a_pack_has_every_element_of_its_pieces(row: Pack) -> None:
    found, had = counted(row, data(row))
    assert found == had > 20


def test_one_element_that_is_lost_is_seen(row: Pack) -> None:
    pack = data(row)
    had = counted(row, pack)[1]
    figures = drop(pack, lambda leaves: next(one for one in reversed(leaves) if one.S == "/Figure"))
    assert counted(row, figures) == (had - 1, had)
    words = drop(
        pack, lambda leaves: next(one for one in leaves if one.S in ("/P", "/TD", "/LBody") and in_part(one))
    )
    assert counted(row, words) == (had - 1, had)


def in_part(one: pikepdf.Object) -> bool:
    """Whether it came from a piece, and not from the cover."""
    while one.S != "/Document":
        if one.S == "/Part":
            return True
        one = one.P
    return False

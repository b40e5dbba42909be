"""One pack is for one reader: its bytes hold nothing he may not see, and nobody else gets it."""

import re
import zlib
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from measures.tracking import actions as work
from measures.tracking.models import Action, Measure
from portal.audit.models import ViewRow
from portal.briefings import pdf as briefing
from portal.briefings.pdftext import content_of
from portal.papers.actions import withdraw
from portal.papers.packs import actions, claims, making
from portal.people.models import Membership
from tests.cast import World, step
from tests.packs.conftest import bookmarks, data, hang, made, settle, texts
from tests.papers import files


def everything(pdf: bytes) -> str:
    """Every word in a file: raw, in all inflated streams, in all strings and names, and what is drawn."""
    found = [pdf]
    for raw in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            found.append(zlib.decompressobj().decompress(raw))
        except zlib.error:
            continue
    words = [b"\n".join(found).decode("latin-1")]
    with pikepdf.open(BytesIO(pdf)) as document:
        words += [unparsed(one) for one in [*document.objects, document.trailer]]
        for page in document.pages:
            words += content_of(page).text.values()
    words += texts(pdf)
    return "\n".join(words)


def unparsed(one: Any) -> str:
    """An object with its strings as text, and its stream if it has one."""
    if isinstance(one, pikepdf.Stream):
        try:
            inner = one.read_bytes().decode("latin-1")
        except pikepdf.PdfError:
            inner = ""
        return inner + "".join(
            unparsed(value) for value in one.stream_dict.as_dict().values() if not _far(value)
        )
    if isinstance(one, pikepdf.Dictionary):
        return "".join(f"{key} {unparsed(value)} " for key, value in one.items() if not _far(value))
    if isinstance(one, pikepdf.Array):
        return " ".join(unparsed(value) for value in one if not _far(value))
    return str(one)


def _far(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect


def worded(text: str) -> bytes:
    """A tagged PDF that says this in its words, title, outline and metadata."""
    return briefing.render(
        f"<html lang='nl'><head><title>{text}</title><meta name='author' content='{text}'></head>"
        f"<body><h1>{text}</h1><p id='{text}'>{text}</p></body></html>"
    ).data


@pytest.fixture
def held(world: World, measure: Measure) -> Action:
    """An action of A in the hands of somebody without any sight of its kind."""
    action = step(measure, "store")
    Action.objects.filter(pk=action.pk).update(holder_role="", holder_person=world.receptie_a)
    return Action.objects.get(pk=action.pk)


def test_who_holds_one_action_gets_that_action_and_the_title_of_the_measure(
    world: World, measure: Measure, held: Action
) -> None:
    work.finish(
        by=world.kabinet_a,
        action=step(measure, "decide"),
        evidence={"text": "Geheimbesluit", "decided_by_role": "college", "decided_by_name": "Xandernaam"},
    )
    hang(measure, world.kabinet_a, worded("Maatregelstuk"), "Maatregelstuk")
    hang(held, world.kabinet_a, worded("Collegastuk"), "Collegastuk")
    hang(held, world.receptie_a, worded("Eigenstuk"), "Eigenstuk")
    everyone, holder = made(world.kabinet_a, measure), made(world.receptie_a, measure)
    secret = ["Geheimbesluit", "Xandernaam", "Maatregelstuk", "Collegastuk", "Stap decide", "Stap prepare"]
    seen = everything(data(everyone))
    assert [one for one in [*secret, "Eigenstuk"] if one not in seen] == []
    got = everything(data(holder))
    assert [
        one for one in [*secret, measure.lead.name, "Open deur", world.kabinet_a.name] if one in got
    ] == []
    assert measure.title in got
    assert held.title in got
    assert "Eigenstuk" in got
    assert world.receptie_a.name in got


def test_what_the_reader_left_out_is_nowhere_in_the_bytes(world: World, measure: Measure) -> None:
    paper = hang(measure, world.kabinet_a, worded("Weggelatenstuk"), "Weggelatenstuk")
    made(world.kabinet_a, measure)
    row = made(world.kabinet_a, measure, left_out=(f"paper:{paper.pk}",))
    assert "Weggelatenstuk" not in everything(data(row))


def test_an_upload_leaves_its_metadata_outline_and_names_behind(world: World, measure: Measure) -> None:
    def add(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = "Zijnauteur"
        with document.open_metadata() as meta:
            meta["dc:description"] = "Zijnbeschrijving"
        document.pages[0].obj.PieceInfo = pikepdf.Dictionary(Word=pikepdf.String("Zijnstukjes"))
        document.Root.Names = pikepdf.Dictionary(
            Pages=pikepdf.Dictionary(
                Names=pikepdf.Array([pikepdf.String("Zijnsjabloon"), document.pages[1].obj])
            )
        )
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Zijnbladwijzer", 0))
        document.Root.Verborgen = document.make_stream(b"Zijnstroom")

    hang(measure, world.kabinet_a, files.pdf(2, add), "Verslag")
    got = everything(data(made(world.kabinet_a, measure)))
    assert re.findall("Zijn[a-z]+", got) == []


def test_only_the_reader_gets_it_and_his_opening_is_noted(
    world: World, measure: Measure, sign_in: Any
) -> None:
    row = made(world.kabinet_a, measure)
    url = reverse("papers:pack_pdf", args=[row.pk])
    answer = sign_in(world.kabinet_a).get(url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'inline; filename="bundel.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content) == data(row)
    assert ViewRow.objects.filter(person=world.kabinet_a, object_id=row.pk).count() == 1
    for other in (world.burgemeester_a, world.oov_a, world.kabinet_b, world.beheerder_a):
        for name in ("pack", "pack_status", "pack_pdf"):
            assert sign_in(other).get(reverse(f"papers:{name}", args=[row.pk])).status_code == 404


def test_a_paper_that_was_taken_away_closes_the_packs_it_is_in(
    world: World, measure: Measure, sign_in: Any
) -> None:
    paper = hang(measure, world.kabinet_a, files.pdf(), "Voorstel")
    row = made(world.kabinet_a, measure)
    withdraw(by=world.kabinet_a, paper=paper, reason="Vergissing", version=None)
    client = sign_in(world.kabinet_a)
    answer = client.get(reverse("papers:pack_pdf", args=[row.pk]))
    assert (answer.status_code, answer.url) == (302, reverse("papers:pack", args=[row.pk]))
    page = client.get(answer.url).content.decode()
    assert "Deze bundel kunt u niet meer openen" in page
    assert "Voorstel" not in page
    assert "Maak een nieuwe bundel" in page


def test_who_keeps_one_action_of_what_he_saw_whole_does_not_get_the_old_pack(
    world: World, measure: Measure, sign_in: Any
) -> None:
    others = measure.actions.exclude(step__key="store")
    left_out = ("measure", *(f"action:{one.pk}" for one in others))
    row = made(world.kabinet_a, measure, left_out)
    Action.objects.filter(measure=measure, step__key="store").update(
        holder_role="", holder_person=world.kabinet_a
    )
    Membership.objects.filter(person=world.kabinet_a).update(role="beheerder")
    answer = sign_in(world.kabinet_a).get(reverse("papers:pack_pdf", args=[row.pk]))
    assert answer.status_code == 302, "its cover says more than he may see now"
    Action.objects.filter(measure=measure, step__key="store").update(
        holder_role="kabinet", holder_person=None
    )
    assert sign_in(world.kabinet_a).get(reverse("papers:pack_pdf", args=[row.pk])).status_code == 404


def test_the_bookmarks_of_a_holder_name_only_what_he_sees(
    world: World, measure: Measure, held: Action
) -> None:
    marks = [title for level, title, _page in bookmarks(data(made(world.receptie_a, measure))) if level < 3]
    assert marks == [f"Bundel: {measure.title}", "Inhoud", held.title]


def test_who_came_to_see_more_while_it_was_made_gets_what_he_may_see_then(
    world: World, measure: Measure, held: Action, sign_in: Any
) -> None:
    row = actions.ask(by=world.receptie_a, binder="measure", subject=measure)
    pack = claims.pack()
    assert pack is not None
    making.lead(pack)
    Membership.objects.filter(person=world.receptie_a).update(role="kabinet")
    settle()
    row.refresh_from_db()
    assert measure.lead.name in "".join(texts(data(row)))
    Membership.objects.filter(person=world.receptie_a).update(role="receptie")
    assert sign_in(world.receptie_a).get(reverse("papers:pack_pdf", args=[row.pk])).status_code == 302
    again = made(world.receptie_a, measure)
    assert measure.lead.name not in everything(data(again))

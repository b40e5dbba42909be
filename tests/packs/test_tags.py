"""What becomes of the tags of an upload: kept where they hold, and honest where they do not."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from portal.briefings import pdf as briefing
from portal.briefings.pdfua import Checked, problems
from tests.packs.conftest import bookmarks
from tests.packs.drawn import PAGE, WORDS, drawn, red
from tests.papers import files


def test_a_page_without_tags_is_one_whole_and_a_page_without_words_a_figure(bind: Any) -> None:
    found, data = bind(drawn())
    assert (found["tagged"], found["scans"], found["headings"]) == (False, 0, [])
    assert problems(data) == []
    _found, data = bind(files.pdf(2, lambda one: None), title="Scan")
    assert problems(data) == []
    with pikepdf.open(BytesIO(data)) as document:
        assert [str(one.obj.Alt) for one in Checked(document).tagged("Figure")] == [
            f"Pagina {nr} van ‘Scan’: een beeld zonder tekst." for nr in (1, 2)
        ]


def test_dead_marks_in_a_file_without_tags_contradict_nothing(bind: Any) -> None:
    def mark(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        form = document.make_stream(b"/Artifact BMC /Span <</MCID 7>> BDC 0 0 9 9 re f EMC EMC")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        page.Resources.XObject = Dictionary(X=form)
        page.Contents = document.make_stream(b"/P <</MCID 3>> BDC " + WORDS + b" EMC /X Do q")

    found, data = bind(drawn(mark))
    assert not found["tagged"]
    assert problems(data) == []


def test_a_hidden_layer_stays_hidden(bind: Any) -> None:
    def hide(document: pikepdf.Pdf) -> None:
        layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("Concept")))
        document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        page = document.pages[0].obj
        page.Resources.Properties = Dictionary(L=layer)
        page.Contents = document.make_stream(b"/OC /L BDC " + WORDS + b" EMC")

    _found, data = bind(drawn(hide))
    with pytest.raises(ValueError, match="not enough values"):
        red(data)


def test_a_tagged_file_keeps_its_tags_its_language_and_its_links(bind: Any) -> None:
    upload = briefing.render(PAGE).data
    found, data = bind(upload)
    assert found["tagged"]
    assert problems(data) == []
    with pikepdf.open(BytesIO(upload)) as before, pikepdf.open(BytesIO(data)) as after:
        was, now = Checked(before), Checked(after)
        ours = [one for one in now.elements if str(one.obj.get("/Lang", "")) == "en"]
        assert len(ours) == 1
        inside = list(ours[0].walk())
        assert len(inside) == len(was.elements)
        assert "".join(one.own_text for one in inside) == "".join(one.own_text for one in was.elements)
        kinds = [one.tag for one in inside if one.tag.startswith("H")]
        assert kinds == ["H4", "H5", "H5"]
        web, here = after.pages[-1].obj.Annots
        assert str(web.A.URI) == "https://voorbeeld.example/"
        assert here.A.D[0].objgen == after.pages[-1].obj.objgen
    assert [title for _level, title, _page in bookmarks(data)] == [
        "front", "item", "Voorstel", "Report", "Deep", "End",
    ]  # fmt: skip


def test_roles_and_classes_of_two_files_do_not_mix(bind: Any) -> None:
    document = pikepdf.open(BytesIO(briefing.render(PAGE).data))
    root = document.Root.StructTreeRoot
    root.RoleMap = Dictionary(Kop=Name.Titel, Titel=Name.H1)
    root.ClassMap = Dictionary(Ruim=Dictionary(O=Name.Layout, SpaceAfter=4))
    heading = next(one for one in Checked(document).elements if one.tag == "H1").obj
    heading.S, heading.C = Name.Kop, Name.Ruim
    out = BytesIO()
    document.save(out)
    _found, data = bind(out.getvalue())
    assert problems(data) == []
    with pikepdf.open(BytesIO(data)) as after:
        assert "/RoleMap" not in after.Root.StructTreeRoot
        (element,) = Checked(after).tagged("H4")
        assert element.attribute("/SpaceAfter") == 4


def test_ids_stay_unique_and_can_be_looked_up(bind: Any) -> None:
    _found, data = bind(briefing.render(PAGE).data)
    with pikepdf.open(BytesIO(data)) as after:
        named = [bytes(one.obj.ID) for one in Checked(after).elements if "/ID" in one.obj]
        listed = [
            bytes(name) for node in after.Root.StructTreeRoot.IDTree.Kids for name in list(node.Names)[::2]
        ]
        headers = [bytes(one) for cell in Checked(after).tagged("TD") for one in cell.attribute("/Headers")]
    assert sorted(named) == listed
    assert len(set(named)) == len(named) > 0
    assert set(headers) <= set(named)


def test_a_file_that_says_it_is_tagged_and_is_not_becomes_wholes(bind: Any) -> None:
    def claim(document: pikepdf.Pdf) -> None:
        document.Root.MarkInfo = Dictionary(Marked=True)
        tree = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tree.K = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree))
        document.Root.StructTreeRoot = tree

    found, data = bind(drawn(claim))
    assert not found["tagged"]
    assert problems(data) == []


def test_a_tree_that_circles_is_left_behind(bind: Any) -> None:
    document = pikepdf.open(BytesIO(briefing.render(PAGE).data))
    top = document.Root.StructTreeRoot.K[0]
    top.K.append(top)
    out = BytesIO()
    document.save(out)
    found, data = bind(out.getvalue())
    assert not found["tagged"]
    assert problems(data) == []


def test_figures_nobody_described_say_so_and_are_counted(bind: Any) -> None:
    document = pikepdf.open(BytesIO(briefing.render(PAGE).data))
    del next(one for one in Checked(document).tagged("Figure")).obj["/Alt"]
    out = BytesIO()
    document.save(out)
    found, data = bind(out.getvalue())
    assert found["flaws"] == 1
    with pikepdf.open(BytesIO(data)) as after:
        assert "beschreef haar niet" in str(Checked(after).tagged("Figure")[0].obj.Alt)

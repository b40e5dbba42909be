"""What becomes of an upload on its way into a pack: size, turn, links, layers, tags and what lies on top."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from portal.briefings import pdf as briefing
from portal.briefings.pdftext import content_of
from portal.briefings.pdfua import Checked, problems
from portal.papers.packs import bindable, faces, letters, merge, rendered
from portal.papers.packs.geometry import A4, BOTTOM, SIDE, TOP
from tests.packs.conftest import bookmarks, texts
from tests.papers import files

Edit = Callable[[pikepdf.Pdf], None]
PAGE = """<html lang="en"><head><title>Report</title></head><body><h1>Report</h1><h3>Deep</h3>
<p>Words with a <a href="https://voorbeeld.example/">link</a> and <a href="#end">another</a>.</p>
<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>
<tbody><tr><th scope="row">row</th><td>cell</td></tr></tbody></table>
<p><img alt="late" src="../briefing/late.svg" width="20" height="20"></p><h2 id="end">End</h2></body></html>"""


def drawn(change: Edit | None = None, size: tuple[float, float] = (595, 842), pages: int = 1) -> bytes:
    """A PDF without tags: a red bar at the bottom and a line of text in a font of its own."""

    def add(document: pikepdf.Pdf) -> None:
        font = a_font()
        for page in document.pages:
            page.obj.MediaBox = Array([0, 0, *size])
            page.obj.Resources = Dictionary(Font=Dictionary(F=document.copy_foreign(font)))
            page.obj.Contents = document.make_stream(WORDS)
        if change is not None:
            change(document)

    return files.pdf(pages, add)


def a_font() -> Any:
    """The regular house font as packs embed it."""
    source = pikepdf.new()
    KEPT.append(source)
    return letters.embedded(source, faces.read("latin", letters.REGULAR))


# An object lives as long as its file.
KEPT: list[pikepdf.Pdf] = []
CODES = "".join(f"{faces.read('latin', letters.REGULAR).glyphs[one]:04x}" for one in "Verslag")
WORDS = f"1 0 0 rg 0 0 40 20 re f 0 g BT /F 20 Tf 60 60 Td <{CODES}> Tj ET".encode()


@pytest.fixture
def bind(tmp_path: Path) -> Callable[..., tuple[dict[str, Any], bytes]]:
    """Binds one upload behind a cover and an item; what was found in it, and the pack."""

    def made(upload: bytes, kind: str = "pdf", title: str = "Voorstel") -> tuple[dict[str, Any], bytes]:
        source = tmp_path / "paper"
        source.write_bytes(upload)
        found = bindable.bind(kind, source, tmp_path / "piece", title, "p-")
        assert "refused" not in found, found
        parts = []
        for name, base in (("front", 1), ("item", 2)):
            html = f"<html lang='nl'><head><title>t</title></head><body><h1>{name}</h1></body></html>"
            own = rendered.render(html, tmp_path / name, base, f"{name}-")
            parts.append(merge.Part(str(tmp_path / name), own["pages"], name, base == 2, own["headings"]))
        headings = [tuple(one) for one in found["headings"]]
        parts.append(merge.Part(str(tmp_path / "piece"), found["pages"], "item", False, headings, title))
        whole = merge.Bound("Bundel", "Bundel voor N. Vos", "nl", "2026-10-05T10:00:00+00:00")
        letters.FACES.update(faces.every())
        merge.merge(parts, whole, tmp_path / "whole")
        return found, (tmp_path / "whole").read_bytes()

    return made


def last(data: bytes) -> Any:
    document = pikepdf.open(BytesIO(data))
    KEPT.append(document)
    return document.pages[-1]


def red(data: bytes, place: int = -1) -> tuple[float, float, float, float]:
    """Where the red bar of a drawn page stands, in points from the lower left."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        page = document[len(document) + place]
        picture = page.render(scale=1).to_pil().convert("RGB")
        page.close()
    found = [
        (x, picture.height - y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == (255, 0, 0)
    ]
    xs, ys = zip(*found, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize(
    ("size", "turned", "landscape"),
    [
        ((595, 842), 0, False),
        ((842, 1191), 0, False),
        ((1191, 842), 0, True),
        ((595, 842), 90, True),
        ((842, 595), 270, False),
        ((595, 842), 180, False),
        ((100, 100), 0, False),
    ],
)
def test_any_page_stands_on_an_a4_between_head_and_foot(
    bind: Any, size: tuple[int, int], turned: int, landscape: bool
) -> None:
    _found, data = bind(drawn(lambda document: setattr(document.pages[0].obj, "Rotate", turned), size))
    page = last(data)
    assert [round(float(one)) for one in page.obj.MediaBox[2:]] == ([842, 595] if landscape else [595, 842])
    assert "/Rotate" not in page.obj
    left, low, right, high = red(data)
    wide, tall = (A4[1], A4[0]) if landscape else A4
    assert SIDE - 2 <= left <= right <= wide - SIDE + 2
    assert BOTTOM - 2 <= low <= high <= tall - TOP + 2
    corner = {0: (0, 0), 90: (0, 1), 180: (1, 1), 270: (1, 0)}[turned]
    middle = ((left + right) / 2 > wide / 2, (low + high) / 2 > tall / 2)
    if size != (100, 100):
        assert middle == (bool(corner[0]), bool(corner[1]))
    assert problems(data) == []


def test_what_lies_outside_the_crop_box_is_cut_off(bind: Any) -> None:
    def crop(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.CropBox = Array([50, 50, 500, 500])

    _found, data = bind(drawn(crop))
    with pytest.raises(ValueError, match="not enough values"):
        red(data)


def test_what_a_page_inherits_becomes_its_own(bind: Any) -> None:
    def inherit(document: pikepdf.Pdf) -> None:
        page = document.pages[0].obj
        for name in ("/MediaBox", "/Resources"):
            page.Parent[name] = page[name]
            del page[name]
        page.Parent.Rotate = 90

    found, data = bind(drawn(inherit))
    assert found["scans"] == 0
    assert red(data)[0] < 100


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


def filled_in(document: pikepdf.Pdf) -> None:
    """A field that was filled in, a note that pops up, and a drawing on top."""
    look = document.make_stream(b"/Tx BMC 0 0 1 rg 0 0 50 20 re f EMC")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 50, 20])
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([100, 400, 150, 420]), F=4)
    field.FT, field.T, field.AP = Name.Tx, String("naam"), Dictionary(N=look)
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([1, 1, 9, 9]), Contents=String("Praatje")
    )
    mine = document.make_indirect(field)
    page = document.pages[0].obj
    page.Annots = Array([*page.get("/Annots", []), mine, document.make_indirect(note)])
    document.Root.AcroForm = Dictionary(Fields=Array([mine]))


@pytest.mark.parametrize("tagged", [True, False])
def test_a_filled_in_field_is_drawn_and_a_note_is_not(bind: Any, tagged: bool) -> None:
    upload = drawn(filled_in)
    if tagged:
        document = pikepdf.open(BytesIO(briefing.render(PAGE).data))
        filled_in(document)
        out = BytesIO()
        document.save(out)
        upload = out.getvalue()
    found, data = bind(upload)
    assert found["tagged"] is tagged
    assert problems(data) == []
    with pikepdf.open(BytesIO(data)) as after:
        assert "/AcroForm" not in after.Root
        assert {str(note.Subtype) for note in after.pages[-1].obj.get("/Annots", [])} <= {"/Link"}
    assert b"Praatje" not in data
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        page = document[len(document) - 1]
        colors = {color for _count, color in page.render(scale=1).to_pil().convert("RGB").getcolors(1 << 20)}
        page.close()
    assert (0, 0, 255) in colors


def test_links_of_every_sort_are_settled(bind: Any) -> None:
    def link(document: pikepdf.Pdf) -> None:
        second = document.pages[1].obj
        document.Root.Names = Dictionary(
            Dests=Dictionary(Names=Array([String("daar"), Dictionary(D=Array([second, Name.Fit]))]))
        )
        goals = [
            Dictionary(A=Dictionary(S=Name.URI, URI=String("https://voorbeeld.example/"))),
            Dictionary(A=Dictionary(S=Name.GoTo, D=String("daar"))),
            Dictionary(Dest=Array([second, Name.Fit])),
            Dictionary(Dest=String("nergens")),
            Dictionary(A=Dictionary(S=Name.GoToR, F=String("elders.pdf"), D=Array([0, Name.Fit]))),
            Dictionary(A=Dictionary(S=Name.URI, URI=String("file:///etc/passwd"))),
        ]
        for one in goals:
            one.Type, one.Subtype, one.Rect = Name.Annot, Name.Link, Array([0, 0, 40, 20])
        document.pages[0].obj.Annots = Array(goals)

    _found, data = bind(drawn(link, pages=2))
    assert problems(data) == []
    with pikepdf.open(BytesIO(data)) as after:
        web, named, direct = after.pages[-2].obj.Annots
        assert str(web.A.URI) == "https://voorbeeld.example/"
        assert {one.A.D[0].objgen for one in (named, direct)} == {after.pages[-1].obj.objgen}
        x0, y0, x1, y1 = (float(one) for one in web.Rect)
    left, low, right, high = red(data, -2)
    assert abs(x0 - left) < 2 > abs(x1 - right)
    assert abs(y0 - low) < 2 > abs(y1 - high)


@pytest.mark.parametrize(
    ("mode", "form", "size"),
    [
        ("RGB", "JPEG", (600, 400)),
        ("L", "JPEG", (40, 60)),
        ("RGB", "JPEG", (5000, 2000)),
        ("RGBA", "PNG", (300, 500)),
        ("L", "PNG", (90, 90)),
        ("P", "PNG", (90, 90)),
    ],
)
def test_an_image_is_a_figure_with_the_name_of_the_paper(
    bind: Any, mode: str, form: str, size: tuple[int, int]
) -> None:
    out = BytesIO()
    Image.new(mode, size, 0).save(out, form)
    found, data = bind(out.getvalue(), "image", "Foto van de zaal")
    assert found["pages"] == 1
    assert problems(data) == []
    page = last(data)
    assert (float(page.obj.MediaBox[2]) > float(page.obj.MediaBox[3])) == (size[0] > size[1])
    assert max(int(page.obj.Resources.XObject.PkPage[name]) for name in ("/Width", "/Height")) <= 3000
    with pikepdf.open(BytesIO(data)) as document:
        (figure,) = Checked(document).tagged("Figure")
        assert str(figure.obj.Alt) == "Foto van de zaal"


def test_a_pack_can_be_a_paper_of_another_pack(bind: Any) -> None:
    _found, inner = bind(briefing.render(PAGE).data)
    found, data = bind(inner, title="Eerdere bundel")
    assert found["tagged"]
    assert problems(data) == []
    pages = texts(data)
    assert "3 van 5" in pages[2]
    assert "1 van 3" in pages[2]


def test_the_words_of_the_stamp_are_words(bind: Any) -> None:
    _found, data = bind(drawn(), title="Şükrü Żak → 30 ≤ 40 & <b>")
    with pikepdf.open(BytesIO(data)) as document:
        (heading,) = [one.text for one in Checked(document).elements if one.tag == "H3"]
        assert heading == "Şükrü Żak -> 30 <= 40 & <b>"
        assert content_of(document.pages[-1]).missing_glyphs == 0


@pytest.mark.parametrize("to", ["1", "99999", "x"])
def test_an_upload_that_writes_an_address_of_the_contents_breaks_nothing(bind: Any, to: str) -> None:
    address = merge.GOES_TO + to

    def link(document: pikepdf.Pdf) -> None:
        goal = Dictionary(S=Name.URI, URI=String(address))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 40, 20]), A=goal)
        document.pages[0].obj.Annots = Array([note])

    _found, data = bind(drawn(link))
    assert problems(data) == []
    assert [str(note.A.URI) for note in last(data).obj.Annots] == [address]


def test_the_stamps_of_a_pack_within_a_pack_stay_readable(bind: Any) -> None:
    _found, inner = bind(drawn(), title="Şükrü Żak")
    _found, data = bind(inner, title="Eerdere bundel")
    assert "Şükrü Żak" in texts(data)[-1]
    assert "5 van 5" in texts(data)[-1]


def test_what_a_picture_says_of_itself_stays_behind(bind: Any) -> None:
    def add(document: pikepdf.Pdf) -> None:
        picture = document.make_stream(b"\x80")
        picture.Type, picture.Subtype, picture.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        picture.Width, picture.Height, picture.BitsPerComponent = 1, 1, 8
        picture.Metadata, picture.StructParent = document.make_stream(b"Zijnfotograaf"), 7
        page = document.pages[0].obj
        page.Resources.XObject = Dictionary(Foto=picture)
        painted = document.make_stream(b"\n/Artifact BMC q 9 0 0 9 0 0 cm /Foto Do Q EMC")
        page.Contents = Array([page.Contents, painted])

    document = pikepdf.open(BytesIO(briefing.render(PAGE).data))
    add(document)
    out = BytesIO()
    document.save(out)
    found, data = bind(out.getvalue())
    assert found["tagged"]
    assert problems(data) == []
    picture = last(data).obj.Resources.XObject.Foto
    assert {"/Metadata", "/StructParent"} & set(picture.keys()) == set()


def in_helvetica(document: pikepdf.Pdf) -> None:
    """Words in a font that every reader has and that does not say which characters it draws."""
    page = document.pages[0].obj
    page.Resources.Font.H = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Contents = document.make_stream(b"BT /H 20 Tf 60 60 Td (Notulen) Tj ET")


def with_a_named_map(document: pikepdf.Pdf) -> None:
    """As some programs write it: a name where a map belongs."""
    document.pages[0].obj.Resources.Font.F.ToUnicode = Name("/Identity-H")


def with_half_a_letter(document: pikepdf.Pdf) -> None:
    font = document.pages[0].obj.Resources.Font.F
    font.ToUnicode = document.make_stream(b"1 beginbfchar <0001> <004> endbfchar")


def with_operators_without_words(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Contents = document.make_stream(b"BT /F 9 Tf Tj Tf ET " + WORDS)


@pytest.mark.parametrize(
    "change", [in_helvetica, with_a_named_map, with_half_a_letter, with_operators_without_words]
)
def test_words_in_fonts_of_every_sort_are_words(bind: Any, change: Edit) -> None:
    found, data = bind(drawn(change))
    assert (found["tagged"], found["scans"]) == (False, 0)
    page = last(data)
    assert b"/P <</MCID 0>>" in b"".join(one.read_bytes() for one in page.obj.Contents)


def test_a_tagged_file_that_cannot_be_read_through_becomes_wholes(bind: Any) -> None:
    document = pikepdf.open(BytesIO(briefing.render(PAGE).data))
    for font in document.pages[0].obj.Resources.Font.values():
        font.ToUnicode = Name("/Identity-H")
    out = BytesIO()
    document.save(out)
    found, _data = bind(out.getvalue())
    assert (found["tagged"], found["scans"]) == (False, 0)


def test_a_layer_that_is_never_closed_ends_with_its_page(bind: Any) -> None:
    def leave_open(document: pikepdf.Pdf) -> None:
        layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("Concept")))
        document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        page = document.pages[0].obj
        page.Resources.Properties = Dictionary(L=layer)
        page.Contents = document.make_stream(WORDS + b" /OC /L BDC /A BMC")

    _found, data = bind(drawn(leave_open))
    assert problems(data) == []

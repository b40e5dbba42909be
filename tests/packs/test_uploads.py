"""What becomes of an upload in a pack: its pages, its fields, its links and its words."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from portal.briefings import pdf as briefing
from portal.briefings.pdftext import content_of
from portal.briefings.pdfua import Checked, problems
from portal.papers.packs import merge
from portal.papers.packs.geometry import A4, BOTTOM, SIDE, TOP
from tests.packs.conftest import texts
from tests.packs.drawn import PAGE, WORDS, Edit, drawn, last, red


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

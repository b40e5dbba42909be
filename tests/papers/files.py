"""Files as people have them, and as nobody should: each made here, none stored."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

EXE = b"MZ\x90\x00" + b"\x00" * 200


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **save: Any) -> bytes:
    """A PDF of so many empty pages, changed before it is saved."""
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(100, 100))
    if change is not None:
        change(made)
    made.save(out, **save)
    return out.getvalue()


def saying(*pages: str) -> Callable[[pikepdf.Pdf], None]:
    """Fills the pages with these words, drawn with a font every reader has."""

    def change(made: pikepdf.Pdf) -> None:
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
        )
        for page, words in zip(made.pages, pages, strict=True):
            page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
            drawn = b"BT /F1 9 Tf 5 50 Td (" + words.encode("cp1252") + b") Tj ET"
            page.obj.Contents = made.make_stream(drawn)

    return change


def with_a_broken_page(made: pikepdf.Pdf) -> None:
    """Words on the first and the last page; the one between draws with what is not there."""
    saying("Eerste", "Midden", "Laatste")(made)
    made.pages[1].obj.Contents = made.make_stream(b"BT /Weg 9 Tf (x) Tj /Ook Do")


def encrypted(owner_only: bool = False) -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="eigenaar", user="" if owner_only else "lezer"))


def with_script_at_opening(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def with_named_script(made: pikepdf.Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=made.make_stream(b"app.alert(1)"))
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


def with_launch(made: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    link.A = Dictionary(S=Name.Launch, F=String("calc.exe"))
    made.pages[0].obj.Annots = Array([link])


def with_page_action(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("1")))


def with_attachment(made: pikepdf.Pdf) -> None:
    made.attachments["bijlage.txt"] = b"erin"


def with_xfa(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp/>"))


def with_submit(made: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    link.A = Dictionary(S=Name.SubmitForm, F=String("https://elders.example/"))
    made.pages[0].obj.Annots = made.make_indirect(Array([link]))


def with_ordinary_links(made: pikepdf.Pdf) -> None:
    """What any report has: a link to the web, bookmarks, a destination at opening."""
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])
    link.A = Dictionary(S=Name.URI, URI=String("https://voorbeeld.example/"))
    page = made.pages[0].obj
    page.Annots = Array([link])
    made.Root.OpenAction = Array([page, Name.Fit])
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Begin", 0))


def swelling_pdf(unpacked: int = 2 << 30) -> bytes:
    """A PDF of a few MB whose catalog lies in an object stream that unpacks to 2 GB of blanks."""
    block, catalog = 1 << 24, b"1 0 <</Type/Catalog/Pages 2 0 R>>"
    squeeze = zlib.compressobj(9)
    start = squeeze.compress(catalog) + squeeze.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a block stands on its own, so the same one may come again and again.
    blanks = squeeze.compress(b" " * block) + squeeze.flush(zlib.Z_FULL_FLUSH)
    data = start + blanks * (unpacked // block) + squeeze.flush()
    body, at = b"%PDF-1.5\n", {}
    for number, text in (
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
    ):
        at[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    at[4] = len(body)
    said = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>" % len(data)
    body += b"4 0 obj\n" + said + b"\nstream\n" + data + b"\nendstream\nendobj\n"
    rows = [(0, 0, 255), (2, 4, 0), (1, at[2], 0), (1, at[3], 0), (1, at[4], 0), (1, len(body), 0)]
    table = b"".join(struct.pack("!BLB", *row) for row in rows)
    said = b"<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length %d>>" % len(table)
    where = len(body)
    body += b"5 0 obj\n" + said + b"\nstream\n" + table + b"\nendstream\nendobj\n"
    return body + b"startxref\n%d\n%%%%EOF" % where


def photo(size: tuple[int, int] = (60, 40), form: str = "JPEG", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **save)
    return out.getvalue()


def photo_of_a_place() -> bytes:
    """Turned a quarter by its EXIF, with a maker, a moment, GPS, a comment and XMP."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Merk Telefoon"
    exif[0x0132] = "2026:10:05 09:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 6.0)
    return photo(exif=exif, comment=b"Geheim adres", xmp=b"<x:xmpmeta>Geheim adres</x:xmpmeta>")


def pixel_bomb(side: int = 20_000) -> bytes:
    """A PNG of a few kB that says it is `side` by `side` pixels."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack("!L", len(data)) + name + data + struct.pack("!L", zlib.crc32(name + data))

    head = struct.pack("!LLBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"\x00" * 100_000))
        + part(b"IEND", b"")
    )


_MAIN = "application/vnd.openxmlformats-officedocument."
DOCX_MAIN = _MAIN + "wordprocessingml.document.main+xml"
XLSX_MAIN = _MAIN + "spreadsheetml.sheet.main+xml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _types(main: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<Types xmlns="{space}"><Override PartName="/a" ContentType="{main}"/></Types>'


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def docx(text: str = "Voorstel voor het college", main: str = DOCX_MAIN, **parts: str | bytes) -> bytes:
    body = f"<w:document {_W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    return packed({"[Content_Types].xml": _types(main), "word/document.xml": body} | parts)


def xlsx(text: str = "Begroting") -> bytes:
    strings = f"<sst><si><t>{text}</t></si></sst>"
    book = '<workbook><sheets><sheet name="Blad een"/></sheets></workbook>'
    parts: dict[str, str | bytes] = {"[Content_Types].xml": _types(XLSX_MAIN)}
    return packed(parts | {"xl/workbook.xml": book, "xl/sharedStrings.xml": strings})


def xlsx_of_another_program(text: str = "Uitgaven") -> bytes:
    """A workbook whose words stand in the sheet itself, beside a number and a formula."""
    cells = f'<c t="inlineStr"><is><t>{text}</t></is></c><c><f>SUM(A1)</f><v>123456</v></c>'
    sheet = f"<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"
    book = '<workbook><sheets><sheet name="Blad een"/></sheets></workbook>'
    parts: dict[str, str | bytes] = {"[Content_Types].xml": _types(XLSX_MAIN)}
    return packed(parts | {"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet})


def odt(text: str = "Verslag", **parts: str | bytes) -> bytes:
    content = f'<o:d xmlns:o="o" xmlns:text="t"><text:p>{text}</text:p></o:d>'
    main: dict[str, str | bytes] = {"mimetype": "application/vnd.oasis.opendocument.text"}
    return packed(main | {"content.xml": content} | parts)


def relation(sort: str, mode: str = "External") -> str:
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{sort}"
    return f'<Relationships><Relationship Id="r" Type="{kind}" Target="https://elders.example/x" TargetMode="{mode}"/></Relationships>'


def laid(folder: Path, data: bytes) -> Path:
    path = folder / "paper"
    path.write_bytes(data)
    return path

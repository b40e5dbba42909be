"""Looks inside one uploaded file, as a process of its own with bounded memory and time.

Run as a script: it knows no setting and no database, and of a file that blows up only this process
dies. It prints one line of JSON: {"refused": reason}, or what the file is.
"""

import contextlib
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

MB = 1024 * 1024
MEMORY = 1024 * MB
CPU_SECONDS = 45
LARGEST_OUTPUT = 200 * MB

MOST_PAGES = 3000
MOST_PIXELS = 64_000_000
MOST_ENTRIES = 5000
MOST_UNPACKED = 300 * MB
MOST_RATIO = 200
# Below this a high ratio swells nothing: an empty table compresses very well.
RATIO_FROM = 4 * MB
MOST_TEXT = 500_000
# In a larger sheet no words are sought: it is numbers.
LARGEST_SHEET = 20 * MB

_RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}
_ENCLOSES = {"/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Screen"}
_MAIN = "application/vnd.openxmlformats-officedocument."
_OOXML = {
    _MAIN + "wordprocessingml.document.main+xml": _MAIN + "wordprocessingml.document",
    _MAIN + "spreadsheetml.sheet.main+xml": _MAIN + "spreadsheetml.sheet",
}
_ODT = "application/vnd.oasis.opendocument.text"


class Refused(Exception):
    """The file is refused; the argument is the reason."""


def bound() -> None:
    """From here on this process gets no more memory, time or disk than a decent file needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# -- PDF ---------------------------------------------------------------------------------------
def look_at_pdf(path: Path) -> dict[str, Any]:
    """Refuse a PDF that is closed, broken, too long, or that runs or encloses something."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            pages = len(pdf.pages)
            if pages == 0:
                raise Refused("corrupt")
            if pages >= MOST_PAGES:
                raise Refused("too_long")
            for found in _dictionaries(pdf):
                _refuse_active(found)
            # What is read is mended on the way; of a file that stops halfway nobody knows what is lacking.
            if any("EOF" in str(one) or "unable to find trailer" in str(one) for one in pdf.get_warnings()):
                raise Refused("corrupt")
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Refused("corrupt") from error
    return {"media_type": "application/pdf", "pages": pages}


def _dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary of the file, however deep it lies in another."""
    import pikepdf

    waiting = [pdf.trailer, *pdf.objects]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Stream | pikepdf.Dictionary):
            within = one.stream_dict if isinstance(one, pikepdf.Stream) else one
            yield within
            inner = [value for _key, value in within.items()]
        elif isinstance(one, pikepdf.Array):
            inner = list(one)
        else:
            continue
        # An indirect object stands in the list of all objects already.
        waiting += [value for value in inner if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _refuse_active(found: Any) -> None:
    keys = set(found.keys())
    if {"/JS", "/JavaScript"} & keys or str(found.get("/S", "")) in _RUNS:
        raise Refused("active")
    if "/XFA" in keys:
        raise Refused("form")
    if {"/EmbeddedFiles", "/EF"} & keys or str(found.get("/Type", "")) == "/EmbeddedFile":
        raise Refused("enclosed")
    if str(found.get("/Subtype", "")) in _ENCLOSES:
        raise Refused("enclosed")


# -- images ------------------------------------------------------------------------------------
def look_at_image(path: Path, out: Path) -> dict[str, Any]:
    """Draw the image anew, upright and with nothing but its pixels: no place, no maker, no moment."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own bound below says it sooner and in one way
    formats = ("JPEG", "PNG", "WEBP")
    try:
        with Image.open(path, formats=formats) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused("too_many_pixels")
            image.verify()
        with Image.open(path, formats=formats) as image:
            image.load()
            was = image.format
            plain = _in_eight_bits(_in_srgb(ImageOps.exif_transpose(image)))
            is_clear = plain.mode in ("RGBA", "LA", "PA") or "transparency" in plain.info
            is_jpeg = was == "JPEG" or (was == "WEBP" and not is_clear)
            mode = (
                "L" if plain.mode in ("1", "L") and is_jpeg else "RGB" if is_jpeg or not is_clear else "RGBA"
            )
            clean = Image.new(mode, plain.size)
            clean.paste(plain.convert(mode))
            if is_jpeg:
                clean.save(out, "JPEG", quality=90, optimize=False)
            else:
                clean.save(out, "PNG")
    except Refused:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise Refused("corrupt") from error
    return {"media_type": "image/jpeg" if is_jpeg else "image/png", "pages": 1, "output": out.name}


def _in_eight_bits(image: Any) -> Any:
    """A grey scan of sixteen bits in the eight that are kept; the library would cut it off to white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value / 256).convert("L")


def _in_srgb(image: Any) -> Any:
    """The same colours without a profile, which may name a device and is not kept."""
    from io import BytesIO

    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    return image


# -- office files ------------------------------------------------------------------------------
def look_at_office(path: Path) -> dict[str, Any]:
    """Refuse a zip that is no DOCX, XLSX or ODT, that swells, or that runs or encloses something."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            _refuse_swelling(entries)
            media_type = _office_type(packed)
            _refuse_active_parts(packed, entries)
            return {"media_type": media_type, "pages": 0, "text": _office_text(packed, media_type)}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        expat.ExpatError,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,  # also a way of packing that no office program uses
    ) as error:
        raise Refused("corrupt") from error


def _refuse_swelling(entries: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in entries]
    if len(names) > MOST_ENTRIES:
        raise Refused("swells")
    if len(set(names)) != len(names):
        raise Refused("corrupt")
    if any(one.flag_bits & 1 for one in entries):
        raise Refused("encrypted")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise Refused("corrupt")
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise Refused("swells")
    for one in entries:
        if one.file_size > RATIO_FROM and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise Refused("swells")


def _read(packed: zipfile.ZipFile, name: str) -> bytes:
    """One entry, never more than it said it was."""
    said = packed.getinfo(name).file_size
    with packed.open(name) as file:
        data = file.read(said + 1)
    if len(data) > said:
        raise Refused("swells")
    return data


def _office_type(packed: zipfile.ZipFile) -> str:
    names = set(packed.namelist())
    if "mimetype" in names:
        if _read(packed, "mimetype").strip() == _ODT.encode() and "content.xml" in names:
            return _ODT
        raise Refused("unknown")
    if "[Content_Types].xml" not in names:
        raise Refused("unknown")
    types: list[str] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        types.append(attributes.get("ContentType", ""))

    _parse(_read(packed, "[Content_Types].xml"), start=start)
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types):
        raise Refused("macros")
    found = [_OOXML[one] for one in types if one in _OOXML]
    if len(found) != 1:
        raise Refused("unknown")
    return found[0]


def _refuse_active_parts(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    for one in entries:
        name = one.filename.lower()
        if name.endswith(("vbaproject.bin", "vbadata.xml")) or name.startswith(("basic/", "scripts/")):
            raise Refused("macros")
        if "/activex/" in name:
            raise Refused("active")
        if "/embeddings/" in name and name.endswith((".bin", ".exe", ".js", ".vbs", ".cmd", ".bat")):
            raise Refused("enclosed")
        if name.endswith(".rels"):
            _parse(_read(packed, one.filename), start=_refuse_far_parts)


def _refuse_far_parts(_name: str, attributes: dict[str, str]) -> None:
    """A template or object that Word would fetch from elsewhere when the file is opened."""
    sort = attributes.get("Type", "").rpartition("/")[2]
    if attributes.get("TargetMode") == "External" and sort not in ("hyperlink", "image"):
        raise Refused("active")


def _parse(data: bytes, start: Any = None, end: Any = None, words: Any = None) -> None:
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*_about: Any) -> None:
        raise Refused("active")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.Parse(data, True)


def _office_text(packed: zipfile.ZipFile, media_type: str) -> str:
    """The words, a line a paragraph, as far as is worth searching in."""
    odt = media_type == _ODT
    if odt:
        parts = ["content.xml"]
    elif media_type.endswith("document"):
        parts = sorted(
            name
            for name in packed.namelist()
            if name == "word/document.xml"
            or name.startswith(("word/header", "word/footer", "word/footnotes"))
        )
    else:
        parts = [name for name in ("xl/sharedStrings.xml", "xl/workbook.xml") if name in packed.namelist()]
        parts += _sheets_with_words(packed)
    found: list[str] = []
    length = 0
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        local = name.rpartition("}")[2]
        if local in (("p", "h") if odt else ("t",)):
            depth += 1
        elif local == "sheet":
            found.append(attributes.get("name", "") + "\n")

    def end(name: str) -> None:
        nonlocal depth
        local = name.rpartition("}")[2]
        if local in (("p", "h") if odt else ("t",)):
            depth -= 1
        if local in ("p", "h", "si", "is"):
            found.append("\n")

    def words(text: str) -> None:
        nonlocal length
        if depth > 0 and length < MOST_TEXT:
            length += len(text)
            found.append(text)

    for name in parts:
        _parse(_read(packed, name), start=start, end=end, words=words)
    return "".join(found).replace("\x00", "")[:MOST_TEXT].strip()


def _sheets_with_words(packed: zipfile.ZipFile) -> list[str]:
    """The sheets that hold words of their own, as programs other than Excel write them."""
    found = []
    for one in packed.infolist():
        is_sheet = one.filename.startswith("xl/worksheets/") and one.filename.endswith(".xml")
        if is_sheet and one.file_size <= LARGEST_SHEET and b"inlineStr" in _read(packed, one.filename):
            found.append(one.filename)
    return sorted(found)


def look(kind: str, path: Path, out: Path) -> dict[str, Any]:
    """What the file is, or {"refused": reason}; called in a process that was bounded first."""
    try:
        if kind == "pdf":
            return look_at_pdf(path)
        return look_at_image(path, out) if kind == "image" else look_at_office(path)
    except Refused as refused:
        return {"refused": refused.args[0]}
    except MemoryError:
        return {"refused": "too_heavy"}


if __name__ == "__main__":
    bound()
    sys.stdout.write(json.dumps(look(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))

"""What a file is by its first bytes; its name and what the browser says of it count for nothing."""

from portal.papers.enums import Kind, Refusal

MB = 1024 * 1024
MOST_BYTES = 50 * MB
MOST_PHOTO_BYTES = 15 * MB
# So many bytes tell every kind apart.
ENOUGH = 64

_HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What may be served, by the media type that the check found, with the ending of the neutral file name.
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
}


def kind_of(head: bytes) -> Kind | Refusal:
    """The kind of a file by its first bytes, or why it is refused at once."""
    if not head:
        return Refusal.EMPTY
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Kind.IMAGE
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.IMAGE
    if head.startswith(b"PK\x03\x04"):
        return Kind.OFFICE
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return Refusal.HEIC
    return Refusal.OLD_OFFICE if head.startswith(_OLD_OFFICE) else Refusal.UNKNOWN


def too_big(kind: Kind | Refusal, size: int) -> Refusal | None:
    """Why a file of this kind is too big, if it is."""
    if kind == Kind.IMAGE and size > MOST_PHOTO_BYTES:
        return Refusal.PHOTO_TOO_BIG
    return Refusal.TOO_BIG if size > MOST_BYTES else None

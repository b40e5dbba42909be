"""What the font of the briefings can draw, and how the rest is written: a missing glyph breaks a PDF."""

import unicodedata

# Atkinson Hyperlegible Next, latin and latin-ext as vendored; a test holds this against the files.
RANGES = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0xB4), (0xB6, 0x107), (0x10A, 0x113), (0x116, 0x11B), (0x11E, 0x123),
    (0x126, 0x127), (0x12A, 0x12B), (0x12E, 0x133), (0x136, 0x137), (0x139, 0x13E), (0x141, 0x148),
    (0x150, 0x155), (0x158, 0x15B), (0x15E, 0x165), (0x16A, 0x16B), (0x16E, 0x17E), (0x192, 0x192),
    (0x218, 0x21B), (0x237, 0x237), (0x2C6, 0x2C7), (0x2C9, 0x2C9), (0x2DA, 0x2DA), (0x2DC, 0x2DD),
    (0x300, 0x301), (0x303, 0x304), (0x308, 0x308), (0x1E80, 0x1E85), (0x1E9E, 0x1E9E), (0x1EF2, 0x1EF3),
    (0x2009, 0x2009), (0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E), (0x2020, 0x2020),
    (0x2022, 0x2022), (0x2026, 0x2026), (0x2039, 0x203A), (0x2044, 0x2044), (0x20AC, 0x20AC),
    (0x20B9, 0x20B9), (0x2113, 0x2113), (0x2122, 0x2122), (0x2212, 0x2212), (0x2215, 0x2215),
)  # fmt: skip
DRAWN = frozenset(chr(code) for first, last in RANGES for code in range(first, last + 1))
_LAYOUT = frozenset("\t\n\r")
# Written for HTML: the text this goes into is markup.
_KNOWN = {
    "→": "-&gt;",
    "←": "&lt;-",
    "≤": "&lt;=",
    "≥": "&gt;=",
    "✓": "v",
    "✔": "v",
    "●": "•",
    "▪": "•",
    "▲": "^",
    "\u2010": "-",
    "\u2011": "-",
    "\u2015": "—",
    "\u2032": "’",
    "\u2033": "”",
}


def drawable(html: str) -> str:
    """The markup with every character the font lacks written another way."""
    text = unicodedata.normalize("NFC", html)
    lacking = set(text) - DRAWN - _LAYOUT
    if not lacking:
        return text
    return text.translate({ord(one): _other_way(one) for one in lacking})


def _other_way(character: str) -> str:
    if character in _KNOWN:
        return _KNOWN[character]
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me"):
        return ""
    plain = unicodedata.normalize("NFKD", character)
    return "".join(one for one in plain if one in DRAWN) or "?"

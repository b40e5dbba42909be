"""What in a text looks like somebody's private data: a BSN, a telephone number, a birth date, an address."""

import re

from django.utils.translation import gettext as _

# Every place where nine digits may begin, overlapping ones too; part of a longer number or an amount is none.
_NINE = re.compile(r"(?<!\d)(?<!\d[.,])(?=(\d(?:[\s.\-\u2010-\u2015]?\d){8})(?![.,]?\d))")
# The same places as they stand in a text, to be cut out.
_NINE_WHOLE = re.compile(r"(?<!\d)(?<!\d[.,])\d(?:[\s.\-\u2010-\u2015]?\d){8,}(?![.,]?\d)")
# A date before a time and a case number of a year have nine digits too, and one in eleven passes the proof.
_NO_BSN = re.compile(
    r"(?<!\d)(?:\d{1,2}-\d{1,2}-(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d-\d{5})(?!\d)"
)
# Every repetition has a bound: a text of a megabyte is looked through in one go, whatever stands in it.
_PHONE = re.compile(r"(?<![\w/-])(?:\+31|0031|0)[\s()-]{0,6}[1-9](?:[\s()-]?\d){7,8}(?!\d)")
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_BIRTH = re.compile(
    r"(?:(?:geboren|geb\.|geboortedatum|born)[^.\n]{0,20}\d"
    rf"|\b\d{{1,2}}[-/. ](?:\d{{1,2}}|{_MONTHS})[-/. ](?:19|200|201)\d{{1,2}}\b)",
    re.IGNORECASE,
)
_POSTCODE = r"\b[1-9]\d{3}\s?[A-Z]{2}\b"
_ADDRESS = re.compile(
    rf"{_POSTCODE}[\s,]{{0,6}}\d{{1,5}}|(?<!\d)\d{{1,5}}\s{{0,3}}[a-z]?\s{{0,3}},?\s{{0,3}}{_POSTCODE}"
)


# The same with the whole date, to be cut out.
_BIRTH_WHOLE = re.compile(
    rf"{_BIRTH.pattern}[-/. \d]{{0,12}}(?:(?:{_MONTHS})[-/. \d]{{0,6}})?", re.IGNORECASE
)


def is_bsn(digits: str) -> bool:
    """The elfproef: nine digits whose weighted sum is divisible by eleven and that are not all zero."""
    if len(digits) != 9 or int(digits) == 0:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0


def holds_bsn(text: str) -> bool:
    """Whether a valid BSN stands in the text, with or without dots, spaces or dashes."""
    return any(is_bsn(re.sub(r"\D", "", found)) for found in _NINE.findall(_NO_BSN.sub("x", text)))


def worries(text: str) -> list[str]:
    """What in this text looks like somebody's private data, as words for a sentence."""
    found = []
    if _PHONE.search(text):
        found.append(_("een telefoonnummer"))
    if _BIRTH.search(text):
        found.append(_("een geboortedatum"))
    if _ADDRESS.search(text):
        found.append(_("een adres"))
    return found


def without(text: str) -> str:
    """The text with everything that looks private cut out, for where it must never lie."""
    for pattern in (_BIRTH_WHOLE, _ADDRESS, _PHONE):
        text = pattern.sub(" ", text)
    return _NINE_WHOLE.sub(lambda found: " " if holds_bsn(found.group()) else found.group(), text)

"""How long a text is as an SMS: the letters of GSM 03.38, of which 160 fit in one message."""

LONGEST = 160
_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€\f")


def length(text: str) -> int | None:
    """The letters it takes; None when one of them is not in the alphabet (ë and ï are not)."""
    if not set(text) <= _LETTERS | _DOUBLE:
        return None
    return sum(2 if letter in _DOUBLE else 1 for letter in text)


def fits(text: str) -> bool:
    """Whether it goes in one message."""
    found = length(text)
    return found is not None and found <= LONGEST

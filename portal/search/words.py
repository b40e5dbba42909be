"""From text to the words of the index: folded, stemmed as Dutch, and without what looks private."""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

import snowballstemmer

from portal.ui import private

# A stemmer holds the word it works on, and a web process has several threads.
_own = threading.local()
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 30
# One text may fill so much of the index; PostgreSQL takes no more than a megabyte of one row.
MOST_WORDS = 10_000
MOST_BYTES = 400_000
MOST_ASKED = 8
# From so many letters on, the beginning of a word finds it too.
SHORTEST_BEGINNING = 3
# Words that tell nothing; when one types only these, they are searched after all.
_EMPTY = frozenset(
    (
        *("aan", "als", "bij", "dat", "de", "den", "der", "des", "deze", "die", "dit", "door", "een", "en"),
        *("er", "het", "hij", "ik", "in", "is", "je", "met", "naar", "niet", "of", "om", "ook", "op", "over"),
        *("te", "tot", "uit", "uw", "van", "voor", "was", "wat", "we", "wel", "wij", "ze", "zich", "zij"),
    )
)


def folded(text: str) -> list[str]:
    """The words of a text in small letters and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return [_in_ascii(word)[:_LONGEST] for word in _WORD.findall(bare)]


def _in_ascii(word: str) -> str:
    """Letters of other scripts by their number: what counts as a letter differs from engine to engine."""
    return word if word.isascii() else "".join(one if one.isascii() else f"x{ord(one):x}" for one in word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    if not hasattr(_own, "stemmer"):
        # The same stems as PostgreSQL's own Dutch dictionary, on either engine.
        _own.stemmer = snowballstemmer.stemmer("dutch_porter")
    return str(_own.stemmer.stemWord(word))


def indexed(text: str) -> list[str]:
    """The different words of a text and their stems, in the order they come, at most MOST_WORDS.

    The words too: whoever types the beginning of one goes on where its stem ends.
    """
    found: dict[str, None] = {}
    for word in folded(private.without(text)):
        found[word] = found[stem(word)] = None
    return list(found)[:MOST_WORDS]


@lru_cache(maxsize=10_000)
def short(mark: str) -> str:
    """A reader's mark as it stands before a word; that two may be alike only costs a look in vain."""
    return sha256(mark.encode()).hexdigest()[:8]


def for_readers(words: Iterable[str], marks: Iterable[str]) -> str:
    """The words as the index holds them: once for each mark, so that a search stays within its own.

    A word that stands in a million rows stands in the few of one municipality under its mark.
    """
    known, found = list(words), sorted(marks)
    # Every mark gets as many words: nobody finds more than another.
    while sum(len(word) + 9 for word in known) * len(found) > MOST_BYTES:
        known = known[: len(known) * 9 // 10]
    return " ".join(short(mark) + word for mark in found for word in known)


def asked(text: str) -> list[tuple[str, str]]:
    """What somebody typed as pairs of a stem and the beginning it was typed as ('' when too short)."""
    words = list(dict.fromkeys(folded(text)))
    telling = [word for word in words if word not in _EMPTY] or words
    return [(stem(word), word if len(word) >= SHORTEST_BEGINNING else "") for word in telling[:MOST_ASKED]]

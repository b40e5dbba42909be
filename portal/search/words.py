"""From text to the words of the index: folded, stemmed as Dutch, and without what looks private."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

import snowballstemmer

from portal.ui import private

# The same stems as PostgreSQL's own Dutch dictionary, on either engine.
_stemmer = snowballstemmer.stemmer("dutch_porter")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 30
# One text may fill so much of the index; PostgreSQL takes no more than a megabyte of one row.
MOST_WORDS = 5_000
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
    return [word[:_LONGEST] for word in _WORD.findall(bare)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    return str(_stemmer.stemWord(word))


def indexed(text: str) -> list[str]:
    """The different stems of a text, in the order they come, at most MOST_WORDS."""
    found = dict.fromkeys(stem(word) for word in folded(private.without(text)))
    return list(found)[:MOST_WORDS]


@lru_cache(maxsize=10_000)
def short(mark: str) -> str:
    """A reader's mark as it stands before a word; that two may be alike only costs a look in vain."""
    return sha256(mark.encode()).hexdigest()[:8]


def for_readers(words: Iterable[str], marks: Iterable[str]) -> str:
    """The words as the index holds them: once for each mark, so that a search stays within its own.

    A word that stands in a million rows stands in the few of one municipality under its mark.
    """
    known = list(words)
    return " ".join(short(mark) + word for mark in sorted(marks) for word in known)


def asked(text: str) -> list[tuple[str, str]]:
    """What somebody typed as pairs of a stem and the beginning it was typed as ('' when too short)."""
    words = list(dict.fromkeys(folded(text)))
    telling = [word for word in words if word not in _EMPTY] or words
    return [(stem(word), word if len(word) >= SHORTEST_BEGINNING else "") for word in telling[:MOST_ASKED]]

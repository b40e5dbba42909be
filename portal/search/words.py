"""From text to the words of the index: folded, stemmed as Dutch, and without what looks private."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from portal.ui import private

# The same stems as PostgreSQL's own Dutch dictionary, on either engine.
_stemmer = snowballstemmer.stemmer("dutch_porter")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40
# One text may fill so much of the index; nobody finds a paper by its twenty thousandth word.
MOST_WORDS = 20_000
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


def indexed(text: str) -> str:
    """The different stems of a text, in the order they come, at most MOST_WORDS."""
    found = dict.fromkeys(stem(word) for word in folded(private.without(text)))
    return " ".join(list(found)[:MOST_WORDS])


def asked(text: str) -> list[tuple[str, str]]:
    """What somebody typed as pairs of a stem and the beginning it was typed as ('' when too short)."""
    words = list(dict.fromkeys(folded(text)))
    telling = [word for word in words if word not in _EMPTY] or words
    return [(stem(word), word if len(word) >= SHORTEST_BEGINNING else "") for word in telling[:MOST_ASKED]]

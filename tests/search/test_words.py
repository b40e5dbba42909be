"""From text to words: Dutch stems, no accents, nothing private, the same on either engine."""

import pytest

from portal.search.words import MOST_ASKED, MOST_WORDS, asked, folded, for_readers, indexed, short, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("huisverbod", "huisverboden"),
        ("werkbezoek", "werkbezoeken"),
        ("burgemeester", "burgemeesters"),
        ("verlenging", "verlengingen"),
        ("Café", "cafe"),
        ("ÉÉN", "een"),
        ("Straße", "strasse"),
    ],
)
def test_words_that_find_each_other(one: str, other: str) -> None:
    assert stem(folded(one)[0]) == stem(folded(other)[0])


def test_words_are_letters_and_digits_whatever_is_typed() -> None:
    text = "Zaak_2026-00123: \"stap\" (één) * AND OR NOT 'x' \x00 ; DROP TABLE -- %s 🙂 e\u0301e\u0301n"
    assert all(word.isalnum() for word in folded(text))
    assert folded("\u200b-_!?*\"'") == []


def test_a_text_is_indexed_once_a_word_and_not_without_end() -> None:
    assert indexed("Deur deur DEUREN open") == ["deur", "open"]
    many = " ".join(f"woord{nr}" for nr in range(MOST_WORDS + 500))
    assert len(indexed(many)) == MOST_WORDS
    assert max(map(len, indexed("x" * 500))) == 30


def test_what_looks_private_is_not_indexed() -> None:
    words = indexed("Bel 06-12345678, BSN 111222333, geboren 3-4-2015, 3511 AB 12, op 12-11-2026")
    assert not {"06", "12345678", "111222333", "2015", "3511"} & set(words)
    assert "2026" in words


def test_empty_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert asked("de deur van het huis") == [("deur", "deur"), ("huis", "huis")]
    assert asked("van de") == [("van", "van"), (stem("de"), "")]
    assert len(asked(" ".join(f"woord{nr}" for nr in range(40)))) == MOST_ASKED


def test_a_word_stands_once_behind_each_mark() -> None:
    held = for_readers(["deur", "open"], {"ga", "gab"})
    assert held == " ".join(short(mark) + word for mark in ("ga", "gab") for word in ("deur", "open"))
    assert short("ga") != short("gab")
    assert len(for_readers([f"{nr:030}" for nr in range(MOST_WORDS)], {"a", "b", "c"})) < 1_000_000

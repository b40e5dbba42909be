"""From text to words: Dutch stems, no accents, nothing private, the same on either engine."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.search.words import (
    MOST_ASKED,
    MOST_BYTES,
    MOST_WORDS,
    asked,
    folded,
    for_readers,
    indexed,
    short,
    stem,
)


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
    assert indexed("Deur deur DEUREN open") == ["deur", "deuren", "open"]
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


def test_letters_of_every_script_are_words_of_plain_letters_and_digits() -> None:
    text = "\u0628\u064a\u062a a\u19b0b \u0434\u043e\u043c \u5e02\u9577 \u0e1a\u0e49\u0e32\u0e19"
    words = folded(text)
    assert words
    assert all(word.isascii() and word.isalnum() for word in words)
    assert folded("\u0434\u043e\u043c") == folded("\u0414\u041e\u041c")


def test_a_beginning_finds_a_word_also_beyond_its_stem() -> None:
    held = indexed("Voorbereiding vergaderingen")
    for typed in ("verga", "vergader", "vergaderi", "vergaderin", "vergadering", "vergaderingen"):
        pair = asked(typed)[0]
        assert pair[0] in held or any(word.startswith(pair[1]) for word in held)


def test_threads_stem_each_their_own_word() -> None:
    ends = ("ing", "ingen", "eren", "en")
    words = [f"{start}{nr}{end}" for nr in range(200) for start in ("verlen", "bezoek") for end in ends]
    alone = [stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _nr: [stem.__wrapped__(word) for word in words], range(8)))
    assert all(one == alone for one in found)


def test_no_text_is_more_than_the_index_of_postgresql_takes_of_one_row() -> None:
    words = [f"x{nr:029}" for nr in range(MOST_WORDS)]
    held = for_readers(words, {"a", "b", "c"})
    assert len(held) <= MOST_BYTES
    marks = {word[:8] for word in held.split()}
    assert len(marks) == 3
    assert len({sum(word.startswith(mark) for word in held.split()) for mark in marks}) == 1


def test_a_word_stands_once_behind_each_mark() -> None:
    held = for_readers(["deur", "open"], {"ga", "gab"})
    assert held == " ".join(short(mark) + word for mark in ("ga", "gab") for word in ("deur", "open"))
    assert short("ga") != short("gab")

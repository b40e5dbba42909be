"""Free text: a BSN is refused, what looks private is asked about once, the rest passes."""

from itertools import product

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from measures.tracking.evidence_forms import DecisionForm, DocumentForm
from measures.tracking.forms import AddActionForm, StartForm
from portal.ui.forms import FreeText, PortalForm
from portal.ui.private import holds_bsn, is_bsn, without, worries


class NoteForm(PortalForm):
    text = FreeText(label="Notitie")


@pytest.mark.parametrize(
    "text",
    [
        "111222333",
        "bsn 111.222.333 genoemd",
        "1112 22 333",
        "nr:123456782.",
        "BSN 111222333, geboren",
        "bsn-111222333",
        "111222333-",
        "-111222333-",
        "111\u00a0222\u00a0333",
        "111\u202f222\u202f333",
        "111\u2011222\u2011333",
        "1 1 1 2 2 2 3 3 3",
        "999 111 222 333",
        "2026 111222333",
        "dossier 12, 111222333",
        "(111222333)",
        "111222333\n2026",
        "Op 12-11-2026 111222333",
    ],
)
def test_a_valid_bsn_is_refused_in_one_sentence(text: str) -> None:
    assert holds_bsn(text)
    with pytest.raises(ValidationError, match="burgerservicenummer"):
        FreeText().clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "111222334",
        "zaak 2026000417",
        "Z-2026-00417",
        "000000000",
        "1112223331",
        "€ 111222333,50",
        "€ 1.111.222.333",
        "3,111222333",
    ],
)
def test_other_numbers_are_no_bsn(text: str) -> None:
    assert not holds_bsn(text)


def test_a_date_before_a_time_is_no_bsn() -> None:
    """Together they have nine digits, of which one in eleven passes the proof."""
    for month, hour, day in product(range(1, 13), range(10), range(1, 29)):
        assert not holds_bsn(f"Op {day}-{month}-2026 {hour}:00, en 2026-{month:02}-{day:02} {hour}:00")
        assert not holds_bsn(f"Op {day}-{month}-2026 1{hour}:00")


def test_a_case_number_of_a_year_is_no_bsn() -> None:
    assert not any(holds_bsn(f"Z-2026-{nr:05} en 2026-{nr:05}") for nr in range(1000))


@given(st.integers(10_000_000, 99_999_999))
def test_every_number_that_passes_the_proof_is_found(eight: int) -> None:
    for last in range(10):
        number = f"{eight}{last}"
        assert holds_bsn(f"Nummer {number} hier") == is_bsn(number)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Bel 06-12345678 even", "een telefoonnummer"),
        ("Bel +31 6 1234 5678", "een telefoonnummer"),
        ("geboren 3 maart 2014", "een geboortedatum"),
        ("hij is van 03-05-2012", "een geboortedatum"),
        ("woont 1234 AB 12", "een adres"),
        ("Dorpsstraat 12, 1234 AB", "een adres"),
    ],
)
def test_what_looks_private_is_named(text: str, what: str) -> None:
    assert worries(text) == [what]


@pytest.mark.parametrize(
    "text",
    ["Overleg op 12 november 2026", "Begroting 2027: 15000 euro", "Wth artikel 9", "Zaal 2.14 om 10:00"],
)
def test_ordinary_work_is_left_alone(text: str) -> None:
    assert worries(text) == []


def test_a_worry_is_asked_once_and_kept_at_the_second_press() -> None:
    first = NoteForm({"text": "Bel 06-12345678"})
    assert not first.is_valid()
    assert first.errors.as_data()["text"][0].code == "warn"
    second = NoteForm({"text": "Bel 06-12345678", "seen_text": first.data["seen_text"]})
    assert second.is_valid()
    other = NoteForm({"text": "Bel 06-87654321", "seen_text": first.data["seen_text"]})
    assert not other.is_valid()


def test_control_characters_are_dropped() -> None:
    assert FreeText().clean("a\x00b\x07c") == "abc"


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (DocumentForm, "kept_in"),
        (DecisionForm, "decided_by_role"),
        (DecisionForm, "decided_by_name"),
        (StartForm, "title"),
        (AddActionForm, "title"),
    ],
)
def test_short_fields_are_looked_at_too(form: type[PortalForm], name: str) -> None:
    field = form.base_fields[name]
    assert isinstance(field, FreeText)
    assert not isinstance(field.widget, forms.Textarea)
    with pytest.raises(ValidationError, match="burgerservicenummer"):
        field.clean("BSN 111222333, geboren")


def test_a_telephone_number_in_a_short_field_is_asked_about_once() -> None:
    data = {"kept_in": "Zaaksysteem, bel 06-12345678", "reference": "Z-2026-00417", "dated_on": "2026-10-01"}
    first = DocumentForm(data)
    assert [one.code for one in first.errors.as_data()["kept_in"]] == ["warn"]
    assert DocumentForm({**data, "seen_text": first.data["seen_text"]}).is_valid()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Bel 06-12345678 of 030 123 45 67 vandaag", "Bel of vandaag"),
        ("Zij is geboren op 3-4-2015 te Utrecht", "Zij is te Utrecht"),
        ("geb. 3 april 2015, groep 6", "groep 6"),
        ("Woont op 3511 AB 12 en 14, 3511AB nu", "Woont op en nu"),
        ("BSN 111222333 en 1112 22 333 stonden hier", "BSN en stonden hier"),
        ("Begroting 2026: 125.000 euro, zaak 2026-12345, op 12-11-2026 om 10:00", None),
    ],
)
def test_what_looks_private_is_cut_out(text: str, rest: str | None) -> None:
    cut = " ".join(without(text).replace(",", " ").split())
    assert cut == (" ".join(text.replace(",", " ").split()) if rest is None else rest)
    assert worries(cut) == []


@pytest.mark.parametrize(
    "text",
    [
        "1" * 300_000,
        "1" + " " * 300_000,
        "1 " * 150_000,
        "0" + "(" * 300_000,
        "0 " * 150_000,
        "1" + "\n" * 300_000 + "3511 AB",
        "geboren " * 40_000,
        "1111 " * 60_000,
        "06-" * 100_000,
        "1.1,1" * 60_000,
    ],
)
def test_a_long_text_is_looked_through_in_one_go(text: str) -> None:
    """With a repetition that has no bound this would not end in hours."""
    assert worries(text) == (["een telefoonnummer"] if text.startswith("06-") else [])
    assert not holds_bsn(text)
    assert without(text)[-50:] == text[-50:]

"""The form pack: every control has a name, every reference an end, every error a way to its field."""

import re
from datetime import date
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from tests.ui.test_components import Shell, tags


class Sample(forms.Form):
    """One field of each sort."""

    helper: FormHelper

    title = forms.CharField(
        label="Titel", help_text="Zonder namen.", widget=forms.TextInput(attrs={"placeholder": "x"})
    )
    due_on = forms.DateField(label="Uiterlijk", required=False)
    due_at = forms.DateTimeField(label="Moment", required=False)
    holder = forms.ChoiceField(label="Wie?", choices=[("1", "Een"), ("2", "Twee")], widget=forms.RadioSelect)
    also = forms.MultipleChoiceField(
        label="Ook",
        choices=[("a", "A")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Meer mag.",
    )
    pin = forms.BooleanField(label="Vast", required=False, help_text="Schuift niet mee.")
    paper = forms.FileField(label="Stuk", required=False)
    blank = forms.CharField(label="Leeg", required=False, help_text="  \n")
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_title(self) -> str:
        if self.cleaned_data["title"] == "06":
            raise ValidationError("Staat hier een nummer?", code="warn")
        return str(self.cleaned_data["title"])


def render(form: forms.Form, source: str = "{{ form|crispy }}") -> str:
    template = Template("{% load crispy_forms_tags %}" + source)
    return template.render(Context({"form": form, "csrf_token": "t", "shell": Shell()}))


def ids(html: str) -> list[str]:
    return [str(attrs["id"]) for _, attrs in tags(html) if attrs.get("id")]


@pytest.mark.parametrize(
    "data", [None, {}, {"title": "06", "holder": "1"}, {"title": "x", "holder": "9", "due_on": "zz"}]
)
def test_every_reference_has_an_end_and_every_id_is_there_once(data: dict[str, Any] | None) -> None:
    html = render(Sample(data))
    found = ids(html)
    assert len(found) == len(set(found))
    for _, attrs in tags(html):
        for name in ("for", "aria-describedby", "aria-labelledby"):
            for target in (attrs.get(name) or "").split():
                assert target in found, (name, target)
        href = attrs.get("href") or ""
        if href.startswith("#"):
            assert href[1:] in found


def test_nothing_carries_a_style_or_a_handler() -> None:
    for _, attrs in tags(render(Sample({}))):
        assert not [name for name in attrs if name == "style" or name.startswith("on")]


def test_each_control_has_a_label() -> None:
    html = render(Sample())
    labelled = {attrs.get("for") for tag, attrs in tags(html) if tag == "label"}
    for tag, attrs in tags(html):
        if tag in ("input", "select", "textarea") and attrs.get("type") != "hidden":
            assert attrs["id"] in labelled


def test_groups_stand_in_a_fieldset_with_their_legend() -> None:
    html = render(Sample())
    assert html.count("<fieldset") == html.count("<legend") == 2
    assert re.search(r'<fieldset[^>]*aria-describedby="id_also_helptext"', html)


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    html = render(Sample())
    assert html.count("(niet verplicht)") == 5
    assert not re.search(r"Titel\s*<span", html)


def test_dates_use_the_control_of_the_browser_with_iso_values() -> None:
    html = render(Sample(initial={"due_on": date(2026, 12, 3)}))
    by_id = {attrs.get("id"): attrs for _, attrs in tags(html)}
    assert by_id["id_due_on"]["type"] == "date"
    assert by_id["id_due_on"]["value"] == "2026-12-03"
    assert by_id["id_due_at"]["type"] == "datetime-local"


def test_no_placeholder_stands_in_for_a_hint() -> None:
    html = render(Sample())
    assert "placeholder" not in html
    assert "id_blank_helptext" not in html


def test_the_summary_leads_to_the_first_control_of_each_field() -> None:
    html = render(Sample({}))
    links = [attrs["href"] for tag, attrs in tags(html) if tag == "a"]
    assert links == ["#id_title", "#id_holder_0"]
    assert "Er zijn 2 dingen die nog niet kloppen" in html
    assert "Wie: Dit veld is verplicht." in html


def test_an_error_is_red_and_stands_between_label_and_control() -> None:
    html = render(Sample({"holder": "1"}))
    assert "Er is 1 ding dat nog niet klopt" in html
    label, error, control = (
        html.index('for="id_title"'),
        html.index('id="id_title_error"'),
        html.index('name="title"'),
    )
    assert label < error < control
    title = next(attrs for _, attrs in tags(html) if attrs.get("name") == "title")
    assert title["aria-invalid"] == "true"
    assert title["aria-describedby"] == "id_title_helptext id_title_error"


def test_a_warning_is_amber_and_not_a_mistake() -> None:
    html = render(Sample({"title": "06", "holder": "1"}))
    assert "field--soon" in html
    assert "field--late" not in html
    assert "aria-invalid" not in html
    assert "Kijk dit nog even na" in html


def test_errors_of_the_whole_form_come_first_without_a_link() -> None:
    form = Sample({"title": "x", "holder": "1"})
    form.add_error(None, "Dit kan nu niet.")
    form.add_error("key", "Al verstuurd.")
    html = render(form)
    assert html.index("Dit kan nu niet.") < html.index("Al verstuurd.")
    assert "<a " not in html


def test_a_form_that_was_not_sent_has_no_summary() -> None:
    assert "error-summary" not in render(Sample())


def test_a_whole_form_with_a_layout_has_its_token_and_button() -> None:
    form = Sample({})
    form.helper = FormHelper()
    form.helper.layout = Layout(Fieldset("Wat", "title", "holder"), Submit("save", "Bewaar"))
    html = render(form, "{% crispy form %}")
    assert html.count('name="csrfmiddlewaretoken"') == 1
    assert html.index("error-summary") < html.index("<legend>Wat</legend>")
    button = next(attrs for tag, attrs in tags(html) if tag == "button")
    assert button["class"] == "button button--primary"
    assert "novalidate" in html

"""What the form pack asks about a field or a form: its errors in order, where a link lands, its control."""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe

# The code of an error that only asks to look again: the second press keeps what was typed.
WARN = "warn"


class NativeDate(forms.DateInput):
    """A date in the browser's own control."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NativeTime(forms.TimeInput):
    """A time in the browser's own control, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class NativeMoment(forms.DateTimeInput):
    """A date and time in the browser's own control, to the minute, on the Amsterdam wall clock."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


_NATIVE: dict[type[forms.Widget], type[NativeDate | NativeTime | NativeMoment]] = {
    forms.DateInput: NativeDate,
    forms.TimeInput: NativeTime,
    forms.DateTimeInput: NativeMoment,
}


@dataclass(frozen=True)
class FieldError:
    """One error as the summary and the field show it."""

    text: str
    label: str
    target: str
    is_warning: bool

    @property
    def sentence(self) -> str:
        """The error with its field before it, as the summary says it."""
        label = self.label.rstrip(" :?.")
        return f"{label}: {self.text}" if label else self.text


def target_of(field: BoundField) -> str:
    """The id of the control that a link to this field must land on."""
    widget = field.field.widget
    if isinstance(widget, forms.MultiWidget):
        return f"{field.auto_id}_0"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        first = next(iter(field.subwidgets), None)
        return str(first.id_for_label) if first else field.auto_id
    return field.id_for_label or field.auto_id


def is_group(field: BoundField) -> bool:
    """Whether the field is several controls under one legend instead of one control with a label."""
    return isinstance(
        field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget
    )


def errors_of(field: BoundField) -> list[FieldError]:
    """The errors of one field, in the order they were found."""
    found = field.form.errors.get(field.name)
    if not found:
        return []
    target = target_of(field)
    return [
        FieldError(text, str(field.label or ""), target, error.code == WARN)
        for error in found.as_data()
        for text in error.messages
    ]


def all_errors(form: forms.BaseForm) -> list[FieldError]:
    """Everything the summary lists: first what concerns the whole form, then field by field."""
    general = [
        FieldError(text, "", "", error.code == WARN)
        for error in form.non_field_errors().as_data()
        for text in error.messages
    ]
    hidden = [
        FieldError(error.text, error.label, "", error.is_warning)
        for field in form.hidden_fields()
        for error in errors_of(field)
    ]
    return general + hidden + [error for field in form.visible_fields() for error in errors_of(field)]


def hint_of(field: BoundField) -> str:
    """The hint, or '' where there is nothing but blanks (a library may render an empty template)."""
    text = str(field.help_text)
    return text if text.strip() else ""


def describedby(field: BoundField) -> str:
    """The ids of the hint and the error that stand above the control, after what the widget names itself."""
    own = field.field.widget.attrs.get("aria-describedby")
    ids = [str(own)] if own else []
    if hint_of(field):
        ids.append(f"{field.auto_id}_helptext")
    if errors_of(field):
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


def control(field: BoundField) -> SafeString:
    """The control itself: native dates, no placeholder (the hint stands above), described where needed."""
    attrs: dict[str, str | bool] = {}
    # Django names the hint in aria-describedby on its own, also one that is blank.
    field.help_text = hint_of(field)
    described = describedby(field)
    if described and not is_group(field):
        attrs["aria-describedby"] = described
    if "placeholder" in field.field.widget.attrs:
        attrs["placeholder"] = False
    native = _NATIVE.get(type(field.field.widget))
    widget = native(field.field.widget.attrs) if native else None
    html = field.as_widget(widget=widget, attrs=attrs)
    errors = errors_of(field)
    if errors and all(error.is_warning for error in errors):
        # A warning is a question, not a mistake; Django marks every error and cannot be told otherwise.
        return mark_safe(html.replace(' aria-invalid="true"', ""))  # noqa: S308 - a widget's own HTML
    return html

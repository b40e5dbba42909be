"""The components every page is made of; the small ones that stand in each row are written in Python."""

from datetime import date, datetime
from typing import Any

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal.ui import fields, formatting, icons
from portal.ui import messages as ui_messages

register = template.Library()

Day = date | datetime | None


# -- words for dates -------------------------------------------------------------------------
@register.filter
def datum(value: Day) -> str:
    """'vrijdag 27 november'."""
    return formatting.datum(value) if value else ""


@register.filter
def datum_kort(value: Day) -> str:
    """'vr 27 nov'."""
    return formatting.datum_kort(value) if value else ""


@register.filter
def dag(value: Day) -> str:
    """'3 december'."""
    return formatting.dag(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """'wo 25 nov 20:00'."""
    return formatting.moment(value) if value else ""


@register.filter
def tijd(value: datetime | None) -> str:
    """'20:00'."""
    return formatting.tijd(value) if value else ""


@register.filter
def geleden(value: datetime | None) -> str:
    """'2 minuten geleden'."""
    return formatting.geleden(value) if value else ""


@register.filter
def wanneer(value: Day) -> str:
    """'3 dagen te laat', 'vandaag', 'donderdag', 'nog 29 uur'."""
    return formatting.wanneer(value) if value else ""


# -- signs and badges ------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """A sign: silent beside a word, or with a title where it stands alone."""
    return icons.draw(name, title)


BADGE_SIGNS = {"late": "late", "soon": "soon", "ok": "ok", "info": "", "calm": ""}


@register.simple_tag
def badge(tone: str, text: object) -> SafeString:
    """A sign and a word on a tint; tone is late, soon, ok, info or calm."""
    sign = BADGE_SIGNS[tone]
    drawn = icons.draw(sign) if sign else ""
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, drawn, text)


@register.simple_tag
def due_badge(due_on: date | None = None, due_at: datetime | None = None, state: str = "open") -> SafeString:
    """When something is due: red when late, amber within two days, plain further off, calm when over."""
    if state == "done":
        return badge("calm", gettext("gedaan"))
    if state == "dropped":
        return badge("calm", gettext("vervallen"))
    due = due_at or due_on
    if due is None:
        return badge("calm", gettext("datum volgt"))
    tone = formatting.urgency(due_on, due_at)
    sign = icons.draw(tone) if tone else ""
    css = f"badge badge--{tone}" if tone else "due"
    stamp = due_at.isoformat(timespec="minutes") if due_at else due.isoformat()
    return format_html(
        '<time class="{}" datetime="{}">{}{}</time>', css, stamp, sign, formatting.wanneer(due)
    )


# -- components with a template of their own -------------------------------------------------
@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: object = "") -> dict[str, object]:
    words = gettext("%(done)s van %(total)s") % {"done": done, "total": total}
    return {"done": done, "total": total, "words": words, "label": label}


@register.inclusion_tag("components/empty.html")
def empty(title: object, text: object = "", url: str = "", link: object = "") -> dict[str, object]:
    return {"title": title, "text": text, "url": url, "link": link}


@register.inclusion_tag("components/older.html")
def older(page: Any) -> dict[str, object]:
    return {"previous_url": page.previous_url, "next_url": page.next_url}


def _tokens(context: Context) -> SafeString:
    shell = context.get("shell")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}',
        context.get("csrf_token", ""),
        shell.reader_field if shell else "",
    )


@register.simple_tag(takes_context=True)
def form_tokens(context: Context) -> SafeString:
    """What every form that posts carries: the csrf token and the mark of whose page this is."""
    return _tokens(context)


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(
    context: Context,
    url: str,
    text: object,
    *,
    kind: str = "secondary",
    version: int | str | None = None,
    key: object = None,
    next: str | None = None,
    confirm: object = "",
    name: str = "",
    value: object = "",
    sr: object = "",
    sign: str = "",
) -> dict[str, object]:
    return {
        "tokens": _tokens(context),
        "url": url,
        "text": text,
        "kind": kind,
        "version": "" if version is None else version,
        "key": "" if key is None else key,
        "next": next or "",
        "confirm": confirm,
        "confirm_text": f"{str(text)[:1].lower()}{str(text)[1:]}",
        "name": name,
        "value": value,
        "sr": sr,
        "sign": sign,
    }


@register.inclusion_tag("components/making.html")
def making(url: str, text: object, every: int = 2) -> dict[str, object]:
    return {"url": url, "text": text, "every": every}


@register.inclusion_tag("components/crumb.html")
def crumb(url: str, text: object) -> dict[str, object]:
    return {"url": url, "text": text}


@register.inclusion_tag("components/message.html", takes_context=True)
def message_box(context: Context, message: Message) -> dict[str, object]:
    return {
        "tokens": _tokens(context),
        "text": message,
        "tone": ui_messages.tone_of(message),
        "undo_url": ui_messages.undo_url(message),
        "undo_version": ui_messages.undo_version(message),
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm, heading: object = "") -> dict[str, object]:
    errors = fields.all_errors(form) if form.is_bound else []
    return {
        "errors": errors,
        "heading": heading,
        "only_warnings": bool(errors) and all(error.is_warning for error in errors),
    }


# -- what the form pack asks ------------------------------------------------------------------
@register.filter
def field_errors(field: BoundField) -> list[fields.FieldError]:
    return fields.errors_of(field)


@register.filter
def only_warnings(errors: list[fields.FieldError]) -> bool:
    return bool(errors) and all(error.is_warning for error in errors)


@register.filter
def is_group(field: BoundField) -> bool:
    return fields.is_group(field)


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def hint(field: BoundField) -> str:
    return fields.hint_of(field)


@register.filter
def describedby(field: BoundField) -> str:
    return fields.describedby(field)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    return fields.control(field)

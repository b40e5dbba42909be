"""Words of templates and steps on a page: guidance with its telephone numbers, when a step is due."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.tracking.library import PHONE_KEY
from measures.tracking.models import Step, TemplateVersion
from portal.municipalities.phone import written
from portal.people.enums import Role

register = template.Library()


@register.simple_tag
def guidance(text: str) -> SafeString:
    """Paragraphs and lists, with each {tel:key} as the number, its hours and when it was checked."""
    numbers = written()
    made: list[str] = []
    for block in text.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        words: list[str] = []
        items: list[str] = []
        for line in lines:
            if line.startswith("- "):
                items.append(f"<li>{_with_numbers(line[2:], numbers)}</li>")
            elif items:
                items[-1] = items[-1].removesuffix("</li>") + " " + _with_numbers(line, numbers) + "</li>"
            else:
                words.append(_with_numbers(line, numbers))
        if words:
            made.append(f"<p>{' '.join(words)}</p>")
        if items:
            made.append(f"<ul>{''.join(items)}</ul>")
    return mark_safe("".join(made))  # noqa: S308 - every piece was escaped above


def _with_numbers(line: str, numbers: dict[str, SafeString]) -> str:
    return PHONE_KEY.sub(lambda found: numbers.get(found.group(1), SafeString("")), escape(line))


@register.simple_tag
def role_name(role: str) -> str:
    """The name of a role as people say it."""
    return str(Role(role).label)


@register.simple_tag
def step_when(step: Step, version: TemplateVersion) -> str:
    """When a step is due, in words: "15 werkdagen vóór Maandag van de campagneweek"."""
    if step.after:
        whence = _("de stap hiervoor in de keten")
        named = version.steps.filter(key=step.after).values_list("title", flat=True).first()
        if named:
            whence = _("‘%(title)s’") % {"title": named}
    else:
        whence = next((one["label"] for one in version.anchors if one["key"] == step.anchor), step.anchor)
    count = abs(step.offset)
    amount = {
        "werkdagen": ngettext("%(n)s werkdag", "%(n)s werkdagen", count),
        "dagen": ngettext("%(n)s dag", "%(n)s dagen", count),
        "uren": ngettext("%(n)s uur", "%(n)s uur", count),
    }[step.unit] % {"n": count}
    if step.offset == 0:
        return _("op: %(whence)s") % {"whence": whence}
    word = _("%(amount)s vóór %(whence)s") if step.offset < 0 else _("%(amount)s na %(whence)s")
    return word % {"amount": amount, "whence": whence}

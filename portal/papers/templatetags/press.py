"""How a text for the press is shown: its sort and its state."""

from django import template

from portal.papers.press.enums import PressSort, PressState
from portal.papers.press.models import PressText
from portal.papers.press.queries import TONES

register = template.Library()


@register.filter
def press_sort(row: PressText) -> str:
    return str(PressSort(row.sort).label)


@register.inclusion_tag("press/_badge.html")
def press_badge(row: PressText) -> dict[str, object]:
    state = PressState(row.state)
    return {"tone": TONES.get(state, "calm"), "label": state.label}

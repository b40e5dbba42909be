"""How a version of a paper is said on a page."""

from django import template

from portal.papers import words
from portal.papers.models import PaperVersion

register = template.Library()


@register.filter
def sort_of(row: PaperVersion) -> str:
    """'PDF', 'Afbeelding', 'DOCX'."""
    return words.sort(row)


@register.filter
def weight(size: int) -> str:
    """'840 kB', '3,4 MB'."""
    return words.weight(size)


@register.filter
def check_words(row: PaperVersion) -> str:
    """How far the check is."""
    return words.progress(row)


@register.filter
def refused_words(row: PaperVersion) -> str:
    """Why it was refused."""
    return words.refused(row)

"""What a briefing said against what it says now, line by line, in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.briefings.registry import Document, Line, Section, sections_of

# More than this nobody reads; the rest is counted.
SHOWN = 6


def fact(lines: Iterable[Line]) -> dict[str, Any]:
    """Lines as they are kept with a briefing: in their order, as plain values."""
    kept = list(lines)
    return {
        "order": [one.key for one in kept],
        "lines": {one.key: {"title": one.title, "details": dict(one.details)} for one in kept},
    }


@dataclass(frozen=True)
class Changed:
    """What changed in one section: its heading, and a sentence part for each line."""

    section: str
    words: list[str] = field(default_factory=list)
    more: int = 0


def changes(of: Document, subject: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """What changed between two states of a document's facts; empty when nothing of its lines did."""
    found = []
    for section in sections_of(of.key):
        old, new = before.get(section.key), after.get(section.key)
        if old is None or new is None or old == new:
            continue
        words = _words(section, subject, old, new)
        if words:
            found.append(Changed(section.title, words[:SHOWN], max(0, len(words) - SHOWN)))
    return found


def _words(section: Section, subject: Any, old: Any, new: Any) -> list[str]:
    was, is_now = old["lines"], new["lines"]
    gone = [key for key in old["order"] if key not in is_now]
    fates = section.fates(subject, gone) if section.fates and gone else {}
    words = [_gone(was[key]["title"], fates.get(key, "")) for key in gone]
    for key in new["order"]:
        if key not in was:
            words.append(_("nieuw: ‘%(title)s’") % {"title": is_now[key]["title"]})
        elif was[key] != is_now[key]:
            words += _moved(was[key], is_now[key])
    return words


def _gone(title: str, fate: str) -> str:
    what = fate or _("staat er niet meer")
    return f"‘{title}’ {what}"


def _moved(was: Mapping[str, Any], is_now: Mapping[str, Any]) -> list[str]:
    title = is_now["title"]
    if was["title"] != title:
        return [_("‘%(old)s’ heet nu ‘%(new)s’") % {"old": was["title"], "new": title}]
    names = [name for name in is_now["details"] if was["details"].get(name) != is_now["details"][name]]
    if not names:
        return [_("‘%(title)s’ is gewijzigd") % {"title": title}]
    return [
        _("%(what)s van ‘%(title)s’ ging van %(old)s naar %(new)s")
        % {
            "what": name,
            "title": title,
            "old": was["details"].get(name) or _("leeg"),
            "new": is_now["details"][name] or _("leeg"),
        }
        for name in names
    ]

"""What a briefing says: the sections about one subject for one audience, the same for page and PDF."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from portal.briefings import pdf
from portal.briefings.changes import Changed, changes, fact
from portal.briefings.registry import Audience, Document, Subject, sections_of
from portal.briefings.words import validity

if TYPE_CHECKING:
    from portal.briefings.models import Briefing

# A briefing stays Dutch, whoever reads it.
LANGUAGE = "nl"


@dataclass(frozen=True)
class Content:
    """The words of one briefing; `hash` is the same as long as they are, whenever it is made.

    `facts` are its lines by section, as they are kept with it.
    """

    document: Document
    subject: Subject
    audience: Audience
    body: SafeString
    valid_until: datetime | None
    hash: str
    facts: dict[str, Any]

    def html(self, made_at: datetime, row: "Briefing | None" = None, before: "Briefing | None" = None) -> str:
        """The whole document, with the moment at which it was made on it: what becomes the PDF.

        Of a briefing that the schedule wanted earlier it says so; with `before` also what changed since.
        """
        return _page(
            self.document,
            self.subject,
            self.audience,
            self.body,
            self.valid_until,
            made_at,
            row,
            self.changed_since(before),
            before,
        )

    def changed_since(self, before: "Briefing | None") -> list[Changed]:
        """What is other than in an earlier briefing; in Dutch, as the briefing itself."""
        if before is None:
            return []
        with translation.override(LANGUAGE):
            return changes(self.document, self.subject, before.facts, self.facts)


def compose(document: Document, subject: Subject, audience: Audience, as_of: datetime) -> Content:
    """Build every section that has something to say to this audience on this moment."""
    parts: list[str] = []
    moments: list[datetime] = []
    facts: dict[str, Any] = {}
    with translation.override(LANGUAGE):
        for section in sections_of(document.key):
            built = section.build(audience, subject, as_of)
            if built is None:
                continue
            parts.append(render_to_string(section.template, {"section": built, "audience": audience}))
            if (moment := getattr(built, "changes_at", None)) is not None:
                moments.append(moment)
            if (lines := getattr(built, "lines", None)) is not None:
                facts[section.key] = fact(lines)
    body = mark_safe("\n".join(parts))  # noqa: S308 - rendered by templates that escape
    valid_until = min(moments, default=None)
    timeless = _page(document, subject, audience, body, valid_until, None)
    digest = sha256(timeless.encode() + pdf.css_text().encode()).hexdigest()
    return Content(document, subject, audience, body, valid_until, digest, facts)


def facts_of(document: Document, subject: Any, audience: Audience, as_of: datetime) -> dict[str, Any]:
    """The lines of every section without the words around them: enough to see what changed."""
    with translation.override(LANGUAGE):
        built = {one.key: one.build(audience, subject, as_of) for one in sections_of(document.key)}
    return {key: fact(found.lines) for key, found in built.items() if hasattr(found, "lines")}


def _page(
    document: Document,
    subject: Subject,
    audience: Audience,
    body: SafeString,
    valid_until: datetime | None,
    made_at: datetime | None,
    row: "Briefing | None" = None,
    changed: list[Changed] | None = None,
    before: "Briefing | None" = None,
) -> str:
    context: dict[str, Any] = {
        "document": document,
        "subject": subject,
        "audience": audience,
        "body": body,
        "made_at": made_at,
        "belated": row.planned_at if row is not None and row.is_belated else None,
        "changed": changed,
        "before": before,
    }
    with translation.override(LANGUAGE):
        context["validity"] = validity(valid_until)
        return render_to_string(document.paper, context)

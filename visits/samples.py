"""The mails about the briefing of a visit as samples."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal.briefings import telling
from portal.briefings.enums import State
from portal.briefings.models import Briefing
from portal.mail.models import Message
from portal.mail.samples import Sample, samples
from portal.people.models import Person
from visits.papers.subject import BRIEFING

_ROW = UUID(int=2)


def _mail(state: State) -> Any:
    def build(person: Person) -> Message:
        return telling.message(Briefing(id=_ROW, document=BRIEFING, subject_id=_ROW, state=state), person)

    return build


def register() -> None:
    """Register the samples; called once when the app is ready."""
    for nr, (key, title, state) in enumerate(
        (
            ("ready", _("De briefing voor een werkbezoek staat klaar"), State.READY),
            ("failed", _("De briefing voor een werkbezoek staat klaar, zonder PDF"), State.FAILED),
        )
    ):
        samples.register(Sample(f"visits.briefing_{key}", 46 + nr, "visit_briefing", title, _mail(state)))

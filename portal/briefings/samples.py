"""The mails about briefings as samples, with invented counts."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.briefings import office, telling
from portal.briefings.enums import State
from portal.briefings.models import Briefing
from portal.briefings.registry import document, sections_of
from portal.mail.models import Message
from portal.mail.samples import Sample, samples
from portal.people.models import Person

_ROW = UUID(int=1)


def _mail(key: str, state: State = State.READY) -> Any:
    """A mail about the present edition, worked out when it is read."""

    def build(person: Person) -> Message:
        rhythm = document(key).rhythm
        assert rhythm is not None
        counted = [one.key for one in sections_of(key) if one.is_counted]
        facts = {name: {"order": ["x"] * (1 + nr % 3), "lines": {}} for nr, name in enumerate(counted)}
        row = Briefing(id=_ROW, document=key, period=rhythm.begins(clock.today()), state=state, facts=facts)
        return telling.message(row, person)

    return build


def register() -> None:
    """Register the samples of the briefings; called once when the app is ready."""
    for nr, (key, title, build) in enumerate(
        (
            ("day", _("De dagbrief staat klaar"), _mail(office.DAY)),
            ("day_failed", _("De dagbrief staat klaar, zonder PDF"), _mail(office.DAY, State.FAILED)),
            ("week", _("Het weekoverzicht staat klaar"), _mail(office.WEEK)),
            ("quarter", _("De kwartaalbrief staat klaar als concept"), _mail(office.QUARTER)),
        )
    ):
        samples.register(Sample(f"briefings.{key}", 40 + nr, "briefing_ready", title, build))

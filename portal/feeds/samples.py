"""The mails of invitations as samples, with an invented occasion."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.feeds.letters import write_letter
from portal.feeds.models import Invitation
from portal.feeds.registry import Item
from portal.mail.models import Message
from portal.mail.samples import Sample, samples
from portal.municipalities.models import Municipality
from portal.people.models import Person


def occasion() -> Item:
    """Something next week, from ten to eleven."""
    day = clock.today() + timedelta(days=7)
    return Item(
        uid=str(UUID(int=1)),
        sequence=0,
        kind="Werkbezoek",
        title="",
        starts=clock.at(day, time(10)),
        ends=clock.at(day, time(11)),
        updated_at=clock.now(),
    )


def _mail(state: str) -> Callable[[Person], Message]:
    def build(person: Person) -> Message:
        invitation = Invitation(
            id=UUID(int=1), person=person, municipality=Municipality(name="Voorbeeldstad"), source="sample"
        )
        return write_letter(invitation, occasion(), state=state, sequence=0)

    return build


def register() -> None:
    """Register the samples; called once when the app is ready."""
    for nr, (state, title) in enumerate(
        (
            ("asked", _("Een uitnodiging voor een afspraak")),
            ("changed", _("Een afspraak is gewijzigd")),
            ("cancelled", _("Een afspraak gaat niet door")),
            ("withdrawn", _("Iemand is niet meer uitgenodigd")),
        )
    ):
        samples.register(Sample(f"feeds.{state}", 50 + nr, "meeting", title, _mail(state)))

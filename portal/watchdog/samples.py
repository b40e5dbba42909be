"""The mails of the watchdog as samples, with invented moments."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.mail.models import Message
from portal.mail.samples import Sample, samples
from portal.people.models import Person
from portal.watchdog.rounds import Told
from portal.watchdog.tell import mail


def _mail(*, works_again: bool) -> Any:
    def build(person: Person) -> Message:
        parts = (("worker", clock.now() - timedelta(minutes=12)),)
        now = clock.now()
        told = Told((), parts, now) if works_again else Told(parts, (), now)
        made = mail(told, (person.email, person.language))
        html = str(made.alternatives[0][0])
        return Message(address=person.email, subject=str(made.subject), text=str(made.body), html=html)

    return build


def register() -> None:
    """Register the samples of the watchdog; called once when the app is ready."""
    samples.register(
        Sample(
            "watchdog.standing",
            80,
            "watchdog",
            _("De herinneringen staan stil: aan de landelijk beheerder"),
            _mail(works_again=False),
        )
    )
    samples.register(
        Sample("watchdog.working", 81, "watchdog", _("Alles werkt weer"), _mail(works_again=True))
    )

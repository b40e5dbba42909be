"""The list of first steps: what a beheerder does before the work can start; apps plug in theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.mail.models import Message
from portal.people import permissions
from portal.people.actions.persons import thread_of_tests
from portal.people.enums import Role
from portal.people.models import Invitation, Membership, Person
from portal.people.places import Place, own_places
from portal.ui.formatting import moment
from portal.ui.registry import Card, Registry, cards

# A mail that nobody took up after this long waits for a sender that stands still.
WAITS_LONG = timedelta(minutes=3)
DONE, BUSY, TODO = "done", "busy", "todo"


@dataclass(frozen=True)
class Shown:
    """A step as it stands now: what it is, how far it is, and where to go on."""

    title: str
    state: str
    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class FirstStep:
    """One step; `build(person, place)` reads how far it is, or gives None where it does not belong."""

    key: str
    order: int
    build: Callable[[Person, Place], Shown | None]


steps: Registry[FirstStep] = Registry("First step")


@dataclass(frozen=True)
class Checklist:
    """The steps of one place."""

    place: Place
    steps: list[Shown]

    @property
    def done(self) -> int:
        return sum(1 for step in self.steps if step.state == DONE)

    @property
    def next(self) -> Shown | None:
        """The first step that waits for somebody."""
        return next((step for step in self.steps if step.state == TODO), None)


def places(person: Person) -> list[Place]:
    """The own municipalities; for a national beheerder also the portal as a whole."""
    return own_places(person) + ([Place(None)] if permissions.is_national(person) else [])


def checklists(person: Person) -> list[Checklist]:
    """How far everything is, for each place."""
    return [
        Checklist(place, [shown for step in steps if (shown := step.build(person, place))])
        for place in places(person)
    ]


@dataclass(frozen=True)
class Waiting:
    """What still waits for a beheerder, for the card on the start page."""

    lists: list[Checklist]


def card(person: Person) -> Waiting | None:
    """The places where a step waits for this person; None when there are none."""
    waiting = [one for one in checklists(person) if one.next]
    return Waiting(waiting) if waiting else None


# -- the steps of the kernel itself -------------------------------------------------------------
def second_factor(person: Person, place: Place) -> Shown:
    title = _("Uw tweede stap bij het aanmelden")
    if is_mfa_enabled(person):
        return Shown(title, DONE, _("Uw app is gekoppeld."))
    return Shown(
        title,
        TODO,
        _("Een beheerder kan anderen toegang geven. Beveilig uw eigen account daarom eerst met een app."),
        reverse("mfa_activate_totp"),
        _("Koppel een app"),
    )


@dataclass(frozen=True)
class LastTest:
    """How the last test mail went: `state` is '', 'planned', 'sent' or 'refused'; `text` says it."""

    state: str
    text: str


def last_test(person: Person) -> LastTest:
    """How the last test mail to the own address went, and what to do about it."""
    last = (
        Message.objects.filter(person=person, thread_id=thread_of_tests(person))
        .order_by("-created_at")
        .first()
    )
    if last is None:
        return LastTest("", _("Het portaal herinnert mensen per mail. Kijk of de mail bij u aankomt."))
    if last.state == "sent" and last.sent_at:
        return LastTest(
            "sent",
            _("Aangenomen door de mailserver, %(when)s. Niet in uw postvak? Kijk bij ongewenste mail.")
            % {"when": moment(last.sent_at)},
        )
    if last.state == "refused":
        return LastTest(
            "refused",
            _("De mailserver weigerde uw adres. Vraag uw ICT-afdeling of adres en afzender kloppen."),
        )
    if last.attempts:
        return LastTest(
            "planned",
            _("De mailserver antwoordt nog niet. Het portaal probeert het opnieuw. Controleer EMAIL_URL."),
        )
    if clock.now() - last.created_at > WAITS_LONG:
        return LastTest(
            "planned",
            _("De proefmail wacht: het deel dat mail verstuurt, staat stil. Vraag wie de server beheert."),
        )
    return LastTest("planned", _("De proefmail is onderweg naar de mailserver."))


_MAIL_STATES = {"sent": DONE, "planned": BUSY}


def mail(person: Person, place: Place) -> Shown:
    last = last_test(person)
    return Shown(
        _("Een proefmail naar uzelf"),
        _MAIL_STATES.get(last.state, TODO),
        last.text,
        reverse("people:test_mail"),
        _("Stuur een proefmail") if not last.state else _("Stuur nog een proefmail"),
    )


def role_filled(role: Role) -> Callable[[Person, Place], Shown | None]:
    """The step that asks for somebody with this role."""

    def build(person: Person, place: Place) -> Shown | None:
        if place.scope is None:
            return None
        title = _("Iemand in de rol %(role)s") % {"role": role.label}
        fields: dict[str, Any] = {"role": role, **place.as_fields()}
        names = list(
            Membership.objects.current(clock.today())
            .filter(**fields)
            .order_by("person__name", "person_id")
            .values_list("person__name", flat=True)[:3]
        )
        if names:
            return Shown(title, DONE, ", ".join(names))
        asked = Invitation.objects.filter(accepted_by__isnull=True, withdrawn_at__isnull=True, **fields)
        waiting = asked.order_by("-created_at").first()
        if waiting is not None and waiting.is_open(clock.now()):
            text = _("Uitgenodigd; de link werkt tot %(when)s.") % {"when": moment(waiting.expires_at)}
            return Shown(title, BUSY, text, place.url, _("Bekijk de uitnodiging"))
        address = f"{reverse('people:invite')}?voor={place.key}&rol={role}"
        return Shown(title, TODO, _("Nog niemand heeft deze rol."), address, _("Nodig iemand uit"))

    return build


def register() -> None:
    """Register the steps of the kernel and the card; called once when the app is ready."""
    keepers = frozenset({Role.BEHEERDER, Role.BEHEERDER_LANDELIJK})
    cards.register(Card("first_steps", keepers, 1, card))
    steps.register(FirstStep("second_factor", 10, second_factor))
    steps.register(FirstStep("mail", 20, mail))
    for nr, role in enumerate((Role.BURGEMEESTER, Role.KABINET, Role.ADVISEUR_OOV)):
        steps.register(FirstStep(str(role), 30 + nr, role_filled(role)))

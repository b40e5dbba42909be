"""The life of an invitation: made, sent again, withdrawn, taken up; its link is known by a hash only."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from portal import clock
from portal.audit.record import record
from portal.mail import compose
from portal.mail.models import Message
from portal.municipalities.models import Municipality, Scope
from portal.nudge import nudge
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.enums import Role
from portal.people.marks import made_id, mail_of, state_of
from portal.people.models import Invitation, Membership, Person
from portal.people.places import Place, place_of

VALID = timedelta(days=7)


class CannotAccept(Exception):
    """The link was used, withdrawn or became too old a moment before."""


def hash_of(token: str) -> str:
    """What the database knows of a link."""
    return sha256(token.encode()).hexdigest()


def _new_link() -> tuple[str, str]:
    """A new one-time link and the hash to keep of it."""
    token = secrets.token_urlsafe(32)
    return settings.PORTAL_URL + reverse("people:invitation_link", args=[token]), hash_of(token)


@dataclass(frozen=True)
class Asked:
    """What somebody is asked for: a role in a place during a period."""

    place: Place
    role: str
    starts_on: date
    ends_on: date | None = None
    function: str = ""


def member_here(email: str, place: Place) -> Person | None:
    """The person with this address who already has a role in this place, now or coming."""
    today = clock.today()
    row = (
        Membership.objects.filter(person__email=email, person__is_active=True, **place.as_fields())
        .filter(ended_at__isnull=True)
        .exclude(ends_on__lt=today)
        .select_related("person")
        .first()
    )
    return row.person if row else None


@transaction.atomic
def invite(*, by: Person, asked: Asked, name: str, email: str, key: str) -> Invitation | Membership:
    """Ask somebody for a role by mail; who already works in this place gets the role at once.

    For everybody else the answer is the same, with or without an account: an invitation. The same
    one-time key leads to what it made before.
    """
    made = made_id(by, key)
    before = Invitation.objects.filter(pk=made).first() or Membership.objects.filter(pk=made).first()
    if before is not None:
        return before
    colleague = member_here(email, asked.place)
    if colleague is not None:
        membership = Membership(id=made, person=colleague)
        return _give(membership, asked, by=by, event="membership.given")
    link, token_hash = _new_link()
    invitation = Invitation.objects.create(
        id=made,
        email=email,
        name=name.strip(),
        role=asked.role,
        function=asked.function.strip(),
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        token_hash=token_hash,
        expires_at=clock.now() + VALID,
        invited_by=by,
        **asked.place.as_fields(),
    )
    _mail(invitation, asked.place, link)
    record(
        "invitation.made",
        by=by,
        about=invitation,
        scope=asked.place.scope,
        changes={"role": asked.role, "starts_on": (None, asked.starts_on), "ends_on": (None, asked.ends_on)},
    )
    return invitation


def _give(membership: Membership, asked: Asked, *, by: Person, event: str) -> Membership:
    membership.role = asked.role
    membership.function = asked.function.strip()
    membership.starts_on, membership.ends_on = asked.starts_on, asked.ends_on
    for field, value in asked.place.as_fields().items():
        setattr(membership, field, value)
    membership.save(force_insert=True)
    record(
        event,
        by=by,
        about=membership,
        scope=asked.place.scope,
        changes={
            "role": asked.role,
            "person": (None, membership.person_id),
            "starts_on": (None, asked.starts_on),
            "ends_on": (None, asked.ends_on),
        },
    )
    return membership


def _mail(invitation: Invitation, place: Place, link: str) -> None:
    """Write the mail with the link; it says no name, only what somebody is asked for."""
    known = Person.objects.filter(email=invitation.email).values_list("language", flat=True).first()
    with translation.override(known or settings.LANGUAGE_CODE):
        mail = compose.write(
            invitation.email,
            "mail/invitation",
            {
                "url": link,
                "place": place.title,
                "role": str(Role(invitation.role).label),
                "until": invitation.expires_at,
                "portal_url": settings.PORTAL_URL,
            },
        )
    mail.pk = mail_of(invitation)
    mail.message_id = compose.new_message_id(mail)
    mail.save(force_insert=True)
    nudge("portal.mail.tasks.deliver")


def _unsend(invitation: Invitation) -> None:
    """Take back a mail that still waits: its link opens nothing any more."""
    Message.objects.filter(pk=mail_of(invitation), state="planned").delete()


@transaction.atomic
def resend(*, by: Person, invitation: Invitation, version: int | None = None) -> None:
    """Send a new link that counts for seven days; from now on the old one opens nothing."""
    link, token_hash = _new_link()
    _set(invitation, version, token_hash=token_hash, expires_at=clock.now() + VALID)
    place = place_of(invitation)
    _mail(invitation, place, link)
    record("invitation.resent", by=by, about=invitation, scope=place.scope, changes={"role": invitation.role})


@transaction.atomic
def withdraw(*, by: Person | None, invitation: Invitation, version: int | None = None) -> None:
    """From now on the link opens nothing."""
    _set(invitation, version, withdrawn_at=clock.now())
    record(
        "invitation.withdrawn",
        by=by,
        about=invitation,
        scope=place_of(invitation).scope,
        changes={"role": invitation.role},
    )


def _set(invitation: Invitation, version: int | None, **fields: object) -> None:
    """Compare-and-set on an invitation nobody took up or withdrew; takes back the mail that waits."""
    if version is not None and version != state_of(invitation.token_hash):
        raise ChangedMeanwhile
    waiting = Invitation.objects.filter(
        pk=invitation.pk,
        token_hash=invitation.token_hash,
        accepted_by__isnull=True,
        withdrawn_at__isnull=True,
    )
    if waiting.update(**fields) != 1:
        raise ChangedMeanwhile
    _unsend(invitation)
    for name, value in fields.items():
        setattr(invitation, name, value)


@transaction.atomic
def invite_first(*, municipality: Municipality, email: str, name: str) -> str:
    """Make the one-time link for the first beheerder; an earlier such link opens nothing any more."""
    scope = Scope(municipality.pk)
    earlier = Invitation.objects.filter(
        invited_by__isnull=True,
        accepted_by__isnull=True,
        withdrawn_at__isnull=True,
        role=Role.BEHEERDER,
        **scope.as_fields(),
    ).select_related("municipality", "driehoek")
    for one in earlier:
        withdraw(by=None, invitation=one)
    link, token_hash = _new_link()
    invitation = Invitation.objects.create(
        email=email,
        name=name.strip(),
        role=Role.BEHEERDER,
        starts_on=clock.today(),
        token_hash=token_hash,
        expires_at=clock.now() + VALID,
        **scope.as_fields(),
    )
    record(
        "invitation.made",
        by=None,
        about=invitation,
        scope=scope,
        changes={"role": Role.BEHEERDER, "starts_on": (None, invitation.starts_on)},
    )
    return link


@transaction.atomic
def join(*, invitation: Invitation, name: str, password: str) -> Person:
    """Somebody new takes up an invitation with a name and a password of their own."""
    try:
        person = Person.objects.create_person(email=invitation.email, name=name, password=password)
    except IntegrityError as error:  # the address has an account already, or two links came at once
        raise CannotAccept from error
    _take_up(invitation, person)
    return person


@transaction.atomic
def accept(*, by: Person, invitation: Invitation) -> None:
    """Somebody with an account takes up an invitation sent to the own address."""
    if by.email != invitation.email:
        raise CannotAccept
    _take_up(invitation, by)


def _take_up(invitation: Invitation, person: Person) -> None:
    """Use the link, once, and give the role; who has the role already keeps it as it is."""
    used = Invitation.objects.filter(
        pk=invitation.pk,
        token_hash=invitation.token_hash,
        accepted_by__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__gt=clock.now(),
    ).update(accepted_by=person)
    if used != 1:
        raise CannotAccept
    place, today = place_of(invitation), clock.today()
    record(
        "invitation.accepted",
        by=person,
        about=invitation,
        scope=place.scope,
        changes={"role": invitation.role, "person": (None, person.pk)},
    )
    has_it = Membership.objects.current(today).filter(
        person=person, role=invitation.role, **place.as_fields()
    )
    if not has_it.exists():
        asked = Asked(
            place,
            invitation.role,
            max(invitation.starts_on, today),
            invitation.ends_on,
            invitation.function,
        )
        _give(Membership(person=person), asked, by=person, event="membership.begun")

"""What the page Mensen shows: who has which role, who is invited, which roles nobody has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.mail.models import Message
from portal.municipalities.models import Driehoek, Municipality
from portal.people import leave_queries, leaving, permissions
from portal.people.enums import Role
from portal.people.kept import not_over
from portal.people.marks import mail_of, state_of
from portal.people.models import Invitation, Membership, Person
from portal.people.places import Place, fields_of
from portal.ui.formatting import dag, day_of

EARLIER = 10
# More open invitations than this nobody keeps an eye on; the newest are shown.
INVITED = 50


@dataclass(frozen=True)
class Member:
    """One membership with what a beheerder must know to keep it."""

    membership: Membership
    role: str
    period: str
    is_coming: bool
    has_second_factor: bool
    # The present or next leave, of portal.people.leave_queries.
    leave: Any = None


@dataclass(frozen=True)
class Invited:
    """One invitation that nobody took up yet."""

    invitation: Invitation
    role: str
    state: int
    is_expired: bool
    mail: str


@dataclass(frozen=True)
class EmptyRole:
    """A role that nobody has now; `is_invited` when somebody was asked."""

    key: str
    label: str
    is_invited: bool


@dataclass(frozen=True)
class LeftBehind:
    """Somebody without a role here who still holds something here."""

    membership: Membership
    count: int


def period(starts_on: date, ends_on: date | None, today: date) -> str:
    """The period of a role as people say it."""
    words = {"start": dag(starts_on), "end": dag(ends_on) if ends_on else ""}
    if starts_on > today:
        return _("van %(start)s tot en met %(end)s") % words if ends_on else _("vanaf %(start)s") % words
    return _("tot en met %(end)s") % words if ends_on else _("sinds %(start)s") % words


def memberships(place: Place) -> "QuerySet[Membership]":
    """The memberships of a place that hold now or will."""
    return Membership.objects.filter(not_over(clock.today()), **place.as_fields()).select_related("person")


def members(rows: Sequence[Membership]) -> list[Member]:
    """The rows of one page; one query for all second factors, a few for all leaves."""
    today = clock.today()
    away = leave_queries.of_people({row.person_id for row in rows})
    secured = set(
        Authenticator.objects.filter(
            user_id__in=[row.person_id for row in rows], type=Authenticator.Type.TOTP
        ).values_list("user_id", flat=True)
    )
    return [
        Member(
            row,
            str(Role(row.role).label),
            period(row.starts_on, row.ends_on, today),
            row.starts_on > today,
            row.person_id in secured,
            away.get(row.person_id),
        )
        for row in rows
    ]


def earlier(place: Place) -> list[Member]:
    """The memberships that ended last."""
    rows = (
        Membership.objects.filter(**place.as_fields())
        .exclude(not_over(clock.today()))
        .select_related("person")
        .order_by(F("ended_at").desc(nulls_last=True), "-ends_on", "-id")[:EARLIER]
    )
    return [Member(row, str(Role(row.role).label), _past(row), False, False) for row in rows]


def _past(row: Membership) -> str:
    last = row.ended_at or row.ends_on
    assert last is not None
    if row.starts_on > day_of(last):
        return _("ging niet in")
    return _("van %(start)s tot en met %(end)s") % {"start": dag(row.starts_on), "end": dag(last)}


def open_invitations(place: Place) -> "QuerySet[Invitation]":
    """Neither taken up nor withdrawn; the expired ones too, because somebody may send them again."""
    return Invitation.objects.filter(
        accepted_by__isnull=True, withdrawn_at__isnull=True, **place.as_fields()
    ).order_by("-created_at", "id")


def invited(rows: Iterable[Invitation]) -> list[Invited]:
    """The rows of the table of invitations; one query for how their mails went."""
    rows, now = list(rows), clock.now()
    mails = dict(Message.objects.filter(pk__in=[mail_of(row) for row in rows]).values_list("pk", "state"))
    return [
        Invited(
            row,
            str(Role(row.role).label),
            state_of(row.token_hash),
            now >= row.expires_at,
            mails.get(mail_of(row), ""),
        )
        for row in rows
    ]


def empty_roles(place: Place) -> list[EmptyRole]:
    """The roles of this place that nobody has now."""
    filled = set(
        Membership.objects.current(clock.today())
        .filter(**place.as_fields())
        .values_list("role", flat=True)
        .order_by()
    )
    asked = set(open_invitations(place).values_list("role", flat=True).order_by())
    return [
        EmptyRole(str(role), str(role.label), str(role) in asked)
        for role in permissions.roles_in(place.scope)
        if str(role) not in filled
    ]


def left_behind(place: Place) -> list[LeftBehind]:
    """Who has no role here any more and still holds something here."""
    holding = leaving.holders(place.scope)
    if not holding:
        return []
    rows = (
        Membership.objects.filter(person_id__in=holding, **place.as_fields())
        .select_related("person")
        .order_by("person__name", "person_id", "-starts_on")
    )
    today = clock.today()
    by_person: dict[Any, list[Membership]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    return [
        LeftBehind(own[0], holding[person_id])
        for person_id, own in by_person.items()
        if all(is_over(row, today) for row in own)
    ]


def attention(shown: Sequence[Member], asked: Sequence[Invited], left: Sequence[LeftBehind]) -> str:
    """What waits for the beheerder here, as one sentence."""
    expired = sum(1 for one in asked if one.is_expired)
    refused = sum(1 for one in shown if one.membership.person.mail_refused_at) + sum(
        1 for one in asked if one.mail == "refused"
    )
    found = []
    if left:
        found.append(
            ngettext(
                "%(n)s mens heeft hier geen rol meer en houdt nog acties.",
                "%(n)s mensen hebben hier geen rol meer en houden nog acties.",
                len(left),
            )
            % {"n": len(left)}
        )
    if refused:
        text = ngettext("%(n)s adres weigert mail.", "%(n)s adressen weigeren mail.", refused)
        found.append(text % {"n": refused})
    if expired:
        text = ngettext("%(n)s uitnodiging is verlopen.", "%(n)s uitnodigingen zijn verlopen.", expired)
        found.append(text % {"n": expired})
    alone = len({one.membership.person_id for one in shown if one.leave and one.leave.trouble})
    if alone:
        text = ngettext(
            "Bij %(n)s verlof vervangt niemand.", "Bij %(n)s keer verlof vervangt niemand.", alone
        )
        found.append(text % {"n": alone})
    return " ".join(found) or _("Er wacht niets op u.")


def is_over(row: Membership, today: date) -> bool:
    """Whether the role was ended or its last day is past."""
    return row.ended_at is not None or (row.ends_on is not None and row.ends_on < today)


def others_here(membership: Membership) -> list[tuple[Person, str]]:
    """The other people who have a role in the same place now, each with the roles in words."""
    rows = (
        Membership.objects.current(clock.today())
        .filter(**fields_of(membership))
        .exclude(person_id=membership.person_id)
        .select_related("person")
        .order_by("person__name", "person_id", "role")
    )
    found: dict[Person, list[str]] = {}
    for row in rows:
        found.setdefault(row.person, []).append(str(Role(row.role).label))
    return [(person, ", ".join(labels)) for person, labels in found.items()]


def stays_here(membership: Membership) -> bool:
    """Whether the person keeps another role in the same place after this one."""
    return (
        Membership.objects.current(clock.today())
        .filter(person_id=membership.person_id, **fields_of(membership))
        .exclude(pk=membership.pk)
        .exists()
    )


def _counted(rows: "QuerySet[Any]", today: date) -> "QuerySet[Any]":
    """With `people` and `beheerders`: how many have a role there now."""
    now = Q(
        Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today),
        memberships__starts_on__lte=today,
        memberships__ended_at__isnull=True,
        memberships__person__is_active=True,
    )
    counted: QuerySet[Any] = rows.annotate(
        people=Count("memberships__person", filter=now, distinct=True),
        beheerders=Count("memberships", filter=now & Q(memberships__role=Role.BEHEERDER), distinct=True),
    )
    return counted


def municipalities(words: str) -> "QuerySet[Municipality]":
    """The municipalities in use, or every one whose name holds these words."""
    rows = _counted(valid_municipalities(), clock.today())
    if words:
        return rows.filter(name__icontains=words)
    own = OuterRef("pk")
    return rows.filter(
        Exists(Membership.objects.filter(municipality=own))
        | Exists(Invitation.objects.filter(municipality=own))
    )


def driehoeken() -> "QuerySet[Driehoek]":
    return _counted(Driehoek.objects.all(), clock.today()).order_by("name", "id")


def valid_municipalities(on: date | None = None) -> "QuerySet[Municipality]":
    """The municipalities that exist on a day: today unless told otherwise."""
    day = on or clock.today()
    return Municipality.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
    ).order_by("name", "id")

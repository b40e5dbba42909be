"""Every route of the portal, nested ones too, and an object of municipality A for each that needs one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import URLPattern, URLResolver, get_resolver

from measures.tracking.models import Action, Appointment, Check, Measure
from portal import clock
from portal.briefings.models import Briefing
from portal.deadlines.notices import UNSUBSCRIBE_SALT
from portal.feeds.letters import token_of
from portal.feeds.models import Feed
from portal.feeds.models import Invitation as Guest
from portal.feeds.queries import hash_of
from portal.mail.models import Gateway
from portal.municipalities.models import Scope
from portal.papers.models import Approval, Pack, Paper, PaperVersion, PressText
from portal.people.models import Invitation, Leave, Membership, Person
from portal.planning.models import ClosedDay, Recess
from tests.access.visit_routes import VisitObjects, visit_builders
from tests.cast import World, start


@dataclass(frozen=True)
class Route:
    """One address: its full name, the names of its parameters, and the view behind it."""

    name: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]


def walk(patterns: Any = None, namespace: str = "") -> Iterator[Route]:
    """Every URL pattern below the root, with its namespace."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from walk(one.url_patterns, inner)
        elif isinstance(one, URLPattern):
            yield Route(f"{namespace}{one.name}", tuple(one.pattern.regex.groupindex), one.callback)


@dataclass
class Objects:
    """A measure of a scope with one of everything that a route can point at."""

    scope: Scope
    measure: Measure
    action: Action
    check: Check
    briefing: Briefing
    membership: Membership
    invitation: Invitation
    closed_day: ClosedDay
    recess: Recess
    leave: Leave
    gateway: Gateway
    paper: Paper
    version: PaperVersion
    pack: Pack
    press: PressText
    approval: Approval
    appointment: Appointment
    feed: Feed
    guest: Guest
    visits: VisitObjects

    @classmethod
    def of(cls, by: Person, scope: Scope) -> "Objects":
        measure = start(by, scope, "visits")
        check = Check.objects.filter(action__measure=measure).order_by("action__order", "order")[0]
        action = Action.objects.select_related("measure", "step").get(pk=check.action_id)
        briefing = Briefing.objects.create(
            document="measure", subject_id=measure.pk, audience="kabinet", asked_by=by, **scope.as_fields()
        )
        membership = Membership.objects.in_scope(scope).filter(role="kabinet").order_by("id")[0]
        invitation = Invitation.objects.create(
            email="nieuw@voorbeeld.example",
            name="Nieuw",
            role="piket",
            token_hash=uuid4().hex,
            starts_on=clock.today(),
            expires_at=clock.now() + timedelta(days=7),
            invited_by=by,
            **scope.as_fields(),
        )
        closed_day = ClosedDay.objects.create(
            municipality_id=scope.municipality_id, day=date(2026, 12, 31), name="Oudjaar"
        )
        recess = Recess.objects.create(
            municipality_id=scope.municipality_id,
            starts_on=date(2026, 12, 21),
            ends_on=date(2027, 1, 1),
            name="Kerstreces",
        )
        colleague = Membership.objects.in_scope(scope).exclude(person=by).order_by("id")[0]
        leave = Leave.objects.create(
            person=by,
            deputy_id=colleague.person_id,
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 8),
            announced_by=by,
        )
        gateway = Gateway.objects.create(
            kind="webhook", name="Dienst", url="https://dienst.example/", **scope.as_fields()
        )
        paper = Paper.objects.create(
            shelf="action", subject_id=action.pk, title="Voorstel", added_by=by, **scope.as_fields()
        )
        version = PaperVersion.objects.create(
            paper=paper,
            number=1,
            kind="pdf",
            state="ready",
            file=default_storage.save(f"stukken/{uuid4()}", ContentFile(b"%PDF-1.7")),
            size=8,
            media_type="application/pdf",
            pages=1,
            uploaded_by=by,
            checked_at=clock.now(),
        )
        pack = Pack.objects.create(
            binder="measure",
            subject_id=measure.pk,
            reader=by,
            state="ready",
            file=default_storage.save(f"bundels/{uuid4()}.pdf", ContentFile(b"%PDF-1.7")),
            pages=1,
            made_at=clock.now(),
            bound_at=clock.now(),
            **scope.as_fields(),
        )
        press = PressText.objects.create(
            shelf="measure",
            subject_id=measure.pk,
            sort="column",
            title="Column",
            text="Tekst",
            state="in_approval",
            round=1,
            written_by=by,
            **scope.as_fields(),
        )
        approval = Approval.objects.create(
            press_text=press,
            round=1,
            order=0,
            as_what="spokesperson",
            role="communicatie",
            answer_by=date(2026, 10, 9),
        )
        appointment = Appointment.objects.create(
            measure=measure,
            kind=measure.kind,
            title="Kennismaking",
            starts_at=clock.now() + timedelta(days=3),
            ends_at=clock.now() + timedelta(days=3, hours=1),
            create_key=uuid4().hex,
            **scope.as_fields(),
        )
        feed = Feed.objects.create(person=by, label="Telefoon", token_hash=hash_of(f"feed-{by.pk}"))
        guest = Guest.objects.create(
            source="appointments",
            object_id=appointment.pk,
            name="Gast",
            email="gast@partner.example",
            invited_by=by,
            **scope.as_fields(),
        )
        return cls(
            scope,
            measure,
            action,
            check,
            briefing,
            membership,
            invitation,
            closed_day,
            recess,
            leave,
            gateway,
            paper,
            version,
            pack,
            press,
            approval,
            appointment,
            feed,
            guest,
            VisitObjects.of(by, scope),
        )


def builders(own: Objects, world: World) -> dict[str, dict[str, Any]]:
    """The parameters of every route that needs some, pointing at `own`."""
    action, measure = {"pk": own.action.pk}, {"pk": own.measure.pk}
    made: dict[str, dict[str, Any]] = {
        "tracking:action": action,
        "tracking:finish": action,
        "tracking:undo": action,
        "tracking:begin": action,
        "tracking:hand_over": action,
        "tracking:later": action,
        "tracking:drop": action,
        "tracking:reopen": action,
        "tracking:pin": action,
        "tracking:unpin": action,
        "tracking:note": action,
        "tracking:tick": {"pk": own.action.pk, "line": own.check.pk},
        "tracking:add_paper_to_action": action,
        "tracking:add_paper_to_measure": measure,
        "tracking:add_press_text": measure,
        "tracking:measure": measure,
        "tracking:anchor": {"pk": own.measure.pk, "name": "visit"},
        "tracking:add_action": measure,
        "tracking:complete": measure,
        "tracking:stop": measure,
        "tracking:reopen_measure": measure,
        "tracking:briefing": measure,
        "tracking:ask_briefing": measure,
        "tracking:pack": measure,
        "tracking:plan_appointment": measure,
        "tracking:appointment": {"pk": own.appointment.pk},
        "tracking:change_appointment": {"pk": own.appointment.pk},
        "tracking:cancel_appointment": {"pk": own.appointment.pk},
        "tracking:start": {"pk": own.measure.template_version_id},
        "tracking:template": {"pk": own.measure.template_version_id},
        "briefings:briefing": {"pk": own.briefing.pk},
        "briefings:now": {"document": "dagbrief", "pk": own.scope.municipality_id},
        "briefings:ask": {"document": "weekoverzicht", "pk": own.scope.municipality_id},
        "briefings:change_timetable": {"document": "dagbrief", "pk": own.scope.municipality_id},
        "briefings:status": {"pk": own.briefing.pk},
        "briefings:pdf": {"pk": own.briefing.pk},
        "papers:paper": {"pk": own.paper.pk},
        "papers:status": {"pk": own.paper.pk},
        "papers:file": {"pk": own.paper.pk, "version": own.version.pk},
        "papers:add_version": {"pk": own.paper.pk},
        "papers:withdraw": {"pk": own.paper.pk},
        "papers:pack": {"pk": own.pack.pk},
        "papers:pack_status": {"pk": own.pack.pk},
        "papers:pack_pdf": {"pk": own.pack.pk},
        **{
            f"press:{name}": {"pk": own.press.pk}
            for name in ("text", "edit", "ask", "take_back", "release", "place", "withdraw")
        },
        "press:decide": {"pk": own.approval.pk},
        "deadlines:unsubscribe": {"token": signing.dumps(str(world.kabinet_a.pk), salt=UNSUBSCRIBE_SALT)},
        "tracking:invite": {"pk": own.appointment.pk},
        "tracking:uninvite": {"pk": own.appointment.pk, "guest": own.guest.pk},
        "feeds:answer": {"token": token_of(own.guest)},
        "feeds:change": {"pk": own.feed.pk},
        "feeds:revoke": {"pk": own.feed.pk},
        "feeds:ics": {"token": f"feed-{own.feed.person_id}"},
        "people:municipality": {"pk": own.scope.municipality_id},
        "people:driehoek": {"pk": world.d.driehoek_id},
        "people:resend": {"pk": own.invitation.pk},
        "people:withdraw": {"pk": own.invitation.pk},
        "people:membership": {"pk": own.membership.pk},
        "people:end": {"pk": own.membership.pk},
        "people:hand_on": {"pk": own.membership.pk},
        "people:retry_mail": {"pk": own.membership.pk},
        "people:announce_for": {"pk": own.membership.pk},
        "people:leave": {"pk": own.leave.pk},
        "people:change_leave": {"pk": own.leave.pk},
        "people:end_leave": {"pk": own.leave.pk},
        "people:invitation_link": {"token": "x" * 43},
        "planning:remove_day": {"pk": own.closed_day.pk},
        "planning:confirm": {"pk": own.scope.municipality_id},
        "planning:remove_recess": {"pk": own.recess.pk},
        "municipalities:change_number": {"key": "veilig_thuis"},
        "municipalities:check_number": {"key": "veilig_thuis"},
        "municipalities:mailbox": {"pk": own.scope.municipality_id},
        "mail:add_channel": {"kind": "sms"},
        "mail:change_channel": {"pk": own.gateway.pk},
        "mail:switch_channel": {"pk": own.gateway.pk},
        "mail:test_channel": {"pk": own.gateway.pk},
        "mail:test_state": {"pk": own.gateway.pk},
        "mail:demo_mail": {"name": "20261005T100000000000-abc"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        **visit_builders(own.visits),
    }
    return made


# Routes without an object of a municipality behind them: nothing of A that B could see.
NOBODYS = {
    "tracking:start",
    "tracking:template",
    "visits:start",
    "mail:add_channel",
    "mail:demo_mail",
    # Signed: it names a person, and is for whoever got the mail.
    "deadlines:unsubscribe",
    # A secret of one person, for whatever calendar has it.
    "feeds:ics",
    # Signed: it names one invitation, and is for whoever got the mail.
    "feeds:answer",
    "account_reset_password_from_key",
    "people:invitation_link",
    "municipalities:change_number",
    "municipalities:check_number",
}

# Routes with an object below another: (route, parameter of the child).
NESTED = {
    "tracking:tick": "line",
    "tracking:uninvite": "guest",
    "papers:file": "version",
    "visits:withdraw_consent": "consent",
}

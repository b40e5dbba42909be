"""The demonstration: one running measure per kind, with dates relative to the day it is laid."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from measures.tracking import actions as act
from measures.tracking import papers
from measures.tracking.dates import AnchorValue
from measures.tracking.kinds import kind as tracking_kind
from measures.tracking.models import Action, Measure, TemplateVersion
from portal import clock
from portal.briefings import office, scheduling
from portal.briefings.rhythm import Every, Rhythm
from portal.deadlines.models import Choices
from portal.municipalities.models import Scope
from portal.papers.press import actions as press
from portal.papers.press.enums import AsWhat, Decision, PressSort
from portal.people import cast
from portal.people.actions import announce
from portal.people.leave_rules import Plan
from portal.people.models import Person
from portal.planning.days import OfficeDays
from portal.planning.models import ClosedDay, Recess

# The one person who signs in with a second factor; the secret stands in the list of demo people.
TOTP_PERSON = "beheerder_a"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of an invented person
LEADS = {
    "visits": "kabinet_a",
    "driehoek": "secretaris",
    "huisverbod": "oov_a",
    "open_door": "kabinet_a",
    "stop_it_now": "beleid_a",
    "publicity": "communicatie_a",
}

_COLUMN = """Deze week was ik op bezoek bij mensen die er zijn als het thuis niet veilig is.

Wat mij het meest bijbleef: hoe snel er hulp komt als iemand belt. U hoeft niets zeker te weten om advies te
vragen. Vertrouwt u iets niet, bel dan. Dat is geen bemoeienis, dat is zorg voor elkaar."""

_APPOINTMENTS = (
    (
        "Voorbereiding met de partners",
        10,
        "Stadhuis, kamer 2.14",
        "Dank voor het snelle werk\nWie spreekt namens ons?\nWat is de eerste stap na vandaag?",
    ),
    ("Terugkijken op de uitvoering", 14, "", ""),
)


def people_text() -> str:
    """The demo people with what they are and the one password, ready to print."""
    lines = [f"  {part.email:<38} {part.name:<14} {_roles(part)}" for part in cast.CAST]
    return "\n".join(
        [
            "Meld u aan als een van deze verzonnen mensen:",
            *lines,
            f"Wachtwoord van allemaal: {cast.PASSWORD}",
            f"{cast.CAST_BY_KEY[TOTP_PERSON].email} heeft een tweede factor;"
            f" sleutel voor de app: {TOTP_SECRET}",
            "",
        ]
    )


def _roles(part: cast.Part) -> str:
    where = {cast.A: "Voorbeeldstad", cast.B: "Voorbeelddorp", cast.D: "Driehoek", "": "landelijk"}
    return ", ".join(f"{role.label} ({where[place]})" for role, place, _function in part.memberships)


@transaction.atomic
def lay() -> None:
    """Lay the demonstration; does nothing when it is there already."""
    scopes = cast.lay_scopes()
    people = cast.lay_people(scopes)
    if Measure.objects.filter(**scopes[cast.A].as_fields()).exists():
        return
    _second_factor(people[TOTP_PERSON])
    # Without quiet hours, so that also at night the first mail comes at once.
    Choices.objects.create(person=people["kabinet_a"], quiet_from=time(0), quiet_until=time(0))
    _calendar(scopes[cast.A])
    published = set(TemplateVersion.objects.values_list("template__kind", flat=True))
    for kind, lead in LEADS.items():
        if kind not in published:
            continue
        scope = scopes[cast.D] if kind == "driehoek" else scopes[cast.A]
        _measure(kind, scope, people[lead], people)
    _measure("visits", scopes[cast.B], people["kabinet_b"], people)
    _leave(people)
    _office(scopes[cast.A], people)


def _office(scope: Scope, people: dict[str, Person]) -> None:
    """The day of a mayor: a decision, a clock, something far too late, an appointment; and the briefings.

    Those of this day, week and quarter are asked for at once: nobody waits for a morning.
    """
    lead, days, today = people["kabinet_a"], OfficeDays.of(scope), clock.today()
    for nr, (kind, title, role, due) in enumerate(
        (
            ("huisverbod", "Besluiten over de werkafspraken", "burgemeester", today),
            ("open_door", "Rooster van de feestdagen vaststellen", "adviseur_oov", days.add(today, -6)),
        )
    ):
        act.add_action(
            by=lead,
            measure=Measure.objects.get(kind=kind, **scope.as_fields()),
            title=title,
            description="Het voorstel ligt klaar. Zonder akkoord kan het rooster niet naar de teams.",
            due_on=due,
            key=f"office-{nr}",
            holder_role=role,
        )
    visit = Measure.objects.get(kind="visits", **scope.as_fields())
    soon = clock.end_of(today + timedelta(days=7))
    pinned = next(
        one for one in _waiting(visit) if one.is_unfinished and one.late_from and one.late_from > soon
    )
    act.pin(by=lead, action=pinned, to=clock.at(days.add(today, 1), time(16)))
    act.plan_appointment(
        by=lead,
        measure=visit,
        title="Voorbereiding werkbezoek",
        starts_at=clock.at(today, time(15, 30)),
        ends_at=clock.at(today, time(16)),
        place="Stadhuis, kamer 2.14",
        points="Vier vragen afstemmen\nGeen zaken bespreken\nDatum van het persmoment kiezen",
        key="office-meeting",
    )
    for of in office.scheduled():
        scheduling.plan_now(scope.municipality_id, of, clock.now())


def _second_factor(person: Person) -> None:
    TOTP.activate(person, TOTP_SECRET)
    RecoveryCodes.activate(person)


def _calendar(scope: Scope) -> None:
    today = clock.today()
    friday = today + timedelta(days=(4 - today.weekday()) % 7 + 14)
    ClosedDay.objects.create(municipality_id=scope.municipality_id, day=friday, name="Collectieve vrije dag")
    Recess.objects.create(
        municipality_id=scope.municipality_id,
        starts_on=today + timedelta(days=28),
        ends_on=today + timedelta(days=41),
        name="Reces",
    )


def _leave(people: dict[str, Person]) -> None:
    """A week of leave that comes up: its page shows what would go along and what would stay."""
    first = clock.today() + timedelta(days=(0 - clock.today().weekday()) % 7 + 7)
    plan = Plan(people["kabinet_a"], people["oov_a"], first, first + timedelta(days=4))
    announce(by=plan.person, plan=plan, key="demo")


def _anchors(version: TemplateVersion) -> dict[str, AnchorValue]:
    """A start three weeks back and a main date three weeks ahead: work on both sides of today."""
    today = clock.today()
    monday = today + timedelta(days=(0 - today.weekday()) % 7 + 14)
    main: dict[str, AnchorValue] = {
        "start": today - timedelta(days=21),
        "visit": clock.at(monday + timedelta(days=3), time(10, 0)),
        "meeting": clock.at(monday + timedelta(days=1), time(9, 30)),
        "decision": monday + timedelta(days=8),
        "week_monday": monday,
    }
    return {one["key"]: main[one["key"]] for one in version.anchors}


def _measure(kind: str, scope: Scope, lead: Person, people: dict[str, Person]) -> Measure:
    version = TemplateVersion.objects.filter(
        template__kind=kind, template__municipality__isnull=True
    ).order_by("-number")[0]
    measure = act.start_measure(
        by=lead, version=version, scope=scope, anchors=_anchors(version), key=f"demo-{kind}-{scope}"[:64]
    )
    if (lay := tracking_kind(kind).lay) is not None:
        lay(measure, lead)
    days = OfficeDays.of(scope)
    today = clock.today()
    todo = _waiting(measure)
    done = [next(todo), next(todo)]
    for action in done:
        act.finish(by=lead, action=action, evidence=_evidence(action, today))
    act.drop(by=lead, action=next(todo), reason="Niet nodig: dit is al geregeld in het lopende jaarplan.")
    overdue = next(todo)
    # Of what another lets lie the lead hears at the first tick: a mail within a minute of the start.
    act.hand_over(by=lead, action=overdue, to_person=_somebody_else(kind, lead, people))
    _pin(overdue, days.add(today, -3), lead)
    for day in (today, days.add(today, 3)):
        _pin(next(todo), day, lead)
    busy = next(todo, None)
    if busy is not None:
        act.begin(by=lead, action=busy)
        act.write_note(
            by=lead, action=busy, text="Eerste overleg gehad; vervolg staat in de agenda.", key=f"n-{busy.pk}"
        )
        for check in list(busy.checks.all())[:2]:
            act.tick(by=lead, check=check, done=True)
    _appointments(measure, lead)
    if kind == "visits" and lead == people["kabinet_a"]:
        _column(measure, people)
    mine = next(todo, None)
    if mine is not None:
        act.hand_over(by=lead, action=mine, to_person=_somebody_else(kind, lead, people))
    return measure


def _appointments(measure: Measure, lead: Person) -> None:
    """One tomorrow with something to say, one further on; both on an office day."""
    days = OfficeDays.of(measure.scope)
    for nr, (title, hour, place, points) in enumerate(_APPOINTMENTS):
        day = days.add(clock.today(), 1 + 7 * nr)
        act.plan_appointment(
            by=lead,
            measure=measure,
            title=title,
            starts_at=clock.at(day, time(hour)),
            ends_at=clock.at(day, time(hour + 1)),
            place=place,
            points=points,
            key=f"a{nr}-{measure.pk}",
        )


def _column(measure: Measure, people: dict[str, Person]) -> None:
    """A column that waits for the mayor: it stands on the mayor's start page."""
    by = people["communicatie_a"]
    row = press.plan(
        by=by,
        shelf=papers.MEASURE,
        subject=measure,
        key=f"demo-column-{measure.pk}",
        sort=PressSort.COLUMN,
        title="Luisteren naar wie helpt",
        text=_COLUMN,
        medium="Stadsblad",
    )
    day = OfficeDays.of(measure.scope).add(clock.today(), 4)
    press.ask_approval(by=by, row=row, steps=[(AsWhat.SPOKESPERSON, ""), (AsWhat.MAYOR, "")], answer_by=day)
    press.decide(by=by, step=row.current_steps()[0], decision=Decision.APPROVED)


def _waiting(measure: Measure) -> Iterator[Action]:
    """The measure's actions without evidence to a briefing, soonest first; undated ones last."""
    rows = measure.actions.select_related("step", "measure").exclude(evidence_kind="briefing")
    far = clock.at(date(2035, 12, 31), time(0))
    for row in sorted(rows, key=lambda row: (row.late_from or far, row.order)):
        # A pin before may have moved this one along.
        row.refresh_from_db()
        yield row


def _pin(action: Action, day: date, by: Person) -> None:
    if action.is_unfinished:
        act.pin(by=by, action=action, to=day)


def _evidence(action: Action, today: date) -> dict[str, Any] | None:
    before = Rhythm(Every.QUARTER).begins(today) - timedelta(days=12)
    if action.evidence_kind == "decision":
        return {
            "text": "Akkoord met het voorstel; uitvoering start deze maand.",
            "decided_by_role": "burgemeester",
            "decided_by_name": cast.CAST_BY_KEY["burgemeester_a"].name,
            # One in the quarter before this one, so that the letter to the council has a decision to name.
            "dated_on": before if action.kind == "stop_it_now" else today - timedelta(days=6),
        }
    if action.evidence_kind == "document":
        return {"kept_in": "Zaaksysteem", "reference": "Z-2026-00417", "dated_on": today - timedelta(days=8)}
    return None


def _somebody_else(kind: str, lead: Person, people: dict[str, Person]) -> Person:
    if kind == "driehoek":
        return people["ovj"]
    if lead == people["kabinet_b"]:
        return people["burgemeester_b"]
    return people["kabinet_a"] if lead != people["kabinet_a"] else people["burgemeester_a"]

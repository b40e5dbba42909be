"""The papers of a visit as documents: who opens them, for whom they are made, when a briefing is due."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from measures.tracking.kinds import Happening
from portal import clock
from portal.audit.models import AuditRow
from portal.briefings.enums import State
from portal.briefings.models import Briefing
from portal.briefings.registry import Audience, Document, Due, Section, documents, sections
from portal.municipalities.actions import Recorded
from portal.municipalities.models import PhoneNumber, Scope
from portal.papers.press.models import PressText
from portal.people.enums import Role
from portal.people.models import Membership, Person
from portal.planning.days import OfficeDays
from visits.enums import Sheet, VisitState
from visits.models import Consent, Stop, Visit
from visits.papers import programme
from visits.papers import sections as say
from visits.papers.moments import briefing_on
from visits.papers.subject import BRIEFING, NUMBERS, SHEET, VisitSubject, subject_of

MAYORS = frozenset({Role.BURGEMEESTER, Role.LOCO})
AUDIENCES = {
    Sheet.MAYOR: Audience(Sheet.MAYOR, gettext_lazy("Burgemeester"), MAYORS),
    Sheet.COMPANION: Audience(Sheet.COMPANION, gettext_lazy("Wie meegaat"), frozenset()),
    Sheet.HOST: Audience(Sheet.HOST, gettext_lazy("Gastorganisatie"), frozenset()),
    Sheet.PRESS: Audience(Sheet.PRESS, gettext_lazy("Pers"), frozenset()),
}
# Neutral, and each its own: the file for the press must not be mistaken for that of the mayor.
FILE_NAMES = {str(one): f"programma-{one}.pdf" for one in Sheet}
# A changed briefing is made again at most so often; where that is past its beginning, a little sooner.
AGAIN_AFTER = timedelta(hours=1)
LAST_HOUR_AFTER = timedelta(minutes=10)
# So long after the last change a visit planned at short notice gets its first briefing.
AT_REST_AFTER = timedelta(minutes=20)
# A write counts by its moment, and can be there only after a briefing that was asked for later.
SLACK = timedelta(minutes=1)
# What says when a briefing is due; the rest of a visit is read when it is made.
_TIMED = ("municipality", "driehoek", "measure", "host", "starts_at", "briefing_days", "changed_at")
# More than twenty office days never take more days than this.
LONGEST_AHEAD = timedelta(days=60)


def visible_to(person: Person) -> "QuerySet[Visit]":
    return Visit.objects.visible_to(person)


def sheets_seen(person: Person) -> Q:
    """All sheets for whoever sees the visit; that for companions also for who comes along now."""
    seen = Q(subject_id__in=Visit.objects.visible_to(person).order_by().values("pk"))
    along = Q(
        audience=Sheet.COMPANION,
        subject_id__in=Visit.objects.accompanied_by(person).order_by().values("pk"),
    )
    return seen | along


def sheets_for(subject: VisitSubject) -> tuple[Audience, ...]:
    """The four readers; the press only where some stop admits it and the visit is not called off."""
    no_press = not subject.press_stops or subject.is_called_off
    return tuple(one for key, one in AUDIENCES.items() if key != Sheet.PRESS or not no_press)


def of_the_mayor(subject: VisitSubject) -> tuple[Audience, ...]:
    return (AUDIENCES[Sheet.MAYOR],)


def readers(row: Briefing) -> list[Person]:
    """Who hears that the briefing is there: burgemeester, loco and kabinet of the scope, and the lead."""
    roles = (*MAYORS, Role.KABINET)
    rows = Membership.objects.current(clock.today()).in_scope(row.scope).filter(role__in=roles)
    found = {one.person_id: one.person for one in rows.select_related("person").order_by("person_id")}
    visits = Visit.objects.select_related("measure__lead")
    lead = visits.get(pk=row.subject_id).measure.lead
    if lead.is_active and Visit.objects.visible_to(lead).filter(pk=row.subject_id).exists():
        found.setdefault(lead.pk, lead)
    return list(found.values())


def goes_out_on(visit: Visit, days: OfficeDays) -> date | None:
    """The day on which the briefing is made by itself; None while the visit has no day."""
    return briefing_on(visit.starts_at, visit.briefing_days, days) if visit.starts_at else None


def due(now: datetime) -> Iterable[Due]:
    """The briefings of planned visits from their day on until the visit begins, and again after a change.

    What changed is asked of the audit record: whether the words became others shows when it is made; equal
    words are the earlier file, and nobody hears. At most once an hour, but what changes in the last hour
    before the visit does not wait past its beginning.
    """
    rows = Visit.objects.filter(
        state__in=[VisitState.PLANNED, VisitState.CONFIRMED],
        measure__is_mistake=False,
        starts_at__gt=now,
        starts_at__lt=now + LONGEST_AHEAD,
    )
    found = list(rows.only(*_TIMED).order_by("id"))
    today, days = clock.day_of(now), OfficeDays.of_all({one.scope for one in found})
    ready = []
    for row in found:
        goes_out = goes_out_on(row, days[row.scope])
        if goes_out is not None and goes_out <= today:
            ready.append(row)
    last = _last_asked(ready)
    changed = _changed_since(ready, last)
    for row in ready:
        before = last.get(row.pk)
        if before is None and _at_rest(row, now):
            yield Due(f"visit:{row.pk}:{row.day:%Y%m%d}", row.pk, row.scope, Sheet.MAYOR)
        elif (
            before is not None
            and _again_at(row, before) <= now
            and (why := changed.get(row.pk) or _expired(before, now))
        ):
            yield Due(f"visit:{row.pk}:{why}", row.pk, row.scope, Sheet.MAYOR)


def _at_rest(visit: Visit, now: datetime) -> bool:
    """Whether nobody is filling it in right now: a visit planned at short notice is not half a briefing."""
    assert visit.starts_at is not None
    is_soon = visit.starts_at - now <= AGAIN_AFTER
    return is_soon or now - visit.changed_at >= AT_REST_AFTER


def _again_at(visit: Visit, before: Briefing) -> datetime:
    """From when a change makes it again."""
    usual: datetime = before.asked_at + AGAIN_AFTER
    if visit.starts_at is not None and usual >= visit.starts_at:
        return before.asked_at + LAST_HOUR_AFTER
    return usual


def _last_asked(visits: list[Visit]) -> dict[Any, Briefing]:
    """By visit the last briefing that was due; not those that somebody asked for between."""
    rows = Briefing.objects.filter(
        document=BRIEFING, subject_id__in=[one.pk for one in visits], due_key__isnull=False
    )
    known = rows.only("subject_id", "asked_at", "valid_until")
    return {row.subject_id: row for row in known.order_by("asked_at", "id")}


def _expired(before: Briefing, now: datetime) -> str:
    until = before.valid_until
    return f"{until:%Y%m%d%H%M}" if until is not None and until <= now else ""


def _changed_since(visits: list[Visit], last: Mapping[Any, Briefing]) -> dict[Any, str]:
    """By visit something that happened to it since its last briefing was asked for; nothing otherwise."""
    known = [one for one in visits if one.pk in last]
    if not known:
        return {}
    owners: dict[Any, set[Any]] = defaultdict(set)
    for one in known:
        for pk in filter(None, (one.pk, one.measure_id, one.host_id)):
            owners[pk].add(one.pk)
    pks = [one.pk for one in known]
    for model in (Stop, Consent):
        for pk, visit in model._default_manager.filter(visit__in=pks).values_list("pk", "visit"):
            owners[pk].add(visit)
    by_measure = {one.measure_id: one.pk for one in known}
    texts = PressText.objects.filter(shelf="measure", subject_id__in=list(by_measure))
    for pk, measure in texts.values_list("pk", "subject_id"):
        owners[pk].add(by_measure[measure])
    for number in PhoneNumber.objects.filter(pk__in=NUMBERS):
        owners[Recorded(number).pk].update(pks)
    since = min(last[pk].asked_at for pk in pks) - SLACK
    labels = ("visits.visit", "visits.stop", "visits.consent", "visits.host", "visits.companion")
    types = (*labels, "tracking.measure", "municipalities.phonenumber", PressText._meta.label_lower)
    rows = AuditRow.objects.filter(object_type__in=types, object_id__in=list(owners), at__gte=since)
    found: dict[Any, str] = {}
    for row in rows.order_by("at", "id"):
        for pk in owners[row.object_id]:
            if row.at >= last[pk].asked_at - SLACK:
                found[pk] = str(row.pk)
    return found


def own_briefings(measures: Collection[Any]) -> dict[Any, tuple[str, Any]]:
    """The briefing of the visit takes the place of that of its measure."""
    rows = Visit.objects.filter(measure__in=list(measures)).order_by().values_list("measure", "pk")
    return {measure: (BRIEFING, pk) for measure, pk in rows}


def happenings(scopes: Collection[Scope], start: datetime, end: datetime) -> list[Happening]:
    """The visits in these hours, with the first three questions; of a secret host not even its name."""
    own = Q(pk__in=[])
    for scope in scopes:
        own |= Q(**scope.as_fields())
    states = [VisitState.PLANNED, VisitState.CONFIRMED, VisitState.HELD, VisitState.FOLLOWED_UP]
    rows = Visit.objects.listed().filter(own, starts_at__gte=start, starts_at__lt=end, state__in=states)
    return [
        Happening(
            # Another line than before its address became secret: what changed would tell it.
            key=f"{row.pk}:secret" if row.is_secret else str(row.pk),
            title="Werkbezoek" if row.is_secret else row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            about="Werkbezoek",
            # Where to gather, never the address of the host: that may become secret later.
            place=row.place if row.is_secret else row.gathers_at,
            points=tuple(row.questions[:3]),
            path=reverse("visits:sheet_of", args=[row.pk, Sheet.MAYOR]),
        )
        for row in rows.order_by("starts_at", "id")
        if row.starts_at is not None and row.ends_at is not None
    ]


def last_out(visit: Visit) -> Briefing | None:
    """The last briefing that went to its readers by itself."""
    rows = Briefing.objects.about(BRIEFING, visit.pk).filter(due_key__isnull=False, state=State.READY)
    found: Briefing | None = rows.order_by("-asked_at", "-id").first()
    return found


def newest(visit: Visit, document: str, audience: str) -> tuple[Briefing | None, Briefing | None]:
    """The last one in whatever state, and the last that is ready."""
    rows = Briefing.objects.about(document, visit.pk).filter(audience=audience)
    recent = list(rows.order_by("-asked_at", "-id")[:10])
    ready = [one for one in recent if one.state == State.READY]
    return (recent[0] if recent else None), (ready[0] if ready else None)


def register() -> None:
    """Register both documents and their sections; called once when the app is ready."""
    documents.register(
        Document(
            SHEET,
            gettext_lazy("Programma"),
            lambda pk: subject_of(pk, SHEET),
            visible_to,
            sheets_for,
            order=60,
            of_row=lambda row: subject_of(row.subject_id, SHEET, row.audience),
            seen=sheets_seen,
            file_name="programma.pdf",
            file_names=FILE_NAMES,
        )
    )
    documents.register(
        Document(
            BRIEFING,
            gettext_lazy("Briefing werkbezoek"),
            lambda pk: subject_of(pk, BRIEFING),
            visible_to,
            of_the_mayor,
            due,
            order=61,
            readers=readers,
            mail="visit_briefing",
            says_changes=True,
        )
    )
    both, sheet, brief = (SHEET, BRIEFING), (SHEET,), (BRIEFING,)
    for nr, (key, papers, build, title) in enumerate(
        (
            ("visit_head", both, say.head, "Bezoek"),
            ("visit_purpose", both, say.purpose, "Waarom"),
            ("visit_day", sheet, programme.programme, "Programma"),
            ("visit_host", brief, say.host, "De organisatie"),
            ("visit_figures", brief, say.figures, "Cijfers"),
            ("visit_between", brief, say.between, "Tussen gemeente en organisatie"),
            ("visit_sensitive", both, say.sensitive, "Gevoelig"),
            ("visit_questions", both, say.questions, "Vragen om te stellen"),
            ("visit_not_to_say", both, say.not_to_say, "Niet zeggen of beloven"),
            ("visit_programme", brief, programme.programme, "Programma"),
            ("visit_people", both, programme.people, "Wie is wie"),
            ("visit_asked", both, say.asked, "Gevraagd aan de gastorganisatie"),
            ("visit_press", both, programme.press, "Pers"),
            ("visit_consents", both, programme.consents, "Akkoord van de gastorganisatie"),
            ("visit_rules", both, programme.rules, "Huisregels"),
            ("visit_numbers", brief, say.numbers, "Noodnummers"),
        )
    ):
        sections.register(Section(key, papers, 10 * (nr + 1), build, title))

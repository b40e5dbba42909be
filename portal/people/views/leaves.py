"""The pages about leave: the list, announcing with a preview, changing, being back, and the hand-back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.rows import allowed_or_403, visible_or_404
from portal.access.rules import signed_in
from portal.people import actions as act
from portal.people import duties, kept, leave_queries
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.history import last_change
from portal.people.leave_forms import SAID, LeaveForm
from portal.people.leave_rules import Plan
from portal.people.models import Leave, Membership, Person
from portal.people.places import place_of
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import bind
from portal.ui.press import Refused, Stale, press

CONFIRM, AGAIN = "zeker", "terug"


def _do(leave: Leave | None, run: Any) -> Any:
    """Run an action and put its refusals in words."""
    try:
        return run()
    except act.CannotBeAway as error:
        raise Refused(str(SAID[error.problem][1])) from error
    except ChangedMeanwhile as error:
        assert leave is not None
        leave.refresh_from_db()
        if leave.is_over:
            raise Refused(_("Dit verlof is al voorbij.")) from error
        raise Stale(leave.version, last_change(leave)) from error


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("people:leaves"), _("Verlof"))]


@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Own leaves and those in which the person stands in: what holds or comes, and what was last."""
    person = me(request)
    rows = leave_queries.shown_to(person)
    open_rows = list(leave_queries.not_over(rows).order_by("starts_on", "id"))
    current = leave_queries.listed(open_rows)
    past = rows.exclude(pk__in=[row.pk for row in open_rows]).order_by("-starts_on", "-id")
    earlier = leave_queries.listed(past[: leave_queries.EARLIER])
    return render(
        request,
        "people/leaves.html",
        {
            "own": [one for one in current if one.leave.person_id == person.pk],
            "stands_in": [one for one in current if one.leave.person_id != person.pk],
            "earlier": earlier,
            "me": person,
        },
    )


@signed_in
def announce(request: HttpRequest) -> HttpResponse:
    person = me(request)
    return _announce(request, person, back=reverse("people:leaves"), crumbs=_crumbs())


@signed_in
def announce_for(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The beheerder announces it for somebody who fell ill; sees how much goes along, never what."""
    rows = Membership.objects.select_related("person", "municipality", "driehoek")
    membership: Membership = visible_or_404(kept.managed(me(request), rows), pk=pk)
    place = place_of(membership)
    return _announce(request, membership.person, back=place.url, crumbs=[(place.url, _("Mensen"))])


def _announce(request: HttpRequest, person: Person, **where: Any) -> HttpResponse:
    by = me(request)
    form = bind(request, LeaveForm, by=by, person=person)

    def run(form: LeaveForm) -> str:
        leave = _do(None, lambda: act.announce(by=by, plan=form.plan(), key=form.cleaned_data["key"]))
        messages.success(request, _said(leave, by))
        return reverse("people:leave", args=[leave.pk]) if by == person else str(where["back"])

    title = _("Verlof melden") if by == person else _("Verlof melden voor %(name)s") % {"name": person.name}
    return _asked(request, form, run, title=title, button=_("Meld het verlof"), **where)


def _said(leave: Leave, by: Person) -> str:
    words = {"period": leave_queries.period(leave), "name": leave.deputy.name}
    return _("Het verlof staat vast: %(period)s. %(name)s vervangt en krijgt een mail.") % words


@signed_in
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    by, leave = me(request), _changeable(request, pk)
    if leave.is_over:
        return _over(request, leave)
    now = {name: getattr(leave, name) for name in ("starts_on", "ends_on", "version")}
    form = bind(
        request,
        LeaveForm,
        by=by,
        person=leave.person,
        leave=leave,
        initial={**now, "deputy": str(leave.deputy_id)},
    )
    back = _back(leave, by)

    def run(form: LeaveForm) -> str:
        plan, version = form.plan(), form.cleaned_data["version"]
        _do(
            leave,
            lambda: act.change_leave(
                by=by,
                leave=leave,
                deputy=plan.deputy,
                starts_on=plan.starts_on,
                ends_on=plan.ends_on,
                version=version,
            ),
        )
        messages.success(request, _said(leave, by))
        return back

    title = (
        _("Verlof wijzigen")
        if by == leave.person
        else _("Verlof van %(name)s wijzigen") % {"name": leave.person.name}
    )
    return _asked(
        request, form, run, title=title, button=_("Bewaar"), back=back, crumbs=_crumbs(), leave=leave
    )


def _asked(request: HttpRequest, form: LeaveForm, run: Any, **words: Any) -> HttpResponse:
    """The form, then what goes along and what stays, then the act."""
    words["leave"] = words.get("leave")
    if request.method == "POST" and CONFIRM not in request.POST and form.is_valid():
        if AGAIN in request.POST:
            return render(request, "people/leave_form.html", {"form": form, **words})
        plan = form.plan()
        context = {
            "form": form,
            "plan": plan,
            "along": duties.along(*leave_queries.on_first_day(plan)),
            "away_too": leave_queries.away_too(plan),
            "stops_on": leave_queries.stops_on(plan),
            # Only who is away sees the titles; a beheerder sees numbers.
            "reader": "own" if me(request) == plan.person else "keeper",
            **words,
        }
        return render(request, "people/leave_preview.html", context)
    return press(request, form, run, template="people/leave_form.html", **words)


def _changeable(request: HttpRequest, pk: UUID) -> Leave:
    """A leave that this person may change; 403 for a deputy, who only sees it; 404 for everybody else."""
    person = me(request)
    found = leave_queries.changeable_by(person).filter(pk=pk).first()
    if found is None:
        visible_or_404(leave_queries.shown_to(person), pk=pk)
    allowed_or_403(found is not None)
    assert found is not None
    return found


def _back(leave: Leave, by: Person) -> str:
    if by == leave.person:
        return reverse("people:leave", args=[leave.pk])
    return reverse("people:people")


def _over(request: HttpRequest, leave: Leave) -> HttpResponse:
    messages.info(request, _("Dit verlof is al voorbij."))
    return HttpResponseRedirect(_back(leave, me(request)))


@signed_in
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Back from a leave that runs, or the withdrawal of one that comes."""
    by, leave = me(request), _changeable(request, pk)

    def run(form: PlainPost) -> str:
        version = form.cleaned_data["version"]
        _do(leave, lambda: act.end_leave(by=by, leave=leave, version=version))
        messages.success(
            request,
            _("Het verlof is voorbij; de vervanging is gestopt.")
            if leave.began
            else _("Het verlof is ingetrokken."),
        )
        return _back(leave, by)

    if leave.is_over:
        return _over(request, leave)
    began, name = leave.began, leave.person.name
    return press(
        request,
        bind(request, PlainPost, initial={"version": leave.version}),
        run,
        template=PRESS,
        back=_back(leave, by),
        crumbs=_crumbs(),
        title=_("Verlof van %(name)s beëindigen") % {"name": name} if began else _("Verlof intrekken"),
        text=_("De vervanging stopt meteen. De vervanger krijgt een mail.")
        if began
        else _("Er gaat dan niets naar de vervanger. De vervanger krijgt een mail."),
        button=_("Beëindig het verlof") if began else _("Trek het verlof in"),
        danger=not began,
    )


@signed_in
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What goes along, and afterwards the hand-back: for who was away and who stood in, nobody else."""
    person = me(request)
    leave: Leave = visible_or_404(leave_queries.shown_to(person), pk=pk)
    [one] = leave_queries.listed([leave])
    is_own = leave.person_id == person.pk
    context: dict[str, Any] = {"leave": leave, "one": one, "is_own": is_own, "back": None, "along": None}
    context["reader"] = "own" if is_own else "deputy"
    if leave.began:
        context["back"] = duties.back(leave, person)
    elif not leave.is_over:
        context["along"] = duties.along(*leave_queries.on_first_day(Plan.of(leave)))
    return render(request, "people/leave.html", context)

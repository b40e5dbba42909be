"""One's own hours, unsubscribing from the digest, and every mail the portal can send."""

from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from portal.access.rules import only, open_to_all, signed_in
from portal.deadlines import actions as act
from portal.deadlines import queries
from portal.deadlines.forms import ChoicesForm
from portal.deadlines.history import last_change
from portal.deadlines.models import Choices
from portal.deadlines.notices import UNSUBSCRIBE_SALT
from portal.deadlines.permissions import may_read_words
from portal.mail import samples
from portal.people.models import Person
from portal.ui.forms import bind
from portal.ui.press import Stale, press


def _me(request: HttpRequest) -> Person:
    person: Person = request.user  # type: ignore[assignment]
    return person


@signed_in
def choices(request: HttpRequest) -> HttpResponse:
    person = _me(request)
    back = reverse("deadlines:choices")
    row = Choices.objects.filter(person=person).first()
    shown = row or Choices(person=person)
    names = ("digest_at", "every_day", "quiet_from", "quiet_until", "by_mail")
    initial = {name: getattr(shown, name) for name in names} | {"version": row.version if row else 0}
    form = bind(request, ChoicesForm, initial=initial)

    def run(form: ChoicesForm) -> str:
        data = {name: form.cleaned_data[name] for name in names}
        try:
            act.choose(by=person, version=form.cleaned_data["version"] or 0, **data)
        except act.ChoicesChanged as error:
            raise Stale(Choices.objects.get(person=person).version, last_change(person)) from error
        messages.success(request, _("Uw keuzes zijn bewaard."))
        return back

    context = {"heard": queries.heard_by(person), "is_silent": not shown.by_mail}
    return press(request, form, run, template="deadlines/choices.html", back=back, **context)


@csrf_exempt
@open_to_all
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A mail program posts here without a session (RFC 8058); a person who opens the link presses a button.

    The signed token names one person and opens nothing else; opening the link changes nothing.
    """
    try:
        pk = UUID(signing.loads(token, salt=UNSUBSCRIBE_SALT))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    person = get_object_or_404(Person, pk=pk, is_active=True)
    if request.method == "POST":
        act.unsubscribe(person=person)
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return HttpResponseRedirect(request.path)
        # A mail program follows no redirect.
    row = Choices.objects.filter(person=person).first()
    is_done = row is not None and not row.by_mail
    return render(request, "deadlines/unsubscribe.html", {"is_done": is_done})


@only(may_read_words)
def words(request: HttpRequest) -> HttpResponse:
    return render(request, "deadlines/words.html", {"samples": samples.in_both_languages()})

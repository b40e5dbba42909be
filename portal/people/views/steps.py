"""The list of first steps, and the test mail to oneself."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.access.rules import only
from portal.people import actions as act
from portal.people import first_steps as list_of
from portal.people.permissions import may_manage_people
from portal.people.views.common import PRESS, PlainPost, me
from portal.ui.forms import bind, new_key
from portal.ui.press import press


@only(may_manage_people)
def first_steps(request: HttpRequest) -> HttpResponse:
    person = me(request)
    context = {"lists": list_of.checklists(person), "key": new_key(), "mail": list_of.last_test(person)}
    return render(request, "people/first_steps.html", context)


@only(may_manage_people)
def test_mail(request: HttpRequest) -> HttpResponse:
    person = me(request)
    back = reverse("people:first_steps")

    def run(form: PlainPost) -> str:
        act.send_test(by=person, key=form.cleaned_data["key"])
        return back

    return press(
        request,
        bind(request, PlainPost),
        run,
        template=PRESS,
        back=back,
        crumbs=[(back, _("Eerste stappen"))],
        title=_("Een proefmail naar uzelf"),
        text=_("De mail gaat naar %(email)s. Op de lijst ziet u of de mailserver hem aannam.")
        % {"email": person.email},
        button=_("Stuur een proefmail"),
    )


@only(may_manage_people)
@require_safe
def test_mail_state(request: HttpRequest) -> HttpResponse:
    """Whether the last test mail is still on its way; for the page that waits for it."""
    last = list_of.last_test(me(request))
    return JsonResponse({"done": last.state != "planned", "text": last.text})

"""The page on which everybody changes the own name and language."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.access.rules import signed_in
from portal.people import actions as act
from portal.people.forms import MeForm
from portal.people.marks import state_of
from portal.people.views.common import do, me
from portal.ui.forms import bind
from portal.ui.press import press


@signed_in
def me_page(request: HttpRequest) -> HttpResponse:
    person = me(request)
    back = reverse("people:me")
    shown = state_of(person.name, person.language)
    initial = {"name": person.name, "language": person.language, "version": shown}
    form = bind(request, MeForm, initial=initial)

    def run(form: MeForm) -> str:
        data = form.cleaned_data
        do(
            lambda: act.change_person(
                by=person, name=data["name"], language=data["language"], version=data["version"]
            ),
            person,
            lambda: state_of(person.name, person.language),
        )
        with translation.override(person.language):
            messages.success(request, _("Uw gegevens zijn bewaard."))
        return back

    return press(request, form, run, template="people/me.html", back=reverse("today"), grants=person.grants)

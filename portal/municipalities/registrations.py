"""What the register of telephone numbers plugs into the shell: its menu entry and its first step."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import clock
from portal.municipalities.models import PhoneNumber
from portal.municipalities.permissions import may_edit_numbers
from portal.people import first_steps
from portal.people.models import Person
from portal.people.places import Place
from portal.ui.registry import NavItem, nav


def checked(person: Person, place: Place) -> first_steps.Shown:
    """Every number was checked in the last 90 days; only the national beheerder can do that."""
    title = _("Telefoonnummers gecontroleerd")
    today = clock.today()
    stale = sum(1 for row in PhoneNumber.objects.all() if row.is_stale(today))
    if not stale:
        return first_steps.Shown(
            title, first_steps.DONE, _("Elk nummer is in de laatste 90 dagen nagekeken.")
        )
    text = ngettext(
        "%(count)s nummer is langer dan 90 dagen niet nagekeken.",
        "%(count)s nummers zijn langer dan 90 dagen niet nagekeken.",
        stale,
    ) % {"count": stale}
    address = reverse("municipalities:numbers")
    if may_edit_numbers(person):
        return first_steps.Shown(title, first_steps.TODO, text, address, _("Kijk ze na"))
    return first_steps.Shown(
        title,
        first_steps.BUSY,
        text + " " + _("De landelijk beheerder doet dit."),
        address,
        _("Bekijk de nummers"),
    )


def register() -> None:
    """Register everything of municipalities; called once when the app is ready."""
    first_steps.steps.register(first_steps.FirstStep("numbers", 60, checked))
    nav.register(
        NavItem(
            "numbers",
            gettext_lazy("Telefoonnummers"),
            "municipalities:numbers",
            40,
            "manage",
            lambda person: True,
        )
    )

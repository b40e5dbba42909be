"""Forms for when somebody hears what is not urgent, and for hearing one thing later."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.deadlines.speaking import FIRST_DIGEST, LAST_DIGEST, Habits
from portal.planning.days import OfficeDays
from portal.planning.forms import DayField
from portal.ui.formatting import datum
from portal.ui.forms import CreatingForm, FreeText, PortalForm


class WallClock(forms.TimeInput):
    """Typed, and not the browser's own control: that says AM and PM to who has an English browser."""

    input_type = "text"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"inputmode": "numeric", "size": 6})


class HourField(forms.TimeField):
    """A time on the wall clock, in hours and minutes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages",
            {
                "invalid": gettext_lazy(
                    "Schrijf de tijd als uren en minuten van 00:00 tot 23:59, zoals 07:15."
                ),
                "required": gettext_lazy("Vul een tijd in, zoals 07:15."),
            },
        )
        kwargs.setdefault("widget", WallClock)
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)


class ChoicesForm(PortalForm):
    """When the digest comes, on which days, and between which hours nothing ordinary does."""

    by_mail = forms.BooleanField(
        label=gettext_lazy("Stuur mijn gewone herinneringen per mail"),
        required=False,
        help_text=gettext_lazy("Zonder mail ziet u ze alleen hier en op de startpagina."),
    )
    digest_at = HourField(
        label=gettext_lazy("Hoe laat de verzamelmail komt"),
        help_text=gettext_lazy(
            "Van 05:00 tot 22:00. Wat anders te laat komt, komt eerder; nooit in uw stille uren."
        ),
    )
    every_day = forms.BooleanField(label=gettext_lazy("Ook in het weekend en op vrije dagen"), required=False)
    quiet_from = HourField(label=gettext_lazy("Stil vanaf"))
    quiet_until = HourField(
        label=gettext_lazy("Stil tot"),
        help_text=gettext_lazy("Twee keer dezelfde tijd is: geen stille uren. Een alarm komt altijd door."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        digest: time | None = cleaned.get("digest_at")
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if digest is None:
            return cleaned
        if not FIRST_DIGEST <= digest <= LAST_DIGEST:
            self.add_error("digest_at", _("Kies een tijd van 05:00 tot en met 22:00."))
        elif (
            start is not None
            and end is not None
            and Habits(quiet_from=start, quiet_until=end).is_quiet(digest)
        ):
            self.add_error(
                "digest_at",
                _("De verzamelmail valt in uw stille uren. Kies een andere tijd of kortere stille uren."),
            )
        return cleaned


class LaterForm(CreatingForm):
    """Until when somebody does not want to hear about one thing, and why."""

    until = DayField(label=gettext_lazy("Wanneer wilt u dit weer horen"))
    reason = FreeText(label=gettext_lazy("Later, want…"), rows=2, max_length=300)

    def __init__(self, *args: Any, last: date, days: OfficeDays, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last
        self.days = days
        self.fields["until"].help_text = _("Uiterlijk %(day)s: tien werkdagen.") % {"day": datum(last)}

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= clock.today():
            raise forms.ValidationError(_("Kies een dag na vandaag."))
        if until > self.last:
            raise forms.ValidationError(
                _("Kies een dag tot en met %(day)s, of draag de actie over.") % {"day": datum(self.last)}
            )
        # Nobody hears anything on a free day; then the office day after it is meant.
        return self.days.nearest(until, 1)

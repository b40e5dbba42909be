"""Form fields for a day and a moment, within the years whose holidays are known."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import clock
from portal.planning.days import last_known_day

FIRST_YEAR = 2013


def _check_day(day: date) -> None:
    if not day.year >= FIRST_YEAR or day > last_known_day():
        raise ValidationError(
            _("Kies een datum van %(first)s tot en met %(last)s.")
            % {"first": FIRST_YEAR, "last": last_known_day().year}
        )


def wall_moment(wall: datetime) -> datetime:
    """The moment at which the Amsterdam wall clock shows this; of the hour that comes twice, the first.

    A ValidationError names the hour that the clock skips in one night of the year.
    """
    moment = clock.at(wall.date(), wall.time())
    if moment.astimezone(clock.AMSTERDAM).replace(tzinfo=None) != wall:
        raise ValidationError(
            _("Dit tijdstip bestaat die nacht niet: de klok gaat een uur vooruit. Kies 03:00.")
        )
    return moment


class DayField(forms.DateField):
    """A calendar day within the years whose holidays are known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages",
            {"invalid": gettext_lazy("Schrijf de datum als dag-maand-jaar, zoals 20-11-2026.")},
        )
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None:
            _check_day(day)
        return day


class MomentField(forms.DateTimeField):
    """A moment on the Amsterdam wall clock, within the years whose holidays are known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages",
            {"invalid": gettext_lazy("Schrijf datum en tijd als 20-11-2026 14:30.")},
        )
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M"], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
            return moment
        except ValidationError as error:
            # Django refuses both odd hours of the year, in words about time zones.
            odd = (error.params or {}).get("datetime")
            if odd is None:
                raise
            return wall_moment(odd)

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is not None:
            _check_day(moment.astimezone(clock.AMSTERDAM).date())
        return moment

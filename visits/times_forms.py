"""The form for when each stop really began and ended."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from portal import clock
from portal.planning.fields import wall_moment
from portal.ui.forms import PortalForm
from visits.models import Stop, Visit
from visits.programme_forms import StartField


def _wall(moment: datetime | None) -> time | None:
    return moment.astimezone(clock.AMSTERDAM).time().replace(microsecond=0) if moment else None


def _shown(moment: datetime | None) -> str:
    wall = _wall(moment)
    return f"{wall:%H:%M}" if wall else ""


class TimesForm(PortalForm):
    """Two times for each stop, on the day of the visit; what nobody knows stays empty."""

    def __init__(self, *args: Any, visit: Visit, stops: Sequence[Stop], **kwargs: Any) -> None:
        self.visit = visit
        self.stops = stops
        super().__init__(*args, **kwargs)
        for nr, stop in enumerate(stops):
            self.fields[f"began_{nr}"] = StartField(
                label=_("Begon"), required=False, initial=_shown(stop.began_at)
            )
            self.fields[f"ended_{nr}"] = StartField(
                label=_("Klaar"), required=False, initial=_shown(stop.ended_at)
            )

    @property
    def rows(self) -> list[tuple[Stop, BoundField, BoundField]]:
        """Each stop with its two fields."""
        return [(stop, self[f"began_{nr}"], self[f"ended_{nr}"]) for nr, stop in enumerate(self.stops)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for nr, stop in enumerate(self.stops):
            began, ended = data.get(f"began_{nr}"), data.get(f"ended_{nr}")
            name = {"stop": stop.title}
            if ended and not began and f"began_{nr}" not in self.errors:
                self.add_error(f"began_{nr}", _("Vul ook in hoe laat ‘%(stop)s’ begon.") % name)
            if began and ended and ended < began:
                self.add_error(
                    f"ended_{nr}", _("‘%(stop)s’ is klaar na het begin. Kies een later einde.") % name
                )
        if not self.errors:
            try:
                self.times()
            except ValidationError as error:
                self.add_error(None, error)
        return data

    def times(self) -> dict[Any, tuple[datetime | None, datetime | None]]:
        """The moments by the key of the stop; what was not touched stays to the second."""
        found = {}
        for nr, stop in enumerate(self.stops):
            was = (stop.began_at, stop.ended_at)
            typed = (self.cleaned_data[f"began_{nr}"], self.cleaned_data[f"ended_{nr}"])
            began, ended = (self._moment(at, old) for at, old in zip(typed, was, strict=True))
            found[stop.pk] = (began, max(began, ended) if began and ended else ended)
        return found

    def _moment(self, at: time | None, old: datetime | None) -> datetime | None:
        if at is None or self.visit.day is None:
            return None
        known = _wall(old)
        if known is not None and (known.hour, known.minute) == (at.hour, at.minute):
            return old
        return wall_moment(datetime.combine(self.visit.day, at))

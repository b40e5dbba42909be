"""What every page shows around its content, worked out only when the template asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from portal import clock
from portal.deadlines import heartbeat
from portal.ui import held
from portal.ui.registry import NAV_GROUPS, NavItem, nav

if TYPE_CHECKING:
    from portal.people.models import Grant, Person
from portal.search.registry import may_search


@dataclass(frozen=True)
class NavLink:
    """One entry as the template shows it; `current` is '', 'page' or 'true' (a page below it)."""

    label: str | Promise
    href: str
    current: str


@dataclass(frozen=True)
class NavGroup:
    """Entries under one heading; the first group has none."""

    key: str
    label: str | Promise
    links: list[NavLink]


@lru_cache(maxsize=256)
def _reversed(url_name: str, prefix: str, urlconf: str | None) -> str:
    return reverse(url_name)


def _href(item: NavItem) -> str:
    path = _reversed(item.url_name, get_script_prefix(), get_urlconf())
    return f"{path}?{item.query}" if item.query else path


def scopes_text(grants: tuple[Grant, ...]) -> str:
    """Where the person works: one name, or how many municipalities or driehoeken."""
    municipalities = sorted({grant.municipality_name for grant in grants if grant.municipality_name})
    driehoeken = sorted({grant.driehoek_name for grant in grants if grant.driehoek_name})
    if len(municipalities) == 1:
        return gettext("Gemeente %(name)s") % {"name": municipalities[0]}
    if municipalities:
        count = len(municipalities)
        return ngettext("%(count)d gemeente", "%(count)d gemeenten", count) % {"count": count}
    if len(driehoeken) == 1:
        name = driehoeken[0]
        return name if "driehoek" in name.lower() else gettext("Driehoek %(name)s") % {"name": name}
    if driehoeken:
        count = len(driehoeken)
        return ngettext("%(count)d driehoek", "%(count)d driehoeken", count) % {"count": count}
    return gettext("Landelijk") if grants else ""


class Shell:
    """The lazy answers for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Person | None:
        """Who is signed in, or None."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def _grants(self) -> tuple[Grant, ...]:
        return self.person.grants if self.person else ()

    @cached_property
    def scopes(self) -> str:
        return scopes_text(self._grants)

    @cached_property
    def roles(self) -> list[str]:
        """The names of the person's roles, each once."""
        return list(dict.fromkeys(str(grant.role.label) for grant in self._grants))

    @cached_property
    def may_search(self) -> bool:
        """Whether the box that searches stands in the header."""
        return self.person is not None and may_search(self.person)

    @cached_property
    def nav(self) -> list[NavGroup]:
        """The entries this person may open, by group; nobody signed in has none."""
        person = self.person
        if person is None:
            return []
        found = [(item, _href(item)) for item in nav if item.visible(person)]
        current = self._current([href for _, href in found])
        groups = []
        for key, label in NAV_GROUPS.items():
            links = [
                NavLink(item.label, href, self._mark(href, current))
                for item, href in found
                if item.group == key
            ]
            if links:
                groups.append(NavGroup(key, label, links))
        return groups

    def _current(self, hrefs: list[str]) -> str:
        """The longest entry that the present path stands under; '/' only counts when it is the path."""
        return max((href for href in hrefs if self._is_under(href)), key=len, default="")

    def _is_under(self, href: str) -> bool:
        path, _, query = href.partition("?")
        if query:
            asked = self._request.GET
            return self._request.path == path and all(asked.get(k) == v for k, v in parse_qsl(query))
        return self._request.path == path or (path != "/" and self._request.path.startswith(path))

    def _mark(self, href: str, current: str) -> str:
        if href != current:
            return ""
        return "page" if href.partition("?")[0] == self._request.path else "true"

    @cached_property
    def engine_last_ran(self) -> datetime | None:
        """When the reminders were last seen to; None when they never were or the table is not there yet."""
        try:
            return heartbeat.engine_last_ran(heartbeat.all_last(), clock.now())
        except DatabaseError:
            return None

    @property
    def engine_is_late(self) -> bool:
        return not heartbeat.is_recent(self.engine_last_ran, clock.now())

    @property
    def engine_is_ahead(self) -> bool:
        """Whether the last sign of life is of later than now: the clock was put back since."""
        last = self.engine_last_ran
        return last is not None and last > heartbeat.latest(clock.now())

    @cached_property
    def reader_field(self) -> SafeString | str:
        """The hidden field that marks whose page this is, so that a post after the session ended is kept."""
        if self.person is None:
            return ""
        mark = held.reader_mark(self.person.pk)
        return format_html('<input type="hidden" name="{}" value="{}">', held.READER_FIELD, mark)

    @property
    def now(self) -> datetime:
        """For the line a printed page carries."""
        return clock.local_now()

    @property
    def is_demo(self) -> bool:
        return bool(settings.DEMO)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: one name, `shell`."""
    return {"shell": Shell(request)}

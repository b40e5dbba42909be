"""A menu entry without an address is found at start, not by the first person who signs in."""

from typing import Any

from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning
from django.urls import NoReverseMatch, reverse

from portal.ui.registry import nav


@register("portal")
def navigation_has_addresses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every entry of the navigation names an address that exists."""
    found: list[CheckMessage] = []
    for item in nav:
        try:
            reverse(item.url_name)
        except NoReverseMatch:
            found.append(
                CheckWarning(
                    f"Navigation entry {item.key!r}: no address {item.url_name!r}.", id="portal.W010"
                )
            )
    return found

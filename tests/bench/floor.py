"""The floor of every page: a session, a user, one indexed query, one template of 20 kB, 25 rows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import include, path

from measures.tracking.models import Action
from portal.access.rules import signed_in

ROWS = 25
_PADDING = "<p>Een regel van een bladzijde zoals er zoveel zijn, met woorden die niets doen.</p>\n" * 220
_TEMPLATE = Engine().from_string(
    "<!doctype html><title>{{ name }}</title><table>{% for row in rows %}<tr><td>{{ row.title }}</td>"
    "<td>{{ row.late_from }}</td><td>{{ row.state }}</td></tr>{% endfor %}</table>" + _PADDING
)


@signed_in
def floor(request: HttpRequest) -> HttpResponse:
    """The least honest list page there can be: what it shows is not even asked about."""
    person: Any = request.user
    rows = Action.objects.filter(holder_role="kabinet").order_by("id")[:ROWS]
    return HttpResponse(_TEMPLATE.render(Context({"name": person.name, "rows": rows})))


urlpatterns = [path("bodem/", floor), path("", include("portal.urls"))]

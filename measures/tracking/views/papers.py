"""Adding a paper to an action or a measure, and a text for the press to a measure."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from measures.tracking import papers
from measures.tracking.views.common import me, the_action, the_measure
from portal.access.rules import signed_in
from portal.papers.press import views as press
from portal.papers.uploading import takes_a_file
from portal.papers.views import add


@takes_a_file
@signed_in
def to_action(request: HttpRequest, pk: UUID) -> HttpResponse:
    return add(request, key=papers.ACTION, subject=the_action(me(request), pk))


@takes_a_file
@signed_in
def to_measure(request: HttpRequest, pk: UUID) -> HttpResponse:
    return add(request, key=papers.MEASURE, subject=the_measure(me(request), pk))


@signed_in
def press_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    return press.add(request, key=papers.MEASURE, subject=the_measure(me(request), pk))

"""The briefing as a web page: the same content as the PDF, for one audience, and the way to the PDF."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions
from measures.tracking.models import Measure
from portal.audit.models import ViewRow
from portal.briefings import making
from portal.briefings.models import Briefing
from tests.briefings.conftest import Renders, ask, content, in_the_driehoek
from tests.cast import World, step

HEADINGS = ["Doel", "Stand", "Besloten", "Open", "Datums", "Contacten"]


def _url(measure: Measure, audience: str = "") -> str:
    url = reverse("tracking:briefing", args=[measure.pk])
    return f"{url}?voor={audience}" if audience else url


def _headings(html: str) -> list[str]:
    main = html[html.index('class="columns__main"') : html.index('class="columns__aside"')]
    return re.findall(r"<h2[^>]*>([^<]+)</h2>", main)


def test_the_page_holds_the_six_sections_in_their_order(world: World, full: Measure, sign_in) -> None:
    response = sign_in(world.kabinet_a).get(_url(full))
    assert response.status_code == 200
    html = response.content.decode()
    assert _headings(html) == HEADINGS
    assert html.count("<h1>") == 1
    assert "INVALID" not in html


def test_the_page_is_the_content_of_the_pdf_itself(world: World, full: Measure, sign_in) -> None:
    html = sign_in(world.kabinet_a).get(_url(full)).content.decode()
    body = content(full).body
    assert body in html
    assert body in content(full).html(Briefing().asked_at)


@pytest.mark.parametrize(
    ("who", "label"),
    [
        ("kabinet_a", "Kabinet"),
        ("burgemeester_a", "Burgemeester"),
        ("loco_a", "Burgemeester"),
        ("oov_a", None),
        ("piket_a", "Piket"),
    ],
)
def test_one_reads_what_is_made_for_ones_own_role(
    world: World, measure: Measure, sign_in, who: str, label: str | None
) -> None:
    person = getattr(world, who)
    response = sign_in(person).get(_url(measure))
    assert response.status_code == 200
    audience = response.context["audience"]
    assert audience.roles & person.roles_in(world.a)
    if label:
        assert f"voor: <strong>{label}</strong>" in response.content.decode()


def test_another_audience_can_be_chosen_and_an_unknown_one_cannot(
    world: World, measure: Measure, sign_in
) -> None:
    client = sign_in(world.kabinet_a)
    assert client.get(_url(measure, "burgemeester")).context["audience"].key == "burgemeester"
    assert client.get(_url(measure, "driehoek")).context["audience"].key == "kabinet"
    assert client.get(_url(measure, "'; --")).context["audience"].key == "kabinet"


def test_only_audiences_whose_role_sees_the_kind_are_offered(world: World, measure: Measure, sign_in) -> None:
    from measures.tracking.kinds import kind

    offered = sign_in(world.kabinet_a).get(_url(measure)).context["audiences"]
    sees = kind(measure.kind).roles_see
    assert offered
    assert all(one.roles & sees for one in offered)
    assert not [one for one in offered if one.key in ("beheerder", "driehoek", "loco")]


@pytest.mark.parametrize("who", ["kabinet_b", "burgemeester_b", "ovj", "beheerder_a", "landelijk"])
def test_outside_ones_sight_there_is_no_briefing(world: World, measure: Measure, sign_in, who: str) -> None:
    row = ask(world.kabinet_a, measure)
    client = sign_in(getattr(world, who))
    for url in (
        _url(measure),
        reverse("tracking:ask_briefing", args=[measure.pk]),
        reverse("briefings:briefing", args=[row.pk]),
        reverse("briefings:status", args=[row.pk]),
        reverse("briefings:pdf", args=[row.pk]),
    ):
        assert client.get(url).status_code == 404, url
    for url in (
        reverse("tracking:ask_briefing", args=[measure.pk]),
        reverse("briefings:briefing", args=[row.pk]),
    ):
        assert client.post(url, {"audience": "kabinet"}).status_code == 404, url
    assert Briefing.objects.count() == 1


def test_who_holds_one_action_does_not_see_the_briefing_of_the_measure(
    world: World, measure: Measure, sign_in
) -> None:
    actions.hand_over(by=world.kabinet_a, action=step(measure, "store"), to_person=world.beleid_a)
    assert sign_in(world.beleid_a).get(_url(measure)).status_code == 404


def test_reading_the_page_is_noted_and_writes_nothing_else(world: World, full: Measure, sign_in) -> None:
    client = sign_in(world.burgemeester_a)
    client.get(_url(full))
    with CaptureQueriesContext(connection) as queries:
        client.get(_url(full))
    wrote = [one["sql"] for one in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", one["sql"])]
    assert all("audit_viewrow" in sql or "django_session" in sql for sql in wrote), wrote
    assert ViewRow.objects.filter(person=world.burgemeester_a, object_id=full.pk).count() == 2


def test_three_actions_or_thirty_cost_the_same_queries(world: World, measure: Measure, sign_in) -> None:
    client, by = sign_in(world.kabinet_a), world.kabinet_a

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(_url(measure)).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for nr in range(30):
        actions.add_action(
            by=by,
            measure=measure,
            title=f"Actie {nr}",
            description="",
            due_on=None,
            key=f"thirty-{nr}",
            holder_person=world.burgemeester_a if nr % 2 else None,
            holder_role="" if nr % 2 else "kabinet",
        )
    assert cost() == few
    assert few <= 16


def test_one_press_asks_and_the_same_press_again_leads_to_the_same(
    world: World, measure: Measure, sign_in
) -> None:
    client = sign_in(world.kabinet_a)
    html = client.get(_url(measure, "burgemeester")).content.decode()
    assert 'name="audience" value="burgemeester"' in html
    ask_url = reverse("tracking:ask_briefing", args=[measure.pk])
    typed = {"key": client.get(_url(measure)).context["key"], "audience": "burgemeester"}
    first = client.post(ask_url, typed)
    again = client.post(ask_url, typed)
    row = Briefing.objects.get()
    assert first.status_code == again.status_code == 302
    assert first.url == again.url == reverse("briefings:briefing", args=[row.pk])
    assert (row.audience, row.asked_by, row.scope) == ("burgemeester", world.kabinet_a, world.a)


def test_an_audience_that_is_not_offered_is_refused(world: World, measure: Measure, sign_in) -> None:
    url = reverse("tracking:ask_briefing", args=[measure.pk])
    response = sign_in(world.kabinet_a).post(url, {"audience": "driehoek", "key": "k"})
    assert response.status_code == 422
    assert not Briefing.objects.exists()


def test_the_page_says_whether_the_pdf_still_says_the_same(
    world: World, measure: Measure, sign_in, quick: Renders
) -> None:
    client = sign_in(world.kabinet_a)
    assert "Er is nog geen PDF" in client.get(_url(measure)).content.decode()
    waiting = ask(world.kabinet_a, measure)
    assert reverse("briefings:briefing", args=[waiting.pk]) in client.get(_url(measure)).content.decode()
    making.make_waiting()
    html = client.get(_url(measure)).content.decode()
    assert "gelijk aan deze pagina" in html
    assert reverse("briefings:pdf", args=[waiting.pk]) in html
    actions.finish(by=world.kabinet_a, action=step(measure, "prepare"))
    html = client.get(_url(measure)).content.decode()
    assert "verouderd" in html
    assert reverse("tracking:ask_briefing", args=[measure.pk]) in html


def test_the_content_stays_dutch_for_who_reads_english(world: World, full: Measure, sign_in) -> None:
    person = world.kabinet_a
    dutch = sign_in(person).get(_url(full)).context["content"]
    type(person).objects.filter(pk=person.pk).update(language="en")
    response = sign_in(world.kabinet_a).get(_url(full))
    assert response.context["content"].body == dutch.body
    assert response.context["content"].hash == dutch.hash
    assert response.content.decode().count('<section class="card" lang="nl">') == len(HEADINGS)


def test_the_measures_page_leads_to_its_briefing(world: World, measure: Measure, sign_in) -> None:
    html = sign_in(world.kabinet_a).get(reverse("tracking:measure", args=[measure.pk])).content.decode()
    assert _url(measure) in html


def test_the_driehoek_gets_one_confidential_copy_for_its_members(world: World, sign_in) -> None:
    of_driehoek = in_the_driehoek(world)
    response = sign_in(world.ovj).get(_url(of_driehoek))
    assert [one.key for one in response.context["audiences"]] == ["burgemeester", "driehoek"]
    assert response.context["audience"].key == "driehoek"
    assert "Driehoek (vertrouwelijk)" in response.content.decode()
    assert sign_in(world.burgemeester_a).get(_url(of_driehoek)).context["audience"].key == "burgemeester"
    assert sign_in(world.kabinet_a).get(_url(of_driehoek)).status_code == 404

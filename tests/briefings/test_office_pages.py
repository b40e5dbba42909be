"""The list, the page and the PDF of the briefings of an office: who opens which, and what they show."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking.models import Measure
from portal import clock
from portal.briefings import making, office
from portal.briefings.models import Briefing
from portal.people.models import Membership, Person
from tests.briefings.conftest import Renders, in_the_driehoek
from tests.briefings.office import TUESDAY, at_hour, mayors_action, tick
from tests.cast import World, step

ADDRESSES = ("briefings:briefing", "briefings:status", "briefings:pdf")


@pytest.fixture(autouse=True)
def _quick(world: World, quick: Renders) -> Renders:
    making.make_waiting()
    return quick


@pytest.fixture
def morning(world: World, frozen_clock) -> dict[str, Briefing]:
    """The copies of a morning on which the mayor's holds a row of the driehoek."""
    measure = in_the_driehoek(world)
    frozen_clock.move_to("2026-10-05T15:00:00+00:00")
    at_hour(step(measure, "pack"), clock.now() + timedelta(hours=30))
    tick(frozen_clock, TUESDAY)
    rows = Briefing.objects.filter(document=office.DAY, subject_id=world.a.municipality_id)
    return {
        ("mayor" if row.reader == world.burgemeester_a else "loco" if row.reader else "office"): row
        for row in rows
    }


def _opens(sign_in, person: Person, row: Briefing) -> set[int]:
    client = sign_in(person)
    return {client.get(reverse(name, args=[row.pk])).status_code for name in ADDRESSES}


@pytest.mark.parametrize(
    ("whose", "who", "status"),
    [
        ("mayor", "burgemeester_a", 200),
        ("mayor", "kabinet_a", 404),
        ("mayor", "loco_a", 404),
        ("mayor", "secretaris", 404),
        ("mayor", "beheerder_a", 404),
        ("loco", "loco_a", 200),
        ("loco", "burgemeester_a", 404),
        ("loco", "kabinet_a", 404),
        ("office", "kabinet_a", 200),
        ("office", "burgemeester_a", 200),
        ("office", "loco_a", 200),
        ("office", "oov_a", 404),
        ("office", "burgemeester_b", 404),
        ("office", "kabinet_b", 404),
    ],
)
def test_each_copy_opens_for_its_readers_only(
    world: World, morning: dict[str, Briefing], sign_in, whose: str, who: str, status: int
) -> None:
    person = getattr(world, who)
    assert _opens(sign_in, person, morning[whose]) == {status}
    listed = set(Briefing.objects.visible_to(person).scheduled())
    assert (morning[whose] in listed) == (status == 200)


def test_the_mayors_copy_holds_the_driehoek_and_the_others_do_not(
    world: World, morning: dict[str, Briefing], quick: Renders
) -> None:
    assert list(morning["mayor"].driehoeken.values_list("pk", flat=True)) == [world.d.driehoek_id]
    assert not morning["office"].driehoeken.exists()
    papers = [html for html in quick.seen if "Dagbrief burgemeester" in html]
    held = [html for html in papers if "Stukken nalopen" in html]
    assert held
    assert all("M. van Dijk, burgemeester</b>" in html for html in held)


def test_who_left_the_driehoek_does_not_open_the_copy_of_before(
    world: World, morning: dict[str, Briefing], sign_in
) -> None:
    Membership.objects.filter(person=world.burgemeester_a, driehoek__isnull=False).update(
        ended_at=clock.now()
    )
    assert _opens(sign_in, world.burgemeester_a, morning["mayor"]) == {404}
    url = reverse("briefings:now", args=[office.DAY, world.a.municipality_id])
    html = sign_in(world.burgemeester_a).get(url).content.decode()
    assert "Stukken nalopen" not in html


@pytest.mark.parametrize(
    ("who", "whose"), [("burgemeester_a", "mayor"), ("loco_a", "loco"), ("kabinet_a", "office")]
)
def test_an_ended_membership_closes_everything(
    world: World, morning: dict[str, Briefing], sign_in, who: str, whose: str
) -> None:
    person = getattr(world, who)
    Membership.objects.filter(person=person, municipality__isnull=False).update(ended_at=clock.now())
    assert _opens(sign_in, person, morning[whose]) == {404}
    client = sign_in(person)
    assert client.get(reverse("briefings:list")).status_code == 403
    url = reverse("briefings:now", args=[office.DAY, world.a.municipality_id])
    assert client.get(url).status_code == 404


def test_a_loco_outside_the_period_sees_nothing(
    world: World, morning: dict[str, Briefing], sign_in, frozen_clock
) -> None:
    Membership.objects.filter(person=world.loco_a).update(ends_on=date(2026, 10, 6))
    assert _opens(sign_in, world.loco_a, morning["loco"]) == {200}
    frozen_clock.move_to("2026-10-06T22:00:01+00:00")
    assert _opens(sign_in, world.loco_a, morning["loco"]) == {404}


def test_the_present_page_is_the_own_copy_and_may_be_that_of_the_office(
    world: World, morning: dict[str, Briefing], sign_in
) -> None:
    url = reverse("briefings:now", args=[office.DAY, world.a.municipality_id])
    client = sign_in(world.burgemeester_a)
    assert client.get(url).context["now"].subject.reader == world.burgemeester_a
    of_office = client.get(url + "?voor=kabinet")
    assert of_office.context["now"].subject.reader is None
    assert "Stukken nalopen" in client.get(url).content.decode()
    assert "Stukken nalopen" not in of_office.content.decode()
    assert sign_in(world.kabinet_a).get(url).context["now"].subject.reader is None


def test_asking_again_makes_the_copy_that_was_shown(
    world: World, morning: dict[str, Briefing], sign_in
) -> None:
    url = reverse("briefings:ask", args=[office.DAY, world.a.municipality_id])
    client = sign_in(world.burgemeester_a)
    client.post(url, {"key": "een", "audience": "reader"})
    client.post(url, {"key": "een", "audience": "reader"})
    client.post(url, {"key": "twee", "audience": "kabinet"})
    asked = Briefing.objects.filter(asked_by=world.burgemeester_a).order_by("asked_at", "id")
    assert [row.reader for row in asked] == [world.burgemeester_a, None]
    assert {row.period for row in asked} == {date(2026, 10, 6)}
    # Whoever is no mayor gets the copy of the office, whatever is posted.
    sign_in(world.kabinet_a).post(url, {"key": "drie", "audience": "reader"})
    assert Briefing.objects.get(asked_by=world.kabinet_a).reader is None


def test_the_list_shows_today_on_top_and_how_each_stands(
    world: World, morning: dict[str, Briefing], sign_in, frozen_clock
) -> None:
    html = sign_in(world.burgemeester_a).get(reverse("briefings:list")).content.decode()
    assert html.index("Dagbrief van vandaag") < html.index("Gemaakt</h2>")
    assert "Dagbrief, dinsdag 6 oktober" in html
    assert "geldig tot" in html
    tick(frozen_clock, "2026-10-08T05:15:00+00:00")
    html = sign_in(world.kabinet_a).get(reverse("briefings:list")).content.decode()
    assert "niet gemaakt: het portaal stond stil" in html
    assert "verlopen" in html


def test_a_day_without_a_dagbrief_says_why(world: World, morning, sign_in, frozen_clock) -> None:
    tick(frozen_clock, "2026-10-08T05:15:00+00:00")
    row = Briefing.objects.get(period=date(2026, 10, 7), subject_id=world.a.municipality_id, reader=None)
    html = sign_in(world.kabinet_a).get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    assert "het portaal stond die dag stil" in html


def test_the_list_pages_and_costs_the_same(world: World, sign_in, frozen_clock) -> None:
    def grow(count: int, first: date) -> None:
        Briefing.objects.bulk_create(
            Briefing(
                document=office.DAY,
                subject_id=world.a.municipality_id,
                audience="kabinet",
                period=first + timedelta(days=nr),
                state="ready",
                rendered_at=clock.now(),
                made_at=clock.now(),
                **world.a.as_fields(),
            )
            for nr in range(count)
        )

    client, url = sign_in(world.kabinet_a), reverse("briefings:list")

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    grow(3, date(2026, 1, 1))
    few = cost()
    grow(40, date(2026, 2, 1))
    assert cost() == few
    html = client.get(url).content.decode()
    assert "?na=" in html


def test_the_page_costs_the_same_with_nine_rows_and_with_thirty(
    world: World, measure: Measure, sign_in
) -> None:
    url = reverse("briefings:now", args=[office.DAY, world.a.municipality_id])
    client, costs = sign_in(world.burgemeester_a), []
    for start, count in ((0, 9), (9, 21)):
        for nr in range(start, start + count):
            mayors_action(world.kabinet_a, measure, f"M{nr}", date(2026, 10, 5))
            mayors_action(world.kabinet_a, measure, f"L{nr}", date(2026, 9, 1), holder_role="kabinet")
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        costs.append(len(seen))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("who", "is_there"), [("burgemeester_a", True), ("loco_a", True), ("kabinet_a", True), ("oov_a", False)]
)
def test_the_start_page_and_the_menu(world: World, morning, sign_in, who: str, is_there: bool) -> None:
    html = sign_in(getattr(world, who)).get("/").content.decode()
    assert ("Dagbrief van vandaag" in html) == is_there
    assert (f'href="{reverse("briefings:list")}"' in html) == is_there


@pytest.mark.parametrize("key", [office.DAY, office.WEEK, office.QUARTER])
def test_the_page_holds_the_words_of_the_paper(
    world: World, measure: Measure, sign_in, quick: Renders, key: str
) -> None:
    url = reverse("briefings:now", args=[key, world.a.municipality_id])
    client = sign_in(world.kabinet_a)
    client.post(reverse("briefings:ask", args=[key, world.a.municipality_id]), {"key": "een"})
    making.make_waiting()
    found = client.get(url)
    body = found.context["now"].content.body
    assert body in found.content.decode()
    assert body in quick.seen[-1]
    assert "gelijk aan deze pagina" in found.content.decode()
    row = Briefing.objects.get(asked_by=world.kabinet_a)
    answer = client.get(reverse("briefings:pdf", args=[row.pk]))
    assert answer["Content-Disposition"] == f'inline; filename="{key}.pdf"'


def test_an_unknown_briefing_is_not_found(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    for name in ("briefings:now", "briefings:ask"):
        assert client.get(reverse(name, args=["measure", world.a.municipality_id])).status_code == 404


def test_a_dagbrief_that_failed_yesterday_is_not_tried_again(world: World, sign_in, frozen_clock) -> None:
    row = making.ask(
        by=world.kabinet_a,
        document=office.DAY,
        subject_id=world.a.municipality_id,
        scope=world.a,
        audience="kabinet",
        period=date(2026, 10, 5),
    )
    Briefing.objects.filter(pk=row.pk).update(state="failed", problem="render")
    frozen_clock.move_to("2026-10-06T08:00:00+00:00")
    client, url = sign_in(world.kabinet_a), reverse("briefings:briefing", args=[row.pk])
    html = client.get(url).content.decode()
    assert "Probeer opnieuw" not in html
    assert "Van een dag die voorbij is, maakt het portaal geen dagbrief meer." in html
    client.post(url)
    row.refresh_from_db()
    assert row.state == "failed"

"""The editor: a proposal, rearranged without JavaScript, judged with everything kept, saved once."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import World
from tests.visits.make import a_host, a_stop, a_visit
from visits import actions as act
from visits.models import Stop, Visit
from visits.programme_rules import Part

pytestmark = pytest.mark.django_db


def page(visit: Visit) -> str:
    return reverse("visits:programme", args=[visit.pk])


def row(prefix: str, title: str, starts: str, minutes: object = 30, **facts: object) -> dict[str, str]:
    usual = {"id": "", "travel": "0", "meets": "staff", "press": "no"}
    given: dict[str, Any] = {**usual, "title": title, "starts": starts, "minutes": minutes, **facts}
    return {f"{prefix}-{name}": str(value) for name, value in given.items()}


def post(client: Client, visit: Visit, *rows: dict[str, str], **more: object) -> Any:
    data: dict[str, Any] = {"version": visit.programme_version, **more}
    data["row"] = [next(iter(one)).partition("-")[0] for one in rows]
    for one in rows:
        data |= one
    return client.post(page(visit), data)


def shown(answer: Any) -> list[tuple[str, str]]:
    """The titles and starts as they stand in the form."""
    return [
        (str(one["title"].value() or ""), str(one["starts"].value() or ""))
        for one in answer.context["form"].rows
    ]


def sentences(answer: Any) -> list[str]:
    return [one.sentence for one in answer.context["form"].errors]


def test_nothing_yet_shows_a_proposal_that_is_saved_by_one_press(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    answer = client.get(page(visit))
    assert not Stop.objects.exists()
    rows = shown(answer)
    assert len(rows) == 5
    assert rows[0] == ("Ontvangst zonder pers", "14:00")
    assert "er is nog niets bewaard" in answer.content.decode()
    sent = [
        {f"{one.prefix}-{name}": str(one[name].value() or "") for name in one.fields if name != "gone"}
        for one in answer.context["form"].rows
    ]
    saved = post(client, visit, *sent)
    assert saved.headers["Location"].endswith(f"{visit.pk}/#programma")
    assert [(one.title, f"{one.starts:%H:%M}") for one in visit.stops.standing()] == rows


def test_the_order_on_the_page_is_the_order_of_the_day(world: World, sign_in) -> None:
    visit = a_visit(world)
    post(sign_in(world.kabinet_a), visit, row("s0", "B", "15:00"), row("s1", "A", "14:00"))
    assert [one.title for one in visit.stops.standing()] == ["A", "B"]


def test_moving_without_javascript_chains_the_starts_keeps_what_was_typed_and_the_focus(
    world: World, sign_in
) -> None:
    visit = a_visit(world)
    answer = post(
        sign_in(world.kabinet_a),
        visit,
        row("s0", "A", "14:00", 30, aim="Kennismaken"),
        row("s1", "B", "14:30", "veel", place="Kantine"),
        row("s2", "C", "15:00", 20, travel=10),
        do="up:3",
    )
    assert answer.status_code == 200
    assert shown(answer) == [("A", "14:00"), ("C", "14:40"), ("B", "15:00")]
    text = answer.content.decode()
    assert "Kennismaken" in text
    assert 'value="veel"' in text
    assert re.search(r'value="up:2" autofocus', text)
    assert "‘C’ staat nu op plaats 2 van 3." in text
    assert not Stop.objects.exists()


@pytest.mark.parametrize("press", ["up:1", "down:1", "up:9", "up:x", "down:", "weg", "count:"])
def test_a_press_that_moves_nothing_does_no_harm(world: World, sign_in, press: str) -> None:
    visit = a_visit(world)
    answer = post(sign_in(world.kabinet_a), visit, row("s0", "A", "14:00"), do=press)
    assert (answer.status_code, shown(answer)) == (200, [("A", "14:00")])


def test_one_more_row_begins_when_the_last_ends_and_has_the_focus(world: World, sign_in) -> None:
    visit = a_visit(world)
    answer = post(sign_in(world.kabinet_a), visit, row("s0", "A", "14:00", 45), do="add:")
    assert shown(answer) == [("A", "14:00"), ("", "14:45")]
    assert re.search(r'name="s1-title"[^>]* autofocus', answer.content.decode())


def test_an_added_row_that_stays_empty_is_no_stop(world: World, sign_in) -> None:
    visit = a_visit(world)
    answer = post(sign_in(world.kabinet_a), visit, row("s0", "A", "14:00"), row("s1", "", "14:30"))
    assert answer.status_code == 302
    assert visit.stops.count() == 1


def test_a_row_with_a_place_and_no_title_is_asked_for_one(world: World, sign_in) -> None:
    visit = a_visit(world)
    answer = post(sign_in(world.kabinet_a), visit, row("s0", "", "14:00", place="Kantine"))
    assert answer.status_code == 422
    assert sentences(answer)[0].startswith("Onderdeel 1, onderdeel: ")


def test_what_is_ticked_away_goes_whatever_else_stands_in_it(world: World, sign_in) -> None:
    visit = a_visit(world)
    stop = a_stop(visit)
    gone = row("s0", "", "", "", id=stop.pk) | {"s0-gone": "on"}
    assert post(sign_in(world.kabinet_a), visit, gone, row("s1", "A", "14:00")).status_code == 302
    assert [one.title for one in visit.stops.standing()] == ["A"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            [row("s0", "A", "14:00", 40), row("s1", "B", "14:30")],
            "Onderdeel 2 (B), begin: ‘A’ duurt nog tot 14:40",
        ),
        ([row("s0", "A", "14:00"), row("s1", "B", "14:30", travel=5)], "de reis ernaartoe is 5 minuten"),
        ([row("s0", "A", "23:50", 11)], "Onderdeel 1 (A), duur (min): Dit eindigt na middernacht"),
        ([row("s0", "A", "14:00", 0)], "Het einde ligt na het begin"),
        ([row("s0", "A", "14:00", -30)], "Het einde ligt na het begin"),
        ([row("s0", "A", "14:00", 481)], "480 minuten"),
        ([row("s0", "A", "14:00", "een half uur")], "Schrijf een heel getal"),
        ([row("s0", "A", "twee uur")], "Schrijf de tijd als 14:30."),
        ([row("s0", "A", "")], "Onderdeel 1 (A), begin: "),
        ([row("s0", "A", "14:00", travel=999)], "240"),
        ([row("s0", "🙂" * 121, "14:00")], "120"),
        ([row("s0", "111222333", "14:00")], "burgerservicenummer"),
        (
            [row("s0", "A", "14:00", meets="minors", press="by_arrangement")],
            "Bij minderjarigen is geen pers.",
        ),
        (
            [row("s0", "A", "14:00", meets="victims", press="welcome")],
            "Leg eerst vast dat de gastorganisatie",
        ),
        ([row("s0", "A", "14:00", press="altijd")], "Onderdeel 1 (A), pers: "),
        (
            [row(f"s{nr}", "A", f"{nr:02}:00") for nr in range(24)] + [row("s24", "B", "23:30")],
            "hoogstens 24",
        ),
    ],
)
def test_bad_input_gets_its_sentence_and_nothing_typed_is_lost(
    world: World, sign_in, wrong: list[dict[str, str]], sentence: str
) -> None:
    visit = a_visit(world)
    wrong[0][f"{next(iter(wrong[0])).partition('-')[0]}-speaks"] = "de directeur"
    answer = post(sign_in(world.kabinet_a), visit, *wrong)
    assert answer.status_code == 422
    found = sentences(answer)
    assert len(found) == 1, found
    assert sentence in found[0]
    assert "de directeur" in answer.content.decode()
    assert len(shown(answer)) == len(wrong)
    assert not Stop.objects.exists()


def test_any_letter_is_a_letter_up_to_120(world: World, sign_in) -> None:
    visit = a_visit(world)
    assert post(sign_in(world.kabinet_a), visit, row("s0", "🙂" * 120, "14:00")).status_code == 302
    assert visit.stops.get().title == "🙂" * 120


def test_what_looks_private_is_asked_about_once_and_kept_at_the_second_press(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    typed = row("s0", "A", "14:00", speaks="bel 0612345678")
    answer = post(client, visit, typed)
    assert answer.status_code == 422
    assert answer.context["form"].only_warnings
    seen = answer.context["form"].rows[0]["seen_text"].value()
    assert post(client, visit, typed | {"s0-seen_text": seen}).status_code == 302


def test_running_over_the_hours_of_the_visit_is_said_and_saved(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    answer = client.post(
        page(visit), {"version": 1, "row": "s0", **row("s0", "A", "14:00", 130)}, follow=True
    )
    assert "Het programma duurt 10 min langer dan het bezoek." in answer.content.decode()
    assert visit.stops.get().minutes == 130


@pytest.mark.parametrize(
    ("place", "status"), [("Dorpsstraat", 422), ("zaal 3", 422), ("Kantine", 302), ("", 302)]
)
def test_a_secret_host_has_rooms_and_no_address(world: World, sign_in, place: str, status: int) -> None:
    visit = a_visit(world, host=a_host(world, kind="crisisopvang", address_is_secret=True))
    answer = post(sign_in(world.kabinet_a), visit, row("s0", "A", "14:00", place=place))
    assert answer.status_code == status
    if status == 422:
        assert "Schrijf alleen een ruimte, of laat het leeg." in answer.content.decode()


def test_the_way_to_the_go_of_the_host_and_back_loses_nothing(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    reader = re.search(r'name="lezer" value="([^"]+)"', client.get(page(visit)).content.decode())
    assert reader is not None
    typed = row("s0", "Gesprek", "14:00", meets="victims", press="welcome", aim="Horen wat hielp")
    refused = post(client, visit, typed)
    assert 'value="go:1"' in refused.content.decode()
    to = post(client, visit, typed, do="go:1", lezer=reader[1]).headers["Location"]
    assert to.startswith(reverse("visits:consents", args=[visit.pk]))
    asked = client.get(to).context["form"]
    assert asked["uses"].value() == ["press"]
    given = {
        "uses": "press",
        "stop": "all",
        "given_on": "2026-10-05",
        "said_by": "teamleider",
        "key": asked["key"].value(),
        "next": asked["next"].value(),
    }
    back = client.post(reverse("visits:consents", args=[visit.pk]), given).headers["Location"]
    again = client.get(back)
    assert shown(again) == [("Gesprek", "14:00")]
    assert "Horen wat hielp" in again.content.decode()
    assert post(client, visit, typed).status_code == 302
    assert visit.stops.get().press_go is not None


def test_who_was_a_moment_too_late_sees_what_stands_and_by_whom_and_may_choose(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    act.write_programme(
        by=world.burgemeester_a, visit=visit, stops=[Part("Van de burgemeester", a_time(), 30)], version=1
    )
    answer = post(client, visit, row("s0", "Mijn onderdeel", "14:00"), version=1)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Mijn onderdeel" in text
    assert "Van de burgemeester" in text
    assert f"{world.burgemeester_a.name} wijzigde het programma" in text
    assert post(client, visit, row("s0", "Mijn onderdeel", "14:00"), version=2).status_code == 302
    assert [one.title for one in visit.stops.standing()] == ["Mijn onderdeel"]


def a_time() -> Any:
    from datetime import time

    return time(14)


def test_a_visit_that_was_held_has_the_programme_it_had(world: World, sign_in, frozen_clock) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    frozen_clock.move_to("2026-11-05T14:00:00+00:00")
    act.hold(by=world.kabinet_a, visit=visit)
    client = sign_in(world.kabinet_a)
    for answer in (client.get(page(visit)), post(client, visit, row("s0", "A", "14:00"))):
        assert answer.headers["Location"] == reverse("visits:visit", args=[visit.pk])
    assert not visit.stops.exists()


def test_who_sees_and_may_not_change_is_refused_and_who_sees_nothing_finds_nothing(
    world: World, sign_in
) -> None:
    visit = a_visit(world)
    assert sign_in(world.kabinet_b).get(page(visit)).status_code == 404
    assert sign_in(world.ovj).get(page(visit)).status_code == 404


@pytest.mark.parametrize("junk", [{"row": ["x", "s1'", "s0", "s0"]}, {"row": ["s9999"]}, {"version": "een"}])
def test_a_form_that_was_tampered_with_is_read_as_far_as_it_goes(world: World, sign_in, junk: dict) -> None:
    visit = a_visit(world)
    data: dict[str, Any] = {"version": "1", "row": ["s0"], **row("s0", "A", "14:00")} | junk
    assert sign_in(world.kabinet_a).post(page(visit), data).status_code in (302, 409, 422)


def test_a_form_without_any_row_wipes_nothing_out(world: World, sign_in) -> None:
    visit = a_visit(world)
    a_stop(visit)
    assert sign_in(world.kabinet_a).post(page(visit), {"version": "1"}).status_code == 422
    assert visit.stops.standing().count() == 1


def test_a_stop_of_another_visit_is_never_changed(world: World, sign_in) -> None:
    visit, other = a_visit(world), a_visit(world)
    theirs = a_stop(other, title="Van een ander")
    post(sign_in(world.kabinet_a), visit, row("s0", "Gekaapt", "14:00", id=theirs.pk))
    theirs.refresh_from_db()
    assert theirs.title == "Van een ander"
    assert visit.stops.get().title == "Gekaapt"


def test_the_page_costs_the_same_with_many_stops(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_a)
    costs = []
    for count in (2, 14):
        for _ in range(count):
            a_stop(visit, minutes=10)
        client.get(page(visit))
        with CaptureQueriesContext(connection) as seen:
            client.get(page(visit))
        costs.append(len(seen))
    assert costs[0] == costs[1]

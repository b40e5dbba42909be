"""Secret feeds: made on a page, read by a calendar, ended at once."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Measure
from portal import clock
from portal.audit.models import AuditRow, ViewRow
from portal.feeds.actions import make as make_feed
from portal.feeds.models import Feed
from portal.people.actions import end_membership
from portal.people.models import Membership, Person
from tests.cast import World, start, step
from tests.feeds.readers import Entry, by_icalendar
from tests.people.pages import errors, fill
from tests.toys import toy
from tests.tracking.test_appointments import facts, plan

CHOSEN: dict[str, Any] = {"label": "Telefoon", "level": "titles", "contents": ["appointments", "deadlines"]}


def make(client: Client, **changed: Any) -> str:
    """Make a feed on the page; gives its path."""
    answer = fill(client, reverse("feeds:make"), **CHOSEN | changed)
    assert answer.status_code == 200, answer.url
    address: str = answer.context["address"]
    return "/" + address.partition("://")[2].partition("/")[2]


def read(path: str) -> list[Entry]:
    """The feed as a calendar reads it: without a session."""
    answer = Client().get(path)
    assert answer.status_code == 200
    return by_icalendar(answer.content)


def test_the_address_is_shown_once_and_kept_as_a_hash(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    form = client.get(reverse("feeds:make")).context["form"]
    data = CHOSEN | {"key": form["key"].value()}
    first = client.post(reverse("feeds:make"), data)
    address = first.context["address"]
    page = first.content.decode()
    assert address in page
    assert "webcal://" + address.partition("://")[2] in page
    again = client.post(reverse("feeds:make"), data)
    assert "Het adres tonen we maar één keer" in again.content.decode()
    assert address not in again.content.decode()
    feed = Feed.objects.get()
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43
    for value in vars(feed).values():
        assert token not in str(value)
    assert token not in str(list(AuditRow.objects.values()))
    assert "Telefoon" in client.get(reverse("feeds:mine")).content.decode()


def test_a_second_press_at_the_same_moment_waits_for_the_first(world: World) -> None:
    """The row of the person is held before it is asked whether the feed is there already."""
    person = world.kabinet_a
    with CaptureQueriesContext(connection) as seen:
        make_feed(by=person, key="k", alarms=[], **CHOSEN)
    asked = [one["sql"] for one in seen if one["sql"].startswith("SELECT")]
    assert f'FROM "{Person._meta.db_table}"' in asked[0]
    assert 'FROM "feeds_feed"' in asked[1]
    assert "FOR NO KEY UPDATE" in asked[0] or not connection.features.has_select_for_no_key_update


def test_it_is_busy_and_silent_unless_somebody_chooses_otherwise(world: World, sign_in) -> None:
    form = sign_in(world.kabinet_a).get(reverse("feeds:make")).context["form"]
    assert form["level"].value() == "busy"
    assert form["contents"].value() == ["appointments"]
    assert not form["alarms"].value()


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"contents": []}, "contents", "Kies ten minste één."),
        ({"level": "alles"}, "level", "alles"),
        ({"alarms": ["nooit"]}, "alarms", "nooit"),
        ({"label": ""}, "label", "verplicht"),
        ({"label": "x" * 41}, "label", "40"),
    ],
)
def test_bad_input(world: World, sign_in, changed: dict[str, Any], field: str, sentence: str) -> None:
    answer = fill(sign_in(world.kabinet_a), reverse("feeds:make"), **CHOSEN | changed)
    assert sentence in errors(answer)[field][0]
    assert not Feed.objects.exists()


def test_more_than_ten_is_too_many(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    for nr in range(10):
        make(client, label=str(nr))
    answer = fill(client, reverse("feeds:make"), **CHOSEN)
    assert answer.status_code == 422
    assert "U hebt al 10 agenda-links. Trek er eerst een in" in answer.content.decode()


def test_a_calendar_reads_what_the_person_sees(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    row = plan(world.kabinet_a, measure)
    path = make(sign_in(world.kabinet_a))
    entries = {one.summary: one for one in read(path)}
    assert entries["Kennismaking met de wijkagenten"].starts == "2026-10-14T08:00:00Z"
    assert entries["Kennismaking met de wijkagenten"].uid == str(row.uid)
    deadline = entries["Uiterlijk: Stap prepare"]
    assert deadline.starts == str(step(measure, "prepare").due_on)
    # What is held by a role of another is not among the own actions.
    assert "Uiterlijk: Stap store" not in entries


def test_only_what_was_chosen_is_in_it(world: World, sign_in) -> None:
    plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    client = sign_in(world.kabinet_a)
    kinds = [
        {one.summary.partition(":")[0] == "Uiterlijk" for one in read(make(client, contents=[key]))}
        for key in ("appointments", "deadlines")
    ]
    assert kinds == [{False}, {True}]


def test_what_was_typed_by_hand_as_an_action_is_not_told(world: World, sign_in) -> None:
    act.add_action(
        by=world.kabinet_a,
        measure=toy(world.kabinet_a, world.a),
        title="Bel de heer Jansen",
        description="",
        due_on=date(2026, 10, 9),
        key="x",
        holder_person=world.kabinet_a,
    )
    path = make(sign_in(world.kabinet_a))
    assert "Uiterlijk: een eigen actie" in {one.summary for one in read(path)}
    assert b"Jansen" not in Client().get(path).content


def test_uid_and_sequence_hold_over_a_change_and_a_cancellation(world: World, sign_in, frozen_clock) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    path = make(sign_in(world.kabinet_a), contents=["appointments"])
    [first] = read(path)
    later = row.starts_at + timedelta(days=2)
    act.change_appointment(
        by=world.kabinet_a,
        appointment=row,
        **facts(row, starts_at=later, ends_at=later + timedelta(hours=1)),
    )
    [moved] = read(path)
    assert (moved.uid, moved.sequence, moved.status) == (first.uid, first.sequence + 1, "CONFIRMED")
    assert moved.starts == "2026-10-16T08:00:00Z"
    act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Ziek")
    [gone] = read(path)
    assert (gone.uid, gone.sequence, gone.status) == (first.uid, first.sequence + 2, "CANCELLED")
    frozen_clock.shift(timedelta(days=29))
    assert len(read(path)) == 1
    frozen_clock.shift(timedelta(days=2))
    assert read(path) == []


def test_it_reaches_ninety_days_back_and_four_hundred_ahead(world: World, sign_in, frozen_clock) -> None:
    measure = toy(world.kabinet_a, world.a)
    near, far = clock.today() + timedelta(days=399), clock.today() + timedelta(days=402)
    plan(world.kabinet_a, measure, near)
    plan(world.kabinet_a, measure, far)
    path = make(sign_in(world.kabinet_a), contents=["appointments"])
    assert [one.starts[:10] for one in read(path)] == [near.isoformat()]
    frozen_clock.shift(timedelta(days=399 + 89))
    assert near.isoformat() in [one.starts[:10] for one in read(path)]
    frozen_clock.shift(timedelta(days=2))
    assert near.isoformat() not in [one.starts[:10] for one in read(path)]


def test_revoking_one_ends_it_at_once_and_leaves_the_other(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    lost, kept = make(client, label="Oude telefoon"), make(client, label="Laptop")
    feed = Feed.objects.get(label="Oude telefoon")
    url = reverse("feeds:revoke", args=[feed.pk])
    assert client.get(url).status_code == 200
    assert Client().get(lost).status_code == 200  # looking at the question ends nothing
    assert client.post(url).url == reverse("feeds:mine")
    for method in ("get", "head"):
        assert getattr(Client(), method)(lost).status_code == 410
    assert "werkt niet meer" in Client().get(lost).content.decode()
    assert read(kept) == []
    assert client.post(url).url == reverse("feeds:mine")
    assert "Deze agenda-link is al ingetrokken." in client.get(reverse("feeds:mine")).content.decode()
    for name in ("change", "revoke"):
        assert client.get(reverse(f"feeds:{name}", args=[feed.pk])).url == reverse("feeds:mine")
    assert AuditRow.objects.filter(event="feed.revoked").count() == 1


def test_nobody_reaches_the_feed_of_another(world: World, sign_in) -> None:
    make(sign_in(world.kabinet_a))
    feed = Feed.objects.get()
    for name in ("change", "revoke"):
        for who in (world.burgemeester_a, world.kabinet_b):
            assert sign_in(who).get(reverse(f"feeds:{name}", args=[feed.pk])).status_code == 404


def test_another_municipality_sees_nothing(world: World, sign_in) -> None:
    plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    for person in (world.kabinet_b, world.burgemeester_b, world.beheerder_a, world.landelijk):
        assert read(make(sign_in(person))) == []


def test_an_ended_membership_empties_the_feed_at_once(world: World, sign_in) -> None:
    plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    path = make(sign_in(world.communicatie_a))
    # The toy is an open door; communicatie sees visits.
    assert read(path) == []
    plan(world.kabinet_a, start(world.kabinet_a, world.a, "visits"))
    assert len(read(path)) >= 1
    row = Membership.objects.get(person=world.communicatie_a)
    end_membership(by=world.beheerder_a, membership=row, hand_over=True)
    assert read(path) == []


def test_who_cannot_sign_in_has_no_feed(world: World, sign_in) -> None:
    path = make(sign_in(world.kabinet_a))
    Person.objects.filter(pk=world.kabinet_a.pk).update(is_active=False)
    assert Client().get(path).status_code == 410


def test_a_wrong_address_gives_nothing(world: World, sign_in) -> None:
    path = make(sign_in(world.kabinet_a))
    wrong = path.replace(".ics", "x.ics")
    answer = Client().get(wrong)
    assert answer.status_code == 404
    assert "BEGIN" not in answer.content.decode()
    assert Client().post(path).status_code == 405


def test_how_it_is_served(world: World, sign_in) -> None:
    plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    path = make(sign_in(world.kabinet_a))
    answer = Client().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Content-Disposition"] == 'inline; filename="agenda.ics"'
    assert not answer.cookies
    # Unchanged it is not sent again; two fetches give the same bytes.
    assert Client().get(path).content == answer.content
    unchanged = Client().get(path, headers={"If-None-Match": answer["ETag"]})
    assert unchanged.status_code == 304
    assert unchanged["Cache-Control"] == "private, no-cache"


def test_the_day_of_the_last_use_is_noted_once(world: World, sign_in, frozen_clock) -> None:
    client = sign_in(world.kabinet_a)
    path = make(client)
    assert "nog nooit opgehaald" in client.get(reverse("feeds:mine")).content.decode()
    frozen_clock.shift(timedelta(days=1))
    for _ in range(3):
        read(path)
    assert ViewRow.objects.filter(object_id=Feed.objects.get().pk).count() == 1
    client = sign_in(world.kabinet_a)
    assert "voor het laatst opgehaald op di 6 okt" in client.get(reverse("feeds:mine")).content.decode()


def test_what_it_tells_is_changed_under_the_same_address(world: World, sign_in) -> None:
    plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    client = sign_in(world.kabinet_a)
    path = make(client)
    url = reverse("feeds:change", args=[Feed.objects.get().pk])
    data = {"label": "Telefoon", "level": "busy", "contents": ["appointments"], "alarms": ["hour"]}
    assert fill(client, url, **data).status_code == 302
    [one] = read(path)
    assert one.summary == "Bezet"
    assert one.alarms == ("2026-10-14T07:00:00Z",)
    stale = client.post(url, data | {"version": "1"})
    assert stale.status_code == 409
    assert "wijzigde een agenda-link" in stale.content.decode()


def test_busy_betrays_nothing(world: World, sign_in) -> None:
    measure = start(world.secretaris, world.d, "driehoek")
    row = plan(world.secretaris, measure, title="Aanpak familie Jansen", place="Kamer 12")
    client = sign_in(world.secretaris)
    text = {
        level: Client().get(make(client, level=level)).content.decode()
        for level in ("busy", "kind", "titles")
    }
    for person in Person.objects.all():
        for level, body in text.items():
            assert person.name not in body, level
            assert person.email not in body, level
            assert str(person.pk) not in body, level
    assert "Aanpak familie Jansen" in text["titles"]
    assert "Driehoek" in text["kind"]
    words = [
        row.title,
        row.place,
        measure.title,
        str(row.pk),
        str(measure.pk),
        "http",
        "Driehoek",
        "driehoek",
    ]
    words += [step.title for step in measure.actions.all()]
    for word in words:
        assert word not in text["busy"], word
    for body in text.values():
        assert not re.search(r"agenda/|token", body)
    summaries = {one.summary for one in by_icalendar(text["busy"])}
    assert summaries == {"Bezet"}


def test_no_line_of_the_log_holds_the_address(
    world: World,
    sign_in,
    written: io.StringIO,
) -> None:
    client = sign_in(world.kabinet_a)
    path = make(client)
    token = path.rpartition("/")[2].removesuffix(".ics")
    Client().get(path)
    Client().get(path.replace(".ics", "x.ics"))
    client.post(reverse("feeds:revoke", args=[Feed.objects.get().pk]))
    Client(raise_request_exception=False).get(path)
    lines = written.getvalue()
    assert "/agenda/..." in lines
    assert token not in lines


def test_it_speaks_the_language_of_its_person(world: World, sign_in) -> None:
    plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    path = make(sign_in(world.kabinet_a), level="busy", contents=["appointments"])
    Person.objects.filter(pk=world.kabinet_a.pk).update(language="en")
    answer = Client().get(path)
    assert answer["Content-Language"] == "en"


@pytest.mark.parametrize("contents", [["appointments"], ["deadlines"]])
def test_it_costs_the_same_with_three_and_with_thirty(world: World, sign_in, contents: list[str]) -> None:
    measure = toy(world.kabinet_a, world.a)
    path = make(sign_in(world.kabinet_a), contents=contents)
    costs = []
    for count in (3, 27):
        grow(world, measure, count)
        read(path)
        with CaptureQueriesContext(connection) as seen:
            assert len(read(path)) >= count
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[0] <= 6


def grow(world: World, measure: Measure, count: int) -> None:
    for nr in range(count):
        plan(world.kabinet_a, measure)
        act.add_action(
            by=world.kabinet_a,
            measure=measure,
            title=f"Eigen actie {nr}",
            description="",
            due_on=date(2026, 10, 6),
            key=f"{nr}-{count}",
            holder_person=world.kabinet_a,
        )

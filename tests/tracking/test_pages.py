"""The pages of measures and actions, as a member of the mayor's office uses them."""

from datetime import UTC, date, datetime

from django.urls import reverse

from measures.tracking import actions as act
from tests.cast import World, any_action, newest, start, step
from tests.toys import toy


def test_kabinet_starts_a_measure_and_sees_its_actions(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    version = newest("publicity")
    url = reverse("tracking:start", args=[version.pk])
    page = client.get(url)
    assert page.status_code == 200
    data = {
        "title": "Campagneweek 2026",
        "scope": str(world.a.municipality_id),
        "anchor_start": "2026-10-05",
        "anchor_week_monday": "2026-11-16",
        "key": page.context["form"]["key"].value(),
    }
    first = client.post(url, data)
    assert first.status_code == 302, first.content.decode()
    again = client.post(url, data)
    assert again.url == first.url
    shown = client.get(first.url)
    assert shown.status_code == 200
    assert "Campagneweek 2026" in shown.content.decode()


def test_all_reading_pages_answer(world: World, sign_in) -> None:
    measure = start(world.kabinet_a, world.a, "visits")
    action = any_action(measure)
    client = sign_in(world.kabinet_a)
    for url in (
        "/",
        reverse("tracking:mine"),
        reverse("tracking:measures"),
        reverse("tracking:choose"),
        reverse("tracking:templates"),
        reverse("tracking:template", args=[measure.template_version_id]),
        reverse("tracking:measure", args=[measure.pk]),
        reverse("tracking:anchor", args=[measure.pk, "visit"]),
        reverse("tracking:add_action", args=[measure.pk]),
        reverse("tracking:complete", args=[measure.pk]),
        reverse("tracking:stop", args=[measure.pk]),
        *[
            reverse(f"tracking:{name}", args=[action.pk])
            for name in (
                "action",
                "finish",
                "begin",
                "hand_over",
                "drop",
                "pin",
                "note",
                "undo",
                "reopen",
            )
        ],
    ):
        response = client.get(url)
        assert response.status_code == 200, url
        assert "INVALID" not in response.content.decode(), url


def test_letting_go_of_a_date_shows_first_what_moves(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.pin(by=world.kabinet_a, action=step(measure, "prepare"), to=date(2026, 11, 6))
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:unpin", args=[step(measure, "prepare").pk])
    page = client.get(url)
    assert {move.action.step.key for move in page.context["preview"].moves} == {"prepare", "decide"}
    assert step(measure, "prepare").pinned
    assert client.post(url, {"version": step(measure, "prepare").version, "zeker": "1"}).status_code == 302
    assert step(measure, "prepare").due_on == date(2026, 11, 2)


def test_an_action_due_at_a_moment_keeps_a_moment_when_it_is_pinned(world: World, sign_in) -> None:
    measure = start(world.kabinet_a, world.a, "visits", visit=datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
    action = any_action(measure, step__unit="uren")
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:pin", args=[action.pk])
    done = client.post(url, {"version": action.version, "to": "2026-11-13T15:30", "zeker": "1"})
    assert done.status_code == 302
    action.refresh_from_db()
    assert action.due_at == datetime(2026, 11, 13, 14, 30, tzinfo=UTC)
    assert action.due_on is None


def test_a_checklist_of_an_ended_action_stays_as_it_is(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    act.finish(by=world.kabinet_a, action=action)
    check = action.checks.all()[0]
    url = reverse("tracking:tick", args=[action.pk, check.pk])
    answer = sign_in(world.kabinet_a).post(url, {"gedaan": "1"}, follow=True)
    assert "al klaar" in answer.content.decode()
    check.refresh_from_db()
    assert check.done_at is None

"""The pages of measures and actions, as a member of the mayor's office uses them."""

from django.urls import reverse

from tests.cast import World, any_action, newest, start


def test_kabinet_starts_a_measure_and_sees_its_actions(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    version = newest("visits")
    url = reverse("tracking:start", args=[version.pk])
    page = client.get(url)
    assert page.status_code == 200
    data = {
        "title": "Werkbezoek Veilig Thuis",
        "scope": str(world.a.municipality_id),
        "anchor_start": "2026-10-05",
        "anchor_visit": "2026-11-12T10:00",
        "key": page.context["form"]["key"].value(),
    }
    first = client.post(url, data)
    assert first.status_code == 302, first.content.decode()
    again = client.post(url, data)
    assert again.url == first.url
    shown = client.get(first.url)
    assert shown.status_code == 200
    assert "Werkbezoek Veilig Thuis" in shown.content.decode()


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
                "unpin",
                "note",
                "undo",
                "reopen",
            )
        ],
    ):
        response = client.get(url)
        assert response.status_code == 200, url
        assert "INVALID" not in response.content.decode(), url

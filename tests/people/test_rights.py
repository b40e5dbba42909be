"""Who keeps whose people: the beheerder of A reaches A, the national beheerder everything, others nothing."""

import pytest
from django.urls import reverse

from portal.audit.models import AuditRow
from portal.people import cast, permissions
from portal.people.models import Invitation, Membership
from tests.cast import World
from tests.people.pages import ask, errors, membership

OTHERS = [part.key for part in cast.CAST if part.key not in ("beheerder_a", "landelijk")]
LISTS = ["people:people", "people:first_steps", "people:invite", "people:test_mail", "people:test_mail_state"]


@pytest.mark.parametrize("key", OTHERS)
def test_others_reach_nothing(world: World, sign_in, key: str) -> None:
    client = sign_in(getattr(world, key))
    for name in [*LISTS, "planning:calendar", "planning:add_day", "planning:add_recess"]:
        assert client.get(reverse(name)).status_code == 403, name
        assert client.post(reverse(name)).status_code == 403, name
    for url in of_municipality(world):
        assert client.get(url).status_code == 404, url
        assert client.post(url).status_code == 404, url
    page = client.get("/").content.decode()
    assert 'href="/mensen/"' not in page
    assert 'href="/eerste-stappen/"' not in page


def of_municipality(world: World, role: str = "kabinet") -> list[str]:
    """The addresses about one membership and the place of municipality A."""
    row = membership(world.kabinet_a, role)
    names = ("membership", "end", "hand_on", "retry_mail")
    return [reverse(f"people:{name}", args=[row.pk]) for name in names] + [
        reverse("people:municipality", args=[world.a.municipality_id])
    ]


def test_the_beheerder_reaches_the_own_municipality(world: World, sign_in) -> None:
    client = sign_in(world.beheerder_a)
    for url in [*of_municipality(world), *[reverse(name) for name in LISTS]]:
        assert client.get(url).status_code == 200, url


def test_the_beheerder_of_a_reaches_neither_b_nor_the_driehoek_nor_the_portal(world: World, sign_in) -> None:
    client = sign_in(world.beheerder_a)
    foreign = [membership(world.kabinet_b, "kabinet"), membership(world.ovj, "driehoek_lid")]
    foreign.append(membership(world.landelijk, "beheerder_landelijk"))
    urls = [
        reverse(f"people:{name}", args=[row.pk])
        for row in foreign
        for name in ("membership", "end", "hand_on", "retry_mail")
    ]
    urls += [
        reverse("people:municipality", args=[world.b.municipality_id]),
        reverse("people:driehoek", args=[world.d.driehoek_id]),
        reverse("people:national"),
    ]
    before = AuditRow.objects.count()
    for url in urls:
        assert client.get(url).status_code == 404, url
        assert client.post(url).status_code == 404, url
    for place in (f"gemeente:{world.b.municipality_id}", f"driehoek:{world.d.driehoek_id}", "landelijk"):
        assert "place" in errors(ask(client, place=place))
    assert AuditRow.objects.count() == before
    assert not Invitation.objects.exists()


def test_an_invitation_of_b_is_not_there_for_a(world: World, sign_in) -> None:
    national = sign_in(world.landelijk)
    ask(national, place=f"gemeente:{world.b.municipality_id}")
    row = Invitation.objects.get()
    client = sign_in(world.beheerder_a)
    for name in ("resend", "withdraw"):
        url = reverse(f"people:{name}", args=[row.pk])
        assert national.get(url).status_code == 200
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


def test_the_national_beheerder_reaches_every_place(world: World, sign_in) -> None:
    client = sign_in(world.landelijk)
    page = client.get(reverse("people:people")).content.decode()
    assert "Voorbeeldstad" in page
    assert "Driehoek Voorbeeldstad" in page
    for scope in (world.a, world.b):
        url = reverse("people:municipality", args=[scope.municipality_id])
        assert client.get(url).status_code == 200
    assert client.get(reverse("people:driehoek", args=[world.d.driehoek_id])).status_code == 200
    assert client.get(reverse("people:national")).status_code == 200
    places = (f"gemeente:{world.b.municipality_id}", f"driehoek:{world.d.driehoek_id}", "landelijk")
    for place, role in zip(places, ("beheerder", "driehoek_lid", "beheerder_landelijk"), strict=True):
        assert ask(client, place=place, role=role).status_code == 302
    assert Invitation.objects.count() == 3


@pytest.mark.parametrize(
    ("place", "role"),
    [
        ("driehoek", "kabinet"),
        ("gemeente", "driehoek_lid"),
        ("landelijk", "kabinet"),
        ("gemeente", "beheerder_landelijk"),
    ],
)
def test_a_role_is_given_only_where_it_belongs(world: World, sign_in, place: str, role: str) -> None:
    keys = {"gemeente": world.a.municipality_id, "driehoek": world.d.driehoek_id}
    chosen = f"{place}:{keys[place]}" if place in keys else place
    assert "role" in errors(ask(sign_in(world.landelijk), place=chosen, role=role))


def test_the_national_beheerder_finds_a_municipality_without_people(world: World, sign_in) -> None:
    client = sign_in(world.landelijk)
    url = reverse("people:people")
    assert "Utrecht" not in client.get(url).content.decode()
    page = client.get(url, {"zoek": "utrecht"}).content.decode()
    assert "Utrecht" in page
    assert "Voorbeeldstad</a></th>" not in page
    assert "Geen gemeente met deze naam" in client.get(url, {"zoek": "qqq"}).content.decode()


def test_the_pure_rules(world: World) -> None:
    can = permissions.can_manage
    for key in OTHERS:
        person = getattr(world, key)
        assert not permissions.may_manage_people(person)
        assert not any(can(person, scope) for scope in (world.a, world.b, world.d, None))
    assert [can(world.beheerder_a, scope) for scope in (world.a, world.b, world.d, None)] == [1, 0, 0, 0]
    assert all(can(world.landelijk, scope) for scope in (world.a, world.b, world.d, None))
    assert not permissions.can_give(world.beheerder_a, "driehoek_lid", world.a)
    assert permissions.can_give(world.beheerder_a, "burgemeester", world.a)


def test_a_beheerder_whose_role_ended_reaches_nothing(world: World, sign_in) -> None:
    from portal import clock

    Membership.objects.filter(person=world.beheerder_a).update(ended_at=clock.now())
    client = sign_in(world.beheerder_a)
    assert client.get(reverse("people:people")).status_code == 403
    assert client.get(of_municipality(world)[0]).status_code == 404

"""Who opens which sheet: the office all four, a companion the one for companions and as long as he is one."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.briefings.models import Briefing
from portal.people.models import Membership, Person
from tests.cast import World
from tests.visits import marked as of
from tests.visits.make import a_visit
from visits import actions as act
from visits.enums import Sheet
from visits.models import SheetSent, Visit


@pytest.fixture
def visit(world: World) -> Visit:
    return of.marked(world)


@pytest.fixture
def rows(world: World, visit: Visit) -> dict[str, Briefing]:
    """A PDF of each paper."""
    return {one: of.made(world.kabinet_a, visit, one) for one in (of.M, of.C, of.H, of.P, of.B)}


def _codes(client: Client, visit: Visit, row: Briefing) -> list[int]:
    """The page for companions, and of one paper: its page, its state and its file."""
    return [
        client.get(url).status_code
        for url in (
            reverse("visits:sheet", args=[visit.pk]),
            *(reverse(f"briefings:{name}", args=[row.pk]) for name in ("briefing", "status", "pdf")),
        )
    ]


def test_a_companion_opens_the_sheet_for_companions_and_nothing_else(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing]
) -> None:
    client = sign_in(world.teamchef)
    assert _codes(client, visit, rows[of.C]) == [200, 200, 200, 200]
    for paper in (of.M, of.H, of.P, of.B):
        assert _codes(client, visit, rows[paper]) == [200, 404, 404, 404], paper
    for paper in Sheet:
        assert client.get(reverse("visits:sheet_of", args=[visit.pk, paper])).status_code == 404
        if paper != Sheet.COMPANION:
            assert client.post(reverse("visits:make_sheet", args=[visit.pk, paper])).status_code == 404
        assert client.post(reverse("visits:sheet_sent", args=[visit.pk, paper])).status_code == 404
    for name in ("visit", "briefing", "make_briefing", "briefing_content"):
        assert client.get(reverse(f"visits:{name}", args=[visit.pk])).status_code == 404, name


@pytest.mark.parametrize("who", ["oov_a", "piket_a", "receptie_a", "beheerder_a"])
def test_a_role_without_visits_opens_no_more_by_coming_along(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing], who: str
) -> None:
    person = getattr(world, who)
    client = sign_in(person)
    assert _codes(client, visit, rows[of.C]) == [404, 404, 404, 404]
    act.add_companion(by=world.kabinet_a, visit=visit, function="other", person=person)
    assert _codes(client, visit, rows[of.C]) == [200, 200, 200, 200]
    for paper in (of.M, of.H, of.P, of.B):
        assert _codes(client, visit, rows[paper]) == [200, 404, 404, 404], paper
    asked = {"key": "x", "audience": of.M, "document": "visit"}
    client.post(reverse("visits:make_sheet", args=[visit.pk, Sheet.COMPANION]), asked)
    row = Briefing.objects.get(asked_by=person)
    assert (row.document, row.audience) == ("visit_sheet", of.C)
    for name in ("visit", "briefing", "briefing_content", "runsheet", "programme"):
        assert client.get(reverse(f"visits:{name}", args=[visit.pk])).status_code == 404, name


def _taken_off(world: World, visit: Visit, person: Person) -> None:
    act.end_companion(by=world.kabinet_a, companion=visit.companions.get(person=person))


def _no_member(world: World, visit: Visit, person: Person) -> None:
    Membership.objects.filter(person=person).update(ended_at=clock.now())


def _period_over(world: World, visit: Visit, person: Person) -> None:
    Membership.objects.filter(person=person).update(ends_on=date(2026, 10, 4))


def _blocked(world: World, visit: Visit, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("end", [_taken_off, _no_member, _period_over])
def test_who_is_no_companion_any_more_is_refused_from_that_moment(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing], end
) -> None:
    client = sign_in(world.teamchef)
    assert _codes(client, visit, rows[of.C]) == [200, 200, 200, 200]
    end(world, visit, world.teamchef)
    assert _codes(client, visit, rows[of.C]) == [404, 404, 404, 404]
    assert client.post(reverse("visits:make_sheet", args=[visit.pk, Sheet.COMPANION])).status_code == 404


def test_an_account_that_is_closed_opens_nothing(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing]
) -> None:
    client = sign_in(world.teamchef)
    _blocked(world, visit, world.teamchef)
    assert 200 not in _codes(client, visit, rows[of.C])


def test_a_driehoek_that_does_not_cover_the_municipality_opens_nothing(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing]
) -> None:
    act.add_companion(by=world.kabinet_a, visit=visit, function="other", person=world.burgemeester_b)
    assert _codes(sign_in(world.burgemeester_b), visit, rows[of.C]) == [404, 404, 404, 404]


def test_somebody_else_of_the_driehoek_opens_nothing(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing]
) -> None:
    assert _codes(sign_in(world.ovj), visit, rows[of.C]) == [404, 404, 404, 404]


def test_a_companion_makes_the_pdf_of_the_own_sheet_and_reads_what_he_does(
    world: World, sign_in, visit: Visit
) -> None:
    visit.companions.filter(person=world.teamchef).update(part="Vertelt over het team")
    client = sign_in(world.teamchef)
    html = client.get(reverse("visits:sheet", args=[visit.pk])).content.decode()
    assert "Vertelt over het team" in html
    assert of.word("visit.measure") not in html
    answer = client.post(reverse("visits:make_sheet", args=[visit.pk, Sheet.COMPANION]), {"key": "x"})
    row = Briefing.objects.get()
    assert (answer.url, row.audience) == (reverse("briefings:briefing", args=[row.pk]), of.C)
    asked = client.get(answer.url).content.decode()
    assert of.word("visit.measure") not in asked


@pytest.mark.parametrize("who", ["burgemeester_a", "loco_a", "kabinet_a", "communicatie_a"])
def test_whoever_sees_the_visit_opens_every_paper(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing], who: str
) -> None:
    client = sign_in(getattr(world, who))
    for paper, row in rows.items():
        assert _codes(client, visit, row)[1:] == [200, 200, 200], paper
    for paper in Sheet:
        assert client.get(reverse("visits:sheet_of", args=[visit.pk, paper])).status_code == 200
    to = reverse("visits:sheet_of", args=[visit.pk, Sheet.COMPANION])
    assert client.get(reverse("visits:sheet", args=[visit.pk])).url == to


def test_there_is_no_fifth_sheet(world: World, sign_in, visit: Visit) -> None:
    client = sign_in(world.kabinet_a)
    for name in ("sheet_of", "make_sheet", "sheet_sent"):
        assert client.get(reverse(f"visits:{name}", args=[visit.pk, "raad"])).status_code == 404


def _sent(client: Client, visit: Visit, row: Briefing, key: str = "k") -> None:
    client.post(
        reverse("visits:sheet_sent", args=[visit.pk, row.audience]), {"briefing": str(row.pk), "key": key}
    )


def test_what_was_sent_is_noted_once_and_an_older_version_is_named_with_what_changed(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing]
) -> None:
    client, url = sign_in(world.kabinet_a), reverse("visits:sheet_of", args=[visit.pk, of.H])
    assert "Verstuurd</button>" in client.get(url).content.decode()
    for _press in range(2):
        _sent(client, visit, rows[of.H])
    row = SheetSent.objects.get()
    assert (row.audience, row.sent_on, row.content_hash) == (of.H, clock.today(), rows[of.H].content_hash)
    html = client.get(url).content.decode()
    assert "Verstuurd</button>" not in html
    assert "oudere versie" not in html
    visit.stops.filter(title=of.word("stop.title")).update(title="Een ander begin")
    html = client.get(url).content.decode()
    assert "is een oudere versie" in html
    assert "‘Zqonderdeel’ heet nu ‘Een ander begin’" in html


@pytest.mark.parametrize("wrong", ["other audience", "other visit", "not made", "unknown"])
def test_only_a_finished_sheet_of_this_visit_for_these_readers_can_have_been_sent(
    world: World, sign_in, visit: Visit, rows: dict[str, Briefing], wrong: str
) -> None:
    other = a_visit(world)
    row = {
        "other audience": rows[of.M],
        "other visit": of.made(world.kabinet_a, other, of.H),
        "not made": Briefing(subject_id=visit.pk),
        "unknown": Briefing(),
    }[wrong]
    if wrong == "not made":
        rows[of.H].state = "asked"
        rows[of.H].save()
        row = rows[of.H]
    answer = sign_in(world.kabinet_a).post(
        reverse("visits:sheet_sent", args=[visit.pk, of.H]), {"briefing": str(row.pk), "key": "k"}
    )
    assert answer.status_code in (302, 404)
    assert not SheetSent.objects.exists()


def test_who_may_not_change_the_visit_does_not_note_what_was_sent(
    world: World, sign_in, visit: Visit
) -> None:
    assert (
        sign_in(world.kabinet_b).get(reverse("visits:sheet_sent", args=[visit.pk, of.H])).status_code == 404
    )

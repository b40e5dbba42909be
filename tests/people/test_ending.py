"""Changing and ending a role: at once, with what was held handed on, and never the last beheerder."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.models import Action
from portal import clock
from portal.audit.models import AuditRow
from portal.deadlines.models import Notice
from portal.deadlines.speaking import DIGEST_AT
from portal.deadlines.sweep import sweep
from portal.mail.models import Message
from portal.people.models import Membership, Person
from tests.cast import World, step
from tests.people.pages import errors, fill, membership, said
from tests.toys import toy


@pytest.fixture
def beheer(world: World, sign_in) -> Client:
    return sign_in(world.beheerder_a)


def held(world: World, *keys: str, by: str = "oov_a") -> list[Action]:
    """Actions of a toy measure, led by kabinet A, that somebody holds personally."""
    measure = toy(world.kabinet_a, world.a)
    actions = [step(measure, key) for key in keys]
    for action in actions:
        act.hand_over(by=world.kabinet_a, action=action, to_person=getattr(world, by))
    sweep()
    Notice.objects.all().delete()
    Message.objects.all().delete()
    return actions


def end_url(world: World, key: str = "oov_a", role: str = "adviseur_oov") -> str:
    return reverse("people:end", args=[membership(getattr(world, key), role).pk])


def holders(actions: list[Action]) -> list[object]:
    rows = Action.objects.in_bulk([action.pk for action in actions])
    return [rows[action.pk].holder_person or rows[action.pk].holder_role for action in actions]


def test_ending_stops_the_access_at_once(world: World, beheer: Client, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    colleague = sign_in(world.oov_a)
    url = reverse("tracking:measure", args=[measure.pk])
    assert colleague.get(url).status_code == 200
    answer = fill(beheer, end_url(world))
    assert said(answer, beheer) == ["De rol is beëindigd."]
    assert colleague.get(url).status_code == 404
    row = membership(world.oov_a, "adviseur_oov")
    assert row.ended_at == clock.now()
    assert row.starts_on < clock.today()
    audit = AuditRow.objects.get(event="membership.ended")
    assert (audit.actor_id, audit.object_id) == (world.beheerder_a.pk, row.pk)


def test_the_page_shows_kinds_and_numbers_and_nothing_of_the_case(world: World, beheer: Client) -> None:
    actions = held(world, "prepare", "store")
    page = beheer.get(end_url(world)).content.decode()
    assert "Open deur" in page
    assert "2 acties" in page
    assert "de eerste uiterlijk maandag 2 november" in page
    for action in actions:
        assert action.title not in page
        assert action.measure.title not in page
        assert str(action.pk) not in page


def test_a_colleague_takes_over_and_hears_once(world: World, beheer: Client) -> None:
    actions = held(world, "prepare", "store")
    answer = fill(beheer, end_url(world), to=str(world.kabinet_a.pk))
    assert said(answer, beheer) == ["De rol is beëindigd. 2 acties zijn overgedragen."]
    assert holders(actions) == [world.kabinet_a, world.kabinet_a]
    sweep()
    assert not Message.objects.exists()  # not urgent: it waits for the digest of tomorrow
    with time_machine.travel(clock.at(date(2026, 10, 6), DIGEST_AT), tick=False):
        sweep()
    assert {(one.person_id, one.name) for one in Notice.objects.all()} == {(world.kabinet_a.pk, "reminder")}
    assert Notice.objects.count() == 2
    assert [one.address for one in Message.objects.all()] == [world.kabinet_a.email]
    with time_machine.travel(clock.at(date(2026, 10, 7), DIGEST_AT), tick=False):
        sweep()
    assert Message.objects.count() == 1


def test_the_lead_of_each_measure_takes_over(world: World, beheer: Client) -> None:
    actions = held(world, "prepare")
    fill(beheer, end_url(world), to="trekker")
    assert holders(actions) == [world.kabinet_a]


def test_who_may_not_see_the_kind_gets_nothing_of_it(world: World, beheer: Client) -> None:
    actions = held(world, "prepare")
    fill(beheer, end_url(world), to=str(world.communicatie_a.pk))
    assert holders(actions) == [world.kabinet_a]


def test_without_a_lead_who_is_still_here_it_goes_to_the_role(world: World, beheer: Client) -> None:
    actions = held(world, "prepare", by="kabinet_a")
    fill(beheer, end_url(world, "kabinet_a", "kabinet"), to="trekker")
    assert holders(actions) == ["kabinet"]


def test_with_something_open_the_question_must_be_answered(world: World, beheer: Client) -> None:
    held(world, "prepare")
    found = errors(fill(beheer, end_url(world)))
    assert found == {"to": ["Kies wie de open acties overneemt."]}
    for wrong in (world.kabinet_b.pk, world.oov_a.pk, "iemand"):
        assert "to" in errors(fill(beheer, end_url(world), to=str(wrong)))
    assert membership(world.oov_a, "adviseur_oov").ended_at is None


def test_who_keeps_another_role_here_may_keep_the_actions(world: World, beheer: Client) -> None:
    Membership.objects.create(
        person=world.oov_a, role="piket", starts_on=clock.today(), **world.a.as_fields()
    )
    actions = held(world, "prepare")
    assert "Niemand: S. de Wit houdt hier nog een andere rol" in beheer.get(end_url(world)).content.decode()
    answer = fill(beheer, end_url(world), to="blijft")
    assert said(answer, beheer) == ["De rol is beëindigd."]
    assert holders(actions) == [world.oov_a]


def test_who_left_by_a_planned_date_shows_with_what_is_still_open(world: World, beheer: Client) -> None:
    actions = held(world, "prepare")
    row = membership(world.oov_a, "adviseur_oov")
    Membership.objects.filter(pk=row.pk).update(ends_on=clock.today() - timedelta(days=1))
    page = beheer.get(reverse("people:people")).content.decode()
    assert "1 mens heeft hier geen rol meer en houdt nog acties." in page
    answer = fill(beheer, reverse("people:hand_on", args=[row.pk]), to=str(world.burgemeester_a.pk))
    assert said(answer, beheer) == ["1 actie is overgedragen."]
    assert holders(actions) == [world.burgemeester_a]
    assert "geen rol meer" not in beheer.get(reverse("people:people")).content.decode()


def test_ending_twice_says_so(world: World, beheer: Client) -> None:
    url = end_url(world)
    fill(beheer, url)
    assert said(fill(beheer, url), beheer) == ["Deze rol is intussen beëindigd."]


def test_an_old_page_comes_back_with_who_changed_what(world: World, beheer: Client) -> None:
    row = membership(world.oov_a, "adviseur_oov")
    url = reverse("people:membership", args=[row.pk])
    seen = beheer.get(url).context["form"]["version"].value()
    beheer.post(url, {"version": seen, "function": "senior", "ends_on": "2026-12-31"})
    answer = beheer.post(url, {"version": seen, "function": "junior", "ends_on": ""})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "K. Jansen wijzigde de rol Adviseur OOV van S. de Wit" in page
    assert 'value="junior"' in page
    row.refresh_from_db()
    assert (row.function, row.ends_on, row.version) == ("senior", date(2026, 12, 31), 2)


@pytest.mark.parametrize(
    ("key", "role", "who"),
    [("beheerder_a", "beheerder", "beheerder_a"), ("landelijk", "beheerder_landelijk", "landelijk")],
)
def test_the_last_beheerder_cannot_end_the_own_role(
    world: World, sign_in, key: str, role: str, who: str
) -> None:
    client = sign_in(getattr(world, who))
    row = membership(getattr(world, key), role)
    answer = fill(client, reverse("people:end", args=[row.pk]))
    assert said(answer, client) == [
        "U bent hier de enige beheerder. Nodig eerst een andere beheerder uit; daarna kunt u weg."
    ]
    answer = fill(client, reverse("people:membership", args=[row.pk]), ends_on="2026-12-31", function="")
    assert "enige beheerder" in said(answer, client)[0]
    row.refresh_from_db()
    assert (row.ended_at, row.ends_on) == (None, None)
    assert not AuditRow.objects.filter(event__startswith="membership.").exists()


def test_with_a_second_beheerder_the_first_may_go(world: World, beheer: Client) -> None:
    Membership.objects.create(
        person=world.kabinet_a, role="beheerder", starts_on=clock.today(), **world.a.as_fields()
    )
    answer = fill(beheer, end_url(world, "beheerder_a", "beheerder"))
    assert answer.status_code == 302
    assert not world.beheerder_a.grants


def test_a_second_beheerder_who_leaves_sooner_does_not_count(world: World, beheer: Client) -> None:
    Membership.objects.create(
        person=world.kabinet_a,
        role="beheerder",
        starts_on=clock.today(),
        ends_on=date(2026, 11, 1),
        **world.a.as_fields(),
    )
    row = membership(world.beheerder_a, "beheerder")
    url = reverse("people:membership", args=[row.pk])
    assert "enige beheerder" in said(fill(beheer, url, ends_on="2026-12-31", function=""), beheer)[0]
    assert said(fill(beheer, url, ends_on="2026-10-20", function=""), beheer) == ["De rol is gewijzigd."]


def test_the_national_beheerder_may_end_the_only_beheerder(world: World, sign_in) -> None:
    client = sign_in(world.landelijk)
    answer = fill(client, end_url(world, "beheerder_a", "beheerder"))
    assert said(answer, client) == ["De rol is beëindigd."]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"ends_on": "2026-10-04"}, "ends_on", "Gebruik dan ‘Beëindig nu’"),
        ({"ends_on": "2036-01-01"}, "ends_on", "tot en met 2035"),
        ({"function": "x" * 200}, "function", "80"),
    ],
)
def test_bad_input_gets_one_sentence(
    world: World, beheer: Client, typed: dict, field: str, sentence: str
) -> None:
    row = membership(world.oov_a, "adviseur_oov")
    found = errors(fill(beheer, reverse("people:membership", args=[row.pk]), **typed))
    assert list(found) == [field]
    assert sentence in found[field][0]


def test_only_a_role_that_did_not_begin_can_begin_on_another_day(world: World, beheer: Client) -> None:
    row = membership(world.oov_a, "adviseur_oov")
    began = row.starts_on
    fill(beheer, reverse("people:membership", args=[row.pk]), starts_on="2026-12-01", function="")
    row.refresh_from_db()
    assert row.starts_on == began
    coming = Membership.objects.create(
        person=world.piket_a, role="receptie", starts_on=date(2026, 11, 1), **world.a.as_fields()
    )
    url = reverse("people:membership", args=[coming.pk])
    assert "starts_on" in errors(fill(beheer, url, starts_on="2026-10-01", function=""))
    fill(beheer, url, starts_on="2026-12-01", function="")
    coming.refresh_from_db()
    assert coming.starts_on == date(2026, 12, 1)


def test_a_role_that_ended_may_be_given_again(world: World, beheer: Client) -> None:
    from tests.people.pages import ask

    fill(beheer, end_url(world))
    assert ask(beheer, email=world.oov_a.email, role="adviseur_oov").status_code == 302
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert not Person.objects.get(pk=world.oov_a.pk).grants, "asked is not yet given"

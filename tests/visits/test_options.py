"""Moments put to everybody, what they say, and choosing one."""

from datetime import date

import pytest
from django.urls import reverse

from tests.cast import World
from tests.visits.make import a_visit, at
from visits import actions as act
from visits.actions.changed import NotAhead
from visits.actions.options import TooMany
from visits.models import Companion, DateOption, OptionAnswer

pytestmark = pytest.mark.django_db


def _option(world: World, visit, day: int = 12) -> DateOption:
    hours = (at(10, day=date(2026, 11, day)), at(12, day=date(2026, 11, day)))
    return act.add_options(by=world.kabinet_a, visit=visit, hours=[hours])[0]


def test_everybody_can_answer_and_the_moment_that_suits_is_said(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None, with_driehoek=True)
    option = _option(world, visit)
    client = sign_in(world.kabinet_a)
    fields = {f"a_{option.pk.hex}_host": "yes"}
    for one in visit.companions.all():
        fields[f"a_{option.pk.hex}_{one.pk}"] = "maybe"
    client.post(reverse("visits:answers", args=[visit.pk]), fields)
    assert OptionAnswer.objects.count() == 3
    assert "iedereen kan" in client.get(reverse("visits:visit", args=[visit.pk])).content.decode()


def test_the_moment_that_is_chosen_stands_in_the_form_of_the_day(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None)
    option = _option(world, visit)
    page = reverse("visits:move", args=[visit.pk]) + f"?moment={option.pk}"
    text = sign_in(world.kabinet_a).get(page).content.decode()
    assert 'value="2026-11-12"' in text
    assert 'value="10:00"' in text


def test_the_last_word_counts(world: World) -> None:
    visit = a_visit(world, starts_at=None, with_driehoek=True)
    option, companion = _option(world, visit), Companion.objects.get(person=world.ovj)
    for answer in ("yes", "no", "no"):
        act.answer_option(by=world.kabinet_a, option=option, companion=companion, answer=answer)
    assert OptionAnswer.objects.get().answer == "no"


def test_six_moments_are_enough(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None)
    for day in range(9, 15):
        _option(world, visit, day)
    with pytest.raises(TooMany):
        _option(world, visit, 20)
    page = reverse("visits:options", args=[visit.pk])
    typed = {"day": "2026-11-20", "starts": "10:00", "ends": "12:00"}
    answer = sign_in(world.kabinet_a).post(page, typed, follow=True)
    assert "hoogstens 6 momenten" in answer.content.decode()


def test_a_moment_that_was_withdrawn_takes_no_answer(world: World) -> None:
    visit = a_visit(world, starts_at=None)
    option = _option(world, visit)
    act.withdraw_option(by=world.kabinet_a, option=option)
    with pytest.raises(NotAhead):
        act.answer_option(by=world.kabinet_a, option=option, companion=None, answer="yes")


def test_of_another_municipality_no_moment_is_touched(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None)
    option = _option(world, visit)
    assert (
        sign_in(world.kabinet_b).post(reverse("visits:withdraw_option", args=[option.pk])).status_code == 404
    )


def test_a_companion_answers_in_person_and_sees_nobody_else(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None, with_driehoek=True)
    option = _option(world, visit)
    mine, other = (Companion.objects.get(person=one) for one in (world.ovj, world.teamchef))
    client, page = sign_in(world.ovj), reverse("visits:own_answers", args=[visit.pk])
    assert "Geef uw antwoord" in client.get(reverse("visits:sheet", args=[visit.pk])).content.decode()
    assert world.teamchef.name not in client.get(page).content.decode()
    client.post(page, {f"a_{option.pk.hex}_{mine.pk}": "yes", f"a_{option.pk.hex}_{other.pk}": "no"})
    said = OptionAnswer.objects.get()
    assert (said.companion, said.answer, said.written_by) == (mine, "yes", world.ovj)


def test_who_does_not_come_along_has_nothing_to_answer(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None)
    _option(world, visit)
    for person in (world.ovj, world.kabinet_a, world.kabinet_b):
        assert sign_in(person).get(reverse("visits:own_answers", args=[visit.pk])).status_code == 404


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ({"day": "2026-10-01", "starts": "10:00", "ends": "12:00"}, "Dit moment is al geweest"),
        ({"day": "2027-03-28", "starts": "02:30", "ends": "04:30"}, "de klok gaat een uur vooruit"),
    ],
)
def test_a_moment_that_cannot_be_is_said_and_nothing_typed_is_lost(
    world: World, sign_in, hours: dict[str, str], says: str
) -> None:
    visit = a_visit(world, starts_at=None)
    answer = sign_in(world.kabinet_a).post(reverse("visits:options", args=[visit.pk]), hours)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{hours["day"]}"' in answer.content.decode()


def _typed(client, page: str) -> dict[str, str]:
    """What the page sends back as long as nobody changes anything."""
    form = client.get(page).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_an_answer_can_be_taken_back(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None)
    option = _option(world, visit)
    act.answer_option(by=world.kabinet_a, option=option, companion=None, answer="yes")
    client, page = sign_in(world.kabinet_a), reverse("visits:answers", args=[visit.pk])
    client.post(page, _typed(client, page) | {f"a_{option.pk.hex}_host": ""})
    assert not OptionAnswer.objects.exists()


def test_what_a_companion_said_meanwhile_is_not_overwritten(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None, with_driehoek=True)
    option, companion = _option(world, visit), Companion.objects.get(person=world.ovj)
    act.answer_option(by=world.kabinet_a, option=option, companion=companion, answer="yes")
    client, page = sign_in(world.kabinet_a), reverse("visits:answers", args=[visit.pk])
    typed = _typed(client, page)
    act.answer_option(by=world.ovj, option=option, companion=companion, answer="no")
    client.post(page, typed | {f"a_{option.pk.hex}_host": "yes"})
    said = OptionAnswer.objects.order_by("companion").values_list("companion", "answer")
    assert set(said) == {(companion.pk, "no"), (None, "yes")}


def test_the_start_page_asks_a_companion_until_the_answer_is_there(world: World, sign_in) -> None:
    visit = a_visit(world, starts_at=None, with_driehoek=True)
    option, client = _option(world, visit), sign_in(world.ovj)
    page = reverse("visits:own_answers", args=[visit.pk])
    assert page in client.get("/").content.decode()
    mine = Companion.objects.get(person=world.ovj)
    act.answer_option(by=world.ovj, option=option, companion=mine, answer="maybe")
    assert page not in client.get("/").content.decode()
    assert page in sign_in(world.teamchef).get("/").content.decode()

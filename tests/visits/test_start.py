"""Starting a visit: its measure, its host, who comes along; and the same press twice."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from measures.tracking.models import Measure
from portal.audit.models import AuditRow
from portal.feeds.models import Invitation
from tests.cast import World, newest, step
from tests.visits.make import a_host, a_visit, at
from visits.models import Companion, Host, Visit

pytestmark = pytest.mark.django_db


def _post(client, **more: str):
    page = reverse("visits:start", args=[newest("visits").pk])
    fields = {"key": uuid4().hex, "host_kind": "veilig_thuis", "starts": "14:00", "ends": "16:00"}
    scope = client.get(page).context["form"].fields["scope"].initial
    return client.post(page, fields | {"scope": scope} | more)


def test_a_visit_starts_with_its_measure_and_its_actions_counted_back(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    answer = _post(client, day="2026-11-05", with_driehoek="on", question="Waar wachten kinderen?")
    visit = Visit.objects.get()
    assert answer.headers["Location"] == reverse("visits:visit", args=[visit.pk])
    assert (visit.state, visit.title) == ("planned", "Werkbezoek aan Veilig Thuis")
    assert visit.starts_at == at(14)
    assert step(visit.measure, "briefing_nalezen").due_on.isoformat() == "2026-11-02"
    functions = Companion.objects.order_by("order").values_list("function", "person__name")
    assert list(functions) == [("ovj", "O. Jacobs"), ("teamchef", "P. Visser")]
    assert Invitation.objects.count() == 0


def test_inviting_at_the_start_mails_who_comes_along(world: World, sign_in) -> None:
    _post(sign_in(world.kabinet_a), day="2026-11-05", with_driehoek="on", invites="on")
    asked = Invitation.objects.order_by("person__name").values_list("source", "person__name")
    assert list(asked) == [("visits", "O. Jacobs"), ("visits", "P. Visser")]


def test_without_a_day_it_is_an_idea_and_its_dates_follow(world: World, sign_in) -> None:
    _post(sign_in(world.kabinet_a), invites="on", with_driehoek="on")
    visit = Visit.objects.get()
    assert visit.state == "idea"
    assert step(visit.measure, "briefing_nalezen").due is None
    assert Invitation.objects.count() == 0


def test_the_second_press_leads_to_what_the_first_made(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    key = uuid4().hex
    first, second = (_post(client, key=key, host_name="Veilig Thuis Noord") for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (Visit.objects.count(), Measure.objects.count(), Host.objects.count()) == (1, 1, 1)


def test_an_end_before_the_start_is_said_and_nothing_typed_is_lost(world: World, sign_in) -> None:
    answer = _post(
        sign_in(world.kabinet_a), day="2026-11-05", starts="16:00", ends="14:00", aim="Zien hoe het gaat"
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Kies een tijd na 16:00." in text
    assert "Zien hoe het gaat" in text
    assert not Visit.objects.exists()


@pytest.mark.parametrize("title", ["🙂" * 30, "é" * 120])
def test_a_title_may_hold_any_letter(world: World, sign_in, title: str) -> None:
    _post(sign_in(world.kabinet_a), title=title)
    assert Visit.objects.get().title == title


def test_a_title_of_5000_letters_is_refused_with_what_was_typed(world: World, sign_in) -> None:
    answer = _post(sign_in(world.kabinet_a), title="🙂" * 5000)
    assert answer.status_code == 422
    assert "120" in answer.content.decode()
    assert not Visit.objects.exists()


def test_the_generic_page_leads_to_the_page_of_visits(world: World, sign_in) -> None:
    version = newest("visits").pk
    answer = sign_in(world.kabinet_a).get(reverse("tracking:start", args=[version]))
    assert answer.headers["Location"] == reverse("visits:start", args=[version])


def test_of_a_secret_host_nothing_of_the_address_is_kept(world: World, sign_in) -> None:
    _post(sign_in(world.kabinet_a), host_kind="crisisopvang", host_name="De Haven", host_is_secret="on")
    host = Host.objects.get()
    assert (host.address_is_secret, host.address) == (True, "")
    visit = Visit.objects.get()
    visit.gathers_at = "Stadhuis"
    assert visit.place == "adres bij host bekend"


def test_another_municipality_sees_nothing_of_it(world: World, sign_in) -> None:
    visit = a_visit(world)
    client = sign_in(world.kabinet_b)
    assert client.get(reverse("visits:visit", args=[visit.pk])).status_code == 404
    assert visit.title not in client.get(reverse("visits:list")).content.decode()


def test_an_organisation_that_stands_in_the_list_is_not_made_again(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    _post(client)
    answer = _post(client, question="Waar wachten kinderen?")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "‘Veilig Thuis’ staat al in de lijst" in text
    assert "Waar wachten kinderen?" in text
    assert (Visit.objects.count(), Host.objects.count()) == (1, 1)


def test_an_hour_that_the_clock_skips_is_said_beside_it(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    answer = _post(client, day="2027-03-28", starts="02:30", ends="04:30")
    assert answer.status_code == 422
    assert "de klok gaat een uur vooruit" in answer.content.decode()


def test_nobody_is_invited_to_what_was(world: World) -> None:
    day = date(2026, 10, 1)
    a_visit(world, starts_at=at(9, day=day), ends_at=at(10, day=day), with_driehoek=True, invites=True)
    assert Invitation.objects.count() == 0


def test_a_visit_can_be_given_another_title(world: World, sign_in) -> None:
    visit = a_visit(world)
    client, page = sign_in(world.kabinet_a), reverse("visits:change", args=[visit.pk])
    form = client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"title": "Naar de wijkteams"}
    client.post(page, typed)
    assert Measure.objects.get().title == "Naar de wijkteams"
    assert "Naar de wijkteams" in client.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert AuditRow.objects.filter(event="measure.renamed").count() == 1


@pytest.mark.parametrize("field", ["title", "question", "aim", "host_name"])
def test_of_a_secret_host_no_text_takes_an_address(world: World, sign_in, field: str) -> None:
    answer = _post(sign_in(world.kabinet_a), host_is_secret="on", **{field: "Naar Dorpsstraat 12"})
    assert answer.status_code == 422
    assert "Haal de straat en het nummer weg" in answer.content.decode()
    assert not Visit.objects.exists()


def test_nor_when_its_facts_change(world: World, sign_in) -> None:
    visit = a_visit(world, host=a_host(world, address_is_secret=True))
    typed = {"version": visit.version, "host": visit.host.pk, "title": "Naar Dorpsstraat 12"}
    client = sign_in(world.kabinet_a)
    assert client.post(reverse("visits:change", args=[visit.pk]), typed).status_code == 422
    typed = {"version": 1, "kind": "school", "name": "Huis", "address_is_secret": "on"}
    typed["profile"] = "Vier bedden aan de Dorpsstraat 12."
    assert client.post(reverse("visits:host", args=[visit.host.pk]), typed).status_code == 422

"""The pages of texts for the press: who sees and may do what, in which state, and what bad input gets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.tracking.models import Measure
from portal.audit.models import ViewRow
from portal.deadlines.sweep import sweep
from portal.papers.press import actions as act
from portal.papers.press.enums import AsWhat, Decision
from portal.papers.press.models import PressText
from portal.people.models import Person
from tests.cast import World, start
from tests.papers.conftest import errors
from tests.press.test_life import FRIDAY, answer, asked, planned, released

SignIn = Callable[..., Client]


@pytest.fixture
def visit(world: World) -> Measure:
    return start(world.kabinet_a, world.a, "visits")


def url(name: str, row: PressText) -> str:
    return reverse(f"press:{name}", args=[row.pk])


def send(client: Client, address: str, **typed: Any) -> Any:
    form = client.get(address).context["form"]
    hidden = {name: form[name].value() or "" for name in ("version", "key")}
    return client.post(address, hidden | typed)


def statuses(world: World, sign_in: SignIn, address: str) -> dict[str, int]:
    return {
        name: sign_in(Person.objects.get(pk=person.pk)).get(address).status_code
        for name, person in world.people.items()
    }


def test_before_the_release_only_who_works_on_it_sees_it(world: World, sign_in: SignIn) -> None:
    # Everybody here sees this kind; not everybody works on texts for the press.
    door = start(world.kabinet_a, world.a, "open_door")
    row = act.plan(
        by=world.kabinet_a, shelf="measure", subject=door, key="een", sort="web", title="Deur", text="Open."
    )
    workers = {"burgemeester_a", "loco_a", "kabinet_a"}
    seen = statuses(world, sign_in, url("text", row))
    assert {name for name, status in seen.items() if status == 200} == workers
    assert {status for name, status in seen.items() if name not in workers} == {404}
    page = sign_in(world.piket_a).get(reverse("tracking:measure", args=[door.pk])).content.decode()
    assert "Deur" not in page.replace("Open deur", "")
    row = answer(asked(world, row, [(AsWhat.MAYOR, "")]), world.burgemeester_a)
    act.release(by=world.kabinet_a, row=row)
    seen = statuses(world, sign_in, url("text", row))
    readers = {name for name, status in seen.items() if status == 200}
    assert readers == workers | {"oov_a", "piket_a"}
    page = sign_in(world.piket_a).get(url("text", row)).content.decode()
    assert "Akkoord" not in page
    assert "Wat er gebeurde" not in page


def test_what_is_offered_follows_the_state(world: World, sign_in: SignIn, visit: Measure) -> None:
    row = planned(world, visit)
    client = sign_in(world.communicatie_a)

    def offered() -> set[str]:
        page = client.get(url("text", row)).content.decode()
        names = ("edit", "ask", "take_back", "release", "place", "withdraw")
        return {name for name in names if f'href="{url(name, row)}"' in page}

    assert offered() == {"edit", "ask", "withdraw"}
    asked(world, row, [(AsWhat.MAYOR, "")])
    assert offered() == {"take_back", "withdraw"}
    row = answer(row, world.burgemeester_a)
    assert offered() == {"take_back", "release", "withdraw"}
    assert send(client, url("release", row)).status_code == 302
    assert offered() == {"place", "withdraw"}
    assert send(client, url("place", row), on="2026-10-05", where="Stadsblad").status_code == 302
    assert offered() == set()
    page = client.get(url("text", row)).content.decode()
    assert "maandag 5 oktober, Stadsblad" in page
    assert ViewRow.objects.filter(person=world.communicatie_a, object_id=row.pk).exists()


def test_from_the_measure_to_the_release_in_the_browser_of_each(
    world: World, sign_in: SignIn, visit: Measure
) -> None:
    writer, mayor = sign_in(world.communicatie_a), sign_in(world.burgemeester_a)
    page = writer.get(reverse("tracking:measure", args=[visit.pk])).content.decode()
    add = reverse("tracking:add_press_text", args=[visit.pk])
    assert add in page
    typed = {"sort": "column", "title": "Column over het bezoek", "text": "Wij gingen.", "medium": "Krant"}
    made = send(writer, add, **typed, embargo_until="09-10-2026 17:00")
    assert made.status_code == 302
    row = PressText.objects.get()
    assert made.url == url("text", row)
    send(writer, url("ask", row), answer_by="2026-10-08")
    sweep()
    assert "Wacht op uw akkoord" in mayor.get("/").content.decode()
    assert "Wacht op uw akkoord" not in writer.get("/").content.decode()
    decide = reverse("press:decide", args=[row.current_steps()[0].pk if not row.refresh_from_db() else None])
    assert send(mayor, decide, decision="approved").url == url("text", row)
    assert "Wacht op uw akkoord" not in mayor.get("/").content.decode()
    send(writer, url("release", row))
    page = writer.get(url("text", row)).content.decode()
    assert "Vrijgegeven onder embargo tot vr 9 okt 17:00" in page
    early = send(writer, url("place", row), on="2026-10-05", where="Krant")
    assert early.status_code == 302
    assert "Het embargo geldt dan nog" in writer.get(early.url).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"quoted": "on"}, "Fout: Schrijf welke organisatie het de geciteerde vraagt."),
        (
            {"mayor": "on", "answer_by": "2026-10-02"},
            "Fout: Deze dag is voorbij. Kies vandaag of een latere dag.",
        ),
        (
            {"mayor": "on", "answer_by": "overmorgen"},
            "Fout: Schrijf de datum als dag-maand-jaar, zoals 20-11-2026.",
        ),
    ],
)
def test_asking_with_something_missing(
    world: World, sign_in: SignIn, visit: Measure, typed: dict[str, str], said: str
) -> None:
    row = planned(world, visit)
    answered = send(sign_in(world.communicatie_a), url("ask", row), **{"answer_by": "2026-10-08", **typed})
    assert answered.status_code == 422
    assert said.removeprefix("Fout: ") in answered.content.decode()
    row.refresh_from_db()
    assert row.state == "draft"


def test_an_objection_needs_its_reason_and_a_bsn_never_gets_in(
    world: World, sign_in: SignIn, visit: Measure
) -> None:
    row = asked(world, planned(world, visit), [(AsWhat.MAYOR, "")])
    decide = reverse("press:decide", args=[row.current_steps()[0].pk])
    mayor = sign_in(world.burgemeester_a)
    assert errors(send(mayor, decide, decision="objected")) == ["Fout: Schrijf wat er anders moet."]
    refused = send(mayor, decide, decision="objected", remark="BSN 111222333")
    assert "burgerservicenummer" in errors(refused)[0]
    assert len(errors(send(mayor, decide))) == 1
    assert send(mayor, decide, decision="objected", remark="Te stellig.").status_code == 302


def test_who_may_not_answer_is_refused_and_a_stale_answer_comes_back(
    world: World, sign_in: SignIn, visit: Measure
) -> None:
    row = asked(world, planned(world, visit), [(AsWhat.MAYOR, "")])
    decide = reverse("press:decide", args=[row.current_steps()[0].pk])
    assert sign_in(world.communicatie_a).get(decide).status_code == 403
    assert sign_in(world.burgemeester_b).get(decide).status_code == 404
    loco = sign_in(world.loco_a)
    version = loco.get(decide).context["form"]["version"].value()
    act.take_back(by=world.kabinet_a, row=row, reason="Nog een woord.")
    late = loco.post(decide, {"version": version, "decision": "approved", "remark": "Akkoord."})
    assert late.status_code == 409
    assert "Akkoord." in late.content.decode()


def test_a_frozen_text_is_refused_a_change_with_a_sentence(
    world: World, sign_in: SignIn, visit: Measure
) -> None:
    row = released(world, visit)
    client = sign_in(world.communicatie_a)
    answered = send(client, url("edit", row), sort="column", title="Anders", text="Anders")
    assert "Dat kan met deze tekst niet meer" in client.get(answered.url).content.decode()
    row.refresh_from_db()
    assert row.title == "Op bezoek"


def test_the_list_on_a_measure_costs_the_same_with_three_and_with_thirty(
    world: World, sign_in: SignIn, visit: Measure
) -> None:
    client = sign_in(world.kabinet_a)

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    pages = (reverse("tracking:measure", args=[visit.pk]), "/")
    for _ in range(3):
        asked(world, planned(world, visit), [(AsWhat.HOST, "Veilig Thuis")])
    sweep()
    few = [cost(page) for page in pages]
    for _ in range(9):
        asked(world, planned(world, visit), [(AsWhat.HOST, "Veilig Thuis")])
    sweep()
    assert [cost(page) for page in pages] == few


def test_the_office_writes_down_what_an_organisation_answered(
    world: World, sign_in: SignIn, visit: Measure
) -> None:
    row = asked(world, planned(world, visit), [(AsWhat.HOST, "Veilig Thuis")])
    step = row.current_steps()[0]
    assert sign_in(world.burgemeester_a).get(reverse("press:decide", args=[step.pk])).status_code == 403
    row = act.decide(by=world.kabinet_a, step=step, decision=Decision.APPROVED, remark="Per telefoon.")
    page = sign_in(world.communicatie_a).get(url("text", row)).content.decode()
    assert "Gastorganisatie (Veilig Thuis)" in page
    assert "Per telefoon." in page


def test_the_mayor_is_always_asked_last(world: World, sign_in: SignIn, visit: Measure) -> None:
    row = planned(world, visit)
    send(sign_in(world.communicatie_a), url("ask", row), spokesperson="on", answer_by="2026-10-08")
    row.refresh_from_db()
    assert [one.as_what for one in row.current_steps()] == ["spokesperson", "mayor"]
    answer(row, world.communicatie_a)
    row.refresh_from_db()
    assert row.state == "in_approval"


def test_every_step_is_of_somebody_who_sees_the_subject(world: World, sign_in: SignIn) -> None:
    for kind in ("visits", "open_door", "stop_it_now", "huisverbod", "publicity"):
        measure = start(world.kabinet_a if kind != "huisverbod" else world.oov_a, world.a, kind)
        row = act.plan(
            by=world.burgemeester_a,
            shelf="measure",
            subject=measure,
            key=kind,
            sort="web",
            title="T",
            text="T",
        )
        act.ask_approval(
            by=world.burgemeester_a,
            row=row,
            steps=[(AsWhat.SPOKESPERSON, ""), (AsWhat.MAYOR, "")],
            answer_by=FRIDAY,
        )
        for step in row.current_steps():
            holders = [
                person
                for person in world.people.values()
                if step.role in {str(role) for role in person.roles_in(world.a)}
                and PressText.objects.visible_to(person).filter(pk=row.pk).exists()
            ]
            assert holders, (kind, step.as_what, step.role)
            page = reverse("press:decide", args=[step.pk])
            assert sign_in(Person.objects.get(pk=holders[0].pk)).get(page).status_code == 200

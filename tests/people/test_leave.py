"""Announcing, changing and ending a leave: what is asked, what is refused, who hears it, who may."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from measures.tracking import actions as act
from portal import clock
from portal.audit.models import AuditRow
from portal.mail.models import Message
from portal.people import actions
from portal.people.leave_rules import Plan, Problem
from portal.people.models import Leave, Membership, Person
from tests.cast import World, any_action, start, step
from tests.people.pages import errors, fill, membership, said
from tests.test_query_counts import cost
from tests.toys import toy

URL = "/verlof/melden/"
FIRST, LAST = "2026-10-12", "2026-10-25"


def plan(world: World, person: str, deputy: str, first: str = FIRST, last: str = LAST) -> Plan:
    return Plan(
        getattr(world, person), getattr(world, deputy), date.fromisoformat(first), date.fromisoformat(last)
    )


def announced(world: World, person: str, deputy: str, first: str = FIRST, last: str = LAST) -> Leave:
    return actions.announce(
        by=getattr(world, person), plan=plan(world, person, deputy, first, last), key=f"{person}{first}"
    )


def ask(client: Client, world: World, deputy: str = "oov_a", url: str = URL, **data: str) -> Any:
    known = world.people.get(deputy)
    typed = {"starts_on": FIRST, "ends_on": LAST, "deputy": str(known.pk) if known else deputy}
    return fill(client, url, **(typed | data))


def mails(person: Person) -> list[str]:
    return list(
        Message.objects.filter(person=person).order_by("created_at", "id").values_list("subject", flat=True)
    )


# -- announcing -----------------------------------------------------------------------------------
def test_first_a_preview_then_the_leave(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    preview = ask(client, world)
    assert preview.status_code == 200
    text = preview.content.decode()
    assert "Van maandag 12 oktober tot en met zondag 25 oktober, vervangen door S. de Wit" in text
    assert not Leave.objects.exists()
    assert not Message.objects.exists()
    answer = ask(client, world, zeker="1")
    leave = Leave.objects.get()
    assert answer.url == f"/verlof/{leave.pk}/"
    assert said(answer, client) == [
        "Het verlof staat vast: van 12 oktober tot en met 25 oktober. S. de Wit vervangt en krijgt een mail."
    ]
    assert (leave.person, leave.deputy, leave.announced_by) == (world.kabinet_a, world.oov_a, world.kabinet_a)
    row = AuditRow.objects.get(event="leave.announced")
    assert (row.actor_id, row.scope) == (world.kabinet_a.pk, world.a)
    assert row.changes["deputy"] == {"old": None, "new": str(world.oov_a.pk)}
    assert row.changes["ends_on"] == {"old": None, "new": LAST}


def test_the_deputy_hears_it_without_names(world: World, sign_in) -> None:
    ask(sign_in(world.kabinet_a), world, zeker="1")
    mail = Message.objects.get()
    assert mail.person == world.oov_a
    assert mail.subject == "U vervangt een collega"
    assert "van maandag 12 oktober tot en met zondag 25 oktober" in mail.text
    assert f"/verlof/{Leave.objects.get().pk}/" in mail.text
    for text in (mail.subject, mail.text, mail.html):
        assert not any(person.name in text for person in world.people.values())


def test_back_from_the_preview_with_everything_typed(world: World, sign_in) -> None:
    page = ask(sign_in(world.kabinet_a), world, terug="1").content.decode()
    assert f'value="{FIRST}"' in page
    assert f'<option value="{world.oov_a.pk}" selected>' in page
    assert not Leave.objects.exists()


def test_the_same_press_twice_makes_one_leave(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    key = client.get(URL).context["form"]["key"].value()
    typed = {"starts_on": FIRST, "ends_on": LAST, "deputy": str(world.oov_a.pk), "key": key, "zeker": "1"}
    first, second = client.post(URL, typed), client.post(URL, typed)
    assert first.url == second.url
    assert Leave.objects.count() == 1
    assert Message.objects.count() == 1


def titles(items: Any) -> list[str]:
    return [item.title for item in items]


def test_the_preview_says_what_goes_along_and_what_stays(world: World, sign_in) -> None:
    door = step(toy(world.oov_a, world.a), "prepare")
    visit = any_action(start(world.communicatie_a, world.a, "visits"))
    for action in (door, visit):
        act.hand_over(by=world.kabinet_a, action=action, to_person=world.kabinet_a)
    Membership.objects.create(
        person=world.beleid_a, role="kabinet", starts_on=date(2026, 1, 1), **world.a.as_fields()
    )
    answer = ask(sign_in(world.kabinet_a), world)
    along = answer.context["along"]
    assert titles(along.goes) == [door.title]
    assert titles(along.stays) == [visit.title]
    assert along.shared > 0
    page = answer.content.decode()
    assert "S. de Wit mag dit niet zien" in page
    assert reverse("tracking:hand_over", args=[visit.pk]) in page
    assert "die collega" in page


def test_a_role_that_nobody_else_has_goes_along(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    along = ask(sign_in(world.oov_a), world, "piket_a").context["along"]
    assert step(measure, "store").title in titles(along.goes)
    assert along.shared == 0
    Membership.objects.create(
        person=world.beleid_a, role="adviseur_oov", starts_on=date(2026, 1, 1), **world.a.as_fields()
    )
    along = ask(sign_in(world.oov_a), world, "piket_a").context["along"]
    assert (titles(along.goes), along.shared) == ([], 1)


def test_what_somebody_leads_goes_along_too(world: World, sign_in) -> None:
    led = [start(world.kabinet_a, world.a, kind) for kind in ("open_door", "visits")]
    along = ask(sign_in(world.kabinet_a), world).context["along"]
    assert led[0].title in titles(along.goes)
    assert led[1].title in titles(along.stays)


def test_the_preview_looks_with_the_roles_of_the_first_day(world: World, sign_in) -> None:
    """The loco's role begins with the leave, as it should."""
    Membership.objects.filter(person=world.loco_a).update(starts_on=FIRST, ends_on=LAST)
    start(world.burgemeester_a, world.a, "visits")
    along = ask(sign_in(world.burgemeester_a), world, "loco_a").context["along"]
    assert along.goes
    assert not along.stays


def test_nothing_to_go_along_is_a_page_too(world: World, sign_in) -> None:
    page = ask(sign_in(world.kabinet_a), world).content.decode()
    assert "Gaat mee naar S. de Wit: 0" in page
    assert "Blijft liggen" not in page


def test_the_preview_warns_of_a_deputy_who_is_away_too(world: World, sign_in) -> None:
    announced(world, "oov_a", "communicatie_a", "2026-10-14", "2026-10-15")
    Membership.objects.filter(person=world.oov_a).update(ends_on="2026-10-20")
    page = ask(sign_in(world.kabinet_a), world).content.decode()
    assert "S. de Wit is zelf weg: van 14 oktober tot en met 15 oktober. Dan gaat het naar L. Bakker." in page
    assert "De rol van S. de Wit eindigt op dinsdag 20 oktober" in page


# -- refusals -------------------------------------------------------------------------------------
def refused(answer: Any) -> dict[str, list[str]]:
    assert not Leave.objects.filter(person=answer.wsgi_request.user).exists()
    return errors(answer)


@pytest.mark.parametrize("zeker", [{}, {"zeker": "1"}])
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"ends_on": "2026-10-11"}, {"ends_on": ["De laatste dag ligt vóór de eerste dag. Draai ze om."]}),
        (
            {"starts_on": "2026-10-04"},
            {"starts_on": ["Deze dag is al voorbij. Kies vandaag of later."]},
        ),
        ({"starts_on": ""}, {"starts_on": ["Vul een datum in."]}),
        ({"ends_on": "morgen"}, {"ends_on": ["Schrijf de datum als dag-maand-jaar, zoals 20-11-2026."]}),
        ({"deputy": ""}, {"deputy": ["Kies wie vervangt."]}),
        (
            {"ends_on": "2026-10-11", "deputy": ""},
            {
                "ends_on": ["De laatste dag ligt vóór de eerste dag. Draai ze om."],
                "deputy": ["Kies wie vervangt."],
            },
        ),
        ({"deputy": "x"}, {"deputy": ["Kies een vervanger uit de lijst."]}),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_planned(
    world: World, sign_in, typed: dict[str, str], found: dict[str, list[str]], zeker: dict[str, str]
) -> None:
    answer = ask(sign_in(world.kabinet_a), world, **typed, **zeker)
    assert refused(answer) == found
    assert not Message.objects.exists()
    assert not AuditRow.objects.filter(event__startswith="leave.").exists()
    if "starts_on" not in typed:
        assert f'value="{FIRST}"' in answer.content.decode()


def test_nobody_of_elsewhere_and_not_oneself(world: World, sign_in) -> None:
    client = sign_in(world.kabinet_a)
    for key in ("kabinet_b", "kabinet_a", "landelijk"):
        assert "Kies een vervanger uit de lijst." in str(refused(ask(client, world, key)))


@pytest.mark.parametrize(
    ("first", "last", "refuses"),
    [
        ("2026-10-20", "2026-10-30", True),
        ("2026-10-25", "2026-10-25", True),
        ("2026-10-26", "2026-10-30", False),
        ("2026-10-05", "2026-10-12", True),
        ("2026-10-05", "2026-10-11", False),
    ],
)
def test_two_leaves_of_one_person_never_overlap(
    world: World, sign_in, first: str, last: str, refuses: bool
) -> None:
    announced(world, "kabinet_a", "oov_a")
    answer = ask(sign_in(world.kabinet_a), world, "piket_a", starts_on=first, ends_on=last, zeker="1")
    assert Leave.objects.count() == (1 if refuses else 2)
    if refuses:
        assert "staat al ander verlof" in str(errors(answer))


def test_a_circle_is_refused_with_a_sentence(world: World, sign_in) -> None:
    announced(world, "oov_a", "kabinet_a", "2026-10-20", "2026-10-21")
    answer = ask(sign_in(world.kabinet_a), world, zeker="1")
    assert refused(answer) == {
        "deputy": ["Zo vervangt u elkaar in een kring en is er niemand. Kies iemand die er dan wel is."]
    }
    assert ask(sign_in(world.kabinet_a), world, ends_on="2026-10-19", zeker="1").status_code == 302


def test_a_circle_through_others_counts_only_on_days_on_which_all_are_away(world: World) -> None:
    announced(world, "oov_a", "piket_a", "2026-10-12", "2026-10-16")
    announced(world, "piket_a", "kabinet_a", "2026-10-16", "2026-10-20")
    with pytest.raises(actions.CannotBeAway) as refusal:
        announced(world, "kabinet_a", "oov_a", "2026-10-16", "2026-10-16")
    assert refusal.value.problem == Problem.CIRCLE
    announced(world, "kabinet_a", "oov_a", "2026-10-12", "2026-10-15")
    announced(world, "kabinet_a", "oov_a", "2026-10-17", "2026-10-30")
    assert Leave.objects.count() == 4


def test_a_leave_that_was_withdrawn_makes_no_circle(world: World) -> None:
    actions.end_leave(by=world.oov_a, leave=announced(world, "oov_a", "kabinet_a"))
    assert announced(world, "kabinet_a", "oov_a")


def test_a_deputy_must_work_in_the_same_place_in_those_days(world: World, sign_in) -> None:
    Membership.objects.filter(person=world.oov_a).update(ends_on="2026-10-11")
    answer = ask(sign_in(world.kabinet_a), world, zeker="1")
    assert "werkt in die dagen nergens samen" in str(refused(answer))


LAW = "Alleen een loco-burgemeester mag de burgemeester vervangen (Gemeentewet, artikel 77)."


@pytest.mark.parametrize(
    ("period", "refuses"),
    [
        ({}, False),
        ({"starts_on": FIRST, "ends_on": LAST}, False),
        ({"ends_on": "2026-10-24"}, True),
        ({"starts_on": "2026-10-13"}, True),
    ],
)
def test_only_a_loco_for_the_whole_period_stands_in_for_the_mayor(
    world: World, sign_in, period: dict[str, str], refuses: bool
) -> None:
    Membership.objects.filter(person=world.loco_a).update(**period)
    answer = ask(sign_in(world.burgemeester_a), world, "loco_a", zeker="1")
    if refuses:
        assert LAW in str(refused(answer))
    else:
        assert Leave.objects.get().deputy == world.loco_a


def test_who_is_no_loco_is_not_even_offered_to_a_mayor(world: World, sign_in) -> None:
    client = sign_in(world.burgemeester_a)
    assert [one for one, _label in client.get(URL).context["form"].fields["deputy"].choices if one] == [
        str(world.loco_a.pk)
    ]
    with pytest.raises(actions.CannotBeAway) as refusal:
        announced(world, "burgemeester_a", "kabinet_a")
    assert refusal.value.problem == Problem.NO_LOCO


def test_without_colleagues_the_page_says_what_to_do(world: World, sign_in) -> None:
    page = sign_in(world.landelijk).get(URL).content.decode()
    assert "Er is nog geen collega om uit te kiezen" in page


# -- the beheerder, for who fell ill ----------------------------------------------------------------
def for_kabinet(world: World) -> str:
    return reverse("people:announce_for", args=[membership(world.kabinet_a, "kabinet").pk])


def test_the_beheerder_announces_it_and_sees_numbers_only(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    act.hand_over(by=world.kabinet_a, action=action, to_person=world.kabinet_a)
    client = sign_in(world.beheerder_a)
    preview = ask(client, world, url=for_kabinet(world)).content.decode()
    assert "Gaat mee naar S. de Wit: " in preview
    assert action.title not in preview
    assert action.measure.title not in preview
    answer = ask(client, world, url=for_kabinet(world), zeker="1")
    assert answer.url == reverse("people:municipality", args=[world.a.municipality_id])
    leave = Leave.objects.get()
    assert (leave.person, leave.announced_by) == (world.kabinet_a, world.beheerder_a)
    assert mails(world.kabinet_a) == ["De beheerder meldde verlof voor u"]
    assert mails(world.oov_a) == ["U vervangt een collega"]
    assert "meldde verlof voor N. Vos" in client.get(answer.url).content.decode()


def test_the_beheerder_changes_and_ends_it_but_never_reads_it(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a")
    client = sign_in(world.beheerder_a)
    assert client.get(f"/verlof/{leave.pk}/").status_code == 404
    assert ask(client, world, "piket_a", f"/verlof/{leave.pk}/wijzigen/", zeker="1").status_code == 302
    assert fill(client, f"/verlof/{leave.pk}/beeindigen/").url == "/mensen/"
    assert mails(world.kabinet_a) == ["De beheerder wijzigde uw verlof", "De beheerder beëindigde uw verlof"]


def test_the_page_mensen_says_who_is_away(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05", "2026-10-25")
    page = sign_in(world.beheerder_a).get("/mensen/").content.decode()
    assert "met verlof t/m 25 oktober" in page
    assert f"/verlof/{leave.pk}/wijzigen/" in page


def test_nobody_else_announces_or_changes(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a")
    for key, status in (("oov_a", 403), ("piket_a", 404), ("burgemeester_a", 404), ("kabinet_b", 404)):
        client = sign_in(getattr(world, key))
        assert client.get(f"/verlof/{leave.pk}/wijzigen/").status_code == status, key
        assert client.post(f"/verlof/{leave.pk}/beeindigen/", {}).status_code == status, key
        assert client.get(for_kabinet(world)).status_code == 404
    leave.refresh_from_db()
    assert leave.ended_at is None


# -- changing and ending ----------------------------------------------------------------------------
def test_another_deputy_and_other_days(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a")
    Message.objects.all().delete()
    url = f"/verlof/{leave.pk}/wijzigen/"
    client = sign_in(world.kabinet_a)
    assert ask(client, world, url=url, ends_on="2026-10-30").status_code == 200
    assert ask(client, world, url=url, ends_on="2026-10-30", zeker="1").status_code == 302
    assert mails(world.oov_a) == ["Gewijzigd: u vervangt een collega"]
    assert ask(client, world, "piket_a", url, ends_on="2026-10-30", zeker="1").status_code == 302
    assert mails(world.oov_a)[1:] == ["U hoeft een collega niet meer te vervangen"]
    # Whoever is not the deputy any more may not open the leave: no link that leads nowhere.
    assert "/verlof/" not in Message.objects.get(subject__startswith="U hoeft een").text
    assert mails(world.piket_a) == ["U vervangt een collega"]
    leave.refresh_from_db()
    assert (leave.ends_on, leave.deputy, leave.version) == (date(2026, 10, 30), world.piket_a, 3)
    assert leave.report_at == clock.at(date(2026, 11, 2), actions.leaves.BACK_AT)
    change = AuditRow.objects.filter(event="leave.changed").latest("at", "id").changes
    assert change["deputy"] == {"old": str(world.oov_a.pk), "new": str(world.piket_a.pk)}


def test_a_running_leave_is_shortened_or_made_longer_but_its_past_stays(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a")
    url = f"/verlof/{leave.pk}/wijzigen/"
    with time_machine.travel("2026-10-14T10:00:00+02:00", tick=False):
        client = sign_in(world.kabinet_a)
        assert "starts_on" not in client.get(url).context["form"].fields
        assert "al voorbij" in str(errors(ask(client, world, url=url, ends_on="2026-10-13")))
        assert "vóór de eerste dag" in str(errors(ask(client, world, url=url, ends_on="2026-10-11")))
        assert ask(client, world, url=url, ends_on="2026-10-14", zeker="1").status_code == 302
        assert ask(client, world, url=url, ends_on="2026-11-30", zeker="1").status_code == 302
    leave.refresh_from_db()
    assert (leave.starts_on, leave.ends_on) == (date(2026, 10, 12), date(2026, 11, 30))


def test_saving_what_it_was_mails_nobody(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a")
    Message.objects.all().delete()
    assert (
        ask(sign_in(world.kabinet_a), world, url=f"/verlof/{leave.pk}/wijzigen/", zeker="1").status_code
        == 302
    )
    assert not Message.objects.exists()
    assert not AuditRow.objects.filter(event="leave.changed").exists()


def test_an_old_page_is_a_choice(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a")
    url = f"/verlof/{leave.pk}/wijzigen/"
    client = sign_in(world.kabinet_a)
    typed = {"starts_on": FIRST, "deputy": str(world.oov_a.pk), "version": "1", "zeker": "1"}
    assert client.post(url, {**typed, "ends_on": "2026-10-28"}).status_code == 302
    answer = client.post(url, {**typed, "ends_on": "2026-10-29"})
    assert answer.status_code == 409
    assert 'value="2026-10-29"' in answer.content.decode()
    assert "N. Vos wijzigde het verlof van" in answer.content.decode()
    leave.refresh_from_db()
    assert leave.ends_on == date(2026, 10, 28)


def test_i_am_back(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05")
    client = sign_in(world.kabinet_a)
    page = client.get("/").content.decode()
    assert "U bent met verlof" in page
    assert "S. de Wit vervangt u" in page
    answer = client.post(f"/verlof/{leave.pk}/beeindigen/", {"version": leave.version})
    assert said(answer, client) == ["Het verlof is voorbij; de vervanging is gestopt."]
    leave.refresh_from_db()
    assert leave.ended_at == clock.now()
    assert "U bent met verlof" not in client.get("/").content.decode()
    assert mails(world.oov_a)[-1] == "U hoeft een collega niet meer te vervangen"
    assert AuditRow.objects.filter(event="leave.ended", object_id=leave.pk).count() == 1
    again = client.post(f"/verlof/{leave.pk}/beeindigen/", {"version": leave.version})
    assert said(again, client) == ["Dit verlof is al voorbij."]
    changed = client.get(f"/verlof/{leave.pk}/wijzigen/")
    assert said(changed, client) == ["Dit verlof is al voorbij."]


def test_a_leave_that_did_not_begin_is_withdrawn_and_reports_nothing(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a")
    client = sign_in(world.kabinet_a)
    assert said(fill(client, f"/verlof/{leave.pk}/beeindigen/"), client) == ["Het verlof is ingetrokken."]
    leave.refresh_from_db()
    assert leave.report_at is None
    assert AuditRow.objects.filter(event="leave.withdrawn", object_id=leave.pk).count() == 1
    assert "ingetrokken" in client.get("/verlof/").content.decode()


# -- what goes wrong meanwhile ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (
            lambda world: Membership.objects.filter(person=world.oov_a).update(ended_at=clock.now()),
            "De vervanger werkt hier niet meer; er gaat niets mee.",
        ),
        (
            lambda world: Person.objects.filter(pk=world.oov_a.pk).update(is_active=False),
            "Er is nu niemand die vervangt.",
        ),
    ],
)
def test_a_deputy_who_left_is_an_amber_line_for_who_is_away_and_for_the_beheerder(
    world: World, sign_in, break_it: Callable[[World], Any], sentence: str
) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05")
    break_it(world)
    for key, url in (
        ("kabinet_a", "/"),
        ("kabinet_a", "/verlof/"),
        ("kabinet_a", f"/verlof/{leave.pk}/"),
        ("beheerder_a", "/mensen/"),
    ):
        page = sign_in(getattr(world, key)).get(url).content.decode()
        assert sentence in page, url
    assert "Bij 1 verlof vervangt niemand." in page
    leave.refresh_from_db()
    assert leave.ended_at is None


def test_a_loco_whose_role_ended_is_an_amber_line_too(world: World, sign_in) -> None:
    announced(world, "burgemeester_a", "loco_a", "2026-10-05")
    Membership.objects.filter(person=world.loco_a).update(role="kabinet")
    assert "Er is nu niemand die vervangt." in sign_in(world.burgemeester_a).get("/verlof/").content.decode()


def test_the_start_page_tells_both(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05")
    page = sign_in(world.oov_a).get("/").content.decode()
    assert "U vervangt" in page
    assert f"/verlof/{leave.pk}/" in page
    assert "tot en met zondag 25 oktober" in page
    assert "U vervangt" not in sign_in(world.piket_a).get("/").content.decode()


def test_whoever_stands_in_through_a_deputy_who_is_away_opens_it_too(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05")
    client = sign_in(world.piket_a)
    assert client.get(f"/verlof/{leave.pk}/").status_code == 404
    announced(world, "oov_a", "piket_a", "2026-10-05", "2026-10-05")
    assert client.get(f"/verlof/{leave.pk}/").status_code == 200
    assert "U vervangt N. Vos, omdat S. de Wit ook weg is" in client.get("/verlof/").content.decode()


def test_the_lists_cost_the_same_with_3_and_with_30(world: World, sign_in) -> None:
    def grow(first: int, count: int) -> None:
        for nr in range(first, first + count):
            day = date.fromordinal(date(2026, 11, 1).toordinal() + nr)
            Leave.objects.create(
                person=world.kabinet_a,
                deputy=world.oov_a,
                starts_on=day,
                ends_on=day,
                announced_by=world.kabinet_a,
            )

    own, mensen = sign_in(world.kabinet_a), sign_in(world.beheerder_a)
    grow(0, 3)
    few = cost(own, "/verlof/"), cost(mensen, "/mensen/")
    grow(3, 27)
    assert (cost(own, "/verlof/"), cost(mensen, "/mensen/")) == few


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time anyhow")
def test_announcing_holds_the_lock_until_the_end(world: World) -> None:
    def locks() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            return int(cursor.fetchone()[0])

    assert locks() == 0
    announced(world, "kabinet_a", "oov_a")
    assert locks() == 1

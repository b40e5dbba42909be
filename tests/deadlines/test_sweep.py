"""The sweep: who hears what, once; nobody who may not see it; nothing that no longer holds."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from measures.tracking import actions as act
from measures.tracking.models import Action
from portal import clock
from portal.deadlines import notices, readers
from portal.deadlines import sweep as sweep_module
from portal.deadlines.models import Notice, Reminder
from portal.deadlines.plan import SPEAKS_AT
from portal.deadlines.sweep import claim, sweep
from portal.mail.models import Message
from portal.people.models import Membership, Person
from portal.planning.days import OfficeDays
from tests.cast import World, start, step
from tests.toys import toy


def on(day: date) -> Any:
    return time_machine.travel(clock.at(day, SPEAKS_AT) + timedelta(minutes=1), tick=False)


def heard() -> set[tuple[str, str, str]]:
    return {
        (notice.person.email.partition("@")[0], notice.name, notice.facts["rule"])
        for notice in Notice.objects.select_related("person")
    }


def test_the_holding_role_hears_and_the_mail_is_written(world: World) -> None:
    toy(world.kabinet_a, world.a)
    with on(date(2026, 10, 26)):
        sweep()
    assert heard() == {("kabinet", "reminder", "-5")}
    message = Message.objects.get()
    assert message.address == world.kabinet_a.email
    assert "Stap prepare" in message.text
    # The reader is the lead as well: the next to hear is the role after that.
    assert "Wie het daarna hoort: Burgemeester, op maandag 9 november." in message.text


def test_sweeping_again_says_nothing_again(world: World) -> None:
    toy(world.kabinet_a, world.a)
    with on(date(2026, 10, 26)):
        assert sweep() == 1
        assert sweep() == 0
    assert Notice.objects.count() == 1


def test_overdue_reaches_the_lead_and_then_the_role_the_step_names(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "look_back")
    act.hand_over(by=world.kabinet_a, action=action, to_person=world.oov_a)
    due, days = date(2026, 11, 25), OfficeDays(closed={})
    for offset in range(8):
        with on(days.add(due, offset)):
            sweep()
    about = {
        (n.person.email.partition("@")[0], n.name, n.facts["rule"])
        for n in Notice.objects.filter(reminder__object_id=action.pk).select_related("person")
    }
    assert ("kabinet", "escalated", "lead") in about
    assert ("kabinet", "escalated", "role") in about  # the role this step names is kabinet
    assert ("oov", "reminder", "+2") in about


def test_the_mayor_reads_an_escalation_in_the_portal_and_gets_no_mail(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    with on(OfficeDays(closed={}).add(date(2026, 11, 2), 5)):
        sweep()
    told = Notice.objects.filter(name="escalated", reminder__object_id=step(measure, "prepare").pk)
    assert {one.person.email.partition("@")[0] for one in told} == {"burgemeester", "loco"}
    assert {one.message for one in told} == {None}


def test_a_role_without_members_escalates_at_once_to_the_lead(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    Membership.objects.filter(role="adviseur_oov").update(ends_on=date(2026, 10, 31))
    with on(date(2026, 11, 5)):
        sweep()
    about = Notice.objects.filter(reminder__object_id=step(measure, "store").pk)
    assert {(one.person, one.name) for one in about} == {(world.kabinet_a, "no_holder")}


def test_when_nobody_is_left_the_beheerder_hears_without_the_case(world: World) -> None:
    toy(world.kabinet_a, world.a)
    Membership.objects.exclude(role__in=["beheerder", "beheerder_landelijk"]).filter(
        municipality_id=world.a.municipality_id
    ).update(ends_on=date(2026, 10, 31))
    with on(date(2026, 11, 2)):
        sweep()
    notice = Notice.objects.filter(name="role_empty")[0]
    assert notice.person == world.beheerder_a
    assert "Stap" not in str(notice.facts)
    assert "Stap" not in notice.message.text


def test_what_was_finished_meanwhile_is_not_said(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "prepare")
    # A race: the reminder was claimed before the action was finished.
    Action.objects.filter(pk=action.pk).update(state="done")
    with on(date(2026, 10, 26)):
        sweep()
    assert not Notice.objects.exists()
    assert Reminder.objects.get(object_id=action.pk, rule="-5").state == "cancelled"


def test_who_may_no_longer_see_it_does_not_hear_it(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.hand_over(by=world.kabinet_a, action=step(measure, "prepare"), to_person=world.oov_a)
    Membership.objects.filter(person=world.oov_a).update(ends_on=date(2026, 10, 1))
    type(world.oov_a).objects.filter(pk=world.oov_a.pk).update(is_active=False)
    sweep()
    assert heard() == {("kabinet", "no_holder", "to:2")}


def test_several_things_for_one_person_are_one_mail(world: World) -> None:
    for _ in range(3):
        toy(world.kabinet_a, world.a)
    with on(date(2026, 10, 26)):
        sweep()
    assert Message.objects.count() == 1
    assert Message.objects.get().subject == "3 acties liggen bij u"
    assert Notice.objects.filter(message=Message.objects.get()).count() == 3


def test_a_lease_keeps_others_away_until_it_runs_out(world: World) -> None:
    toy(world.kabinet_a, world.a)
    with on(date(2026, 10, 26)):
        now = clock.now()
        assert len(claim(now)) == 1
        assert len(claim(now)) == 0
        assert len(claim(now + timedelta(seconds=60))) == 0
        assert len(claim(now + timedelta(seconds=121))) == 1


def test_an_own_action_keeps_its_typed_title_out_of_the_mail(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    act.add_action(
        by=world.kabinet_a,
        measure=measure,
        title="Geheim woord",
        description="",
        due_on=date(2026, 10, 5),
        key="k",
        holder_role="kabinet",
    )
    sweep()
    message = Message.objects.get()
    for part in (message.subject, message.text, message.html):
        assert "Geheim" not in part
        assert "eigen actie" in part


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_name_of_a_person_stands_in_a_mail(world: World, language: str) -> None:
    person = world.kabinet_a
    type(person).objects.filter(pk=person.pk).update(language=language)
    toy(world.kabinet_a, world.a)
    with on(date(2026, 11, 2)):
        sweep()
    from portal.people import cast

    for message in Message.objects.all():
        for part in cast.CAST:
            assert part.name not in message.subject + message.text + message.html


def test_one_bad_reminder_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    measures = [toy(world.kabinet_a, world.a) for _ in range(4)]
    bad = step(measures[1], "prepare").pk
    real = readers.who_hears

    def hears(people: readers.People, row: Reminder, *args: Any) -> Any:
        if row.object_id == bad:
            raise ValueError("kapot")
        return real(people, row, *args)

    monkeypatch.setattr(sweep_module, "who_hears", hears)
    with on(date(2026, 10, 26)) as now:
        assert sweep() == 3
        assert sweep() == 0
        left = Reminder.objects.get(object_id=bad, rule="-5")
        assert left.state == "claimed"
        monkeypatch.setattr(sweep_module, "who_hears", real)
        now.shift(timedelta(hours=2))
        assert sweep() == 1
    assert Notice.objects.count() == 4


def test_one_notice_without_words_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    measures = [toy(world.kabinet_a, world.a) for _ in range(3)]
    bad = step(measures[1], "prepare").pk
    real = notices.facts

    def facts(said: readers.Said, *args: Any) -> dict[str, Any]:
        if said.subject.object_id == bad:
            raise ValueError("kapot")
        return real(said, *args)

    monkeypatch.setattr(notices, "facts", facts)
    with on(date(2026, 10, 26)) as now:
        sweep()
        assert Message.objects.get().subject == "2 acties liggen bij u"
        monkeypatch.setattr(notices, "facts", real)
        now.shift(timedelta(hours=2))
        sweep()
    assert set(Notice.objects.values_list("state", flat=True)) == {"told"}
    assert Message.objects.count() == 2


def test_who_cannot_be_mailed_is_passed_over(world: World) -> None:
    measure = toy(world.oov_a, world.a)
    Person.objects.filter(pk=world.kabinet_a.pk).update(mail_refused_at=clock.now())
    with on(date(2026, 10, 26)):
        sweep()
    about = Notice.objects.filter(reminder__object_id=step(measure, "prepare").pk)
    assert {(one.person, one.name) for one in about} == {(world.oov_a, "no_holder")}


def test_a_lead_who_may_not_see_it_any_more_is_passed_over(world: World) -> None:
    measure = toy(world.oov_a, world.a)
    Membership.objects.filter(person=world.oov_a).update(role="receptie")
    with on(OfficeDays(closed={}).add(date(2026, 11, 2), 2)):
        sweep()
    about = Notice.objects.filter(reminder__object_id=step(measure, "prepare").pk, reminder__rule="lead")
    # The mayor reads it in the portal only, so the beheerder is mailed that nobody can be reached.
    assert {(one.person, one.name) for one in about} == {
        (world.burgemeester_a, "escalated"),
        (world.loco_a, "escalated"),
        (world.beheerder_a, "role_empty"),
    }


def test_in_a_driehoek_without_people_the_national_beheerder_hears(world: World) -> None:
    start(world.secretaris, world.d, "driehoek", start=date(2026, 10, 5))
    Membership.objects.in_scope(world.d).update(ends_on=date(2026, 10, 4))
    with on(date(2027, 3, 1)):
        sweep()
    assert {one.person for one in Notice.objects.all()} == {world.landelijk}


def test_what_was_put_before_the_mayor_early_stands_on_the_start_page(world: World, sign_in: Any) -> None:
    measure = toy(world.oov_a, world.a)
    Membership.objects.filter(person__in=[world.oov_a, world.kabinet_a]).update(ends_on=date(2026, 10, 20))
    with on(date(2026, 10, 26)):
        sweep()
        page = sign_in(world.burgemeester_a).get("/").content.decode()
    assert "Aan u voorgelegd" in page
    assert step(measure, "prepare").title in page


def test_after_a_standstill_only_the_latest_rule_speaks(world: World) -> None:
    measure = toy(world.oov_a, world.a)
    with on(OfficeDays(closed={}).add(date(2026, 11, 2), 2)):
        sweep()
    about = Notice.objects.filter(reminder__object_id=step(measure, "prepare").pk)
    assert {(one.person, one.facts["rule"]) for one in about} == {
        (world.kabinet_a, "+2"),
        (world.oov_a, "lead"),
    }


def test_a_reopened_action_that_is_long_overdue_speaks_once(world: World) -> None:
    action = step(toy(world.oov_a, world.a), "prepare")
    with on(date(2026, 11, 20)):
        sweep()
        act.finish(by=world.kabinet_a, action=action)
        Notice.objects.all().delete()
        act.reopen(by=world.kabinet_a, action=action, reason="Toch niet af")
        sweep()
    assert {(one.person, one.name) for one in Notice.objects.filter(reminder__object_id=action.pk)} == {
        (world.kabinet_a, "reminder")
    }


def test_the_reason_is_true_on_the_day_it_is_read(world: World) -> None:
    action = step(toy(world.oov_a, world.a), "prepare")
    act.pin(by=world.kabinet_a, action=action, to=date(2026, 10, 11))  # a Sunday
    with on(date(2026, 10, 9)):
        sweep()
    text = Message.objects.get(person=world.kabinet_a).text
    assert "vandaag is de uiterste dag" not in text
    assert "vooraf" in text

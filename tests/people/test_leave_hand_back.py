"""The hand-back: what was done in somebody's name, what is late and what came in; told once, in the morning."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from measures.tracking import actions as act
from measures.tracking.models import Action
from portal import clock
from portal.audit.models import AuditRow
from portal.mail.models import Message
from portal.municipalities.models import Scope
from portal.people import actions
from portal.people.actions.leaves import first_morning
from portal.people.models import Leave, Membership
from portal.people.tasks import leave as tick
from portal.planning.models import ClosedDay
from tests.cast import World, any_action, start, step
from tests.people.test_leave import announced
from tests.test_query_counts import cost
from tests.toys import toy


def at(moment: str) -> Any:
    return time_machine.travel(f"{moment}:00+02:00", tick=False)


def backs() -> list[Message]:
    return list(Message.objects.filter(subject__startswith="Welkom terug").order_by("created_at", "id"))


@pytest.mark.parametrize(
    ("over", "morning"),
    [
        # Sunday night: Monday morning; Friday night: Monday too.
        ("2026-10-26T00:00", "2026-10-26T07:15"),
        ("2026-10-24T00:00", "2026-10-26T07:15"),
        # Called back before and after a quarter past seven.
        ("2026-10-14T07:00", "2026-10-14T07:15"),
        ("2026-10-14T09:00", "2026-10-15T07:15"),
        # Christmas and the closed day after it.
        ("2026-12-25T00:00", "2026-12-29T07:15"),
    ],
)
def test_the_first_office_morning_after_it(world: World, over: str, morning: str) -> None:
    ClosedDay.objects.create(municipality_id=world.a.municipality_id, day=date(2026, 12, 28), name="Dicht")
    assert first_morning(wall(over), world.a) == wall(morning)


def wall(moment: str) -> datetime:
    """The moment at which the clock in Amsterdam says this."""
    return datetime.fromisoformat(moment).replace(tzinfo=clock.AMSTERDAM)


def test_without_a_place_only_holidays_count(db: None) -> None:
    over = wall("2026-12-25T00:00")
    assert first_morning(over, None) == clock.at(date(2026, 12, 28), actions.leaves.BACK_AT)
    assert first_morning(over, Scope(driehoek_id=over)) == first_morning(over, None)


def test_the_mail_comes_at_a_quarter_past_seven_and_once(world: World) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05", "2026-10-11")
    for moment, count in (("2026-10-12T00:01", 0), ("2026-10-12T07:14", 0), ("2026-10-12T07:15", 1)):
        with at(moment):
            tick()
            tick()
            assert len(backs()) == count, moment
    mail = backs()[0]
    assert mail.person == world.kabinet_a
    assert f"/verlof/{leave.pk}/" in mail.text
    for text in (mail.subject, mail.text, mail.html):
        assert not any(person.name in text for person in world.people.values())
    leave.refresh_from_db()
    assert leave.reported_at == leave.report_at
    row = AuditRow.objects.get(event="leave.handed_back")
    assert (row.actor_id, row.object_id, row.changes["done"]) == (None, leave.pk, 0)


def test_after_a_standstill_it_still_comes_once(world: World) -> None:
    announced(world, "kabinet_a", "oov_a", "2026-10-05", "2026-10-11")
    with at("2026-10-20T12:00"):
        tick()
        tick()
        assert len(backs()) == 1


def test_one_that_cannot_be_told_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.people import duties

    broken = announced(world, "kabinet_a", "oov_a", "2026-10-05", "2026-10-11")
    announced(world, "piket_a", "oov_a", "2026-10-05", "2026-10-11")
    real = duties.back

    def back(leave: Leave, reader: Any) -> Any:
        if leave.pk == broken.pk:
            raise ValueError
        return real(leave, reader)

    with at("2026-10-12T08:00"):
        monkeypatch.setattr(duties, "back", back)
        tick()
        assert [mail.person for mail in backs()] == [world.piket_a]
        monkeypatch.setattr(duties, "back", real)
        tick()
        assert len(backs()) == 1
    with at("2026-10-12T09:01"):
        tick()
        assert [mail.person for mail in backs()] == [world.piket_a, world.kabinet_a]


def test_whoever_was_called_back_hears_the_next_morning(world: World) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05", "2026-10-25")
    with at("2026-10-07T15:00"):
        actions.end_leave(by=world.kabinet_a, leave=leave)
        tick()
        assert backs() == []
    with at("2026-10-08T07:15"):
        tick()
        assert len(backs()) == 1


def test_what_was_withdrawn_is_never_handed_back(world: World) -> None:
    actions.end_leave(by=world.kabinet_a, leave=announced(world, "kabinet_a", "oov_a"))
    with at("2026-12-01T12:00"):
        tick()
        assert backs() == []


def test_a_longer_leave_is_handed_back_later(world: World) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05", "2026-10-11")
    actions.change_leave(
        by=world.kabinet_a,
        leave=leave,
        deputy=world.oov_a,
        starts_on=leave.starts_on,
        ends_on=date(2026, 10, 18),
    )
    with at("2026-10-12T08:00"):
        tick()
        assert backs() == []
    with at("2026-10-19T08:00"):
        tick()
        assert len(backs()) == 1


def a_week_away(world: World) -> tuple[Leave, dict[str, Action]]:
    """Kabinet is away for a week; the deputy works, something gets late, something comes in."""
    measure, visit = toy(world.kabinet_a, world.a), start(world.kabinet_a, world.a, "visits")
    found = {key: step(measure, key) for key in ("prepare", "look_back")}
    found["visit"] = any_action(visit, evidence_kind="none")
    for action in found.values():
        act.hand_over(by=world.kabinet_a, action=action, to_person=world.kabinet_a)
    act.pin(by=world.kabinet_a, action=again(found["look_back"]), to=date(2026, 10, 8))
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-06", "2026-10-11")
    with at("2026-10-07T10:00"):
        act.finish(by=world.oov_a, action=again(found["prepare"]))
        act.write_note(by=world.oov_a, action=again(found["look_back"]), text="Gebeld.", key="n")
        found["new"] = act.add_action(
            by=world.burgemeester_a,
            measure=measure,
            title="Uitnodiging beantwoorden",
            description="",
            due_on=None,
            key="nieuw",
            holder_person=world.kabinet_a,
        )
    return leave, found


def again(action: Action) -> Action:
    return Action.objects.select_related("measure", "step").get(pk=action.pk)


def test_the_page_lists_what_was_done_what_is_late_and_what_came_in(world: World, sign_in) -> None:
    leave, found = a_week_away(world)
    with at("2026-10-12T08:00"):
        page = sign_in(world.kabinet_a).get(f"/verlof/{leave.pk}/")
        back = page.context["back"]
        assert [(deed.what, deed.title) for deed in back.done] == [
            ("meldde de actie klaar", found["prepare"].title),
            ("schreef een notitie", found["look_back"].title),
        ]
        assert [item.title for item in back.late] == [found["look_back"].title]
        assert [item.title for item in back.new] == ["Uitnodiging beantwoorden"]
        text = page.content.decode()
        assert "S. de Wit, namens N. Vos," in text
        tick()
        mail = backs()[0].text
        for line in ("Gedaan in uw naam: 2", "Nu te laat: 1", "Nieuw binnengekomen: 1"):
            assert line in mail


def test_what_was_done_after_it_or_in_the_own_name_is_not_listed(world: World, sign_in) -> None:
    leave, found = a_week_away(world)
    with at("2026-10-12T08:00"):
        act.write_note(by=world.kabinet_a, action=again(found["look_back"]), text="Terug.", key="t")
        assert sign_in(world.kabinet_a).get(f"/verlof/{leave.pk}/").context["back"].done_count == 2


def test_each_sees_only_what_the_own_roles_show(world: World, sign_in) -> None:
    leave, found = a_week_away(world)
    with at("2026-10-12T08:00"):
        deputy = sign_in(world.oov_a).get(f"/verlof/{leave.pk}/")
        assert deputy.context["back"].done_count == 2
        assert found["visit"].title not in deputy.content.decode()
        Membership.objects.filter(person=world.kabinet_a).update(role="communicatie")
        own = sign_in(world.kabinet_a).get(f"/verlof/{leave.pk}/")
        assert own.context["back"].done_count == 0
        for key in ("burgemeester_a", "beheerder_a", "piket_a", "kabinet_b"):
            assert sign_in(getattr(world, key)).get(f"/verlof/{leave.pk}/").status_code == 404


def test_a_mayor_is_told_of_every_loco(world: World, sign_in) -> None:
    """Also of a loco who was not the deputy and acted by office."""
    Membership.objects.create(
        person=world.beleid_a, role="loco", starts_on=date(2026, 1, 1), **world.a.as_fields()
    )
    measure = toy(world.kabinet_a, world.a)
    leave = announced(world, "burgemeester_a", "loco_a", "2026-10-06", "2026-10-11")
    with at("2026-10-07T10:00"):
        act.add_action(
            by=world.loco_a,
            measure=measure,
            title="A",
            description="",
            due_on=None,
            key="a",
            holder_role="kabinet",
        )
        act.stop(by=world.beleid_a, measure=measure, reason="Klaar.")
    with at("2026-10-12T08:00"):
        back = sign_in(world.burgemeester_a).get(f"/verlof/{leave.pk}/").context["back"]
        assert [deed.who for deed in back.done][-1] == "F. Aydin, namens de burgemeester,"
        assert "J. Peters, namens M. van Dijk," in [deed.who for deed in back.done]


def test_a_hand_over_to_who_is_away_came_in(world: World, sign_in) -> None:
    action = step(toy(world.oov_a, world.a), "prepare")
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-06", "2026-10-11")
    with at("2026-10-07T10:00"):
        act.hand_over(by=world.oov_a, action=again(action), to_person=world.kabinet_a)
        started = start(world.burgemeester_a, world.a, "open_door")
    with at("2026-10-12T08:00"):
        new = sign_in(world.kabinet_a).get(f"/verlof/{leave.pk}/").context["back"].new
        titles = [item.title for item in new]
        assert action.title in titles
        assert {item.detail for item in new} == {action.measure.title, started.title}


def test_the_page_is_there_during_the_leave_too(world: World, sign_in) -> None:
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05")
    for key in ("kabinet_a", "oov_a"):
        page = sign_in(getattr(world, key)).get(f"/verlof/{leave.pk}/").content.decode()
        assert "Er is nog niets gedaan." in page


def test_it_costs_the_same_with_3_and_with_30(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    action = step(measure, "prepare")
    act.hand_over(by=world.kabinet_a, action=action, to_person=world.kabinet_a)
    leave = announced(world, "kabinet_a", "oov_a", "2026-10-05")
    client = sign_in(world.kabinet_a)

    def note(first: int, count: int) -> None:
        for nr in range(first, first + count):
            act.write_note(by=world.oov_a, action=again(action), text="Gebeld.", key=f"n{nr}")
            act.add_action(
                by=world.oov_a,
                measure=measure,
                title=f"Eigen {nr}",
                description="",
                due_on=date(2026, 10, 6),
                key=f"a{nr}",
                holder_person=world.kabinet_a,
            )

    url = f"/verlof/{leave.pk}/"
    note(0, 3)
    few = cost(client, url)
    note(3, 27)
    assert cost(client, url) == few
    assert clock.now() + timedelta(days=1) < leave.over_at

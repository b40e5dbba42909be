"""Appointments of a measure: planned, changed, cancelled, and read by whoever sees the measure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking.actions.changed import ChangedMeanwhile
from measures.tracking.actions.measures import OpenActionsLeft
from measures.tracking.models import Appointment, Measure
from portal import clock
from portal.audit.models import AuditRow
from portal.feeds.models import Invitation
from portal.people.models import Person
from portal.planning.models import ClosedDay, Recess
from tests.cast import World, start
from tests.toys import toy

DAY = date(2026, 10, 14)


def plan(by: Person, measure: Measure, day: date = DAY, **changed: Any) -> Appointment:
    """An appointment from ten to eleven."""
    facts: dict[str, Any] = {
        "title": "Kennismaking met de wijkagenten",
        "starts_at": clock.at(day, time(10)),
        "ends_at": clock.at(day, time(11)),
        "place": "Stadhuis, kamer 2",
        "points": "Dank voor de inzet\nWat hebben zij nodig?",
        "key": uuid4().hex,
    }
    return act.plan_appointment(by=by, measure=measure, **facts | changed)


def facts(row: Appointment, **changed: Any) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in ("title", "starts_at", "ends_at", "place")}
    return own | {"points": row.talking_points} | changed


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Kennismaking",
        "day": DAY.isoformat(),
        "starts": "10:00",
        "ends": "11:00",
        "place": "",
        "points": "",
        "key": uuid4().hex,
    } | changed


def test_it_is_planned_on_the_page_of_the_measure(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:plan_appointment", args=[measure.pk])
    assert client.get(url).status_code == 200
    data = typed(place="Stadhuis", points="- Een\n\n  Twee ")
    first = client.post(url, data)
    assert first.status_code == 302, first.content.decode()
    assert client.post(url, data).url == first.url
    row = Appointment.objects.get()
    assert (row.starts_at, row.ends_at) == (
        datetime(2026, 10, 14, 8, tzinfo=UTC),
        datetime(2026, 10, 14, 9, tzinfo=UTC),
    )
    assert row.points == ["Een", "Twee"]
    assert row.scope == world.a
    assert row.kind == measure.kind
    page = client.get(first.url).content.decode()
    assert "Kennismaking" in page
    assert "10:00–11:00" in page
    assert "Kennismaking" in client.get(reverse("tracking:measure", args=[measure.pk])).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ends": "09:00"}, "De eindtijd ligt vóór de begintijd. Loopt de afspraak door na middernacht"),
        ({"starts": "23:00", "ends": "01:00"}, "kies dan 23:59 en plan de rest op de volgende dag"),
        ({"ends": "10:00"}, "Het einde is gelijk aan het begin."),
        ({"day": "2026-10-04"}, "Dit moment is al voorbij. Kies een moment dat nog komt."),
        ({"day": "2026-10-05", "starts": "11:59", "ends": "13:00"}, "Dit moment is al voorbij."),
        ({"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}, "bestaat die nacht niet"),
        ({"day": "morgen"}, "Schrijf de datum als dag-maand-jaar"),
        ({"day": "2099-01-01"}, "Kies een datum van"),
        ({"starts": "25:00"}, "Schrijf de tijd als 14:30."),
        ({"title": ""}, "Dit veld is verplicht"),
        ({"title": "Met 111222333"}, "burgerservicenummer"),
        ({"points": "een\ntwee\ndrie\nvier"}, "hoogstens drie gesprekspunten"),
        ({"points": "x" * 161}, "korter dan 160 tekens"),
        ({"place": "x" * 121}, "120"),
    ],
)
def test_bad_input_gets_one_sentence_and_keeps_what_was_typed(
    world: World, sign_in, changed: dict[str, str], sentence: str
) -> None:
    measure = toy(world.kabinet_a, world.a)
    url = reverse("tracking:plan_appointment", args=[measure.pk])
    answer = sign_in(world.kabinet_a).post(url, typed(**changed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    for value in changed.values():
        assert value.partition("\n")[0] in page
    assert not Appointment.objects.exists()


def test_a_place_that_looks_like_an_address_is_asked_about_once(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    url = reverse("tracking:plan_appointment", args=[measure.pk])
    client = sign_in(world.kabinet_a)
    page = client.get(url).content.decode()
    assert "Geen geheim adres: schrijf dan ‘adres bij gastheer bekend’." in page
    data = typed(place="1234 AB 12")
    answer = client.post(url, data)
    assert "Hier lijkt een adres te staan" in answer.content.decode()
    seen = answer.context["form"]["seen_text"].value()
    assert client.post(url, data | {"seen_text": seen}).status_code == 302


@pytest.mark.parametrize(("day", "name"), [("2026-12-25", "Kerstdag"), ("2026-10-24", "weekend")])
def test_a_day_on_which_the_office_is_shut_is_named_and_not_refused(
    world: World, sign_in, day: str, name: str
) -> None:
    measure = toy(world.kabinet_a, world.a)
    client = sign_in(world.kabinet_a)
    made = client.post(reverse("tracking:plan_appointment", args=[measure.pk]), typed(day=day))
    page = client.get(made.url).content.decode()
    assert "is geen gewone werkdag" in page
    assert name in page


def test_a_closed_day_and_a_recess_are_named(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    ClosedDay.objects.create(municipality_id=world.a.municipality_id, day=DAY, name="Brugdag")
    Recess.objects.create(
        municipality_id=world.a.municipality_id,
        starts_on=DAY + timedelta(days=1),
        ends_on=DAY + timedelta(days=5),
        name="Herfstreces",
    )
    client = sign_in(world.kabinet_a)
    for day, name in ((DAY, "Brugdag"), (DAY + timedelta(days=1), "Herfstreces")):
        row = plan(world.kabinet_a, measure, day)
        assert name in client.get(reverse("tracking:appointment", args=[row.pk])).content.decode()


def test_what_a_guest_must_know_counts_the_sequence_up_and_nothing_else(world: World) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    uid = row.uid
    by = world.kabinet_a
    assert not act.change_appointment(by=by, appointment=row, **facts(row, title="Anders", points="Een"))
    assert (row.sequence, row.version) == (0, 2)
    assert act.change_appointment(by=by, appointment=row, **facts(row, place="Bibliotheek"))
    later = row.starts_at + timedelta(days=1)
    assert act.change_appointment(
        by=by, appointment=row, **facts(row, starts_at=later, ends_at=later + timedelta(hours=1))
    )
    assert not act.change_appointment(by=by, appointment=row, **facts(row))
    row.refresh_from_db()
    assert (row.sequence, row.version, row.uid) == (2, 4, uid)
    act.cancel_appointment(by=by, appointment=row, reason="Ziek")
    row.refresh_from_db()
    assert (row.sequence, row.uid) == (3, uid)
    assert row.cancelled_at == clock.now()


def test_it_is_changed_on_its_own_page(world: World, sign_in) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:change_appointment", args=[row.pk])
    page = client.get(url).content.decode()
    for shown in ("2026-10-14", "10:00", "11:00", "Stadhuis, kamer 2", "Wat hebben zij nodig?"):
        assert shown in page
    assert client.post(url, typed(starts="14:30", ends="15:00", version="1")).status_code == 302
    row.refresh_from_db()
    assert clock.day_of(row.starts_at) == DAY
    assert row.sequence == 1
    stale = client.post(url, typed(starts="16:00", ends="17:00", version="1"))
    assert stale.status_code == 409
    assert "wijzigde de afspraak" in stale.content.decode()


def test_one_that_has_begun_can_still_be_changed_but_not_moved_into_the_past(
    world: World, sign_in, frozen_clock
) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    frozen_clock.move_to("2026-10-14T08:30:00+00:00")
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:change_appointment", args=[row.pk])
    assert client.post(url, typed(ends="12:00", version="1")).status_code == 302
    assert client.post(url, typed(starts="10:15", ends="12:00", version="2")).status_code == 422


def test_it_is_cancelled_with_a_reason(world: World, sign_in) -> None:
    measure = toy(world.kabinet_a, world.a)
    row = plan(world.kabinet_a, measure)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:cancel_appointment", args=[row.pk])
    assert client.post(url, {"reason": "", "version": "1"}).status_code == 422
    answer = client.post(url, {"reason": "De zaal is bezet.", "version": "1"}, follow=True)
    page = answer.content.decode()
    assert "De zaal is bezet." in page
    assert "Zeg af" not in page
    again = client.post(url, {"reason": "Nog eens.", "version": "2"}, follow=True)
    assert "Deze afspraak is al afgezegd." in again.content.decode()
    changed = client.post(
        reverse("tracking:change_appointment", args=[row.pk]), typed(version="2"), follow=True
    )
    assert "Deze afspraak is al afgezegd." in changed.content.decode()
    assert "afgezegd" in client.get(reverse("tracking:measure", args=[measure.pk])).content.decode()
    assert AuditRow.objects.filter(object_id=row.pk, event="appointment.cancelled").count() == 1


def test_after_it_was_nobody_changes_or_cancels_it(world: World, sign_in, frozen_clock) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    frozen_clock.move_to("2026-10-14T09:00:00+00:00")
    for write in (
        lambda: act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Te laat"),
        lambda: act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, place="Elders")),
    ):
        with pytest.raises(act.TooLate):
            write()
    page = sign_in(world.kabinet_a).get(reverse("tracking:appointment", args=[row.pk])).content.decode()
    assert "Deze afspraak is geweest." in page


def test_two_people_at_once(world: World) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    other = Appointment.objects.select_related("measure").get(pk=row.pk)
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, place="Bibliotheek"))
    with pytest.raises(ChangedMeanwhile):
        act.cancel_appointment(by=world.kabinet_a, appointment=other, reason="Ziek")


def test_a_measure_that_stops_takes_its_coming_appointments_along(world: World, frozen_clock) -> None:
    measure = toy(world.kabinet_a, world.a)
    was = plan(world.kabinet_a, measure, date(2026, 10, 6))
    comes = plan(world.kabinet_a, measure)
    frozen_clock.move_to("2026-10-07T08:00:00+00:00")
    act.stop(by=world.kabinet_a, measure=measure, reason="Gaat niet door")
    was.refresh_from_db()
    comes.refresh_from_db()
    assert was.cancelled_at is None
    assert comes.cancel_reason == "Gaat niet door"
    assert comes.sequence == 1
    with pytest.raises(ChangedMeanwhile):
        plan(world.kabinet_a, measure)


def test_a_measure_that_is_completed_takes_its_coming_appointments_along(world: World, frozen_clock) -> None:
    measure = toy(world.kabinet_a, world.a, steps=())
    was = plan(world.kabinet_a, measure, date(2026, 10, 6))
    comes = plan(world.kabinet_a, measure)
    frozen_clock.move_to("2026-10-07T08:00:00+00:00")
    act.complete(by=world.kabinet_a, measure=measure, result="Het staat.")
    was.refresh_from_db()
    comes.refresh_from_db()
    assert was.cancelled_at is None
    assert (comes.cancelled_at, comes.cancel_reason) == (clock.now(), "De maatregel is afgerond.")
    with pytest.raises(act.TooLate):
        act.change_appointment(by=world.kabinet_a, appointment=comes, **facts(comes, place="Elders"))


def test_a_measure_with_open_actions_keeps_its_appointments(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    row = plan(world.kabinet_a, measure)
    with pytest.raises(OpenActionsLeft):
        act.complete(by=world.kabinet_a, measure=measure, result="Klaar")
    row.refresh_from_db()
    assert row.cancelled_at is None


@pytest.mark.parametrize("name", ["complete", "stop"])
def test_before_a_measure_ends_the_page_says_what_is_called_off(world: World, sign_in, name: str) -> None:
    measure = toy(world.kabinet_a, world.a, steps=())
    client = sign_in(world.kabinet_a)
    url = reverse(f"tracking:{name}", args=[measure.pk])
    assert "afgezegd" not in client.get(url).content.decode()
    plan(world.kabinet_a, measure)
    assert "Er staat nog 1 afspraak. Die wordt afgezegd" in client.get(url).content.decode()
    plan(world.kabinet_a, measure)
    assert "Er staan nog 2 afspraken. Die worden afgezegd" in client.get(url).content.decode()


def test_nobody_is_invited_to_a_measure_that_does_not_run(world: World, sign_in) -> None:
    """An appointment may stand still of a measure that was completed before that cancelled it."""
    measure = toy(world.kabinet_a, world.a)
    row = plan(world.kabinet_a, measure)
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:invite", args=[row.pk])
    page = reverse("tracking:appointment", args=[row.pk])
    assert url in client.get(page).content.decode()
    Measure.objects.filter(pk=measure.pk).update(state="completed")
    answer = client.post(url, {"people": [str(world.burgemeester_a.pk)]})
    assert answer.url == page
    shown = client.get(page).content.decode()
    assert "Deze maatregel loopt niet meer; heropen haar eerst." in shown
    assert url not in shown
    assert not Invitation.objects.exists()


def test_it_is_seen_by_who_sees_the_measure(world: World, sign_in) -> None:
    row = plan(world.kabinet_a, start(world.kabinet_a, world.a, "open_door"))
    url = reverse("tracking:appointment", args=[row.pk])
    for name, status in (
        ("burgemeester_a", 200),
        ("loco_a", 200),
        ("piket_a", 200),
        ("communicatie_a", 404),
        ("beheerder_a", 404),
        ("kabinet_b", 404),
        ("burgemeester_b", 404),
        ("ovj", 404),
    ):
        person = getattr(world, name)
        assert sign_in(person).get(url).status_code == status, name
        assert Appointment.objects.visible_to(person).filter(pk=row.pk).exists() == (status == 200), name
    # Seen, but not to steer.
    for name in ("change_appointment", "cancel_appointment"):
        assert sign_in(world.piket_a).get(reverse(f"tracking:{name}", args=[row.pk])).status_code == 403


def test_between_takes_what_overlaps_and_standing_what_is_not_cancelled(world: World) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    for first, last, found in (
        (row.starts_at, row.ends_at, True),
        (row.ends_at, row.ends_at + timedelta(hours=1), False),
        (row.starts_at - timedelta(hours=1), row.starts_at, False),
        (row.starts_at + timedelta(minutes=10), row.starts_at + timedelta(minutes=20), True),
    ):
        assert Appointment.objects.between(first, last).exists() == found
    act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="Ziek")
    assert not Appointment.objects.standing().exists()


def test_the_database_keeps_the_hours_in_order(world: World) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=row.pk).update(ends_at=row.starts_at)


def test_no_word_of_it_is_in_the_audit_log(world: World) -> None:
    row = plan(world.kabinet_a, toy(world.kabinet_a, world.a))
    act.change_appointment(by=world.kabinet_a, appointment=row, **facts(row, title="Iets anders"))
    act.cancel_appointment(by=world.kabinet_a, appointment=row, reason="De gastheer is ziek")
    logged = str(list(AuditRow.objects.filter(object_id=row.pk).values_list("changes", flat=True)))
    for word in ("Kennismaking", "Iets anders", "Stadhuis", "ziek", "Dank"):
        assert word not in logged

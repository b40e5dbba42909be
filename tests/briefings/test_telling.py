"""The mail that says a briefing is there: to whom, once, a link and counts."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from measures.tracking.models import Measure
from portal import clock
from portal.briefings import making, office, pdf, scheduling
from portal.briefings.models import Briefing
from portal.deadlines.models import Choices
from portal.mail.models import Message
from portal.people.models import Leave, Membership, Person
from tests.briefings.conftest import Renders
from tests.briefings.office import MONDAY, TUESDAY, mayors_action, tick, timetable
from tests.cast import World


@pytest.fixture(autouse=True)
def _quick(world: World, quick: Renders) -> Renders:
    making.make_waiting()
    return quick


def _mailed() -> list[str]:
    return sorted(Message.objects.filter(subject__icontains="klaar").values_list("person__name", flat=True))


def test_the_dagbrief_is_mailed_to_burgemeester_and_loco(world: World, frozen_clock) -> None:
    tick(frozen_clock, TUESDAY)
    assert _mailed() == ["A. Mulder", "J. Peters", "M. van Dijk"]


def test_the_weekly_is_mailed_to_the_kabinet(world: World, frozen_clock) -> None:
    tick(frozen_clock, "2026-10-09T05:15:00+00:00")
    Message.objects.all().delete()
    tick(frozen_clock, MONDAY)
    weekly = Message.objects.filter(subject="Het weekoverzicht staat klaar")
    assert sorted(weekly.values_list("person__name", flat=True)) == ["I. Hoekstra", "N. Vos"]


def test_it_holds_counts_and_a_link_and_no_word_of_the_briefing(
    world: World, measure: Measure, frozen_clock
) -> None:
    mayors_action(world.kabinet_a, measure, "Geheime titel", date(2026, 10, 6))
    tick(frozen_clock, TUESDAY)
    message = Message.objects.get(person=world.burgemeester_a)
    row = Briefing.objects.get(reader=world.burgemeester_a)
    assert message.subject == "Uw dagbrief van dinsdag 6 oktober staat klaar"
    assert "Vandaag beslissen: 1" in message.text
    assert "Lopende klokken: 0" in message.text
    assert reverse("briefings:briefing", args=[row.pk]) in message.text
    for words in (message.subject, message.text, message.html):
        assert "Geheime titel" not in words
        assert "van Dijk" not in words
    assert message.fires_at == clock.now()


def test_nobody_is_mailed_twice_about_one_briefing(world: World, frozen_clock) -> None:
    tick(frozen_clock, TUESDAY)
    count = Message.objects.count()
    row = Briefing.objects.get(reader=world.burgemeester_a)
    Briefing.objects.filter(pk=row.pk).update(state="failed")
    making.retry(by=world.burgemeester_a, briefing=row)
    making.make_waiting()
    row.refresh_from_db()
    assert row.is_ready
    making.ask(
        by=world.burgemeester_a,
        document=office.DAY,
        subject_id=world.a.municipality_id,
        scope=world.a,
        audience="reader",
        reader=world.burgemeester_a,
        period=row.period,
    )
    making.make_waiting()
    assert Message.objects.count() == count


def test_where_no_pdf_can_be_made_the_mail_goes_all_the_same(
    world: World, frozen_clock, monkeypatch, sign_in
) -> None:
    def broken(html: str) -> pdf.Rendered:
        raise pdf.NoRenderer("OSError")

    monkeypatch.setattr(pdf, "render", broken)
    tick(frozen_clock, TUESDAY)
    message = Message.objects.get(person=world.burgemeester_a)
    assert "De PDF kon niet worden gemaakt." in message.text
    row = Briefing.objects.get(reader=world.burgemeester_a)
    html = sign_in(world.burgemeester_a).get(reverse("briefings:briefing", args=[row.pk])).content.decode()
    assert "Vandaag wacht er geen besluit op u." in html


def test_who_wants_no_mail_gets_none_and_quiet_hours_hold(world: World, frozen_clock) -> None:
    Choices.objects.create(person=world.burgemeester_a, by_mail=False)
    Choices.objects.create(person=world.loco_a, quiet_from=time(20), quiet_until=time(8))
    tick(frozen_clock, TUESDAY)
    assert _mailed() == ["A. Mulder", "J. Peters"]
    message = Message.objects.get(person=world.loco_a)
    assert message.fires_at == clock.at(date(2026, 10, 6), time(8))
    assert message.unsubscribe_url


def test_a_mayor_on_leave_gets_none_when_the_loco_does(world: World, frozen_clock) -> None:
    Leave.objects.create(
        person=world.burgemeester_a,
        deputy=world.loco_a,
        starts_on=date(2026, 10, 6),
        ends_on=date(2026, 10, 9),
        announced_by=world.burgemeester_a,
    )
    tick(frozen_clock, TUESDAY)
    assert _mailed() == ["A. Mulder", "J. Peters"]


def test_a_mayor_on_leave_without_a_loco_gets_it(world: World, frozen_clock) -> None:
    Leave.objects.create(
        person=world.burgemeester_a,
        deputy=world.loco_a,
        starts_on=date(2026, 10, 6),
        ends_on=date(2026, 10, 9),
        announced_by=world.burgemeester_a,
    )
    Membership.objects.filter(person=world.loco_a).update(ended_at=clock.now())
    tick(frozen_clock, TUESDAY)
    assert "M. van Dijk" in _mailed()


def test_late_the_mail_says_when_it_was_planned(world: World, frozen_clock) -> None:
    tick(frozen_clock, "2026-10-06T09:40:00+00:00")
    assert "het had er di 6 okt 07:15 moeten zijn" in Message.objects.get(person=world.loco_a).text


def test_in_english_for_who_reads_english(world: World, frozen_clock) -> None:
    person = world.burgemeester_a
    person.language = "en"
    person.save()
    tick(frozen_clock, TUESDAY)
    message = Message.objects.get(person=person)
    # The sections keep their names: they are those of a Dutch paper.
    assert "Vandaag beslissen: 0" in message.text


def test_switched_off_nobody_is_mailed(world: World, frozen_clock) -> None:
    timetable(world.a, is_on=False)
    tick(frozen_clock, TUESDAY)
    assert _mailed() == ["A. Mulder"]


def test_who_is_no_mayor_any_more_when_it_is_made_is_not_told(world: World, frozen_clock) -> None:
    frozen_clock.move_to(TUESDAY)
    scheduling.ask_planned(clock.now())
    Membership.objects.filter(person=world.loco_a).update(ended_at=clock.now())
    making.make_waiting()
    assert Briefing.objects.get(reader=world.loco_a).problem == "gone"
    assert _mailed() == ["A. Mulder", "M. van Dijk"]


def _lost(world: World, frozen_clock, moment: str = TUESDAY) -> Briefing:
    """The worker died three times over the copy of the burgemeester."""
    frozen_clock.move_to(TUESDAY)
    scheduling.ask_planned(clock.now())
    lost = Briefing.objects.filter(reader=world.burgemeester_a)
    lost.update(state="making", attempts=3, lease_until=clock.now() - timedelta(seconds=1))
    frozen_clock.move_to(moment)
    making.make_waiting()
    return lost.get()


def test_where_the_worker_died_over_it_the_mail_goes_all_the_same(world: World, frozen_clock) -> None:
    row = _lost(world, frozen_clock)
    assert (row.state, row.problem) == ("failed", "render")
    assert "De PDF kon niet worden gemaakt." in Message.objects.get(person=world.burgemeester_a).text
    making.make_waiting()
    assert Message.objects.filter(person=world.burgemeester_a).count() == 1


def test_of_a_day_that_is_over_nobody_is_told_that_it_failed(world: World, frozen_clock) -> None:
    row = _lost(world, frozen_clock, "2026-10-06T22:30:00+00:00")
    assert (row.state, row.problem) == ("missed", "")
    assert _mailed() == []


def test_what_the_worker_could_not_make_in_time_says_so(world: World, frozen_clock, quick: Renders) -> None:
    frozen_clock.move_to(TUESDAY)
    scheduling.ask_planned(clock.now())
    frozen_clock.move_to("2026-10-06T09:40:00+00:00")
    making.make_waiting()
    assert "het had er di 6 okt 07:15 moeten zijn" in Message.objects.get(person=world.loco_a).text
    assert all("Later gemaakt dan gepland" in html for html in quick.seen)


def _away(person: Person, deputy: Person) -> None:
    Leave.objects.create(
        person=person,
        deputy=deputy,
        starts_on=date(2026, 10, 6),
        ends_on=date(2026, 10, 16),
        announced_by=person,
    )


def test_a_loco_of_another_municipality_is_no_reader_of_this_one(world: World, frozen_clock) -> None:
    Membership.objects.filter(person=world.burgemeester_b).update(ended_at=clock.now())
    Membership.objects.create(
        person=world.burgemeester_a,
        role="burgemeester",
        municipality_id=world.b.municipality_id,
        starts_on=date(2026, 9, 1),
    )
    _away(world.burgemeester_a, world.loco_a)
    tick(frozen_clock, TUESDAY)
    told = Message.objects.get(person=world.burgemeester_a)
    row = Briefing.objects.get(reader=world.burgemeester_a, subject_id=world.b.municipality_id)
    assert reverse("briefings:briefing", args=[row.pk]) in told.text


def test_who_stands_in_for_the_kabinet_and_may_not_read_the_weekly_leaves_it_to_who_is_away(
    world: World, frozen_clock
) -> None:
    _away(world.kabinet_a, world.beleid_a)
    tick(frozen_clock, "2026-10-09T05:15:00+00:00")
    tick(frozen_clock, MONDAY)
    weekly = Message.objects.filter(subject="Het weekoverzicht staat klaar")
    assert sorted(weekly.values_list("person__name", flat=True)) == ["I. Hoekstra", "N. Vos"]

"""What a look finds in the database, and that a look which hangs is ended."""

import time
from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.deadlines.models import Notice, Reminder
from portal.mail.models import Message
from portal.papers.models import Paper, PaperVersion
from portal.people.models import Person
from portal.watchdog import look
from portal.watchdog.judge import Contact
from tests.cast import World
from tests.toys import toy


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
def reminder(world: World) -> Any:
    toy(world.kabinet_a, world.a)
    row = Reminder.objects.filter(state="planned").order_by("fires_at", "id")[0]

    def made(due: float, written: float, **more: Any) -> None:
        at = clock.now() - minutes(due)
        Reminder.objects.exclude(pk=row.pk).update(state="cancelled")
        Reminder.objects.filter(pk=row.pk).update(
            fires_at=at, created_at=clock.now() - minutes(written), **more
        )

    return made


def test_a_reminder_is_late_after_a_quarter_of_an_hour(reminder: Any) -> None:
    reminder(14, 100)
    assert look.reminder_late_since(clock.now()) is None
    reminder(16, 100)
    assert look.reminder_late_since(clock.now()) == clock.now() - minutes(16)
    reminder(16, 100, state="claimed", lease_until=clock.now() + minutes(50))
    assert look.reminder_late_since(clock.now()) == clock.now() - minutes(16)
    reminder(16, 100, state="fired")
    assert look.reminder_late_since(clock.now()) is None


def test_a_reminder_planned_for_the_past_is_not_late_before_it_was_made(reminder: Any) -> None:
    reminder(60 * 24 * 20, 1)
    assert look.reminder_late_since(clock.now()) is None
    reminder(60 * 24 * 20, 16)
    assert look.reminder_late_since(clock.now()) == clock.now() - minutes(16)


@pytest.mark.parametrize(
    ("age", "state", "is_late"),
    [(14, "waiting", False), (16, "waiting", True), (16, "checking", True), (600, "refused", False)],
)
def test_a_paper_that_nobody_checks_is_late(world: World, age: float, state: str, is_late: bool) -> None:
    measure = toy(world.kabinet_a, world.a)
    paper = Paper.objects.create(
        shelf="measure",
        subject_id=measure.pk,
        title="Stuk",
        added_by=world.kabinet_a,
        **world.a.as_fields(),
    )
    refusal = {"refusal": "virus"} if state == "refused" else {}
    PaperVersion.objects.create(
        paper=paper,
        number=1,
        kind="pdf",
        state=state,
        size=8,
        uploaded_by=world.kabinet_a,
        uploaded_at=clock.now() - minutes(age),
        **refusal,
    )
    expected = clock.now() - minutes(age) if is_late else None
    assert look.paper_late_since(clock.now()) == expected
    assert look.database().paper_late_since == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "written", "attempts", "state", "is_late"),
    [
        (14, 14, 0, "planned", False),
        (16, 16, 0, "planned", True),
        (16, 16, 0, "claimed", True),
        (16, 16, 0, "sent", False),
        (16, 16, 9, "refused", False),
        (16, 1, 0, "planned", False),
        # Every failed try moves the next one forward: never overdue, and yet it does not leave.
        (-30, 90, 4, "planned", False),
        (-30, 90, 5, "planned", True),
    ],
)
def test_a_mail_is_late_when_it_lies_or_was_tried_too_often(
    due: float, written: float, attempts: int, state: str, is_late: bool
) -> None:
    Message.objects.all().delete()
    Message.objects.create(
        address="a@voorbeeld.example",
        subject="Herinnering",
        text="",
        message_id="<1@voorbeeld.example>",
        fires_at=clock.now() - minutes(due),
        created_at=clock.now() - minutes(written),
        attempts=attempts,
        state=state,
    )
    late = look.mail_late_since(clock.now())
    assert late == (clock.now() - minutes(written) if is_late else None)


def test_the_national_beheerders_are_told_and_those_named_in_their_language(
    world: World, settings: Any
) -> None:
    settings.WATCHDOG_TO = [world.beheerder_a.email]
    Person.objects.filter(pk=world.beheerder_a.pk).update(language="en")
    assert set(look.contacts()) == {
        Contact(world.landelijk.email, "nl", is_national=True),
        Contact(world.beheerder_a.email, "en", is_national=False),
    }
    Person.objects.filter(pk=world.landelijk.pk).update(mail_refused_at=clock.now())
    assert [one.address for one in look.contacts()] == [world.beheerder_a.email]


def test_a_look_costs_seven_queries(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        look.database()


@pytest.mark.faults
def test_work_apart_gives_its_answer_and_what_hangs_or_breaks_is_ended() -> None:
    def hangs() -> int:
        time.sleep(60)
        return 1

    def breaks() -> int:
        raise ValueError("met een geheim erin")

    assert look.apart(lambda: 42, 10) == 42
    assert look.apart(breaks, 10) is None
    began = time.monotonic()
    assert look.apart(hangs, 0.3) is None
    assert time.monotonic() - began < 5


def test_what_somebody_must_hear_and_was_not_told_is_late_too(world: World) -> None:
    def untold(since: int) -> None:
        Notice.objects.create(
            person=world.kabinet_a,
            name="reminder",
            speaks_at=clock.now() - minutes(since),
            created_at=clock.now() - minutes(since),
        )

    untold(14)
    assert look.reminder_late_since(clock.now()) is None
    untold(16)
    assert look.reminder_late_since(clock.now()) == clock.now() - minutes(16)

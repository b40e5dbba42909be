"""The last look: what must not go any more stays behind, what changed goes in its newest words."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import pytest

from portal.mail import last_look
from portal.mail.deliver import deliver
from portal.mail.models import Message
from tests.cast import World
from tests.mail.server import Server, words
from tests.mail.test_deliver import more_mail


@pytest.fixture
def looks() -> Iterator[list[last_look.Check]]:
    """The checks of this test alone."""
    before = list(last_look._checks)
    last_look._checks.clear()
    yield last_look._checks
    last_look._checks[:] = before


def row(subject: str) -> Message:
    return Message.objects.get(message_id=f"<{subject.removeprefix('Mail ')}@x.example>")


def test_a_batch_is_looked_at_once(world: World, server: Server, looks: list[last_look.Check]) -> None:
    asked: list[int] = []

    def check(messages: Sequence[Message]) -> Mapping[UUID, Message | None]:
        asked.append(len(messages))
        return {}

    last_look.listen(check)
    last_look.listen(check)
    more_mail(world, 3)
    assert deliver() == 3
    assert asked == [3]


def test_what_must_not_go_any_more_is_cancelled_and_emptied(
    world: World, server: Server, looks: list[last_look.Check]
) -> None:
    more_mail(world, 3)
    stopped = row("Mail 1")
    last_look.listen(lambda _messages: {stopped.pk: None})
    assert deliver() == 2
    assert [mail["Subject"] for mail in server.sent] == ["Mail 0", "Mail 2"]
    stopped.refresh_from_db()
    assert (stopped.state, stopped.text, stopped.html, stopped.sent_at) == ("cancelled", "", "", None)
    assert deliver() == 0


def test_newer_content_goes_under_the_same_message_id(
    world: World, server: Server, looks: list[last_look.Check]
) -> None:
    more_mail(world, 1)
    old = row("Mail 0")
    last_look.listen(lambda _messages: {old.pk: Message(subject="Nieuw", text="Nu", html="<p>Nu</p>")})
    # The server is away at the first try; what the row holds then is the newer content.
    server.answers = [("gone", "")]
    assert deliver() == 0
    kept = row("Mail 0")
    assert (kept.subject, kept.text, kept.html) == ("Nieuw", "Nu", "<p>Nu</p>")
    Message.objects.update(fires_at=kept.created_at)
    assert deliver() == 1
    assert server.sent[0]["Subject"] == "Nieuw"
    assert words(server.sent[0]).strip() == "Nu"
    assert server.sent[0]["Message-ID"] == old.message_id


def test_a_message_that_one_check_stops_does_not_go(
    world: World, server: Server, looks: list[last_look.Check]
) -> None:
    more_mail(world, 1)
    old = row("Mail 0")
    last_look.listen(lambda _messages: {old.pk: None})
    last_look.listen(lambda _messages: {old.pk: Message(subject="Nieuw", text="Nu")})
    assert deliver() == 0
    assert row("Mail 0").state == "cancelled"


def test_a_check_that_breaks_on_one_message_holds_up_no_other(
    world: World, server: Server, looks: list[last_look.Check]
) -> None:
    more_mail(world, 3)
    bad = row("Mail 1")

    def check(messages: Sequence[Message]) -> Mapping[UUID, Message | None]:
        if any(one.pk == bad.pk for one in messages):
            raise KeyError("kapot")
        return {}

    last_look.listen(check)
    assert deliver() == 2
    bad.refresh_from_db()
    assert (bad.state, bad.text) == ("planned", "Tekst")


def test_the_link_to_unsubscribe_becomes_two_headers(
    world: World, server: Server, looks: list[last_look.Check]
) -> None:
    more_mail(world, 2)
    Message.objects.filter(pk=row("Mail 1").pk).update(unsubscribe_url="https://portaal.example/af/x/")
    assert deliver() == 2
    plain, listed = server.sent
    assert "List-Unsubscribe" not in plain
    assert listed["List-Unsubscribe"] == "<https://portaal.example/af/x/>"
    assert listed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

"""What the tests of people share: filling in a form as a browser does, and reading a link from a mail."""

import re
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.mail.models import Message
from portal.people.models import Invitation, Membership, Person


def fill(client: Client, url: str, /, **data: Any) -> Any:
    """Open the form, then post it with its key and version."""
    form = client.get(url).context["form"]
    hidden = {name: form[name].value() for name in ("key", "version", "place") if name in form.fields}
    return client.post(url, {k: v for k, v in hidden.items() if v is not None} | data)


def errors(answer: Any) -> dict[str, list[str]]:
    """The sentences under the fields of a form that came back."""
    assert answer.status_code == 422
    return {name: [str(one) for one in found] for name, found in answer.context["form"].errors.items()}


def said(answer: Any, client: Client) -> list[str]:
    """The messages on the page that an answer leads to."""
    return [str(one) for one in client.get(answer.url).context["messages"]]


ASKED = {
    "name": "Q. Nieuw",
    "email": "nieuw@voorbeeldstad.example",
    "role": "kabinet",
    "starts_on": "2026-10-05",
    "ends_on": "",
    "function": "",
}


def ask(client: Client, **changes: str) -> Any:
    """Invite somebody as a beheerder does."""
    return fill(client, reverse("people:invite"), **(ASKED | changes))


def link_in(message: Message) -> str:
    """The path of the one-time link in a mail that waits."""
    found = re.search(re.escape(settings.PORTAL_URL) + r"(/uitnodiging/\S+)", message.text)
    assert found
    return found.group(1)


def invited(client: Client, **changes: str) -> tuple[Invitation, str]:
    """An invitation and the path of its link."""
    answer = ask(client, **changes)
    assert answer.status_code == 302, answer.content.decode()
    invitation = Invitation.objects.order_by("-created_at", "-id").get(
        email=(ASKED | changes)["email"], withdrawn_at__isnull=True
    )
    return invitation, link_in(Message.objects.get(address=invitation.email, state="planned"))


def membership(person: Person, role: str) -> Membership:
    return Membership.objects.get(person=person, role=role)


def come_in(client: Client, path: str, **changes: str) -> Any:
    """Open a link and choose a name and a password."""
    client.get(path, follow=True)
    typed = {"name": "Q. Nieuw", "password1": "een lange zin hierin", "password2": "een lange zin hierin"}
    return client.post(reverse("people:accept"), typed | changes)

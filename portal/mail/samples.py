"""Every mail the portal can send, with invented content: apps register theirs, a page shows them all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from portal.mail.models import Message
from portal.people.models import Person
from portal.ui.registry import Registry


@dataclass(frozen=True)
class Sample:
    """One mail: its template in templates/mail, what it is for, and a function that writes it unsaved.

    What goes over a telephone or a webhook has no template.
    """

    key: str
    order: int
    template: str
    title: str | Promise
    build: Callable[[Person], Message]


samples: Registry[Sample] = Registry("Sample")


@dataclass(frozen=True)
class Shown:
    """A mail as the page shows it: by language its subject and text."""

    title: str | Promise
    texts: tuple[tuple[str, str, Message], ...]


def reader(language: str) -> Person:
    """Somebody who does not exist, to whom the samples are written."""
    return Person(email="naam@gemeente.example", name="A. Voorbeeld", language=language)


def written(sample: Sample, language: str) -> Message:
    """The sample as somebody with this language gets it."""
    with translation.override(language):
        return sample.build(reader(language))


def in_both_languages() -> list[Shown]:
    """All samples in their order, each in every language of the portal."""
    return [
        Shown(
            one.title,
            tuple((code, str(name), written(one, code)) for code, name in settings.LANGUAGES),
        )
        for one in samples
    ]

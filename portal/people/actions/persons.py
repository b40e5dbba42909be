"""What people change of themselves, the test mail, and mailing again to a refused address."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from portal.audit.record import record, text_change
from portal.mail import compose
from portal.mail.models import Message
from portal.municipalities.models import Scope
from portal.nudge import nudge
from portal.people.actions.changed import ChangedMeanwhile
from portal.people.marks import made_id, state_of
from portal.people.models import Person


@transaction.atomic
def change_person(*, by: Person, name: str, language: str, version: int | None = None) -> None:
    """Change the own name and language."""
    if version is not None and version != state_of(by.name, by.language):
        raise ChangedMeanwhile
    old = by.language
    rows = Person.objects.filter(pk=by.pk, name=by.name, language=by.language)
    if rows.update(name=name.strip(), language=language) != 1:
        raise ChangedMeanwhile
    record(
        "person.changed",
        by=by,
        about=by,
        scope=None,
        changes={"language": (old, language)} | text_change("name", name.strip()),
    )
    by.name, by.language = name.strip(), language


@transaction.atomic
def retry_mail(*, by: Person, person: Person, scope: Scope | None) -> None:
    """Mail again to an address that was refused; the same press twice changes nothing."""
    if Person.objects.filter(pk=person.pk, mail_refused_at__isnull=False).update(mail_refused_at=None):
        record(
            "person.mail_retried",
            by=by,
            about=person,
            scope=scope,
            changes={"mail_refused_at": (person.mail_refused_at, None)},
        )


def thread_of_tests(person: Person) -> str:
    """The thread of somebody's test mails; by this they are found again."""
    return f"<test.{person.pk}@{compose.sender_host()}>"


@transaction.atomic
def send_test(*, by: Person, key: str) -> UUID:
    """Send a mail to the own address, also when that was refused before; the same key sends one."""
    made = made_id(by, key)
    if Message.objects.filter(pk=made).exists():
        return made
    Person.objects.filter(pk=by.pk).update(mail_refused_at=None)
    with translation.override(by.language):
        mail = compose.write(by.email, "mail/test", {"portal_url": settings.PORTAL_URL}, person=by)
    mail.pk, mail.thread_id = made, thread_of_tests(by)
    mail.message_id = compose.new_message_id(mail)
    mail.save(force_insert=True)
    record("person.mail_tested", by=by, about=by, scope=None)
    nudge("portal.mail.tasks.deliver")
    return made

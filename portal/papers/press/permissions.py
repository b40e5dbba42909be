"""Who may do what with a text for the press."""

from typing import Any

from portal.papers.press.enums import OUTSIDE, AsWhat
from portal.papers.press.models import WORKS_ON, Approval, PressText
from portal.papers.shelves import shelf
from portal.people.enums import Role, acts_as
from portal.people.models import Person


def can_write(person: Person, subject: Any, key: str) -> bool:
    """Plan and write about a subject: whom its app lets do so, among those who work on press texts."""
    of = shelf(key)
    if of.may_write_press is None or not of.may_write_press(person, subject):
        return False
    return bool(person.roles_in(subject.scope) & WORKS_ON)


def can_change(person: Person, row: PressText) -> bool:
    """Change, ask approval, take back, withdraw: who works on press texts there."""
    return bool(person.roles_in(row.scope) & WORKS_ON)


def can_decide(person: Person, step: Approval) -> bool:
    """Approve or object: a member of the role of the step; the loco for the mayor.

    The answer of an organisation outside is written down by whoever does the press or by kabinet.
    """
    roles = person.roles_in(step.press_text.scope)
    if AsWhat(step.as_what) in OUTSIDE and Role.KABINET in roles:
        return True
    return any(Role(step.role) in acts_as(role) for role in roles)


def can_release(person: Person, row: PressText) -> bool:
    """Release and note where it was placed: communicatie, kabinet, burgemeester; or the secretaris."""
    return bool(person.roles_in(row.scope) & WORKS_ON)

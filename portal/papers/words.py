"""What the pages say about a paper and its check."""

from datetime import timedelta

from django.utils.translation import gettext as _

from portal import clock
from portal.papers.enums import Kind, Refusal, State
from portal.papers.kinds import ENDINGS
from portal.papers.models import PaperVersion

SLOW_AFTER = timedelta(minutes=3)


def progress(row: PaperVersion) -> str:
    """How far the check is, in a sentence."""
    if row.state == State.READY:
        return _("Het stuk is nagekeken.")
    if row.state == State.REFUSED:
        return _("Het stuk is geweigerd.")
    if row.is_unscanned:
        return _("De virusscanner antwoordt niet. Het portaal vraagt het elke minuut opnieuw.")
    if clock.now() - row.uploaded_at > SLOW_AFTER:
        return _("Het nakijken duurt langer dan anders. Duurt het een kwartier, waarschuw dan de beheerder.")
    return _("Het portaal kijkt het stuk na. Meestal duurt dat een paar tellen.")


def refused(row: PaperVersion) -> str:
    """Why it was refused, and what one can do; empty when it was not."""
    return str(Refusal(row.refusal).label) if row.refusal else ""


def sort(row: PaperVersion) -> str:
    """'PDF', 'Afbeelding', 'DOCX'."""
    if row.kind == Kind.OFFICE and row.media_type:
        return ENDINGS[row.media_type].upper()
    return str(Kind(row.kind).label)


def weight(size: int) -> str:
    """'840 kB', '3,4 MB'."""
    if size < 1024 * 1024:
        return _("%(size)s kB") % {"size": max(1, round(size / 1024))}
    return _("%(size)s MB") % {"size": f"{size / 1024 / 1024:.1f}".replace(".", ",")}


def file_name(row: PaperVersion) -> str:
    """A neutral name, because file names travel further than the files: the day, the version, the sort."""
    day = row.uploaded_at.astimezone(clock.AMSTERDAM)
    return f"stuk-{day:%Y-%m-%d}-versie-{row.number}.{ENDINGS[row.media_type]}"

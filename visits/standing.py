"""What a visit asks of its people now: one sentence, and the one button that answers it."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.ui.formatting import datum, tijd
from visits.enums import VisitState
from visits.models import Visit

V = VisitState


@dataclass(frozen=True)
class Now:
    """What must happen now. `tone` is "", "soon" or "late"; with nothing to press `url` is empty."""

    sentence: str
    otherwise: str = ""
    tone: str = ""
    url: str = ""
    button: str = ""


def _page(name: str, visit: Visit) -> str:
    return reverse(f"visits:{name}", args=[visit.pk])


def now_of(visit: Visit, *, stops: int, options: int, open_pledges: int, open_actions: int) -> Now:
    """The one thing that comes first, from what the page has read already."""
    starts, ends = visit.starts_at, visit.ends_at
    match V(visit.state):
        case V.IDEA:
            return _idea(visit, options)
        case V.PLANNED | V.CONFIRMED if starts and visit.is_over:
            return Now(
                _("Het bezoek was op %(day)s. Is het gehouden?") % {"day": datum(starts)},
                _("Zonder antwoord raken toezeggingen zoek."),
                "soon",
                _page("hold", visit),
                _("Ja, het is gehouden"),
            )
        case V.PLANNED | V.CONFIRMED if starts and ends and visit.day == clock.today():
            return Now(
                _("Vandaag, %(from)s–%(until)s.") % {"from": tijd(starts), "until": tijd(ends)},
                "",
                "soon",
                _page("runsheet", visit),
                _("Open het draaiboek"),
            )
        case V.PLANNED if visit.host is None:
            return Now(
                _("Kies een gastorganisatie. Zonder haar ja kan het bezoek niet doorgaan."),
                "",
                "",
                _page("change", visit),
                _("Kies een gastorganisatie"),
            )
        case V.CONFIRMED if visit.is_other_than_agreed:
            return Now(
                _("Het programma is gewijzigd nadat de gastorganisatie ja zei. Leg het opnieuw voor."),
                _("Wie er woont of komt, mag niet worden overvallen."),
                "soon",
                _page("confirm", visit),
                _("Leg haar akkoord vast"),
            )
        case V.PLANNED if not stops:
            return Now(
                _("Maak het programma. De gastorganisatie zegt pas ja als zij het kent."),
                "",
                "",
                _page("programme", visit),
                _("Maak het programma"),
            )
        case V.PLANNED:
            return Now(
                _("Vraag de gastorganisatie of de dag en het programma goed zijn."),
                _("Zonder haar ja kan het bezoek niet doorgaan."),
                "",
                _page("confirm", visit),
                _("Leg haar akkoord vast"),
            )
        case V.CONFIRMED:
            return Now(
                _ahead(visit), "", "", _page("programme", visit) if not stops else "", _("Maak het programma")
            )
        case V.HELD:
            return _held(visit, open_pledges, open_actions)
        case V.CANCELLED:
            return Now(_("Dit bezoek gaat niet door."))
    return Now(_("Alles is nagekomen."))


def _idea(visit: Visit, options: int) -> Now:
    if visit.host is None:
        return Now(
            _("Kies een gastorganisatie. Zonder dag krijgt geen actie een datum."),
            "",
            "",
            _page("change", visit),
            _("Kies een gastorganisatie"),
        )
    if options:
        return Now(
            _("Noteer wie wanneer kan en kies dan een moment."),
            "",
            "",
            _page("answers", visit),
            _("Wie kan wanneer?"),
        )
    return Now(
        _("Kies een dag, of leg een paar momenten voor. Zonder dag krijgt geen actie een datum."),
        "",
        "",
        _page("move", visit),
        _("Kies een dag"),
    )


def _ahead(visit: Visit) -> str:
    assert visit.day is not None
    days = (visit.day - clock.today()).days
    if days == 1:
        return _("Morgen is het bezoek.")
    return ngettext("Het bezoek is over %(count)s dag.", "Het bezoek is over %(count)s dagen.", days) % {
        "count": days
    }


def _held(visit: Visit, open_pledges: int, open_actions: int) -> Now:
    recent = visit.held_at is not None and clock.now() - visit.held_at < timedelta(days=7)
    if not open_actions:
        return Now(
            _("Elke actie en elke toezegging is klaar. Sluit het bezoek af met één zin."),
            "",
            "",
            _page("follow_up", visit),
            _("Sluit het bezoek af"),
        )
    if recent and not open_pledges:
        return Now(
            _("Noteer wat er is toegezegd, zolang het vers is."),
            _("Wat niet is opgeschreven, wordt niet nagekomen."),
            "",
            _page("promise", visit),
            _("Noteer een toezegging"),
        )
    said = ngettext(
        "Nog %(count)s actie open voor dit bezoek klaar is.",
        "Nog %(count)s acties open voor dit bezoek klaar is.",
        open_actions,
    ) % {"count": open_actions}
    if open_pledges:
        said += " " + ngettext(
            "Daarvan is %(count)s een toezegging.", "Daarvan zijn %(count)s toezeggingen.", open_pledges
        ) % {"count": open_pledges}
    return Now(said, "", "", _page("promise", visit), _("Noteer een toezegging"))

"""What pages and packs say about how far a pack is and about what is in it."""

from datetime import timedelta

from django.utils.translation import gettext as _

from portal import clock
from portal.papers.packs.enums import Left, Problem, Sort, State
from portal.papers.packs.models import Pack, Piece

# Making takes some seconds; after this long somebody should know that it does not.
SLOW_AFTER = timedelta(minutes=3)


def mark(digest: str) -> str:
    """The beginning of a hash, in groups that can be read out."""
    return " ".join(digest[at : at + 4] for at in range(0, 12, 4))


def progress(pack: Pack) -> str:
    """How far it is, in a sentence."""
    if pack.state == State.READY:
        return _("De bundel is klaar.")
    if pack.state == State.FAILED:
        return _("De bundel is mislukt.")
    if clock.now() - pack.asked_at > SLOW_AFTER:
        return _("Het duurt langer dan anders. Duurt het een kwartier, waarschuw dan de beheerder.")
    if pack.state == State.MAKING:
        pieces = list(pack.pieces.values_list("state", flat=True))
        done = sum(one == State.READY for one in pieces)
        return _("De bundel wordt nu gemaakt: %(done)s van %(total)s delen zijn klaar.") % {
            "done": done,
            "total": len(pieces),
        }
    if pack.attempts:
        return _("Het lukte nog niet. Het portaal probeert het zo opnieuw.")
    return _("De bundel wacht op haar beurt. Meestal duurt dat een paar tellen.")


def problem(pack: Pack) -> str:
    """Why it failed, and what one can do."""
    return str(Problem(pack.problem or Problem.RENDER).label)


def left(piece: Piece) -> str:
    """Why a paper is not bound in; empty when it is."""
    return str(Left(piece.left).label) if piece.left else ""


def note(piece: Piece) -> str:
    """What a reader must know of a piece before he turns to it; empty when there is nothing."""
    if piece.left:
        return _("niet opgenomen, zie daar waarom")
    if piece.sort != Sort.PAPER or (piece.is_tagged and not piece.flaws):
        return ""
    if piece.is_tagged:
        return _("niet overal goed toegankelijk aangeleverd")
    if piece.scans == piece.pages:
        return _("een scan: voor een schermlezer onleesbaar")
    return _("niet toegankelijk aangeleverd: wel tekst, geen opbouw")

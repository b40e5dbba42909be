"""What each role is for, in one sentence a beheerder can choose by."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.people.enums import Role

SENTENCES: dict[Role, str | Promise] = {
    Role.BURGEMEESTER: _("Ziet alle maatregelen en beslist."),
    Role.LOCO: _("Ziet en beslist als de burgemeester, alleen in de periode die u invult."),
    Role.KABINET: _("Start en bewaakt de maatregelen van de burgemeester."),
    Role.ADVISEUR_OOV: _("Werkt aan huisverboden, open deur en de Driehoek."),
    Role.PIKET: _("Is buiten kantoortijd bereikbaar voor open deur en huisverboden."),
    Role.DRIEHOEK_SECRETARIS: _("Maakt de agenda van de Driehoek en houdt de afspraken bij."),
    Role.DRIEHOEK_LID: _("Leest de stukken van de Driehoek en beslist daarin mee."),
    Role.COMMUNICATIE: _("Werkt aan publiciteit en werkbezoeken."),
    Role.BELEID_ZV: _("Werkt aan Stop it Now!, de Driehoek en publiciteit."),
    Role.RECEPTIE: _("Ziet alleen de kaart open deur: wat te doen als een slachtoffer zich meldt."),
    Role.BEHEERDER: _("Regelt mensen en gesloten dagen. Ziet geen maatregelen en geen zaken."),
    Role.BEHEERDER_LANDELIJK: _("Regelt gemeenten, Driehoeken, sjablonen en nummers. Ziet geen zaken."),
}


@dataclass(frozen=True)
class Said:
    """A role with its sentence."""

    label: str
    text: str


def said(roles: Iterable[Role]) -> list[Said]:
    """The sentences of these roles, in their order."""
    return [Said(str(role.label), str(SENTENCES[role])) for role in roles]

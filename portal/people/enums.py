"""The roles a membership can give."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A role is a bundle of rights; a membership gives it to a person in a scope for a period."""

    BURGEMEESTER = "burgemeester", _("Burgemeester")
    LOCO = "loco", _("Loco-burgemeester")
    KABINET = "kabinet", _("Kabinet")
    ADVISEUR_OOV = "adviseur_oov", _("Adviseur OOV")
    PIKET = "piket", _("Piket")
    DRIEHOEK_SECRETARIS = "driehoek_secretaris", _("Driehoekssecretaris")
    DRIEHOEK_LID = "driehoek_lid", _("Driehoekslid")
    COMMUNICATIE = "communicatie", _("Communicatie")
    BELEID_ZV = "beleid_zv", _("Beleid zorg en veiligheid")
    RECEPTIE = "receptie", _("Receptie")
    BEHEERDER = "beheerder", _("Beheerder")
    BEHEERDER_LANDELIJK = "beheerder_landelijk", _("Landelijk beheerder")


def acts_as(role: Role) -> frozenset[Role]:
    """The roles whose work this role does: the loco acts for the mayor during the membership's period."""
    return frozenset({role, Role.BURGEMEESTER}) if role == Role.LOCO else frozenset({role})


DRIEHOEK_ROLES = frozenset({Role.DRIEHOEK_SECRETARIS, Role.DRIEHOEK_LID, Role.BURGEMEESTER, Role.LOCO})
MUNICIPALITY_ROLES = frozenset(Role) - {
    Role.DRIEHOEK_SECRETARIS,
    Role.DRIEHOEK_LID,
    Role.BEHEERDER_LANDELIJK,
}

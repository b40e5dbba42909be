"""Registers the kind of measure."""

from django.apps import AppConfig


class HuisverbodConfig(AppConfig):
    name = "measures.huisverbod"
    label = "huisverbod"

    def ready(self) -> None:
        from measures.tracking.kinds import kind_of, register
        from portal.people.enums import Role

        register(
            kind_of(
                "huisverbod",
                "Tijdelijk huisverbod",
                "Huisverbod",
                30,
                seen_by={Role.ADVISEUR_OOV, Role.PIKET},
                anchors=(),
            )
        )

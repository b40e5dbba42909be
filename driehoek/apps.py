"""Registers the kind of measure."""

from django.apps import AppConfig


class DriehoekConfig(AppConfig):
    name = "driehoek"
    label = "driehoek"

    def ready(self) -> None:
        from measures.tracking.kinds import kind_of, register
        from portal.people.enums import Role

        register(
            kind_of(
                "driehoek",
                "Prioriteit binnen de Driehoek",
                "Driehoek",
                20,
                seen_by={Role.ADVISEUR_OOV, Role.DRIEHOEK_SECRETARIS, Role.DRIEHOEK_LID, Role.BELEID_ZV},
                anchors=("meeting",),
            )
        )

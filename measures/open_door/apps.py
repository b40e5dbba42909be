"""Registers the kind of measure."""

from django.apps import AppConfig


class OpenDoorConfig(AppConfig):
    name = "measures.open_door"
    label = "open_door"

    def ready(self) -> None:
        from measures.tracking.kinds import kind_of, register
        from portal.people.enums import Role

        register(
            kind_of(
                "open_door",
                "Burgemeester als last resort",
                "Open deur",
                40,
                seen_by={Role.ADVISEUR_OOV, Role.PIKET},
                anchors=("week_monday",),
            )
        )

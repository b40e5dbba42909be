"""Registers the kind of measure."""

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "measures.publicity"
    label = "publicity"

    def ready(self) -> None:
        from measures.tracking.kinds import kind_of, register
        from portal.people.enums import Role

        register(
            kind_of(
                "publicity",
                "Publiciteit en campagneweek",
                "Publiciteit",
                60,
                seen_by={Role.COMMUNICATIE, Role.BELEID_ZV},
                anchors=("week_monday",),
            )
        )

"""Registers the kind of measure."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"
    label = "visits"

    def ready(self) -> None:
        from measures.tracking.kinds import kind_of, register
        from portal.people.enums import Role

        register(
            kind_of(
                "visits",
                "Werkbezoek",
                "Werkbezoek",
                10,
                seen_by={Role.COMMUNICATIE},
                anchors=("visit",),
            )
        )

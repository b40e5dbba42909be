"""Registers the kind of measure."""

from django.apps import AppConfig


class StopItNowConfig(AppConfig):
    name = "measures.stop_it_now"
    label = "stop_it_now"

    def ready(self) -> None:
        from measures.tracking.kinds import kind_of, register
        from portal.people.enums import Role

        register(
            kind_of(
                "stop_it_now",
                "Stop it Now!",
                "Stop it Now!",
                50,
                seen_by={Role.BELEID_ZV},
                anchors=("decision",),
            )
        )

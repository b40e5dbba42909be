"""A seventh measure plugs in through the registries and costs nothing elsewhere."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from measures.tracking import actions, kinds, library
from measures.tracking.models import Action, Measure
from portal.deadlines import sources
from portal.people.enums import Role
from portal.ui.registry import Card, NavItem, cards, nav
from tests.cast import World
from tests.toys import WORDS

TOY = kinds.Kind(
    key="toy_kind",
    name="Zevende maatregel",
    nav="Zevende",
    roles_see=frozenset({Role.BURGEMEESTER, Role.KABINET}),
    roles_start=frozenset({Role.KABINET}),
    order=70,
    anchors=("toy_day",),
)
FILE = library.TemplateFile(
    key="zevende",
    kind="toy_kind",
    title="Zevende maatregel",
    purpose="Om te zien dat een zevende maatregel niets anders raakt.",
    anchors=[library.AnchorFile("toy_day", "Speeldag")],
    steps=[
        library.StepFile(
            "first", "Eerste stap", WORDS, "Test", "Niets.", "kabinet", anchor="toy_day", offset=-2
        ),
        library.StepFile(
            "second", "Tweede stap", WORDS, "Test", "Niets.", "kabinet", after="first", offset=1
        ),
    ],
)


@pytest.fixture
def toy_kind():
    kinds.register(TOY)
    yield TOY
    kinds.unregister(TOY.key)


def test_a_seventh_kind_is_started_listed_and_reminded(world: World, sign_in, toy_kind) -> None:
    version = library.publish(FILE)
    client = sign_in(world.kabinet_a)
    assert "Zevende maatregel" in client.get(reverse("tracking:choose")).content.decode()
    measure = actions.start_measure(
        by=world.kabinet_a,
        version=version,
        scope=world.a,
        anchors={"toy_day": date(2026, 10, 14)},
        key=uuid4().hex,
    )
    assert [a.due_on for a in measure.actions.order_by("order")] == [date(2026, 10, 12), date(2026, 10, 13)]
    assert "Zevende" in client.get("/").content.decode()
    assert client.get(reverse("tracking:measure", args=[measure.pk])).status_code == 200
    for blind in (world.oov_a, world.communicatie_a, world.kabinet_b, world.beheerder_a):
        assert not Measure.objects.visible_to(blind).exists()
        assert not Action.objects.visible_to(blind).exists()


def test_its_anchor_belongs_to_it_alone(world: World, toy_kind) -> None:
    other = library.TemplateFile(**{**FILE.__dict__, "key": "ander", "kind": "open_door"})
    assert any("kent die ijkdatum niet" in sentence for sentence in library.check(other))


def test_registering_a_key_twice_is_a_start_error(toy_kind) -> None:
    with pytest.raises(ImproperlyConfigured):
        kinds.register(TOY)
    with pytest.raises(ImproperlyConfigured):
        sources.register(sources.Source("action", lambda ids: {}, lambda person, ids: set()))
    for registry, one in (
        (nav, NavItem("toy", "Toy", "today", 1, "work", lambda person: True)),
        (cards, Card("toy", frozenset(), 1, lambda person: None)),
    ):
        registry.register(one)
        try:
            with pytest.raises(ImproperlyConfigured):
                registry.register(one)
        finally:
            registry.unregister("toy")

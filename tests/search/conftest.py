"""The measure in which is searched."""

import pytest

from measures.tracking.models import Measure
from tests.cast import World
from tests.toys import toy


@pytest.fixture
def measure(world: World) -> Measure:
    return toy(world.kabinet_a, world.a)

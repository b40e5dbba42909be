"""Measures that ran before visits had pages get the visit they are about."""

from importlib import import_module

import pytest
from django.apps import apps

from measures.tracking import actions as tracking
from tests.cast import World, start
from tests.visits.make import at
from visits.models import Visit

pytestmark = pytest.mark.django_db

OWN = import_module("visits.migrations.0002_visits_of_measures_that_ran").own


def test_each_gets_a_visit_that_stands_as_its_measure_does(world: World) -> None:
    planned = start(world.kabinet_a, world.a, "visits", visit=at(10))
    undated = start(world.kabinet_a, world.a, "visits")
    stopped = start(world.kabinet_a, world.a, "visits")
    tracking.stop(by=world.kabinet_a, measure=stopped, reason="Geen tijd.")
    done = start(world.kabinet_a, world.a, "visits")
    done.actions.update(state="dropped")
    tracking.complete(by=world.kabinet_a, measure=done, result="Geweest.")
    start(world.kabinet_a, world.a, "publicity")
    OWN(apps, None)
    OWN(apps, None)
    states = dict(Visit.objects.values_list("measure", "state"))
    assert states == {
        planned.pk: "planned",
        undated.pk: "idea",
        stopped.pk: "cancelled",
        done.pk: "followed_up",
    }
    assert Visit.objects.get(measure=planned).starts_at == at(10)

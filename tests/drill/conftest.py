"""A site with the power company's plan, and its shipped scenario."""

import pytest

from shudao.base.scene import LIVE
from shudao.engine.drill.scenario import load_scenario
from shudao.library import path_of, read_folder


@pytest.fixture
def scenario():
    """The shipped scenario of the power company."""
    return load_scenario(read_folder(path_of("scenarios", "zh", "outage")))


@pytest.fixture
def edition(transactional_db, standing):
    """The signed plan it was written for."""
    from shudao.ledger.verbs import Actor
    from shudao.plan.actions import adopt_plan

    return adopt_plan(Actor(LIVE, "office_head"), read_folder(path_of("plans", "zh", "power")), kind="power")


@pytest.fixture
def run(edition, scenario):
    """A run, ready to start."""
    from shudao.drill.actions import make_run

    return make_run(scenario, edition, seed=1, team="people")


@pytest.fixture
def controller(run):
    """The post that steers the run, in its scene."""
    from shudao.ledger.verbs import Actor

    return Actor(run.scene, "controller")

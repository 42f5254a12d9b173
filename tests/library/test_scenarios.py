"""The sample scenarios fit their plans and can be answered."""

import pytest

from shudao.engine.drill.scenario import TEAM_VERBS, misfits
from shudao.engine.plan.model import Plan
from tests.library.samples import PLANS, SCENARIOS, plan, scenario

every_scenario = pytest.mark.parametrize("sample", SCENARIOS, ids="/".join)


def plan_for(sample: tuple[str, str]) -> Plan:
    wanted = scenario(*sample).plan
    return next(plan(*row) for row in PLANS if plan(*row).id == wanted and row[0] == sample[0])


@every_scenario
def test_fits_its_plan(sample: tuple[str, str]) -> None:
    assert [row.what.zh for row in misfits(scenario(*sample), plan_for(sample))] == []


@every_scenario
def test_names_measures_and_steps_of_its_plan(sample: tuple[str, str]) -> None:
    one, its_plan = scenario(*sample), plan_for(sample)
    assert its_plan.severity is not None
    assert set(one.measures) <= set(its_plan.severity.measures)
    steps = {row.id for row in its_plan.steps}
    assert set(one.script.delays) <= steps | TEAM_VERBS
    assert set(one.earliest) <= steps


@every_scenario
def test_every_phase_of_the_plan_is_somebodys_objective(sample: tuple[str, str]) -> None:
    aimed = {phase for row in scenario(*sample).objectives for phase in row.phases}
    assert {row.phase for row in plan_for(sample).steps} == aimed


@every_scenario
def test_expectations_ask_for_facts_and_demands_that_come(sample: tuple[str, str]) -> None:
    one = scenario(*sample)
    for row in one.expectations:
        if not row.inject:
            continue
        inject = one.inject(row.inject)
        come = {fact.id for fact in inject.facts} | {demand.id for demand in inject.demands}
        assert set(row.where.values()) <= come


@every_scenario
def test_the_statement_states_the_figures_the_place_reported(sample: tuple[str, str]) -> None:
    one = scenario(*sample)
    latest = {name: value for row in one.injects for fact in row.facts for name, value in fact.figures.items()}
    said = one.words["holding"] + one.words["statement"]
    assert all(f"{value:g}" in said for name, value in latest.items() if not name.endswith("_restored"))

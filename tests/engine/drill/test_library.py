"""Every scenario that is shipped, played on paper by each team under the plan it was written for."""

from functools import lru_cache

import msgspec
import pytest

from shudao.engine.drill.model import Scenario, TeamScript
from shudao.engine.drill.scenario import load_scenario, misfits
from shudao.engine.drill.team import IDEAL, team_named
from shudao.engine.plan.load import load_plan
from shudao.engine.plan.model import Plan
from shudao.engine.review.score import Score, score
from shudao.library import folders, path_of, read_folder
from tests.engine.drill.paper import Paper

LANGUAGES = ("zh", "en")
SHIPPED = [(lang, name) for lang in LANGUAGES for name in folders("scenarios", lang)]


@lru_cache
def plans() -> dict[str, Plan]:
    found = [
        load_plan(read_folder(path_of("plans", lang, kind))) for lang in LANGUAGES for kind in folders("plans", lang)
    ]
    return {plan.id: plan for plan in found}


@lru_cache
def story(lang: str, name: str) -> tuple[Scenario, Plan]:
    scenario = load_scenario(read_folder(path_of("scenarios", lang, name)))
    return scenario, plans()[scenario.plan]


def total(team: TeamScript | None, scenario: Scenario, plan: Plan) -> Score:
    return score(Paper(plan, scenario, team).play(), plan, scenario)


@pytest.mark.parametrize(("lang", "name"), SHIPPED)
def test_it_fits_its_plan(lang: str, name: str) -> None:
    scenario, plan = story(lang, name)
    assert misfits(scenario, plan) == []
    assert set(scenario.measures) <= set(plan.severity.measures if plan.severity else ())
    assert set(scenario.earliest) <= {step.id for step in plan.steps}


@pytest.mark.parametrize(("lang", "name"), SHIPPED)
def test_ideal_beats_scripted_beats_none(lang: str, name: str) -> None:
    scenario, plan = story(lang, name)
    none, scripted, ideal = (
        total(team_named(team, scenario), scenario, plan) for team in ("none", "scripted", "ideal")
    )
    assert ideal.total > scripted.total > none.total
    assert none.total == 0
    assert "superior_not_told" in [row.id for row in none.hard_fails]
    assert ideal.hard_fails == scripted.hard_fails == ()
    assert ideal.total >= 95


@pytest.mark.parametrize(("lang", "name"), SHIPPED)
def test_a_falsified_figure_costs_the_figures_and_the_pass(lang: str, name: str) -> None:
    scenario, plan = story(lang, name)
    stated = next(iter(next(fact for row in scenario.injects for fact in row.facts if fact.figures).figures))
    liar = msgspec.structs.replace(IDEAL, figures={stated: 999_999})
    honest, false = total(IDEAL, scenario, plan), total(liar, scenario, plan)
    lost = [
        row.id for row, other in zip(honest.expectations, false.expectations, strict=True) if row.rating != other.rating
    ]
    assert lost == ["statement:figures"]
    assert [row.id for row in false.hard_fails]
    assert false.total == 59


@pytest.mark.parametrize(("lang", "name"), SHIPPED)
def test_dawdling_over_any_one_step_never_raises_the_score(lang: str, name: str) -> None:
    scenario, plan = story(lang, name)
    best = total(IDEAL, scenario, plan).total
    for step in plan.steps:
        slow = msgspec.structs.replace(IDEAL, delays={step.id: 1.5 * step.due.within if step.due else 500})
        assert total(slow, scenario, plan).total <= best, step.id

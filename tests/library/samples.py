"""The sample files as they are on disk, read once."""

from functools import cache
from itertools import chain

from shudao.engine.drill.model import Scenario
from shudao.engine.drill.scenario import load_scenario
from shudao.engine.plan.load import load_plan
from shudao.engine.plan.model import Plan
from shudao.engine.post import Post, read_posts
from shudao.library import folders, path_of, read_folder
from shudao.org.roster import Roster, load_roster

PLANS = [(language, name) for language in ("zh", "en") for name in folders("plans", language)]
SCENARIOS = [(language, name) for language in ("zh", "en") for name in folders("scenarios", language)]
ORGANISATIONS = sorted(row.stem for row in path_of("organisations").glob("*.yaml"))
TOPICS = sorted(row.stem for row in path_of("topics").glob("*.yaml"))
STREAMS = sorted(row.stem for row in path_of("streams").glob("*.jsonl") if not row.stem.endswith(".labels"))


@cache
def plan(language: str, name: str) -> Plan:
    return load_plan(read_folder(path_of("plans", language, name)))


@cache
def scenario(language: str, name: str) -> Scenario:
    return load_scenario(read_folder(path_of("scenarios", language, name)))


@cache
def roster(name: str) -> Roster:
    return load_roster(path_of("organisations", f"{name}.yaml").read_bytes(), name)


@cache
def posts(name: str) -> tuple[Post, ...]:
    with path_of("streams", f"{name}.jsonl").open("rb") as lines:
        rows = tuple(read_posts(lines))
    assert all(isinstance(row, Post) for row in rows)
    return rows


def plan_of(roster: Roster) -> Plan:
    _, language, name = roster.plan.split("/")
    return plan(language, name)


def names_used(plan: Plan) -> set[str]:
    """Every post id that the plan mentions anywhere but in its list of posts."""
    ladders = chain.from_iterable((*rung.posts, row.final or "") for row in plan.ladders for rung in row.rungs)
    stages = (stage.post for row in plan.routes for stage in row.stages)
    posts = chain.from_iterable((*row.deputies, *row.not_same_as) for row in plan.posts)
    confirm = plan.severity.confirm_by if plan.severity else ()
    close = plan.ending.by if plan.ending else ()
    owners = (row.owner for row in plan.steps)
    return set(chain(ladders, stages, posts, confirm, close, owners)) - {"owner", ""}

"""脚本 (scenario): reading a scenario folder, checking it by itself and against the plan it is to be run with."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from shudao.engine.drill.folder import convert, merge_folder
from shudao.engine.drill.model import Scenario, TeamScript
from shudao.engine.plan.model import MILESTONES, Plan
from shudao.engine.plan.yaml_text import read_yaml
from shudao.engine.words import BadInput, Words

MOST_INJECTS = 5_000
MOST_POSTS = 200_000
MOST_MINUTES = 60 * 24 * 60
TEAM_VERBS = frozenset({
    "acknowledge_alert", "open_incident", "acknowledge_task", "finish_task", "add_fact", "add_demand", "answer_demand",
    "confirm_level", "tell_superior", "send_briefing", "hold_meeting", "draft_statement", "approve_statement",
    "publish_statement", "settle_incident", "close_incident", "attach_items",
})  # fmt: skip
"""Verbs that a team without people may be told to delay or to leave out."""

MEND = Words("换一份预案或改脚本", "choose another plan or change the scenario")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
SLOT = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Misfit(msgspec.Struct, frozen=True):
    """不符 (misfit): a place where a scenario does not fit the plan; `fatal` ones stop the run."""

    where: str
    what: Words
    fatal: bool = True


def load_scenario(files: Mapping[str, bytes]) -> Scenario:
    """The scenario of a folder (`{file name: bytes}`), variables put in; BadInput for anything that cannot be run."""
    merged = merge_folder(files)
    if not merged:
        raise BadInput(
            Words("文件夹里没有脚本", "no scenario in this folder"),
            where="scenario.yaml",
            mend=Words("至少要有 scenario.yaml", "it needs at least scenario.yaml"),
        )
    scenario = convert(_fill(merged, merged.get("variables")), Scenario, "scenario.yaml")
    for fault in _faults(scenario):
        raise fault
    ordered = tuple(sorted(scenario.injects, key=lambda row: row.at))
    return msgspec.structs.replace(scenario, injects=ordered)


def load_team(data: bytes, where: str = "team.yaml") -> TeamScript:
    """A team file (the form of `script` in a scenario)."""
    return convert(read_yaml(data, where) or {}, TeamScript, where)


def misfits(scenario: Scenario, plan: Plan) -> list[Misfit]:
    """Where the scenario does not fit the plan: wrong plan, unknown level, post, step, phase or milestone."""
    found = list(_misfit_names(scenario, plan))
    if scenario.plan != plan.id:
        text = Words(
            f"脚本是为预案“{scenario.plan}”写的，这份是“{plan.id}”",
            f"the scenario was written for plan “{scenario.plan}”, this one is “{plan.id}”",
        )
        found.append(Misfit("plan", text, fatal=False))
    return found


def require_fit(scenario: Scenario, plan: Plan, team: TeamScript | None = None) -> None:
    """Refuse to run a scenario, or a team of a file, with a plan it does not fit."""
    own = team_misfits(team, scenario, plan, "team") if team else []
    for row in [*misfits(scenario, plan), *own]:
        if row.fatal:
            raise BadInput(row.what, where=row.where, mend=MEND)


def team_misfits(team: TeamScript, scenario: Scenario, plan: Plan, where: str = "script") -> list[Misfit]:
    """Names in a team's delays and omissions that mean nothing under this plan: a slip of the pen would go unseen."""
    steps = {row.id for row in plan.steps}
    known = TEAM_VERBS | steps | {row.act for row in plan.steps if row.act}
    known |= {f"acknowledge:{step}" for step in steps} | {f"approve:{post.id}" for post in plan.posts}
    known |= {f"answer:{demand.id}" for row in scenario.injects for demand in row.demands}
    found = list(_unknown(f"{where}.delays", team.delays, known, "动作或动词", "step or verb"))
    found += _unknown(f"{where}.skip", team.skip, known, "动作或动词", "step or verb")
    return found + list(_unknown(f"{where}.level", [team.level], {row.code for row in plan.levels}, "级别", "level"))


def _misfit_names(scenario: Scenario, plan: Plan) -> Iterator[Misfit]:
    posts = {row.id for row in plan.posts}
    steps = {row.id for row in plan.steps}
    phases = {row.phase for row in plan.steps}
    marks = {*MILESTONES, *(row.id for row in plan.milestones)}
    levels = {row.code for row in plan.levels}
    yield from _unknown("key", (scenario.key.level, *scenario.key.also), levels, "级别", "level")
    for inject in scenario.injects:
        named = [inject.to, *(row.owner for row in inject.demands)]
        yield from _unknown(f"injects.{inject.id}", named, posts, "岗位", "post")
        if inject.only_if:
            yield from _unknown(f"injects.{inject.id}.only_if", [inject.only_if.missing], marks, "里程碑", "milestone")
    for aim in scenario.objectives:
        yield from _unknown(f"objectives.{aim.id}.steps", aim.steps, steps, "规定动作", "step")
        yield from _unknown(f"objectives.{aim.id}.phases", aim.phases, phases, "阶段", "phase")
    yield from _unknown("earliest", scenario.earliest, steps, "规定动作", "step")
    yield from team_misfits(scenario.script, scenario, plan)
    for row in scenario.expectations:
        yield from _unknown(f"expectations.{row.id}", [row.of, row.milestone], marks, "里程碑", "milestone")


def _unknown(where: str, names: Iterable[str], known: Collection[str], zh: str, en: str) -> Iterator[Misfit]:
    for name in names:
        if name and name not in known:
            yield Misfit(where, Words(f"预案里没有{zh}“{name}”", f"the plan has no {en} “{name}”"))


def _bad(where: str, zh: str, en: str) -> BadInput:
    return BadInput(Words(zh, en), where=f"scenario.yaml {where}")


def _faults(scenario: Scenario) -> Iterator[BadInput]:
    if scenario.starts_at.tzinfo is None:
        yield _bad(
            "starts_at", "要带时区，如 2025-07-12T19:40:00+08:00", "needs a zone, as in 2025-07-12T19:40:00+08:00"
        )
    if not NAME.fullmatch(scenario.id):
        yield _bad("id", "编号只能用字母、数字、_ 和 -", "an id has letters, digits, _ and - only")
    if not 0 < scenario.ends_after <= MOST_MINUTES:
        yield _bad("ends_after", "应在 1 分钟到 60 天之间", "must lie between a minute and 60 days")
    yield from _doubled(scenario)
    yield from _sizes(scenario)
    yield from _inject_faults(scenario)
    yield from _expectation_faults(scenario)


def _doubled(scenario: Scenario) -> Iterator[BadInput]:
    groups = {
        "injects": [row.id for row in scenario.injects],
        "posts": [post.id for row in scenario.injects for post in row.posts],
        "facts": [fact.id for row in scenario.injects for fact in row.facts],
        "demands": [demand.id for row in scenario.injects for demand in row.demands],
        "objectives": [row.id for row in scenario.objectives],
        "expectations": [row.id for row in scenario.expectations],
    }
    for where, ids in groups.items():
        for name, times in Counter(ids).items():
            if times > 1:
                yield _bad(where, f"编号“{name}”用了 {times} 次", f"the id “{name}” is used {times} times")


def _sizes(scenario: Scenario) -> Iterator[BadInput]:
    posts = sum(1 + max(0, post.copies) for row in scenario.injects for post in row.posts)
    if not scenario.injects or len(scenario.injects) > MOST_INJECTS:
        yield _bad("injects", f"应有 1 到 {MOST_INJECTS} 条", f"a scenario has 1 to {MOST_INJECTS} injects")
    if posts > MOST_POSTS:
        yield _bad("injects", f"帖文至多 {MOST_POSTS} 条", f"at most {MOST_POSTS} posts")


def _inject_faults(scenario: Scenario) -> Iterator[BadInput]:
    for row in scenario.injects:
        where = f"injects.{row.id}"
        if row.id == "usual":
            yield _bad(where, "编号 usual 留给平日的话题", "the id `usual` is kept for the talk of other days")
        if not 0 <= row.at <= scenario.ends_after:
            yield _bad(where, "at 应从 0 到 ends_after", "`at` runs from 0 to ends_after")
        if row.channel == "posts" and not row.posts:
            yield _bad(where, "公众帖文的注入没有帖文", "an inject of posts has no posts")
        if row.channel != "posts" and (row.posts or not row.to):
            yield _bad(where, "要写明给哪个岗位 (to)，且不带帖文", "it needs the post it goes to, and no posts")
        if any(min(post.at, post.copies, post.spread) < 0 for post in row.posts):
            yield _bad(where, "帖文的时间和份数不能为负", "times and copies of posts cannot be negative")


def _expectation_faults(scenario: Scenario) -> Iterator[BadInput]:
    injects = {"", *(row.id for row in scenario.injects)}
    aims = {"", *(row.id for row in scenario.objectives)}
    for row in scenario.expectations:
        where = f"expectations.{row.id}"
        if bool(row.inject) == bool(row.of):
            yield _bad(where, "起点写 inject 或 of 之一", "name one start: inject or of")
        if bool(row.verb) == bool(row.milestone):
            yield _bad(where, "要求写 verb 或 milestone 之一", "name one thing awaited: verb or milestone")
        if row.inject not in injects or row.objective not in aims:
            yield _bad(where, "注入或目标不存在", "no such inject or objective")
        if not 0 < row.within <= MOST_MINUTES:
            yield _bad(where, "时限应是正数", "the limit must be positive")


def _fill(value: Any, variables: object) -> Any:
    """Put the variables into every text; an unknown one is named."""
    known = {str(key): str(text) for key, text in variables.items()} if isinstance(variables, dict) else {}

    def put(text: str) -> str:
        for name in SLOT.findall(text):
            if name not in known:
                raise _bad("variables", f"没有定义变量“{name}”", f"the variable “{name}” is not defined")
        return SLOT.sub(lambda found: known[found[1]], text)

    def walk(part: Any) -> Any:
        if isinstance(part, str):
            return put(part)
        if isinstance(part, list):
            return [walk(row) for row in part]
        if isinstance(part, dict):
            return {key: row if key == "variables" else walk(row) for key, row in part.items()}
        return part

    return walk(value)

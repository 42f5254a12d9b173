"""结案把关 (closing guard): why an incident may not be closed yet, as coded reasons with words.

An incident closes when the matter is dealt with: tasks, demands and documents, never because posts are gone. Whoever
has the authority may override with a reason; the reasons then stand in the record beside it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from shudao.engine.plan.model import Plan, Step
from shudao.engine.respond.index import index_of
from shudao.engine.respond.state import RunState, StepRun, applies
from shudao.engine.words import Words

Code = Literal[
    "not_graded", "level_contested", "task_open", "demand_open", "statement_unsigned", "statement_unpublished", "promise_open",
    "report_unsigned", "superior_not_told", "superior_not_written", "not_settled", "urgent_unwritten",
]  # fmt: skip


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """承诺 (promise) of a published statement: when the public was told to expect the next word."""

    statement: str
    at: datetime
    kept: bool


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """案头 (desk): what lies open beside the run of the plan, typed-in tasks among it. Names are what a person recognises:
    numbers or titles; `refs` gives for a name the code by which it is found."""

    contests_open: tuple[str, ...] = ()
    tasks_open: tuple[str, ...] = ()
    demands_open: tuple[str, ...] = ()
    statements_unsigned: tuple[str, ...] = ()
    statements_unpublished: tuple[str, ...] = ()
    reports_unsigned: tuple[str, ...] = ()
    oral_unwritten: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    refs: Mapping[str, str] = {}


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """未结理由 (reason) against closing: a code, what it is about, the words for a person, and the code of what is open
    (`step:` with the step's, for a step of the plan)."""

    code: Code
    subject: str
    words: Words
    ref: str = ""


_WORDS: dict[str, tuple[str, str]] = {
    "not_graded": ("级别尚未确认", "the level has not been confirmed"),
    "level_contested": ("级别异议未答复：{}", "contest of the level not answered: {}"),
    "task_open": ("任务未完成：{}", "task not done: {}"),
    "demand_open": ("诉求未答复：{}", "demand not answered: {}"),
    "statement_unsigned": ("声明未签批：{}", "statement not signed: {}"),
    "statement_unpublished": ("已签声明未发布：{}", "signed statement not published: {}"),
    "report_unsigned": ("报告未签批：{}", "report not signed: {}"),
    "promise_open": ("承诺的下次通报未兑现：{}", "promised next update not given: {}"),
    "superior_not_told": ("未口头报告上级：{}", "superior not told: {}"),
    "superior_not_written": ("未书面报告上级：{}", "superior not told in writing: {}"),
    "not_settled": ("尚未确认平息", "not yet found settled"),
    "urgent_unwritten": ("口头办理未补认：{}", "done by telephone, not confirmed yet: {}"),
}


def why_not_close(plan: Plan, state: RunState, desk: Desk) -> tuple[Reason, ...]:
    """Every reason against closing now, in the order a person would mend them; empty when it may be closed."""
    return tuple(_reasons(plan, state, desk))


def left_open(plan: Plan, state: RunState) -> tuple[StepRun, ...]:
    """Must steps of the current level that are neither done, skipped nor cancelled, whether opened or not.

    A step behind a branch counts once it is chosen, a step with a `when` once it opened: until then nobody owes it.
    """
    ix = index_of(plan)
    return tuple(
        run
        for place, (step, run) in enumerate(zip(plan.steps, state.steps, strict=True))
        if step.must and (run.is_open or (run.status == "pending" and applies(step.levels, state.level)
                                          and not step.when and (run.chosen or not ix.gated[place])))
    )  # fmt: skip


def _reasons(plan: Plan, state: RunState, desk: Desk) -> Iterator[Reason]:
    if state.level is None or state.level_assumed:
        yield _reason("not_graded")
    yield from _lying("level_contested", desk.contests_open, desk)
    yield from _open_tasks(plan, state)
    yield from _lying("task_open", desk.tasks_open, desk)
    yield from _lying("demand_open", desk.demands_open, desk)
    yield from _lying("statement_unsigned", desk.statements_unsigned, desk)
    yield from _lying("statement_unpublished", desk.statements_unpublished, desk)
    yield from _lying("report_unsigned", desk.reports_unsigned, desk)
    yield from _lying("urgent_unwritten", desk.oral_unwritten, desk)
    yield from _lying("promise_open", tuple(row.statement for row in desk.promises if not row.kept), desk)
    yield from _superior(plan, state)
    if "settled" not in state.milestones:
        yield _reason("not_settled")


def _lying(code: Code, names: tuple[str, ...], desk: Desk) -> Iterator[Reason]:
    yield from (_reason(code, name, desk.refs.get(name, "")) for name in names)


def _open_tasks(plan: Plan, state: RunState) -> Iterator[Reason]:
    """Must steps still owed; not the closing itself, nor what can only come after it."""
    steps = {step.id: step for step in plan.steps}
    behind = _behind_closing(plan)
    for run in left_open(plan, state):
        if run.step not in behind:
            yield _reason("task_open", steps[run.step].title, f"step:{run.step}")


def _behind_closing(plan: Plan) -> frozenset[str]:
    """The steps that closing completes, and all that wait for them."""
    behind = {step.id for step in plan.steps if step.act == "close_incident"}
    grown = True
    while grown:
        more = {step.id for step in plan.steps if step.id not in behind and _waits_for(step, behind)}
        behind |= more
        grown = bool(more)
    return frozenset(behind)


def _waits_for(step: Step, behind: set[str]) -> bool:
    all_any = bool(step.after_any) and behind.issuperset(step.after_any)
    return all_any or not behind.isdisjoint(step.after)


def _superior(plan: Plan, state: RunState) -> Iterator[Reason]:
    names = {unit.id: unit.name for unit in plan.units}
    for row in plan.superiors:
        name = names.get(row.unit, row.unit)
        if row.first_oral and "superior_told" not in state.milestones:
            yield _reason("superior_not_told", name)
        if row.first_written and "superior_written" not in state.milestones:
            yield _reason("superior_not_written", name)


def _reason(code: Code, subject: str = "", ref: str = "") -> Reason:
    zh, en = _WORDS[code]
    return Reason(code=code, subject=subject, words=Words(zh.format(subject), en.format(subject)), ref=ref)

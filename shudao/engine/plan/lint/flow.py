"""PL02-PL04: steps that can never open, ends that can never come, joins that wait for ever."""

import ast
from collections.abc import Iterator
from itertools import islice, product

from shudao.engine.plan.expr import Facts, Value
from shudao.engine.plan.lint.finding import Finding, at, error, quoted
from shudao.engine.plan.lint.view import View, parsed
from shudao.engine.plan.model import Step
from shudao.engine.words import Words

MOST_STATES = 4_096
"""Combinations of facts tried for one branching step (PL04); beyond, the rest is left untried."""


def pl02_reachable(view: View) -> Iterator[Finding]:
    """Every step can open at every level it claims."""
    for step in view.plan.steps:
        shut = [level for level in view.levels if view.claims(step, level) and step.id not in view.reach(level).steps]
        if not shut:
            continue
        names = "、".join(level or "—" for level in shut)
        said = Words(f"{quoted(step)}在级别 {names} 下永远不会开始", f"{quoted(step)} can never open at level {names}")
        mend = Words("检查它等待的动作和条件", "look at what it waits for and at its condition")
        yield error("PL02", at(step, "after"), said, mend, step.clause)


def pl03_ends(view: View) -> Iterator[Finding]:
    """The end can be reached; nothing goes round without a way out."""
    ordered = set(view.in_order)
    on_cycle = [step for step in view.plan.steps if step.id not in ordered]
    if on_cycle:
        names = "、".join(quoted(step) for step in on_cycle[:5])
        said = Words(f"动作互相等待，谁也不能先开始：{names}", f"steps wait for one another: {names}")
        yield error(
            "PL03", at(on_cycle[0], "after"), said, Words("去掉一处等待", "remove one of the waits"), on_cycle[0].clause
        )
    for step in view.plan.steps:
        yield from _endless(view, step)
    yield from _no_end(view)


def _endless(view: View, step: Step) -> Iterator[Finding]:
    if step.repeat:
        until = step.repeat.until
        ends = bool(until.strip()) and any(
            view.possible(until, level, view.reach(level).steps, view.reach(level).milestones)
            for level in view.levels
            if view.claims(step, level)
        )
        if not ends:
            said = Words(f"{quoted(step)}会一直重复，没有停止条件", f"{quoted(step)} repeats without an end")
            yield error("PL03", at(step, "repeat"), said, Words("写明 until", "say until when"), step.clause)
    for branch in step.next:
        back = branch.to == step.id or branch.to in view.ancestors.get(step.id, ())
        if back and branch.if_.strip() in ("", "true", "True"):
            said = Words(
                f"{quoted(step)}总是退回“{branch.to}”，没有出口", f"{quoted(step)} always goes back to “{branch.to}”"
            )
            yield error(
                "PL03", at(step, "next"), said, Words("给退回加上条件", "give the way back a condition"), step.clause
            )


def _no_end(view: View) -> Iterator[Finding]:
    closing = view.setters("closed")
    mend = Words("加一个结束响应的动作（close_incident）", "add a step that closes (close_incident)")
    if not closing:
        said = Words("没有任何动作结束响应", "no step closes the incident")
        yield error("PL03", "steps", said, mend)
        return
    for level in view.levels:
        if "closed" not in view.reach(level).milestones:
            said = Words(f"级别 {level or '—'} 下到不了结束", f"at level {level or '—'} the end cannot be reached")
            yield error("PL03", at(closing[0], "after"), said, mend, closing[0].clause)


def pl04_joins(view: View) -> Iterator[Finding]:
    """No step waits for a branch that was not taken. Every outcome of each branching step is tried, per level."""
    told: set[str] = set()
    for level in view.levels:
        for chosen in _outcomes(view, level):
            for step, missing in _stuck(view, level, chosen):
                if step.id in told:
                    continue
                told.add(step.id)
                said = Words(
                    f"{quoted(step)}要等“{missing}”，而这条分支未必会走到，可能永远等下去",
                    f"{quoted(step)} waits for “{missing}”, a branch that need not be taken: it may wait for ever",
                )
                mend = Words("改用 after_any，或让两支汇合", "use after_any, or let the branches meet")
                yield error("PL04", at(step, "after"), said, mend, step.clause)


def _outcomes(view: View, level: str | None) -> Iterator[frozenset[str]]:
    """What branches choose, one branching step at a time: each of its outcomes, all other branches taken.

    A step that waits for a branch not taken waits so whatever the other branches do, so this misses none.
    """
    sources = [step for step in view.at_level(level) if any(branch.to in view.gated for branch in step.next)]
    everything = {branch.to for step in sources for branch in step.next}
    reach = view.reach(level)
    for source in sources:
        facts = fact_values([branch.if_ for branch in source.next])
        others = everything - {branch.to for branch in source.next}
        seen: set[frozenset[str]] = set()
        for values in islice(product(*facts.values()), MOST_STATES):
            given = dict(zip(facts, values, strict=True))
            known = Facts(values=given, level=level, rank=view.rank, done=reach.steps)
            taken = frozenset(branch.to for branch in source.next if _holds(branch.if_, known))
            if taken not in seen:
                seen.add(taken)
                yield taken | others


def _holds(text: str, known: Facts) -> bool:
    expr = parsed(text)
    return expr is not None and bool(expr.holds(known))


def _stuck(view: View, level: str | None, chosen: frozenset[str]) -> Iterator[tuple[Step, str]]:
    """Steps that would be wanted but wait for a gated step that is not chosen."""
    reach = view.reach(level)
    mine = {step.id: step for step in view.at_level(level) if step.id in reach.steps}
    shut = {name for name in mine if name in view.gated and name not in chosen}
    done: set[str] = set()
    blocked: dict[str, str] = {}
    for step_id in view.in_order:
        step = mine.get(step_id)
        if step is None or step_id in shut:
            continue
        missing = [name for name in step.after if name in shut or name in blocked]
        any_of = [name for name in step.after_any if name in mine]
        if missing:
            blocked[step_id] = missing[0]
        elif any_of and all(name in shut or name in blocked for name in any_of):
            blocked[step_id] = any_of[0]
        else:
            done.add(step_id)
    for step_id, missing_name in blocked.items():
        direct = missing_name in shut
        has_other = any(name in done or name in chosen for name in (*mine[step_id].after, *mine[step_id].after_any))
        if direct and (has_other or mine[step_id].after_any):
            yield mine[step_id], missing_name


def fact_values(texts: list[str]) -> dict[str, list[Value]]:
    """For each fact in some expressions, values on every side of what it is compared with, false and true else."""
    found: dict[str, list[Value]] = {}
    for text in texts:
        expr = parsed(text)
        if expr is None:
            continue
        for name in expr.facts:
            found.setdefault(name, [])
        for node in ast.walk(ast.parse(text.strip() or "True", mode="eval")):
            if isinstance(node, ast.Compare):
                _note_constants([node.left, *node.comparators], found)
    return {name: list(dict.fromkeys(values)) or [False, True] for name, values in found.items()}


def _note_constants(sides: list[ast.expr], found: dict[str, list[Value]]) -> None:
    names = [side.id for side in sides if isinstance(side, ast.Name) and side.id in found]
    for side in sides:
        for node in side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else [side]:
            if not isinstance(node, ast.Constant) or not isinstance(node.value, bool | int | float | str):
                continue
            near: list[Value] = [node.value]
            if isinstance(node.value, bool):
                near = [False, True]
            elif isinstance(node.value, str):
                near = [node.value, "\0other"]
            else:
                near = [node.value - 1, node.value, node.value + 1]
            for name in names:
                found[name] += near

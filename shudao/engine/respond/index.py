"""索引 (plan index): what `advance` looks up in a plan, worked out once per plan and kept.

Steps are numbers (their place in the plan). References to things the plan does not have are left out here; naming
them is lint's work, running must not fail on a draft.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise

import msgspec

from shudao.engine.plan.expr import Expr, parse_expr
from shudao.engine.plan.model import Plan, Rung, Step
from shudao.engine.respond.duty import NO_TABLE, Calendar, DutyClock, duty_clock
from shudao.engine.words import BadInput

ASSUMED_RUNG = 15
"""Minutes between rungs where a step names neither a ladder nor `ack_within` (assumed)."""

ACT_MILESTONES: Mapping[str, tuple[str, ...]] = {
    "confirm_level": ("graded",),
    "tell_superior": ("superior_told",),
    "tell_superior:written": ("superior_written",),
    "send_briefing:first": ("superior_written",),
    "hold_meeting": ("met",),
    "approve_statement": ("statement_approved",),
    "publish_statement": ("first_word", "published"),
    "publish_statement:holding": ("first_word",),
    "settle_incident": ("settled",),
    "close_incident": ("closed",),
}
"""Milestones an act reaches by itself, whatever the plan's steps set. The longest name that fits the act holds."""


class Rungs(msgspec.Struct, frozen=True):
    """A ladder made ready for one step: rungs with the owner filled in, the wait before each, and what comes last."""

    rungs: tuple[Rung, ...]
    waits: tuple[timedelta, ...]
    pause: timedelta
    cycles: int
    skip_if_empty: bool
    final: str | None


class PlanIndex(msgspec.Struct, frozen=True, kw_only=True):
    """Tables of one plan. Tuples run parallel to `plan.steps`."""

    plan: Plan
    clock: DutyClock
    at: Mapping[str, int]
    rank: Mapping[str, int]
    posts: frozenset[str]
    when: tuple[Expr | None, ...]
    branches: tuple[tuple[tuple[Expr, int], ...], ...]
    until: tuple[Expr | None, ...]
    after: tuple[tuple[int, ...], ...]
    after_any: tuple[tuple[int, ...], ...]
    follows: tuple[tuple[int, ...], ...]
    gated: tuple[bool, ...]
    ladders: tuple[Rungs, ...]
    by_act: Mapping[str, tuple[int, ...]]
    by_milestone: Mapping[str, tuple[int, ...]]
    by_fact: Mapping[str, tuple[int, ...]]
    due_of: Mapping[str, tuple[int, ...]]
    waits: Mapping[str, tuple[float, ...]]

    def for_act(self, act: str) -> tuple[int, ...]:
        """Steps that an act may complete: those that name it, or its verb without the part after the colon."""
        exact = self.by_act.get(act, ())
        verb, colon, _ = act.partition(":")
        return exact + self.by_act.get(verb, ()) if colon else exact


def act_milestones(act: str) -> tuple[str, ...]:
    """Milestones that an act reaches by itself."""
    return ACT_MILESTONES.get(act) or ACT_MILESTONES.get(act.partition(":")[0], ())


_KEPT: dict[tuple[int, int], tuple[Plan, Calendar, PlanIndex]] = {}
_KEEP = 32


def index_of(plan: Plan, calendar: Calendar = NO_TABLE) -> PlanIndex:
    """The index of a plan, kept for the last few. Raises BadInput for an expression or hours that do not parse."""
    key = (id(plan), id(calendar))
    kept = _KEPT.get(key)
    if kept is None or kept[0] is not plan or kept[1] is not calendar:
        kept = (plan, calendar, _build(plan, calendar))
        if len(_KEPT) >= _KEEP:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = kept
    return kept[2]


def _build(plan: Plan, calendar: Calendar) -> PlanIndex:
    at = {step.id: place for place, step in enumerate(plan.steps)}
    when = tuple(_parsed(step, step.when) if step.when.strip() else None for step in plan.steps)
    branches = tuple(
        tuple((_parsed(step, branch.if_), at[branch.to]) for branch in step.next if branch.to in at)
        for step in plan.steps
    )
    until = tuple(_parsed(step, step.repeat.until) if step.repeat else None for step in plan.steps)
    after = tuple(_places(at, step.after) for step in plan.steps)
    after_any = tuple(_places(at, step.after_any) for step in plan.steps)
    follows = _follows(at, when, after, after_any, branches)
    return PlanIndex(
        plan=plan, clock=duty_clock(plan.duty_hours, plan.utc_offset, calendar), at=at,
        rank={level.code: place for place, level in enumerate(plan.levels)},
        posts=frozenset(post.id for post in plan.posts), when=when, branches=branches, until=until,
        after=after, after_any=after_any, follows=follows,
        gated=_gated(after, after_any, branches, follows),
        ladders=tuple(_rungs(plan, step) for step in plan.steps),
        by_act=_grouped((step.act, place) for place, step in enumerate(plan.steps) if step.act),
        by_milestone=_grouped((name, n) for n, expr in enumerate(when) if expr for name in expr.milestones),
        by_fact=_grouped((name, n) for n, expr in enumerate(when) if expr for name in expr.facts),
        due_of=_grouped((step.due.of, place) for place, step in enumerate(plan.steps) if step.due),
        waits=_waits(when),
    )  # fmt: skip


def _parsed(step: Step, text: str) -> Expr:
    try:
        return parse_expr(text)
    except BadInput as fault:
        raise BadInput(fault.what, where=f"step {step.id}: {fault.where}", mend=fault.mend) from None


def _places(at: Mapping[str, int], names: Iterable[str]) -> tuple[int, ...]:
    return tuple(at[name] for name in names if name in at)


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for name, place in pairs:
        groups[name].append(place)
    return {name: tuple(dict.fromkeys(places)) for name, places in groups.items()}


def _follows(
    at: Mapping[str, int],
    when: tuple[Expr | None, ...],
    after: tuple[tuple[int, ...], ...],
    after_any: tuple[tuple[int, ...], ...],
    branches: tuple[tuple[tuple[Expr, int], ...], ...],
) -> tuple[tuple[int, ...], ...]:
    """For each step, the steps that may open once it ends."""
    follows: list[set[int]] = [{target for _, target in ways} for ways in branches]
    for place, (needs, any_of, expr) in enumerate(zip(after, after_any, when, strict=True)):
        asked = _places(at, expr.steps) if expr else ()
        for before in (*needs, *any_of, *asked):
            follows[before].add(place)
    return tuple(tuple(sorted(places)) for places in follows)


def _gated(
    after: tuple[tuple[int, ...], ...],
    after_any: tuple[tuple[int, ...], ...],
    branches: tuple[tuple[tuple[Expr, int], ...], ...],
    follows: tuple[tuple[int, ...], ...],
) -> tuple[bool, ...]:
    """Which steps open only when a branch chooses them.

    A branch back to a step that comes before it does not hold that step up the first time. A step with no other way
    in that is reached from elsewhere does wait for its branch.
    """
    count = len(follows)
    reach = [_reachable(follows, place) for place in range(count)]
    into: list[list[int]] = [[] for _ in range(count)]
    for source, ways in enumerate(branches):
        for _, target in ways:
            into[target].append(source)
    loose = [not after[place] and not after_any[place] for place in range(count)]
    roots = [place for place in range(count) if loose[place] and not into[place]]
    from_roots = set().union(*(reach[root] for root in roots))
    return tuple(
        any(source not in reach[place] for source in into[place])
        or (bool(into[place]) and loose[place] and place in from_roots)
        for place in range(count)
    )


def _reachable(follows: tuple[tuple[int, ...], ...], start: int) -> set[int]:
    """Steps that may come after a step, itself included."""
    seen, todo = {start}, [start]
    while todo:
        fresh = [place for place in follows[todo.pop()] if place not in seen]
        seen.update(fresh)
        todo += fresh
    return seen


def _waits(exprs: Iterable[Expr | None]) -> dict[str, tuple[float, ...]]:
    found: dict[str, set[float]] = defaultdict(set)
    for expr in exprs:
        for milestone, minutes in expr.waits if expr else ():
            if 0 < minutes <= 5_256_000:
                found[milestone].add(minutes)
    return {milestone: tuple(sorted(minutes)) for milestone, minutes in found.items()}


def _rungs(plan: Plan, step: Step) -> Rungs:
    """The step's ladder; without one, its owner and then the owner's deputies in order."""
    ladder = next((row for row in plan.ladders if row.id == step.ladder), None)
    if ladder is None or not ladder.rungs:
        return _implied(plan, step)
    rungs = sorted(ladder.rungs, key=lambda rung: rung.after_min)
    filled = tuple(
        msgspec.structs.replace(rung, posts=tuple(dict.fromkeys(_owner(step, post) for post in rung.posts)))
        for rung in rungs
    )
    minutes = [rung.after_min for rung in rungs]
    gaps = [minutes[0], *(later - early for early, later in pairwise(minutes))]
    pause = gaps[-1] if len(gaps) > 1 and gaps[-1] else step.ack_within or ASSUMED_RUNG
    return Rungs(
        rungs=filled, waits=tuple(timedelta(minutes=gap) for gap in gaps), pause=timedelta(minutes=pause),
        cycles=ladder.repeat + 1, skip_if_empty=ladder.skip_if_empty,
        final=_owner(step, ladder.final) if ladder.final else None,
    )  # fmt: skip


def _implied(plan: Plan, step: Step) -> Rungs:
    owner = next((post for post in plan.posts if post.id == step.owner), None)
    order = tuple(dict.fromkeys((step.owner, *(owner.deputies if owner else ()))))
    gap = timedelta(minutes=step.ack_within or ASSUMED_RUNG)
    return Rungs(
        rungs=tuple(Rung(after_min=0, posts=(post,)) for post in order),
        waits=(timedelta(), *(gap for _ in order[1:])), pause=gap, cycles=1, skip_if_empty=True, final=None,
    )  # fmt: skip


def _owner(step: Step, post: str) -> str:
    return step.owner if post == "owner" else post

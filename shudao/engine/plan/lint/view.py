"""视图 (view): a plan made ready to be asked: who is who, what applies at a level, what can ever open there.

What *can* open is an over-approximation: facts are unknown, people always act. So "cannot open" is certain, and that is
what the rules report.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, combinations

import msgspec

from shudao.engine.plan.expr import Expr, Facts, parse_expr
from shudao.engine.plan.model import MILESTONES, Limit, Plan, Step
from shudao.engine.respond.index import act_milestones, index_of
from shudao.engine.respond.state import applies
from shudao.engine.words import BadInput

BY_EVENTS = ("first_seen", "detected", "acknowledged")
"""Milestones that the opening of an incident sets, whatever the plan says."""

MOST_ATOMS = 8
"""Conditions in one expression whose every combination is tried; beyond, the expression is taken as possible."""

_THEN = datetime(2000, 1, 1, tzinfo=UTC)


class Reach(msgspec.Struct, frozen=True):
    """可达 (reach) at one level: the steps that can open and the milestones that can be set."""

    steps: frozenset[str]
    milestones: frozenset[str]


class View:
    """A plan with the tables that rules share; each table is worked out when first asked for."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.posts = {row.id: row for row in plan.posts}
        self.units = {row.id: row for row in plan.units}
        self.steps = {row.id: row for row in plan.steps}
        self.documents = {row.id: row for row in plan.documents}
        self.routes = {row.id: row for row in plan.routes}
        self.ladders = {row.id: row for row in plan.ladders}
        self.channels = {row.id: row for row in plan.channels}
        self.levels: tuple[str | None, ...] = tuple(row.code for row in plan.levels) or (None,)
        self.rank = {row.code: place for place, row in enumerate(plan.levels)}
        self.milestones = frozenset((*MILESTONES, *(row.id for row in plan.milestones)))
        self._reach: dict[str | None, Reach] = {}

    def at_level(self, level: str | None) -> list[Step]:
        """The steps that apply at a level, in plan order."""
        return [step for step in self.plan.steps if level is None or applies(step.levels, level)]

    def claims(self, step: Step, level: str | None) -> bool:
        """Whether a step applies at a level."""
        return level is None or applies(step.levels, level)

    @cached_property
    def ancestors(self) -> dict[str, frozenset[str]]:
        """Step -> every step it waits for, directly or not."""
        before: dict[str, frozenset[str]] = {}
        for step_id in self.in_order:
            step = self.steps[step_id]
            needs = [name for name in (*step.after, *step.after_any) if name in before]
            before[step_id] = frozenset(chain(needs, *(before[name] for name in needs)))
        return before

    @cached_property
    def in_order(self) -> list[str]:
        """Step ids so that what a step waits for comes first; steps on a cycle are left out."""
        waits = {step.id: self.needs(step) for step in self.plan.steps}
        behind: dict[str, list[str]] = defaultdict(list)
        for step_id, needs in waits.items():
            for name in needs:
                behind[name].append(step_id)
        left = {step_id: len(needs) for step_id, needs in waits.items()}
        ready = [step.id for step in self.plan.steps if not left[step.id]]
        for step_id in ready:
            for name in behind[step_id]:
                left[name] -= 1
                if not left[name]:
                    ready.append(name)
        return ready

    def needs(self, step: Step) -> frozenset[str]:
        """The defined steps that a step names in after and after_any."""
        return frozenset(name for name in (*step.after, *step.after_any) if name in self.steps)

    @cached_property
    def gated(self) -> frozenset[str]:
        """Steps that open only when a branch chooses them, as the engine sees it."""
        try:
            index = index_of(self.plan)
        except BadInput:
            return frozenset()
        return frozenset(step.id for step, shut in zip(self.plan.steps, index.gated, strict=True) if shut)

    def sets(self, step: Step) -> frozenset[str]:
        """The milestones that a step's completion reaches."""
        own = (step.sets,) if step.sets else ()
        return frozenset((*own, *(act_milestones(step.act) if step.act else ())))

    def setters(self, milestone: str) -> list[Step]:
        """The steps that set a milestone."""
        return [step for step in self.plan.steps if milestone in self.sets(step)]

    def limits(self) -> Iterator[tuple[str, str, Limit]]:
        """Every limit of the plan: (where, clause, limit)."""
        for step in self.plan.steps:
            if step.due:
                yield f"step {step.id}: due", step.clause, step.due
        for row in self.plan.superiors:
            if row.first_oral:
                yield f"superior {row.unit}: first_oral", "", row.first_oral
            if row.first_written:
                yield f"superior {row.unit}: first_written", "", row.first_written
        if self.plan.demands:
            yield "demands: answer_due", "", self.plan.demands.answer_due

    def reach(self, level: str | None) -> Reach:
        """What can open at a level when everybody acts and facts fall as they may."""
        if level not in self._reach:
            self._reach[level] = self._closure(level)
        return self._reach[level]

    def _closure(self, level: str | None) -> Reach:
        """Grow the set of steps that can open until nothing is added."""
        mine = {step.id: step for step in self.at_level(level)}
        opened: set[str] = set()
        milestones = set(BY_EVENTS)
        chosen: set[str] = set()
        order = [mine[name] for name in dict.fromkeys((*self.in_order, *mine)) if name in mine]
        grown = True
        rounds = 0
        while grown and rounds <= len(mine) + 1:
            grown, rounds = False, rounds + 1
            for step in order:
                if step.id not in opened and self._can_open(step, mine, opened, milestones, chosen, level):
                    opened.add(step.id)
                    milestones |= self.sets(step)
                    chosen.update(b.to for b in step.next if self.possible(b.if_, level, opened, milestones))
                    grown = True
        return Reach(frozenset(opened), frozenset(milestones))

    def _can_open(
        self, step: Step, mine: dict[str, Step], opened: set[str], milestones: set[str], chosen: set[str],
        level: str | None,
    ) -> bool:  # fmt: skip
        if step.id in self.gated and step.id not in chosen:
            return False
        if any(name in mine and name not in opened for name in step.after):
            return False
        any_of = [name for name in step.after_any if name in mine]
        if any_of and not any(name in opened for name in any_of):
            return False
        return self.possible(step.when, level, opened, milestones)

    def possible(self, text: str, level: str | None, steps: Iterable[str], milestones: Iterable[str]) -> bool:
        """Whether an expression can ever hold at a level, given what can be done and reached."""
        expr = parsed(text)
        if expr is None:
            return True
        done = [("done", name) for name in expr.steps if name in steps]
        met = [("met", name) for name in expr.milestones if name in milestones]
        atoms = done + met
        if len(atoms) > MOST_ATOMS:
            return True
        for size in range(len(atoms) + 1):
            for picked in combinations(atoms, size):
                known = Facts(
                    level=level, rank=self.rank, done=[name for kind, name in picked if kind == "done"],
                    milestones={name: _THEN for kind, name in picked if kind == "met"},
                )  # fmt: skip
                if expr.holds(known) is not False:
                    return True
        return False


def parsed(text: str) -> Expr | None:
    """The expression, None when it does not parse (PL01 names it)."""
    try:
        return parse_expr(text)
    except BadInput:
        return None

"""预案自测 (expectations): a plan's own tests, `expect/*.yaml`, asked of grading and of `advance`.

Grading cases give facts and expect a level and its clause. Calling cases give who stays silent and what is done when,
and expect who was called and what opened. The form is told in `shudao/library/README.md`.
"""

import heapq
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec

from shudao.engine.plan.expr import Value
from shudao.engine.plan.model import Plan, Step
from shudao.engine.plan.yaml_text import read_yaml
from shudao.engine.respond import events as ev
from shudao.engine.respond.advance import advance
from shudao.engine.respond.grade import propose_level
from shudao.engine.respond.orders import AnyOrder, CallPost, OpenTask, SetDeadline
from shudao.engine.respond.state import RunState, begin
from shudao.engine.words import BadInput, Words

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""Any Monday morning will do: the cases speak of minutes only."""


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what a person writes into an expectation; unknown keys are refused."""


class Given(_Row, frozen=True, kw_only=True):
    """假设 (given): `facts` for grading; for calling the level, steps done (minute), silent posts, the last minute."""

    facts: dict[str, Value] = {}
    level: str | None = None
    done: dict[str, float] = {}
    silent: tuple[str, ...] = ()
    minutes: float | None = None


class Expect(_Row, frozen=True, kw_only=True):
    """预期 (expect): `level` and `clause` for grading; for calling posts by step, steps opened, milestones reached."""

    level: str | None = None
    clause: str | None = None
    called: dict[str, tuple[str, ...]] = {}
    not_called: dict[str, tuple[str, ...]] = {}
    opened: tuple[str, ...] = ()
    not_opened: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()


class Case(_Row, frozen=True, kw_only=True):
    """用例 (case) of a plan's own tests."""

    id: str
    title: str
    given: Given
    expect: Expect


class _File(_Row, frozen=True, kw_only=True):
    cases: tuple[Case, ...]


class Miss(msgspec.Struct, frozen=True):
    """落空 (miss): an expectation that does not hold."""

    case: str
    words: Words


def load_cases(files: Mapping[str, bytes]) -> tuple[Case, ...]:
    """The cases in `expect/*.yaml` of a plan folder, in file order. Raises BadInput."""
    found: list[Case] = []
    for name in sorted(files):
        if name.startswith("expect/") and name.endswith((".yaml", ".yml")):
            try:
                found += msgspec.convert(read_yaml(files[name], name), _File).cases
            except msgspec.ValidationError as fault:
                what = Words(f"不合格式: {fault}", f"does not fit the form: {fault}")
                raise BadInput(what, where=name) from None
    return tuple(found)


def check_cases(plan: Plan, cases: tuple[Case, ...]) -> tuple[Miss, ...]:
    """Every expectation that does not hold. Raises BadInput for a case that names what the plan does not have."""
    return tuple(miss for case in cases for miss in _check(plan, case))


def _check(plan: Plan, case: Case) -> Iterator[Miss]:
    if case.given.minutes is None:
        yield from _check_grading(plan, case)
    else:
        yield from _check_calling(case, Rehearsal(plan, case.given))


def _check_grading(plan: Plan, case: Case) -> Iterator[Miss]:
    proposal = propose_level(plan, case.given.facts)
    if case.expect.level not in (None, proposal.level):
        yield _miss(case, f"级别 {case.expect.level}", f"level {case.expect.level}", proposal.level)
    if case.expect.clause is not None and case.expect.clause not in proposal.clauses:
        clauses = ", ".join(proposal.clauses)
        yield _miss(case, f"条款 {case.expect.clause}", f"clause {case.expect.clause}", clauses)


def _check_calling(case: Case, run: "Rehearsal") -> Iterator[Miss]:
    expect, run = case.expect, run.play()
    for step, posts in expect.called.items():
        if tuple(run.called.get(step, ())) != posts:
            yield _miss(case, f"{step} 呼叫 {posts}", f"{step} calls {posts}", str(run.called.get(step, ())))
    for step, posts in expect.not_called.items():
        if both := set(posts) & set(run.called.get(step, ())):
            yield _miss(case, f"{step} 不呼叫 {posts}", f"{step} does not call {posts}", str(sorted(both)))
    for step in expect.opened:
        if step not in run.opened:
            yield _miss(case, f"{step} 开启", f"{step} opens", "—")
    for step in expect.not_opened:
        if step in run.opened:
            yield _miss(case, f"{step} 不开启", f"{step} does not open", step)
    for milestone in expect.reached:
        if milestone not in run.state.milestones:
            yield _miss(case, f"达到 {milestone}", f"{milestone} is reached", "—")


def _miss(case: Case, zh: str, en: str, got: str) -> Miss:
    return Miss(case.id, Words(f"{case.title}: 预期{zh}, 实为 {got}", f"{case.title}: expected {en}, got {got}"))


class Rehearsal:
    """预演 (rehearsal): a run of the plan in which each called post that is not silent answers at once."""

    def __init__(self, plan: Plan, given: Given) -> None:
        self.plan, self.given = plan, given
        self.state: RunState = begin(plan)
        self.called: dict[str, list[str]] = {}
        self.opened: set[str] = set()
        self._order = count()
        self._queue: list[tuple[datetime, int, ev.Event]] = []

    def play(self) -> "Rehearsal":
        """Run to the last minute."""
        posts = tuple(post.id for post in self.plan.posts)
        marks = {"first_seen": START, "detected": START}
        self._put(ev.Opened(at=START, staffed=posts, milestones=marks, facts=self.given.facts))
        for event in self._deeds():
            self._put(event)
        end = START + timedelta(minutes=self.given.minutes or 0)
        while self._queue and self._queue[0][0] <= end:
            at, place, event = heapq.heappop(self._queue)
            now = self.state.now or at
            self._hear(msgspec.structs.replace(event, at=max(at, now), id=str(place)))
        return self

    def _deeds(self) -> Iterator[ev.Event]:
        graded = next((step for step in self.plan.steps if step.act == "confirm_level"), None)
        if self.given.level and (graded is None or graded.id not in self.given.done):
            yield ev.LevelConfirmed(at=START, level=self.given.level, post="")
        for step_id, minute in self.given.done.items():
            at, step = START + timedelta(minutes=minute), self._step(step_id)
            if graded is not None and step_id == graded.id and self.given.level:
                yield ev.LevelConfirmed(at=at, level=self.given.level, post=step.owner)
            else:
                yield ev.Finished(at=at, step=step_id, post=step.owner)

    def _step(self, step_id: str) -> Step:
        try:
            return self.plan.step(step_id)
        except KeyError:
            raise BadInput(Words(f"预案没有动作 {step_id!r}", f"the plan has no step {step_id!r}")) from None

    def _put(self, event: ev.Event) -> None:
        heapq.heappush(self._queue, (event.at, next(self._order), event))

    def _hear(self, event: ev.Event) -> None:
        self.state, orders = advance(self.plan, self.state, event)
        for order in orders:
            self._obey(order)

    def _obey(self, order: AnyOrder) -> None:
        now = self.state.now or START
        match order:
            case OpenTask():
                self.opened.add(order.step)
            case CallPost():
                self.called.setdefault(order.step, []).append(order.post)
                if order.post not in self.given.silent:
                    self._put(ev.Acknowledged(at=now, step=order.step, post=order.post))
            case SetDeadline():
                self._put(ev.DuePassed(at=order.at, key=order.key))
            case _:
                pass

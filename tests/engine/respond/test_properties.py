"""What holds for every plan and every course of events, however wild."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond import orders as od
from shudao.engine.respond.advance import advance
from shudao.engine.respond.closing import left_open
from shudao.engine.respond.index import index_of
from shudao.engine.respond.opening import ENDED
from shudao.engine.respond.state import OPEN, SILENT, RunState, applies, begin, state_from_json, state_to_json
from tests.engine.respond.plans import POSTS, limit, make_plan, minute, step

CODES = ("I", "II", "III")
MARKS = ("detected", "graded", "reported", "published")
ACTS = ("add_fact", "tell_superior:oral", "draft_statement", "publish_statement:holding")
CONDITIONS = ("", "", "", "harm", "not harm", "level >= 'II'", "reached('reported')", "minutes_since(detected) > 20",
              "done('s0')")  # fmt: skip
LADDERS = [
    {"id": "one", "rungs": [{"after_min": 0, "posts": ["owner"]}, {"after_min": 5, "posts": ["deputy", "leader"]}],
     "repeat": 1, "final": "signer"},
    {"id": "all", "rungs": [{"after_min": 2, "posts": ["head", "leader"], "need": "all"}], "skip_if_empty": False},
]  # fmt: skip


@st.composite
def steps(draw: st.DrawFn, number: int, count: int) -> dict[str, Any]:
    """A step that may wait for earlier ones and may branch anywhere."""
    earlier = st.lists(st.sampled_from([f"s{n}" for n in range(number)]), max_size=2, unique=True)
    more: dict[str, Any] = {"must": draw(st.booleans()), "when": draw(st.sampled_from(CONDITIONS))}
    more["kind"] = draw(st.sampled_from(["human", "human", "approve", "notify", "wait", "auto"]))
    if number and draw(st.booleans()):
        more["after"] = draw(earlier)
    if number and draw(st.booleans()):
        more["after_any"] = draw(earlier)
    if draw(st.booleans()):
        more["due"] = limit(draw(st.integers(0, 90)), draw(st.sampled_from(MARKS)),
                            clock=draw(st.sampled_from(["wall", "duty"])))  # fmt: skip
    more["levels"] = draw(st.lists(st.sampled_from(CODES), max_size=2, unique=True))
    more["act"] = draw(st.sampled_from([None, *ACTS]))
    more["sets"] = draw(st.sampled_from([None, None, "reported", "published"]))
    more["ladder"] = draw(st.sampled_from([None, "one", "all"]))
    more["ack_within"] = draw(st.sampled_from([None, 10]))
    if draw(st.integers(0, 3)) == 0:
        target = f"s{draw(st.integers(0, count - 1))}"
        more["next"] = [{"if": draw(st.sampled_from(["true", "harm"])), "to": target}]
    if draw(st.integers(0, 4)) == 0:
        more["repeat"] = {"every": 30, "until": "reached('published')"}
    return step(f"s{number}", draw(st.sampled_from(POSTS)), **more)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 6))
    severity = {"criteria": [], "confirm_by": ["head"], "default": draw(st.sampled_from(CODES))}
    return make_plan(*(draw(steps(number, count)) for number in range(count)), ladders=LADDERS, severity=severity)


Move = tuple[int, str, str, str]
MOVES = st.lists(st.tuples(
    st.integers(0, 25),
    st.sampled_from(["ack", "start", "submit", "return", "finish", "skip", "act", "level", "fact", "staff", "mark",
                     "due", "due", "due", "due"]),
    st.sampled_from([f"s{n}" for n in range(6)]), st.sampled_from(POSTS),
), max_size=25)  # fmt: skip


def to_event(plan: Plan, state: RunState, move: Move, at: datetime) -> ev.Event | None:
    """One move of a blind player as an event; None when it makes no sense for this plan."""
    wait, kind, name, post = move
    if kind == "due":
        due = min(((when, key) for key, when in state.deadlines.items()), default=None)
        return ev.DuePassed(at=max(at, due[0]), key=due[1]) if due else None
    made: dict[str, Any] = {
        "level": lambda: ev.LevelConfirmed(at=at, level=CODES[wait % 3], post=post),
        "fact": lambda: ev.FactsKnown(at=at, values={"harm": wait % 2 == 0}),
        "staff": lambda: ev.Staffed(at=at, posts={post: wait % 2 == 0}),
        "mark": lambda: ev.MilestoneReached(at=at, milestone=MARKS[wait % 4]),
        "act": lambda: ev.Acted(at=at, act=ACTS[wait % 4], post=post),
    }
    if kind in made:
        return made[kind]()
    if name not in {row.id for row in plan.steps}:
        return None
    kinds: dict[str, Any] = {"ack": ev.Acknowledged, "start": ev.Started, "submit": ev.Submitted,
                             "finish": ev.Finished}  # fmt: skip
    if kind in kinds:
        return kinds[kind](at=at, step=name, post=post)
    kind_of = ev.Returned if kind == "return" else ev.Skipped
    return kind_of(at=at, step=name, post=post, reason="x")


def play(plan: Plan, moves: list[Move]) -> list[tuple[ev.Event, RunState, tuple[od.AnyOrder, ...]]]:
    """Play the moves; every event with the state and the orders it gave."""
    state, trail, at = begin(plan), [], minute(0)
    events: list[ev.Event | None] = [ev.Opened(at=at, staffed=POSTS[:5], milestones={"detected": at})]
    state, orders = advance(plan, state, events[0])  # type: ignore[arg-type]
    trail.append((events[0], state, orders))
    for move in moves:
        assert state.now is not None
        event = to_event(plan, state, move, max(at, state.now) + timedelta(minutes=move[0]))
        if event is not None:
            state, orders = advance(plan, state, event)
            trail.append((event, state, orders))
    return trail  # type: ignore[return-value]


@given(plans(), MOVES)
@settings(max_examples=150, deadline=None)
def test_no_deadline_is_lost(plan: Plan, moves: list[Move]) -> None:
    standing: dict[str, datetime] = {}
    for event, state, orders in play(plan, moves):
        if isinstance(event, ev.DuePassed):
            standing.pop(event.key, None)
        for order in orders:
            if isinstance(order, od.SetDeadline):
                standing[order.key] = order.at
            elif isinstance(order, od.CancelDeadline):
                del standing[order.key]
        assert standing == dict(state.deadlines)
        check_watched(plan, state)


def check_watched(plan: Plan, state: RunState) -> None:
    """Every limit that has not passed and every ladder that has not ended is watched; nothing that has ended is."""
    ladders = index_of(plan).ladders
    assert state.now is not None
    for place, (row, run) in enumerate(zip(plan.steps, state.steps, strict=True)):
        keys = {key.split(":")[0] for key in state.deadlines if key.split(":")[1] == run.step}
        if run.status in OPEN and row.due and run.due_at and run.due_at > state.now:
            assert "due" in keys
        if run.status in SILENT and row.kind not in ("auto", "wait") and run.rung <= len(ladders[place].rungs):
            assert "rung" in keys
        if run.status in ENDED or run.status == "cancelled":
            assert keys <= {"repeat"}


@given(plans(), MOVES)
@settings(max_examples=80, deadline=None)
def test_the_same_events_give_the_same_state_also_through_storage(plan: Plan, moves: list[Move]) -> None:
    state = begin(plan)
    for event, after, orders in play(plan, moves):
        state, again = advance(plan, state_from_json(state_to_json(state)), event)
        assert (state, again) == (after, orders)
        assert state_to_json(state) == state_to_json(after)


@given(plans(), MOVES)
@settings(max_examples=80, deadline=None)
def test_an_event_said_again_is_harmless_at_once_and_later(plan: Plan, moves: list[Move]) -> None:
    trail = play(plan, moves)
    last = trail[-1][1]
    for event, after, _ in trail:
        assert advance(plan, after, event) == (after, ())
        assert advance(plan, last, event) == (last, ())


@given(plans(), MOVES)
@settings(max_examples=80, deadline=None)
def test_time_goes_on_and_milestones_never_move(plan: Plan, moves: list[Move]) -> None:
    before: RunState | None = None
    for _, state, _ in play(plan, moves):
        if before:
            assert before.now is not None and state.now is not None and before.now <= state.now
            assert before.milestones.items() <= state.milestones.items()
        before = state


@given(plans(), MOVES, MOVES)
@settings(max_examples=60, deadline=None)
def test_nothing_is_ordered_after_closing(plan: Plan, moves: list[Move], later: list[Move]) -> None:
    state = play(plan, moves)[-1][1]
    assert state.now is not None
    state, orders = advance(plan, state, ev.Closed(at=state.now + timedelta(minutes=1), post="head"))
    assert state.deadlines == {}
    assert not [order for order in orders if isinstance(order, od.SetDeadline | od.CallPost | od.OpenTask)]
    for move in later:
        event = to_event(plan, state, move, minute(9999))
        assert event is None or advance(plan, state, event) == (state, ())


@given(plans(), MOVES)
@settings(max_examples=80, deadline=None)
def test_every_must_step_of_the_level_is_ended_or_shown_open(plan: Plan, moves: list[Move]) -> None:
    state = play(plan, moves)[-1][1]
    shown = {run.step for run in left_open(plan, state)}
    gated = index_of(plan).gated
    for place, (row, run) in enumerate(zip(plan.steps, state.steps, strict=True)):
        owed = row.must and applies(row.levels, state.level) and not row.when and not gated[place]
        if owed and run.status not in ENDED:
            assert run.step in shown


@given(plans(), MOVES)
@settings(max_examples=80, deadline=None)
def test_only_posts_that_somebody_holds_are_called(plan: Plan, moves: list[Move]) -> None:
    for _, state, orders in play(plan, moves):
        called = [order.post for order in orders if isinstance(order, od.CallPost)]
        assert state.staffed.issuperset(called)

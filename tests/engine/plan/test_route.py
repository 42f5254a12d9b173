"""Routes: stages in order, all or any one of the posts, deputies, nobody twice, never the drafter."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.model import Plan, Post, Route, Stage, Urgent
from shudao.engine.plan.route import Hand, seats_of, signers_of, spared, waiting, why_not

PLAN = Plan(
    id="p", title="t", version="1", status="signed",
    posts=tuple(Post(id=name, name=name, unit="u", deputies=("dep",) if name == "a" else ()) for name in "abcd"),
)  # fmt: skip
ROUTE = Route(
    id="r", stages=(Stage(post="a", within=20), Stage(post="b", also=("c",), need="any"), Stage(post="d")), urgent=Urgent()
)  # fmt: skip


@dataclass
class Row:
    stage: int
    post: str
    need: str = "all"
    state: str = "waiting"
    by: str = ""
    signer: str = ""


def rows_of(route):
    return [Row(seat.stage, seat.post, seat.need) for seat in seats_of(route)]


def sign(rows, post, person=""):
    """The first waiting row of that post says yes, the rest of an "any one" stage is spared."""
    row = next(row for row in waiting(rows) if row.post == post)
    row.state, row.by, row.signer = "approved", post, person
    for other in spared(rows, row):
        other.state = "spared"


def refusal(rows, post, *, actor="", person="", route=ROUTE, signers=None, drafters=()):
    hand = Hand(post=post, actor=actor or post, person=person)
    return why_not(PLAN, route, rows, hand, signers=signers or {post}, drafters=drafters)


def test_stages_come_one_after_the_other_and_any_one_spares_the_rest():
    rows = rows_of(ROUTE)
    assert [row.post for row in waiting(rows)] == ["a"]
    sign(rows, "a")
    assert [row.post for row in waiting(rows)] == ["b", "c"]
    sign(rows, "c")
    assert [(row.post, row.state) for row in rows[1:3]] == [("b", "spared"), ("c", "approved")]
    assert [row.post for row in waiting(rows)] == ["d"]
    sign(rows, "d")
    assert waiting(rows) == []


def test_a_joint_stage_waits_for_every_post():
    rows = rows_of(Route(id="r", stages=(Stage(post="a", also=("b", "a")), Stage(post="c"))))
    assert [row.post for row in rows] == ["a", "b", "c"]
    sign(rows, "a")
    assert [row.post for row in waiting(rows)] == ["b"]


def test_deputies_sign_where_the_stage_lets_them():
    assert signers_of(PLAN, "a", deputies_ok=True) == ("a", "dep")
    assert signers_of(PLAN, "a", deputies_ok=False) == ("a",)
    assert signers_of(PLAN, "nobody", deputies_ok=True) == ("nobody",)


def test_who_may_not_sign():
    rows = rows_of(ROUTE)
    assert refusal(rows, "b", signers={"a"}) == "not_yours"
    assert refusal(rows, "a", drafters={"a"}) == "separation"
    assert refusal(rows, "a", person="吴桐", drafters={"x", "name:吴桐"}) == "separation"
    assert refusal(rows, "a", actor="x", drafters={"x"}) == "separation"
    assert refusal(rows, "a", actor="b") == ""
    assert refusal(rows, "a", actor="b", route=Route(id="r", stages=ROUTE.stages)) == "oral"


@pytest.mark.parametrize(("post", "person", "code"), [("a", "", "twice"), ("b", "周远", "twice"), ("b", "孙可", "")])
def test_nobody_signs_two_stages(post, person, code):
    rows = rows_of(ROUTE)
    sign(rows, "a", "周远")
    assert refusal(rows, post, person=person) == code
    lax = Route(id="r", stages=ROUTE.stages, same_person_ok=True)
    assert refusal(rows, post, person=person, route=lax) == ""


STAGES = st.lists(
    st.builds(
        Stage, post=st.sampled_from("abcd"), also=st.lists(st.sampled_from("abcd"), max_size=3).map(tuple),
        need=st.sampled_from(["all", "any"]),
    ),
    min_size=1, max_size=5,
).map(tuple)  # fmt: skip


@given(STAGES, st.data())
def test_every_route_ends_and_no_stage_is_left_out(stages, data):
    """Whoever of the waiting posts signs first, each stage gets what it needs, in order."""
    rows = rows_of(Route(id="r", stages=stages))
    order = []
    while now := waiting(rows):
        chosen = data.draw(st.sampled_from(now))
        order.append(chosen.stage)
        sign(rows, chosen.post)
    assert order == sorted(order) and set(order) == set(range(1, len(stages) + 1))
    for number, stage in enumerate(stages, 1):
        yes = [row.post for row in rows if row.stage == number and row.state == "approved"]
        assert len(yes) == (len(stage.posts) if stage.need == "all" else 1)

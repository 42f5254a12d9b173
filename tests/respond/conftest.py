"""A small invented plan with everything a response needs, an office whose every post somebody holds, and a hand."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.contrib.auth import get_user_model

from shudao.base.scene import LIVE
from shudao.engine.plan.model import Plan
from shudao.ledger.verbs import Actor
from shudao.org.models import Holding, Post, Staff, Unit
from tests.conftest import START

PEOPLE = {
    "duty": "陈立", "head": "赵敏之", "deputy": "孙可", "leader": "周远", "drafter": "吴桐", "legal": "郑直",
    "speaker": "冯言", "service": "何问",
}  # fmt: skip

LADDER = {"id": "main", "rungs": [{"after_min": 0, "posts": ["owner"], "channels": ["inbox"]},
                                  {"after_min": 5, "posts": ["deputy"]}], "final": "leader"}  # fmt: skip


def limit(within: int, of: str = "detected") -> dict[str, Any]:
    return {"within": within, "of": of, "source": "示例办法第三条"}


def step(name: str, owner: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": f"动作{name}", "phase": "处置", "owner": owner, "clause": "4.1", **more}


STEPS = [
    step("report", "duty", sets="reported", due=limit(15), ladder="main", ack_within=10),
    step("tell", "head", act="tell_superior", sets="superior_told", due=limit(30), after=["report"], ladder="main"),
    step("verify", "service", act="add_fact", due=limit(45)),
    step("grade", "head", act="confirm_level", sets="graded", after=["report"], due=limit(60)),
    step("meet", "head", kind="meeting", act="hold_meeting", sets="met", levels=["I"], after=["grade"]),
    step("draft", "drafter", act="draft_statement", after=["grade"], outputs=["holding_statement"]),
    step("approve", "leader", kind="approve", act="approve_statement", after=["draft"], sets="statement_approved"),
    step("publish", "speaker", act="publish_statement", after=["approve"], sets="published", due=limit(240)),
    step("written", "head", act="send_briefing:first", after=["tell"], sets="superior_written"),
    step("answer", "service", act="answer_demand", after=["report"], sets="demands_answered"),
    step("note", "duty", must=False),
    step("settle", "head", act="settle_incident", after=["publish", "answer"], sets="settled"),
    step("close", "leader", act="close_incident", after=["settle"], sets="closed"),
]

POSTS = [
    {"id": "duty", "name": "值班员", "unit": "office", "deputies": ["deputy"]},
    {"id": "head", "name": "主任", "unit": "office", "deputies": ["deputy"], "authority": {"grade_max": "II"}},
    {"id": "deputy", "name": "副主任", "unit": "office"},
    {"id": "leader", "name": "组长", "unit": "office", "authority": {"grade_max": "I", "close": True}},
    {"id": "drafter", "name": "宣传专责", "unit": "office"},
    {"id": "legal", "name": "法务", "unit": "office", "deputies": ["deputy"]},
    {"id": "speaker", "name": "发言人", "unit": "office", "authority": {"publish": True}},
    {"id": "service", "name": "客服主任", "unit": "office"},
]

WHOLE: dict[str, Any] = {
    "id": "demo", "title": "示例舆情应急预案", "version": "1", "status": "signed", "organisation": "清江县示例公司",
    "levels": [{"code": "I", "name": "一级", "colour": "red"}, {"code": "II", "name": "二级", "colour": "orange"},
               {"code": "III", "name": "三级", "colour": "yellow"}],
    "units": [{"id": "office", "name": "办公室", "kind": "office"},
              {"id": "parent", "name": "青岚市示例公司", "kind": "superior"}],
    "posts": POSTS, "steps": STEPS, "ladders": [LADDER],
    "severity": {"confirm_by": ["head", "leader"], "default": "III", "criteria": [
        {"id": "I-a", "level": "I", "axis": "harm", "expr": "harm", "text": "有人受伤", "clause": "3.1"},
        {"id": "II-a", "level": "II", "axis": "spread", "expr": "posts_1h >= 20", "text": "传播快", "clause": "3.2"}]},
    "documents": [{"id": "holding_statement", "kind": "holding", "title": "说明", "route": "short"},
                  {"id": "full_statement", "kind": "full", "title": "通报", "route": "strict"}],
    "routes": [{"id": "short", "stages": [{"post": "legal", "within": 30}, {"post": "leader"}],
                "urgent": {"written_within": 60}},
               {"id": "strict", "stages": [{"post": "leader", "deputies_ok": False, "may_return": False}]}],
    "channels": [{"id": "account", "name": "公众号", "kind": "account", "public": True},
                 {"id": "im", "name": "工作群", "kind": "im"}],
    "superiors": [{"unit": "parent", "first_oral": limit(30), "first_written": limit(120)}],
    "demands": {"owner": "service", "answer_due": limit(120)},
    "ending": {"criteria": ["诉求已答复"], "by": ["leader"], "watch_days": 14},
}  # fmt: skip


@pytest.fixture
def plan() -> Plan:
    """The signed plan of a small office."""
    return msgspec.convert(WHOLE, Plan)


@pytest.fixture
def office(db, standing):
    """Every post of the plan, each held by one person."""
    unit = Unit.objects.create(code="office", name="办公室")
    for code, name in PEOPLE.items():
        post = Post.objects.create(code=code, name=code, unit=unit)
        staff = Staff.objects.create(user=get_user_model().objects.create_user(username=code), name=name)
        Holding.objects.create(post=post, staff=staff, from_at=START - timedelta(days=30))
    return unit


@pytest.fixture
def as_post():
    """The person who holds a post, acting in the real world: `as_post("head")`."""
    return lambda code: Actor(LIVE, code, PEOPLE[code])


@pytest.fixture
def incident(office, plan, as_post):
    """An incident opened by hand after a call to the hotline."""
    from shudao.respond.actions import open_incident

    return open_incident(as_post("duty"), plan, title="城北多处停水", origin="hotline")


@pytest.fixture
def task(incident):
    """The task of a step in its last round: `task("report")`."""
    return lambda name: incident.task_set.filter(step=name).latest("round")


@pytest.fixture
def said(incident):
    """Data of the entries of one verb in the incident's stream, in order."""
    from shudao.ledger.queries import entries_of

    return lambda verb: [row["data"] for row in entries_of(incident.stream) if row["verb"] == verb]


@pytest.fixture
def tick(standing):
    """Move the clock on, a minute at a time, and let deadlines come as the worker does."""
    from shudao.respond.actions import fire_due

    def go(minutes: int) -> int:
        return sum(fire_due(LIVE, standing.advance(minutes=1), holder="test") for _ in range(minutes))

    return go


@pytest.fixture
def refused():
    """A call that must be refused; gives the code: `refused(verb, actor, …)`."""
    from shudao.base.refusal import Refused

    def ask(call, *args, **kwargs) -> str:
        with pytest.raises(Refused) as caught:
            call(*args, **kwargs)
        assert caught.value.why.zh and caught.value.why.en
        return caught.value.code

    return ask

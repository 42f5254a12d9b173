"""A small plan without a fault, to be spoilt one field at a time."""

import msgspec

from shudao.engine.plan.lint.roster import Roster, load_roster
from shudao.engine.plan.model import (
    Authority,
    Basis,
    Branch,
    Channel,
    Criterion,
    Demands,
    Document,
    Drills,
    Effort,
    Ending,
    Field,
    Ladder,
    Level,
    Limit,
    Plan,
    Post,
    Route,
    Rung,
    Section,
    Severity,
    Stage,
    Step,
    Superior,
    Unit,
    Urgent,
)  # fmt: skip


def due(within: int, of: str = "detected") -> Limit:
    return Limit(within=within, of=of, source="本预案")


def step(name: str, **fields) -> Step:
    given = {"title": name, "phase": "处置", "owner": "officer", "clause": "4", "ladder": "duty", "ack_within": 15}
    return Step(id=name, **{**given, **fields})


STEPS = (
    step("tell", act="tell_superior", due=due(30), effort=Effort(median=3, p90=6)),
    step("grade", owner="head", act="confirm_level", sets="graded", due=due(60), effort=Effort(median=4, p90=10)),
    step("write", act="send_briefing:first", after=("tell",), due=due(120), outputs=("report",)),
    step("meet", owner="head", act="hold_meeting", levels=("I",), after=("grade",), due=due(90)),
    step("draft", owner="writer", act="draft_statement", after=("grade",), due=due(150), outputs=("holding",)),
    step("approve", owner="head", act="approve_statement", after=("draft",), due=due(200)),
    step("publish", owner="speaker", act="publish_statement", after=("approve",), due=due(240)),
    step("settle", owner="head", act="settle_incident", after=("publish",), due=due(1440)),
    step("close", owner="head", act="close_incident", after=("settle",), due=Limit(within=600, of="settled")),
)

PLAN = Plan(
    id="p", title="样例", version="1", status="signed", approved_by="head", effective_from="2026-01-01", review_months=24,
    basis=(Basis(name="某办法", date="2024-01-01", status="现行"),),
    sections=(Section(key="s1", number="1", title="总则", text="坚持疏导，切忌以删帖为目的。"),),
    levels=(Level(code="I", name="一级", colour="red"), Level(code="II", name="二级", colour="yellow")),
    units=(Unit(id="office", name="办公室", kind="office"), Unit(id="city", name="市局", kind="superior")),
    posts=(
        Post(id="officer", name="值班员", unit="office", deputies=("deputy",), all_hours=True),
        Post(id="deputy", name="备班员", unit="office"),
        Post(id="head", name="主任", unit="office", deputies=("deputy",), authority=Authority(grade_max="I")),
        Post(id="writer", name="起草人", unit="office", deputies=("deputy",)),
        Post(id="speaker", name="发言人", unit="office", deputies=("deputy",)),
    ),
    severity=Severity(
        criteria=(
            Criterion(id="a", level="I", axis="media", expr="media_tier >= 2", text="省级以上媒体报道2次", clause="3"),
            Criterion(id="b", level="II", axis="media", expr="media_tier >= 1", text="本地媒体报道1次", clause="3"),
        ),
        confirm_by=("head",), default="II", measures=("media_tier",), downgrade="连续六小时平稳",
    ),
    steps=STEPS,
    ladders=(
        Ladder(id="duty", rungs=(
            Rung(after_min=0, posts=("owner",), channels=("phone",)), Rung(after_min=5, posts=("deputy",), channels=("im",)),
        ), final="head"),
    ),
    documents=(
        Document(id="report", kind="first", title="首报", fields=(Field(key="facts", source="facts"),), to=("city",)),
        Document(id="holding", kind="holding", title="口径", fields=(Field(key="known", source="facts"),), to=("city",),
                 route="route"),
    ),
    routes=(Route(id="route", stages=(Stage(post="head", within=30),), urgent=Urgent()),),
    channels=(
        Channel(id="phone", name="电话", kind="phone", out_of_band=True), Channel(id="im", name="群", kind="im", test_days=30),
        Channel(id="web", name="网站", kind="web", public=True), Channel(id="account", name="公众号", kind="account", public=True),
    ),
    superiors=(Superior(unit="city", first_oral=due(30), first_written=due(120)),),
    demands=Demands(owner="head", answer_due=due(1440), channels=("web",)),
    ending=Ending(criteria=("诉求已答复",), by=("head",), watch_days=14, archive=("report",)),
    drills=Drills(every_months=6),
)  # fmt: skip


def spoilt(**fields) -> Plan:
    """The plan with other values of some fields."""
    return msgspec.structs.replace(PLAN, **fields)


def with_step(name: str, **fields) -> Plan:
    """The plan with one step changed, or added when there is none of that name."""
    if any(row.id == name for row in STEPS):
        return spoilt(steps=tuple(msgspec.structs.replace(r, **fields) if r.id == name else r for r in STEPS))
    return spoilt(steps=(*STEPS, step(name, **fields)))


def with_post(name: str, **fields) -> Plan:
    return spoilt(posts=tuple(msgspec.structs.replace(r, **fields) if r.id == name else r for r in PLAN.posts))


def with_severity(**fields) -> Plan:
    return spoilt(severity=msgspec.structs.replace(PLAN.severity, **fields))


def criterion(level: str, expr: str, text: str = "3次") -> Criterion:
    return Criterion(id=f"{level}-{expr}"[:30], level=level, axis="x", expr=expr, text=text, clause="3")


EXCLUSIVE = (
    *STEPS,
    step("ask", due=due(100), next=(Branch(if_="harm", to="hurt"), Branch(if_="not harm", to="calm"))),
    step("hurt", due=due(110)),
    step("calm", due=due(110)),
)
"""A question with two exclusive answers."""

ROSTER = """
holders:
  - {post: officer, staff: a}
  - {post: officer, staff: b}
  - {post: deputy, staff: c}
  - {post: head, staff: d}
  - {post: writer, staff: e}
  - {post: speaker, staff: f}
shifts:
  - {post: officer, staff: a, weekdays: [1, 2, 3, 4, 5, 6, 7], from: "08:00", to: "20:00"}
  - {post: officer, staff: b, weekdays: [1, 2, 3, 4, 5, 6, 7], from: "20:00", to: "08:00"}
  - {post: deputy, staff: c, weekdays: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00"}
contacts:
  - {staff: a, channels: [phone, sms], tested_on: 2026-05-20}
  - {staff: b, channels: [phone, sms], tested_on: 2026-05-20}
  - {staff: c, channels: [phone, sms], tested_on: 2026-05-20}
  - {staff: d, channels: [phone, sms], tested_on: 2026-05-20}
  - {staff: e, channels: [phone, sms], tested_on: 2026-05-20}
  - {staff: f, channels: [phone, sms], tested_on: 2026-05-20}
"""


def roster(text: str = ROSTER) -> Roster:
    return load_roster(text.encode(), "roster.yaml")

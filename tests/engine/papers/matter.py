"""One invented matter for the tests of papers: a power cut, its plan, its ledger stream and the texts beside it."""

from datetime import UTC, datetime, timedelta

from shudao.engine.ledger import ROOT, link
from shudao.engine.papers.model import SourceItem, Stamp
from shudao.engine.plan.model import Level, Limit, Plan, Post, Step, Unit

T0 = datetime(2026, 3, 7, 23, 10, tzinfo=UTC)  # 8 March 07:10 in China
HIDDEN = {"commitment": "0" * 64}
ITEM = SourceItem(id="p-0017", text="我们小区停了三天没人管，打电话一直占线", source="青岚论坛", kind="social", at=T0)

TEXTS = {
    (9, "decision"): "由现场负责人核清停电范围",
    (10, "text"): "停电范围为城东三个小区",
    (11, "text"): "电缆受损的原因",
    (12, "text"): "“停电三天”的说法与调度记录不符",
    (13, "text"): "什么时候恢复供电",
    (14, "text"): "冰箱里的食物损失怎么办",
    (15, "text"): "预计今日13时前恢复",
}


def minute(count):
    return (T0 + timedelta(minutes=count)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


ROWS = (
    (0, "open_incident", "duty_officer", {"incident": "2026-001", "origin": "alert", "title": HIDDEN}),
    (0, "reach_milestone", "duty_officer", {"milestone": "first_seen"}),
    (2, "reach_milestone", "duty_officer", {"milestone": "detected"}),
    (3, "attach_items", "duty_officer", {"incident": "2026-001", "items": ["p1"], "count": 41}),
    (8, "confirm_level", "office_head", {"level": "III", "clause": "3.2", "reason": HIDDEN}),
    (
        9,
        "start_task",
        "",
        {"task": "t1", "step": "written", "post": "office_head", "due_at": minute(122), "must": True},
    ),
    (24, "tell_superior", "office_head", {"unit": "city", "manner": "oral"}),
    (24, "reach_milestone", "office_head", {"milestone": "superior_told"}),
    (30, "hold_meeting", "leader", {"decision": HIDDEN, "present": ["leader"]}),
    (40, "add_fact", "field_lead", {"fact": "f1", "status": "known", "figures": {"households": 1260}, "text": HIDDEN}),
    (41, "add_fact", "field_lead", {"fact": "f2", "status": "not_known", "figures": {}, "text": HIDDEN}),
    (42, "add_fact", "field_lead", {"fact": "f3", "status": "false", "figures": {}, "text": HIDDEN}),
    (45, "add_demand", "office_head", {"demand": "d1", "owner": "field_lead", "due_at": minute(165), "text": HIDDEN}),
    (46, "add_demand", "office_head", {"demand": "d2", "owner": "field_lead", "due_at": minute(225), "text": HIDDEN}),
    (90, "answer_demand", "field_lead", {"demand": "d1", "post": "field_lead", "text": HIDDEN}),
)

PLAN = Plan(
    id="power_county",
    title="清江县供电公司舆情应急预案",
    version="2026-1",
    status="signed",
    organisation="清江县供电公司",
    levels=(Level(code="II", name="重大", colour="orange"), Level(code="III", name="较大", colour="yellow")),
    units=(Unit(id="city", name="青岚市供电公司新闻中心", kind="superior"), Unit(id="office", name="办公室")),
    posts=(
        Post(id="duty_officer", name="值班员", unit="office"),
        Post(id="office_head", name="办公室主任", unit="office"),
        Post(id="field_lead", name="现场负责人", unit="office"),
        Post(id="leader", name="分管领导", unit="office"),
    ),
    steps=(
        Step(
            id="tell_parent", title="口头报告上级", phase="报告", owner="office_head", clause="4.1", act="tell_superior",
            sets="superior_told", due=Limit(within=30, of="detected", source="预案4.1"),
        ),
        Step(
            id="written", title="书面报告上级", phase="报告", owner="office_head", clause="4.2", act="send_briefing:first",
            sets="superior_written", due=Limit(within=120, of="detected", source="预案4.2"),
        ),
        Step(
            id="publish", title="发布声明", phase="发布", owner="office_head", clause="5.2", levels=("II",),
            sets="published", due=Limit(within=240, of="detected", source="预案5.2"),
        ),
    ),
)  # fmt: skip


def stream(*more, name="incident/2026-001"):
    """Entries of the matter, and of further rows (minute, verb, post, data)."""
    prev, made = ROOT, []
    for seq, (at, verb, post, data) in enumerate((*ROWS, *more), 1):
        body = {"stream": name, "seq": seq, "at": minute(at), "happened_at": None, "verb": verb, "post": post}
        made.append(link({**body, "data": data, "prev": prev}))
        prev = made[-1]["hash"]
    return made


def stamp_of(entries):
    return Stamp(stream=entries[0]["stream"], length=len(entries), head=entries[-1]["hash"])


def words_of(paper):
    """Every word of a paper's blocks, in order."""
    found = []
    for block in paper.blocks:
        rows = getattr(block, "rows", ())
        found += [getattr(block, "lead", ""), getattr(block, "text", "")]
        found += [*getattr(block, "head", ()), *(cell for row in rows for cell in row)]
    return "\n".join(word for word in found if word)

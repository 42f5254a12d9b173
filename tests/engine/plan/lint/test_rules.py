"""Each rule finds its fault and is silent about the sound plan."""

from datetime import date

import msgspec
import pytest

from shudao.engine.plan.lint import MOST_STEPS, lint, sound_share
from shudao.engine.plan.lint.finding import Finding
from shudao.engine.plan.model import (
    Authority,
    Basis,
    Branch,
    Channel,
    Document,
    Effort,
    Field,
    Ladder,
    Limit,
    NotExecutable,
    Plan,
    Repeat,
    Route,
    Rung,
    Section,
    Stage,
    Superior,
    Unit,
)  # fmt: skip
from shudao.engine.words import BadInput
from tests.engine.plan.lint.plans import (
    EXCLUSIVE,
    PLAN,
    ROSTER,
    STEPS,
    criterion,
    due,
    roster,
    spoilt,
    step,
    with_post,
    with_severity,
    with_step,
)  # fmt: skip

TODAY = date(2026, 6, 1)


def found(plan: Plan, rule: str, severity: str, **more) -> list[Finding]:
    return [row for row in lint(plan, **more) if row.rule == rule and row.severity == severity]


def test_the_sound_plan_has_no_fault():
    assert lint(PLAN, roster(), today=TODAY) == []
    assert {row.severity for row in lint(PLAN, today=TODAY)} == {"not_checked"}


SPOILT = [
    ("PL01", "error", with_step("write", after=("nobody",))),
    ("PL01", "error", with_step("write", when="done(")),
    ("PL01", "error", with_post("head", deputies=("ghost",))),
    ("PL01", "error", spoilt(superiors=(Superior(unit="moon", first_oral=due(30)),))),
    ("PL01", "warning", spoilt(ladders=(*PLAN.ladders, Ladder(id="spare", rungs=(Rung(after_min=0, posts=("head",)),))))),
    ("PL02", "error", with_step("extra", after=("meet",), when="reached('never')", due=due(100))),
    ("PL02", "error", with_step("write", when="level == 'I'", levels=("II",))),
    ("PL03", "error", spoilt(steps=STEPS[:-1])),
    ("PL03", "error", with_step("tell", after=("write",))),
    ("PL03", "error", with_step("write", repeat=Repeat(every=60, until=""))),
    ("PL03", "error", with_step("publish", next=(Branch(if_="true", to="draft"),))),
    ("PL03", "error", with_step("close", levels=("I",))),
    ("PL04", "error", spoilt(steps=(*EXCLUSIVE, step("both", after=("hurt", "calm"), due=due(120))))),
    ("PL05", "error", with_step("write", owner="")),
    ("PL05", "error", with_step("write", owner="office")),
    ("PL05", "error", with_step("write", owner="有关部门")),
    ("PL06", "error", with_post("writer", deputies=())),
    ("PL07", "warning", with_post("deputy", deputies=("head",))),
    ("PL08", "error", with_step("draft", owner="head")),
    ("PL11", "error", with_step("write", due=Limit(within=30, of=""))),
    ("PL11", "error", with_step("write", due=Limit(within=30, of="moonrise"))),
    ("PL11", "error", with_step("write", due=Limit(within=30, of="demands_answered"))),
    ("PL12", "error", with_step("publish", due=due(199))),
    ("PL13", "error", with_step("write", effort=Effort(median=400, p90=420))),
    ("PL13", "warning", with_step("write", effort=Effort(median=70, p90=200))),
    ("PL14", "error", with_step("write", ack_within=5)),
    ("PL14", "error", spoilt(ladders=(Ladder(id="duty", rungs=(Rung(after_min=0, posts=()),), skip_if_empty=False),))),
    ("PL16", "error", with_step("tell", due=due(31))),
    ("PL17", "error", spoilt(severity=None)),
    ("PL17", "error", with_severity(default="IX")),
    ("PL17", "error", with_severity(default="I", criteria=(criterion("I", "growth > 3"), criterion("II", "growth > 5")))),
    ("PL17", "error", with_severity(criteria=(criterion("I", "harm"), criterion("II", "harm")))),
    ("PL18", "warning", with_severity(criteria=(*PLAN.severity.criteria, criterion("I", "anger > 3")))),
    ("PL18", "warning", with_severity(criteria=(*PLAN.severity.criteria, criterion("I", "growth > 3", "造成较大影响")))),
    ("PL19", "error", with_post("head", authority=Authority(grade_max="II"))),
    ("PL19", "error", with_severity(default="")),
    ("PL20", "warning", with_step("meet", levels=())),
    ("PL20", "warning", with_severity(downgrade="")),
    ("PL21", "error", spoilt(superiors=())),
    ("PL21", "error", spoilt(documents=(msgspec.structs.replace(PLAN.documents[0], to=()), PLAN.documents[1]))),
    ("PL21", "error", spoilt(documents=(PLAN.documents[0],))),
    ("PL21", "error", spoilt(documents=(Document(id="report", kind="first", title="报", fields=(Field(key="x"),), to=("city",)),
                                        PLAN.documents[1]))),
    ("PL22", "error", with_step("publish", after=("draft",))),
    ("PL22", "error", spoilt(routes=(Route(id="route", stages=(Stage(post="deputy"),)),))),
    ("PL22", "error", spoilt(documents=(PLAN.documents[0], msgspec.structs.replace(PLAN.documents[1], route=None)))),
    ("PL23", "warning", spoilt(channels=PLAN.channels[:3])),
    ("PL23", "warning", spoilt(channels=(*PLAN.channels[1:], Channel(id="phone", name="电话", kind="phone")))),
    ("PL24", "warning", spoilt(ending=None)),
    ("PL24", "warning", spoilt(drills=None)),
    ("PL24", "warning", spoilt(basis=(Basis(name="旧办法", status="已废止"),))),
    ("PL24", "warning", spoilt(basis=(Basis(name="新办法", date="2026-03-01"),))),
    ("PL24", "warning", spoilt(effective_from="2024-01-01")),
    ("PL25", "error", with_step("write", title="联系网站删除帖文")),
    ("PL25", "error", spoilt(units=(*PLAN.units, Unit(id="net", name="信息科", duties=("追查发帖人身份",))))),
    ("PL25", "error", spoilt(sections=(Section(key="s", title="分工", text="建立重点人员名单。"),))),
    ("PL25", "note", spoilt(sections=(Section(key="not_executable", title="旧条文", text="建立重点人员名单。"),))),
    ("PL25", "error", spoilt(not_executable=(NotExecutable(text="限制上网", why="x"),))),
    ("PL26", "error", with_step("write", due=None)),
    ("PL26", "error", spoilt(superiors=(Superior(unit="city"),))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "plan"), SPOILT, ids=[f"{row[0]}-{i}" for i, row in enumerate(SPOILT)])
def test_each_rule_finds_its_fault_and_names_place_and_remedy(rule: str, severity: str, plan: Plan):
    rows = found(plan, rule, severity, today=TODAY)
    assert rows
    for row in rows:
        assert row.where
        assert all((row.message.zh, row.message.en, row.mend.zh, row.mend.en))
        assert set(row.as_json("en")) == {"rule", "severity", "where", "clause", "message", "mend"}


SPOILT_ROSTERS = [
    ("PL06", "error", ROSTER.replace("  - {post: writer, staff: e}\n", "")),
    ("PL07", "warning", ROSTER.replace("writer, staff: e", "writer, staff: d").replace("speaker, staff: f", "speaker, staff: d")),
    ("PL07", "warning", ROSTER.replace("deputy, staff: c}", "deputy, staff: d}")),
    ("PL09", "error", ROSTER.replace('staff: b, weekdays: [1, 2, 3, 4, 5, 6, 7]', 'staff: b, weekdays: [1, 2, 3, 4, 5]')),
    ("PL10", "warning", ROSTER.replace("staff: f, channels: [phone, sms]", "staff: f, channels: [phone]")),
    ("PL10", "warning", ROSTER.replace("staff: f, channels: [phone, sms], tested_on: 2026-05-20",
                                       "staff: f, channels: [phone, sms], tested_on: 2026-01-20")),
    ("PL10", "not_checked", ROSTER.partition("contacts:")[0]),
    ("PL15", "warning", ROSTER.replace("  - {post: deputy, staff: c, weekdays: [1, 2, 3, 4, 5, 6, 7], from: \"00:00\", to: \"24:00\"}\n", "")),
    ("PL19", "error", ROSTER.replace("  - {post: head, staff: d}\n", "")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "text"), SPOILT_ROSTERS)
def test_rules_about_people(rule: str, severity: str, text: str):
    assert found(PLAN, rule, severity, roster=roster(text), today=TODAY)


def test_a_holiday_without_a_shift_is_a_gap_and_a_shift_for_holidays_fills_it():
    workdays = ROSTER.replace('to: "20:00"}', 'to: "20:00", on: workdays}').replace(
        "[1, 2, 3, 4, 5, 6, 7]", "[1, 2, 3, 4, 5, 6, 7]"
    )
    holidays = '  - {post: officer, staff: a, weekdays: [1,2,3,4,5,6,7], from: "08:00", to: "20:00", on: holidays}\n'
    assert found(PLAN, "PL09", "error", roster=roster(workdays), today=TODAY)
    filled = workdays.replace("contacts:", holidays + "contacts:") + "holidays: [2026-06-19]\n"
    assert not found(PLAN, "PL09", "error", roster=roster(filled), today=TODAY)


def test_without_a_roster_rules_about_people_say_not_checked():
    assert {row.rule for row in lint(PLAN) if row.severity == "not_checked"} == {
        "PL06",
        "PL07",
        "PL09",
        "PL10",
        "PL15",
        "PL19",
    }


def test_a_join_of_branches_that_meet_is_sound():
    plan = spoilt(steps=(*EXCLUSIVE, step("both", after_any=("hurt", "calm"), due=due(120))))
    assert not found(plan, "PL04", "error")
    assert not found(plan, "PL02", "error")


def test_acknowledged_wording_is_a_note():
    section = Section(key="s", title="分工", text="值班员建立重点人员名单，做好登记。")
    taken = NotExecutable(text="值班员建立重点人员名单", why="列名", acknowledged_by="head")
    assert not found(spoilt(sections=(section,), not_executable=(taken,)), "PL25", "error")
    assert found(spoilt(sections=(section,), not_executable=(taken,)), "PL25", "note")


def test_cyclic_steps_are_a_finding_never_a_hang():
    ring = tuple(step(f"r{n}", after=(f"r{(n + 1) % 300}",), due=due(100)) for n in range(300))
    assert found(spoilt(steps=(*STEPS, *ring)), "PL03", "error")


def test_a_plan_of_ten_thousand_steps_is_refused():
    with pytest.raises(BadInput, match="too many"):
        lint(spoilt(steps=tuple(step(f"s{n}") for n in range(MOST_STEPS + 1))))


def test_an_empty_draft_is_findings_only():
    rows = lint(Plan(id="p", title="t", version="0", status="draft"))
    assert {"PL03", "PL17", "PL21"} <= {row.rule for row in rows if row.severity == "error"}


def test_the_share_of_sound_must_steps():
    plan = with_step("write", owner="")
    assert sound_share(plan, lint(plan)) == (len(STEPS) - 1, len(STEPS))


@pytest.mark.parametrize(
    "text",
    [
        "holders: 5",
        "shifts: [{post: a, staff: b}]",
        "- 1",
        'shifts: [{post: a, staff: b, weekdays: [1], from: "99:00", to: "1"}]',
    ],
)
def test_a_wrong_roster_is_refused(text: str):
    with pytest.raises(BadInput):
        roster(text)


def test_criteria_of_a_level_hidden_by_a_graver_one_are_found_even_when_many():
    graver = criterion("I", "growth > 3")
    rows = tuple(criterion("II", f"growth > {n}") for n in range(4, 9))
    plan = with_severity(default="I", criteria=(graver, *rows))
    assert found(plan, "PL17", "error")


def test_findings_are_told_once():
    rows = lint(spoilt(severity=None, steps=()))
    assert len(rows) == len(set(rows))

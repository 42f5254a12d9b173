"""Written plans of different style: who, what, by when, to whom; every text a cut; nothing outside the boundary in a duty."""

from pathlib import Path

import pytest

from shudao.engine.plan.load import load_plan
from shudao.engine.plan.read.draft import draft_folder
from shudao.engine.plan.read.reader import read_plan
from shudao.engine.plan.read.reading import Reading
from tests.engine.plan.read.word_files import utility_plan

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = ("school.txt", "hospital.md", "district.txt", "utility.docx", "company.en.txt")


def reading(name: str) -> Reading:
    data = utility_plan() if name == "utility.docx" else (FIXTURES / name).read_bytes()
    return read_plan(data, name)


def names(rows) -> set[str]:
    return {row.name for row in rows}


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_cut_from_its_paragraph(name: str):
    got = reading(name)
    text: dict[int, str] = {}
    for row in got.paragraphs:
        text[row.src] = text.get(row.src, "") + "\n" + row.text
    rows = (*got.duties, *got.steps, *got.limits, *got.vague, *got.not_executable)
    assert rows
    assert [row for row in rows if row.text not in text[row.src]] == []
    assert [row for row in (*got.units, *got.channels, *got.posts) if row.name not in text[row.src]] == []
    assert [row for row in got.sign_offs if row.what and row.what not in text[row.src]] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_lies_outside_the_boundary_is_in_no_duty_and_no_step(name: str):
    got = reading(name)
    for outside in got.not_executable:
        assert not any(outside.text in row.text for row in (*got.duties, *got.steps))


@pytest.mark.parametrize("name", NAMES)
def test_the_draft_folder_loads_and_says_no_more_than_the_text(name: str):
    got = reading(name)
    plan = load_plan(draft_folder(got, name))
    assert plan.status == "draft"
    assert {unit.name for unit in plan.units} == names(got.units)
    assert [step.title for step in plan.steps] == [step.text[:60] for step in got.steps]
    assert [(row.text, row.acknowledged_by) for row in plan.not_executable] == [
        (r.text, "") for r in got.not_executable
    ]


def test_a_schools_plan():
    got = reading("school.txt")
    assert names(got.units) == {
        "网络舆情应急领导小组", "办公室", "学校办公室", "德育处", "教务处", "总务处", "信息中心", "青岚市教育局", "各年级组",
    }  # fmt: skip
    assert {("组长", "网络舆情应急领导小组"), ("校长", None), ("办公室主任", "办公室")} <= {
        (p.name, p.unit) for p in got.posts
    }
    assert [(row.minutes, row.src) for row in got.limits] == [
        (2880, 15), (20, 19), (60, 19), (180, 19), (120, 20), (1440, 21), (300, 22), (14400, 26),
    ]  # fmt: skip
    assert ("信息中心", "做好信息安全防护") in {(row.owner, row.text) for row in got.duties}
    assert [row.text for row in got.not_executable] == [
        "组织学生干部在网上跟帖正面评论", "建立经常发帖学生名单", "对重点学生进行监控",
    ]  # fmt: skip
    assert [(row.by, row.what) for row in got.sign_offs][-1] == ("校长", "情况说明")
    assert {row.text for row in got.vague} == {"及时回应家长和学生关切", "及时提供说明材料"}


def test_the_owner_of_duties_under_a_label_is_the_group_set_up_before_it():
    duties = {row.text: row.owner for row in reading("school.txt").duties}
    assert duties["决定启动和终止本预案"] == "网络舆情应急领导小组"
    assert duties["向青岚市教育局报告有关情况"] == "办公室"


def test_a_hospitals_plan_with_a_table():
    got = reading("hospital.md")
    assert {"监测研判组", "宣传科", "医务科", "保卫科", "法务科", "静川市卫生健康委员会"} <= names(got.units)
    assert ("秩序保障组", "维护就诊秩序") in {(row.owner, row.text) for row in got.duties}
    assert [(row.minutes, row.src) for row in got.limits][:2] == [(30, 9), (240, 10)]
    assert [(level.name, level.rank) for level in got.levels] == [
        ("Ⅰ级（重大）", 1),
        ("Ⅱ级（较大）", 2),
        ("Ⅲ级（一般）", 3),
    ]
    assert {row.by for row in got.sign_offs} == {"舆情应对指挥部", "医务科", "法务科", "总指挥"}
    assert {row.text for row in got.not_executable} == {"协调网信部门删除不实帖文", "信息科负责追查发帖人IP地址"}
    assert "1小时内" not in {row.text for row in got.limits if row.src < 17}, "a threshold of a level is no limit"


def test_a_governments_rules_by_article():
    got = reading("district.txt")
    assert {("区委网信办", 40), ("区政府办公室", 300)} <= {
        (step.owner, limit.minutes) for step in got.steps for limit in got.limits if limit.text in step.text
    }
    assert ("区政府办公室", "对特别重大、重大突发事件引发的舆情") in {(row.owner, row.trigger) for row in got.steps}
    assert got.not_executable == (), "forbidding deletion is not asking for it"


def test_a_utilitys_word_file():
    got = reading("utility.docx")
    assert {("组长", "舆情应急工作组"), ("总经理", None)} <= {(row.name, row.unit) for row in got.posts}
    assert {
        ("客服中心", "汇总用户来电诉求"),
        ("管网处", "核实停水范围和原因"),
        ("舆情应急工作组", "决定启动应急响应"),
    } <= {(row.owner, row.text) for row in got.duties}
    assert [row.minutes for row in got.limits] == [30, 60, 15, 120]
    assert ("栖霞市住建局", "书面") in {(row.to, row.form) for row in got.reports}
    assert ("值班调度员", "发现舆情后") in {(row.owner, row.trigger) for row in got.steps}


def test_an_english_plan():
    got = reading("company.en.txt")
    assert [row.minutes for row in got.limits] == [30, 120, 240]
    assert "remove critical posts" in got.not_executable[0].text
    assert {row.word.lower() for row in got.vague} == {"promptly"}
    assert names(got.units) == {"Communications Office"}
    assert {"Duty officer", "Head of Communications", "Managing Director"} <= names(got.posts)
    assert ("Communications Office", "is responsible for monitoring, drafting and release") in {
        (row.owner, row.text) for row in got.duties
    }
    assert "Head of Communications" in {row.owner for row in got.steps}
    assert [(row.by, row.what) for row in got.sign_offs] == [("Managing Director", "The first statement")]


def test_json_names_what_the_interface_names():
    value = reading("school.txt").as_json("en")
    for key in ("units", "posts", "duties", "limits", "levels", "reports", "steps", "sign_offs", "channels", "vague"):
        assert all("src" in row for row in value[key])
    assert value["not_executable"][0]["why"].startswith("asks for")
    assert isinstance(value["unread"], int)
    assert "of" not in value["limits"][0]


SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"


@pytest.mark.parametrize(
    ("name", "units", "duties", "outside"), [("source_plan_college", 10, 16, 14), ("source_plan_power", 8, 6, 0)]
)
def test_the_two_plans_the_product_was_asked_for_by(name: str, units: int, duties: int, outside: int):
    path = SHARED / f"{name}.txt"
    if not path.exists():
        return
    got = read_plan(path.read_bytes(), path.name)
    assert len(got.units) >= units
    assert len(got.duties) >= duties
    assert len(got.not_executable) == outside
    assert got.limits == ()
    assert got.vague


def test_a_plan_without_headings_still_gives_duties():
    got = read_plan(
        "值班员应在30分钟内电话报告主任，并删除负面评论。\n发现舆情后，宣传科应核实情况。".encode(), "a.txt"
    )
    assert [(row.owner, row.text) for row in got.duties] == [("值班员", "应在30分钟内电话报告主任")]
    assert [(row.owner, row.trigger) for row in got.steps] == [("宣传科", "发现舆情后")]


def test_what_stands_behind_a_part_outside_the_boundary_keeps_its_owner():
    got = read_plan("宣传部负责起草通稿，组织水军跟帖，回应群众诉求。".encode(), "a.txt")
    assert [(row.owner, row.text) for row in got.duties] == [("宣传部", "负责起草通稿"), ("宣传部", "回应群众诉求")]
    assert [row.text for row in got.not_executable] == ["组织水军跟帖"]


def test_a_plan_in_traditional_characters_is_read_alike_and_cut_as_written():
    written = "宣傳部負責發布信息，刪除負面評論。\n發現輿情後，值班員應在３０分鐘內電話報告主任。"
    got = read_plan(written.encode(), "a.txt")
    assert [row.text for row in got.not_executable] == ["刪除負面評論"]
    assert [(row.owner, row.text) for row in got.duties] == [("宣傳部", "負責發布信息")]
    assert [(row.owner, row.trigger, row.text) for row in got.steps] == [
        ("值班員", "發現輿情後", "應在３０分鐘內電話報告主任")
    ]
    assert [(row.minutes, row.text) for row in got.limits] == [(30, "３０分鐘內")]
    assert [row.text for row in got.paragraphs] == written.splitlines()


def test_two_names_that_shorten_each_other_end_the_reading_as_one_unit():
    lines = ["一、机构", "工作领导小组负责统筹。", "领导小组负责决策。"]
    for order in (lines, lines[:1] + lines[:0:-1]):
        got = read_plan("\n".join(order).encode(), "a.txt")
        assert len({row.owner for row in got.duties}) == 1
        assert len(got.units) == 1

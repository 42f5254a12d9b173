"""What a sheet would change: every row is an addition, a change, an end, nothing, or a refusal with its place."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.papers.book import Column, Page, write_book
from shudao.engine.words import BadInput, Words
from shudao.org.sheet.compare import preview_of
from shudao.org.sheet.present import HoldingNow, PostNow, Present, RuleNow, StaffNow, UnitNow
from shudao.org.sheet.read import MAX_ROWS, read_draft
from shudao.org.sheet.write import write_sheet

NOW = datetime(2026, 7, 13, 2, 0, tzinfo=UTC)
BEGAN = datetime(2025, 5, 31, 16, 0, tzinfo=UTC)  # 1 June in China
STANDS = Present(
    NOW, date(2026, 7, 13),
    units={row.code: row for row in (
        UnitNow("group", "领导小组", "lead", "", False), UnitNow("office", "办公室", "office", "group", False),
        UnitNow("old", "撤销的科", "department", "", True))},
    posts={row.code: row for row in (
        PostNow("head", "主任", "office", (), False, False), PostNow("duty", "值班员", "office", ("head",), True, False))},
    staff={row.account: row for row in (
        StaffNow("chen", "陈立", "13900000000", "", True, False), StaffNow("zhang", "张伟", "", "", False, False),
        StaffNow("zhang2", "张伟", "", "", False, False))},
    holdings=(HoldingNow(1, "head", "chen", BEGAN, None), HoldingNow(2, "duty", "zhang", BEGAN, None)),
    rules=(RuleNow(7, "duty", "zhang", "weekdays", "12345", 1, time(8), time(20), date(2026, 7, 1), None),),
)  # fmt: skip
HEADS = {
    "单位": ["代码", "名称", "上级", "类别", "状态"], "岗位": ["代码", "名称", "单位", "副岗", "昼夜值守", "状态"],
    "人员": ["账号", "姓名", "电话", "邮箱", "管理员", "状态"], "任职": ["岗位", "姓名", "起", "止"],
    "班次": ["岗位", "姓名", "哪些天", "上班", "下班", "每几周", "起", "止"],
}  # fmt: skip


def book(**tables):
    """A workbook of these tables: the first row the headings, unless the usual ones are meant."""
    pages = []
    for name, rows in tables.items():
        heads, *body = rows if rows and rows[0] and isinstance(rows[0], tuple) else [tuple(HEADS[name]), *rows]
        pages.append(Page(name=name, columns=tuple(Column(head=head) for head in heads), rows=body))
    return write_book(pages, NOW)


def previewed(present=STANDS, **tables):
    options = {key: tables.pop(key) for key in ("is_whole", "administers", "claimed") if key in tables}
    return preview_of(present, read_draft(book(**tables), "表.xlsx"), **options)


def acts(preview, table=None):
    return [(row.act, row.what) for row in preview.changes if table in (None, row.table)]


def the_refusal(preview):
    rows = [row for row in preview.changes if row.act == "refused"]
    assert len(rows) == 1, rows
    return rows[0].fault


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_downloaded_changes_nothing(language):
    preview = preview_of(STANDS, read_draft(write_sheet(STANDS, language), "x.xlsx"), administers=True)
    assert preview.to_do == 0 and preview.count("refused") == 0 and len(preview.changes) == 2 + 2 + 3 + 2 + 1
    whole = preview_of(STANDS, read_draft(write_sheet(STANDS, language), "x.xlsx"), is_whole=True, administers=True)
    assert whole.to_do == 0 and whole.count("refused") == 0


def test_the_template_is_empty_and_changes_nothing():
    assert preview_of(STANDS, read_draft(write_sheet(STANDS, "zh", is_blank=True), "x.xlsx")).changes == ()


def test_a_whole_new_office_from_one_sheet():
    preview = previewed(
        Present(NOW, date(2026, 7, 13)),
        单位=[["", "宣传部", "学院", "部门", ""], ["", "学院", "", "领导小组", ""]],
        岗位=[["", "值班员", "宣传部", "部长", "是", ""], ["", "部长", "宣传部", "", "", ""]],
        人员=[["", "甲", "", "", "", ""], ["yi", "乙", "021-5555", "yi@example.cn", "", ""]],
        任职=[["值班员", "甲", "2026年7月1日", ""], ["部长", "yi", 46204, "2026.12.31"]],
        班次=[
            ["值班员", "甲", "周一至周五", "8：00", "20:00", "", "", ""],
            ["值班员", "乙", "每天", "20:00", "8:00", 2, "2026/8/1", ""],
        ],
    )
    assert {act for act, _what in acts(preview)} == {"add"} and preview.count("add") == 10
    rule = next(row for row in preview.changes if row.row == 3 and row.table == "shifts").ops[0].given
    assert (rule["weekdays"], rule["from_time"], rule["to_time"], rule["every_weeks"]) == (
        "1234567",
        time(20),
        time(8),
        2,
    )
    held = [row.ops[0].given for row in preview.changes if row.table == "holdings"]
    assert held[0]["from_at"] == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert held[1]["from_at"] == held[0]["from_at"] and held[1]["to_at"] == datetime(2026, 12, 31, 16, tzinfo=UTC)


def test_changes_say_from_and_to():
    preview = previewed(
        岗位=[["duty", "舆情值班员", "办公室", "", "是", "在用"]], 人员=[["chen", "陈立", "13911111111", "", "是", ""]]
    )
    post, person = preview.changes
    assert [(d.label.zh, d.before, d.after) for d in post.details] == [
        ("名称", "值班员", "舆情值班员"),
        ("副岗", "主任", ""),
    ]
    assert [(d.before, d.after) for d in person.details] == [("13900000000", "13911111111")]


def test_a_column_that_is_missing_leaves_what_stands():
    preview = previewed(
        人员=[("姓名", "账号"), ["陈立", "chen"]], 岗位=[("职务", "所在部门", "部门"), ["值班员", "", "办公室"]]
    )
    assert acts(preview) == [("same", "值班员"), ("same", "陈立")]


def test_title_rows_order_further_columns_and_other_headings_do_no_harm():
    rows = [
        ("清江公司人员名单",),
        ["填表人：某"],
        ["序号", "部门", "手 机 号", "名字*", "备注", "帐号"],
        [1, "办", "139", "陈 立", "x", "chen"],
    ]
    preview = previewed(Sheet1=rows)
    assert acts(preview) == [("change", "陈立")] and preview.changes[0].row == 4
    assert [d.label.zh for d in preview.changes[0].details] == ["电话"]


def test_names_that_differ_only_by_spaces_are_the_same():
    assert acts(previewed(单位=[["", "领 导　小组", "", "领导小组", ""]])) == [("same", "领导小组")]


@pytest.mark.parametrize(
    ("tables", "column", "zh"),
    [
        ({"岗位": [["", "记录员", "不存在的部", "", "", ""]]}, "C", "没有这个单位"),
        ({"岗位": [["", "记录员", "办公室", "无此岗", "", ""]]}, "D", "没有这个岗位"),
        ({"岗位": [["", "记录员", "办公室", "记录员", "", ""]]}, "D", "自己的副岗"),
        ({"单位": [["office", "办公室", "办公室", "", ""]]}, "C", "自己或自己的下级"),
        ({"人员": [["", "张伟", "", "", "", ""]]}, "B", "张伟"),
        ({"人员": [["新 账号", "某", "", "", "", ""]]}, "A", "读不懂"),
        ({"人员": [["", "某", "", "不是邮箱", "", ""]]}, "D", "读不懂"),
        ({"人员": [["zhang", "张伟", "", "", "是", ""]]}, "E", "只有管理员"),
        ({"任职": [["主任", "张伟", "", ""]]}, "B", "张伟"),
        ({"任职": [["主任", "没有此人", "", ""]]}, "B", "没有这个人员"),
        ({"任职": [["主任", "chen", "2026-13-40", ""]]}, "C", "读不懂"),
        ({"任职": [["主任", "zhang", "2026-07-01", "2026-06-01"]]}, "D", "止早于起"),
        ({"任职": [["主任", "", "", ""]]}, "B", "没有填"),
        ({"班次": [["值班员", "陈立", "周八", "8:00", "20:00", "", "", ""]]}, "C", "读不懂"),
        ({"班次": [["值班员", "陈立", "每天", "25:00", "20:00", "", "", ""]]}, "D", "读不懂"),
        ({"班次": [["值班员", "陈立", "每天", "8:00", "20:00", 99, "", ""]]}, "F", "读不懂"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_with_its_place(tables, column, zh):
    fault = the_refusal(previewed(**tables))
    assert (
        fault.sheet == next(iter(tables)) and fault.row == 2 and fault.column.startswith(column) and zh in fault.why.zh
    )
    assert not any("一" <= letter <= "鿿" for letter in fault.why.en.replace("张伟", "").split(":")[0])


def test_the_other_rows_are_taken_all_the_same():
    preview = previewed(
        人员=[["", "新人", "", "", "", ""], ["坏 号", "某", "", "", "", ""]],
        任职=[["主任", "新人", "", ""], ["主任", "某", "", ""]],
    )
    assert preview.count("add") == 2 and preview.count("refused") == 2


def test_a_refused_unit_refuses_those_that_name_it():
    preview = previewed(
        单位=[["", "甲部", "没有的", "", ""], ["", "乙科", "甲部", "", ""]], 岗位=[["", "乙长", "乙科", "", "", ""]]
    )
    assert [act for act, _ in acts(preview)] == ["refused"] * 3


def test_two_rows_of_one_thing():
    preview = previewed(
        单位=[["", "新部", "", "", ""], ["", "新 部", "", "", ""]],
        人员=[["", "新人", "", "", "", ""], ["", "新人", "", "", "", ""]],
    )
    assert sorted(act for act, _ in acts(preview)) == ["add", "add", "refused", "refused"]
    both = previewed(人员=[["a1", "新人", "", "", "", ""], ["a2", "新人", "", "", "", ""]])
    assert both.count("add") == 2


def test_ending_by_the_columns_of_the_sheet():
    preview = previewed(
        人员=[["zhang", "张伟", "", "", "", "离职"]], 岗位=[["duty", "值班员", "办公室", "主任", "是", "停用"]],
        任职=[["主任", "chen", "2025-06-01", "2026-08-31"]], 班次=[["值班员", "chen", "每天", "8:00", "20:00", "", "", ""]],
    )  # fmt: skip
    assert acts(preview, "staff") == [("end", "张伟")] and acts(preview, "posts") == [("end", "值班员")]
    assert preview.changes[[row.table for row in preview.changes].index("holdings")].ops[0].verb == "end_holding"
    assert acts(preview, "shifts") == [("refused", "值班员 chen")]


def test_a_post_that_the_plan_names_is_not_retired_by_a_sheet():
    places = [Words("预案的“首报”由它负责", "the plan's first report is its business")]
    fault = the_refusal(
        previewed(
            岗位=[["duty", "值班员", "办公室", "主任", "是", "停用"]],
            claimed=lambda code: places if code == "duty" else [],
        )
    )
    assert "首报" in fault.why.zh and fault.column.startswith("F")


def test_the_last_administrator_stays():
    fault = the_refusal(previewed(人员=[["chen", "陈立", "13900000000", "", "是", "离职"]], administers=True))
    assert "没有管理员" in fault.why.zh


def test_a_complete_list_ends_what_it_does_not_name():
    tables = {
        "人员": [["chen", "陈立", "13900000000", "", "是", ""], ["zhang", "张伟", "", "", "", ""]],
        "任职": [["主任", "陈立", "2025-06-01", ""]],
    }
    plain = previewed(**tables)
    assert plain.to_do == 0
    whole = previewed(**tables, is_whole=True)
    assert acts(whole, "staff")[-1] == ("end", "张伟") and acts(whole, "holdings")[-1] == ("end", "值班员 张伟")
    assert not acts(whole, "units") and not acts(whole, "shifts")


def test_a_complete_list_with_a_bad_row_ends_nothing_there():
    whole = previewed(人员=[["chen", "陈立", "", "坏邮箱", "是", ""]], is_whole=True)
    assert acts(whole) == [("refused", "陈立")]


def test_a_unit_with_posts_in_use_does_not_go():
    fault = the_refusal(previewed(单位=[["office", "办公室", "领导小组", "办公室", "停用"]]))
    assert "其下还有" in fault.why.zh


def test_the_digest_tells_a_changed_state():
    one = previewed(人员=[["", "新人", "", "", "", ""]])
    assert one.digest == previewed(人员=[["", "新人", "", "", "", ""]]).digest
    other = Present(NOW, STANDS.today, STANDS.units, STANDS.posts, STANDS.staff, STANDS.holdings[:1], STANDS.rules)
    assert one.digest != previewed(other, 人员=[["", "新人", "", "", "", ""]]).digest


@pytest.mark.parametrize(
    "data", [b"", b"not a sheet at all", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x"]
)
def test_what_is_no_sheet_is_refused_in_words(data):
    with pytest.raises(BadInput):
        read_draft(data, "坏.xlsx")


def test_too_many_rows_are_refused():
    with pytest.raises(BadInput) as caught:
        read_draft(book(人员=[["", f"人{n}", "", "", "", ""] for n in range(MAX_ROWS + 5)]), "大.xlsx")
    assert str(MAX_ROWS) in caught.value.line("zh")


CELL = st.one_of(
    st.text(max_size=12),
    st.integers(-10, 60_000),
    st.dates(),
    st.sampled_from(["主任", "办公室", "陈立", "张伟", "每天", "8:00", "是", "停用", "离职"]),
)


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.sampled_from(list(HEADS)), st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=6), min_size=1
    ),
    st.booleans(),
)
def test_whatever_stands_in_the_sheet_every_row_is_accounted_for(tables, is_whole):
    pages = [
        Page(name=name, columns=tuple(Column(head=h) for h in HEADS[name]), rows=rows) for name, rows in tables.items()
    ]
    try:
        draft = read_draft(write_book(pages, NOW), "x.xlsx")
    except BadInput:
        return
    preview = preview_of(STANDS, draft, is_whole=is_whole, administers=True)
    read = {(row.sheet, row.number) for row in draft.rows} | {(f.sheet, f.row) for f in draft.faults}
    assert read <= {(row.sheet, row.row) for row in preview.changes}
    assert all((row.fault is not None) == (row.act == "refused") for row in preview.changes)
    assert all(bool(row.ops) == (row.act in ("add", "change", "end")) for row in preview.changes)

"""Vendors' files whatever they call themselves; the look before an import; headings told or found."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.files import form_of, read_file
from shudao.engine.intake.grid import OLE, open_sheets, read_grid
from shudao.engine.intake.headings import HEADINGS, column_letter, fingerprint, guess_layout
from shudao.engine.intake.objects import read_objects
from shudao.engine.intake.setting import FIELDS, Layout
from shudao.engine.intake.sniff import sniff
from shudao.engine.words import BadInput
from tests.engine.intake.setting import SETTING, posts_of, rejects_of, xlsx

HEAD = ["序号", "标题", "正文", "摘要", "媒体名称", "作者", "发布时间", "链接", "转发数", "情感"]
ROW = ["1", "停电", "", "城南没有电", "青岚论坛", "老王", "2026-03-01 08:00", "https://f.example/1", "1.2万", "负面"]
HTML = "<html><head><meta charset='utf-8'></head><body><table><tr><td colspan=10>日报</td></tr><tr>{head}</tr><tr>{row}</tr></table></body></html>"
XML = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="明细"><Table><Row ss:Index="3">{head}</Row><Row>{row}</Row></Table></Worksheet></Workbook>"""


def as_html(encoding="utf-8") -> bytes:
    cells = lambda row: "".join(f"<td>{cell}</td>" for cell in row)  # noqa: E731
    return HTML.format(head=cells(HEAD), row=cells(ROW)).encode(encoding)


def as_xml() -> bytes:
    cells = lambda row: "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)  # noqa: E731
    return XML.format(head=cells(HEAD), row=cells(ROW)).encode()


@pytest.mark.parametrize(
    "data", [as_html(), as_html("gb18030"), as_xml(), xlsx(["日报"], HEAD, ROW)], ids=["html", "gb", "xml", "xlsx"]
)
def test_an_xls_that_is_something_else_is_read_all_the_same(data):
    [post] = read_file("导出.xls", data, SETTING)
    assert (post.title, post.text, post.counts.shares, post.author) == ("停电", "城南没有电", 12000, "老王")
    assert post.url == "https://f.example/1"


def test_a_locked_sheet_and_an_archive_of_something_else_are_named():
    locked = OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
    with pytest.raises(BadInput) as fault:
        open_sheets(locked, where="锁.xlsx")
    assert "密码" in fault.value.line("zh") and "password" in fault.value.line("en")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("照片.jpg", b"x")
    with pytest.raises(BadInput) as fault:
        open_sheets(file.getvalue())
    assert "解压" in fault.value.line("zh")


def test_a_bomb_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    with pytest.raises(BadInput) as fault:
        sniff("a.xlsx", file.getvalue(), SETTING)
    assert "炸弹" in fault.value.line("zh")


def test_the_fullest_text_wins_and_the_best_name_of_any_other():
    long = ["1", "停电", "城南没有电，已经三天了", "城南没有电", *ROW[4:]]
    posts = posts_of(read_grid(xlsx(HEAD, ROW, long), SETTING))
    assert [post.text for post in posts] == ["城南没有电", "城南没有电，已经三天了"]


def test_rejects_name_the_columns_as_the_sheet_shows_them():
    rows = [
        ["1", "停电", *ROW[2:6], "不知道", *ROW[7:]],
        ["2", "", "", "", *ROW[4:]],
        ["3", "停电", *ROW[2:6], "", *ROW[7:]],
    ]
    one, two, three = rejects_of(read_grid(xlsx(["日报"], HEAD, *rows), SETTING))
    assert (one.line, two.line, three.line) == (3, 4, 5)
    assert one.why.zh.startswith("G 列：读不懂") and "B、C 列" in two.why.zh and three.why.zh == "G 列：没有写发布时间"
    assert "不知道" not in one.why.zh


def test_a_look_shows_sheets_headings_and_what_columns_may_mean():
    seen = sniff(
        "a.xlsx",
        xlsx(["说明"], name="封面", more=[("微博", [["日报"], HEAD, ROW]), ("微信", [HEAD, ROW, ROW])]),
        SETTING,
    )
    main = next(look for look in seen.sheets if look.name == seen.main)
    assert seen.main in ("微博", "微信") and main.alike == 1 and main.headings == tuple(HEAD)
    assert main.layout.columns["text"] == (2, 3) and main.layout.columns["published_at"] == (6,)
    assert main.rows[main.layout.heading_row + 1][1] == "停电"


def test_columns_without_known_headings_are_guessed_by_what_they_hold():
    table = [
        ["甲", "乙", "丙", "丁"],
        ["https://f.example/1", "2026-03-01 08:00", "3", "城南小区又停电了，什么时候能来电呢"],
    ]
    layout = guess_layout(table)
    assert layout == Layout(heading_row=0, columns={"url": (0,), "published_at": (1,), "text": (3,)})
    [post] = posts_of(read_grid(xlsx(*table), SETTING.__class__(**{**_plain(), "layout": layout})))
    assert post.url == "https://f.example/1" and post.text.startswith("城南")


def _plain():
    return {name: getattr(SETTING, name) for name in SETTING.__struct_fields__}


def test_a_table_without_headings_is_read_by_a_layout():
    layout = Layout(heading_row=-1, columns={"text": (0,), "published_at": (1,)})
    posts = posts_of(
        read_grid("停电,2026-03-01\n来电,2026-03-02\n".encode(), SETTING.__class__(**{**_plain(), "layout": layout}))
    )
    assert [post.text for post in posts] == ["停电", "来电"]


def test_a_fingerprint_is_of_the_headings_not_of_their_spaces():
    assert (
        fingerprint(["标 题", "Time ", None, ""]) == fingerprint(["标题", "ＴＩＭＥ"]) != fingerprint(["时间", "标题"])
    )


@given(st.integers(0, 20_000))
def test_column_letters(number):
    value = 0
    for letter in column_letter(number):
        value = value * 26 + ord(letter) - 64
    assert value == number + 1


@given(st.permutations([names[0] for names in HEADINGS.values()]), st.integers(0, 3))
def test_known_headings_are_found_in_any_order_below_any_title(heads, above):
    layout = guess_layout([*[["标题行的说明"]] * above, heads, ["x"] * len(heads)])
    assert layout.heading_row == above
    assert {field: places[0] for field, places in layout.columns.items()} == {
        field: heads.index(names[0]) for field, names in HEADINGS.items()
    }
    assert set(layout.columns) == set(FIELDS)


@given(
    st.lists(
        st.lists(st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.datetimes(), max_size=6),
        max_size=12,
    )
)
def test_any_rows_have_a_layout_within_them(rows):
    layout = guess_layout(rows)
    width = max((len(row) for row in rows), default=0)
    assert all(0 <= place < width for places in layout.columns.values() for place in places)
    assert not rows or 0 <= layout.heading_row < len(rows)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('[{"id": "1", "kind": "web", "title": "停电", "published_at": "2026-03-01T08:00:00+08:00"}]', 1),
        (
            '{"data": [{"标题": "停电", "发布时间": "2026-03-01 08:00", "作者": "老王", "转发数": 3}, {"标题": "来电", "发布时间": "2026-03-02"}]}',
            2,
        ),
    ],
)
def test_arrays_of_posts_and_of_a_vendors_rows(text, count):
    assert len(posts_of(read_objects(text.encode(), SETTING))) == count


def test_objects_that_are_no_rows_are_rejects_by_their_place():
    results = list(
        read_objects(
            '[{"标题": "停电", "发布时间": "2026-03-01"}, 5, {"标题": "x", "发布时间": "?"}, {}]'.encode(), SETTING
        )
    )
    assert len(posts_of(results)) == 1 and sorted(one.line for one in rejects_of(results)) == [2, 3, 4]


@pytest.mark.parametrize("text", ["", "5", "{}", "[", '{"a": 1}', '[{"甲": 1}]'])
def test_json_that_holds_no_posts_is_bad_input(text):
    with pytest.raises(BadInput):
        list(read_objects(text.encode(), SETTING))


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.JSONL", "jsonl"), ("a.html", "table"), ("a.txt", "chat"), ("a.eml", "mail"), ("a.Jpeg", "picture")],
)
def test_the_form_of_a_file(name, form):
    assert form_of(name, b"08:00 a\nx\n08:01 b\ny\n") == form


@given(
    st.binary(max_size=300),
    st.sampled_from(
        ["<table>", "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "<html>"]
    ),
)
def test_any_marked_up_bytes_are_read_or_refused(data, head):
    try:
        list(read_grid(head.encode() + data, SETTING))
    except BadInput:
        return

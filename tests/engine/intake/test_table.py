"""Vendors' sheets and comma-separated files: headings found, rows judged one by one, nothing run."""

import io
import zipfile
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.grid import read_grid
from shudao.engine.intake.setting import CHINA, FIELDS, read_map
from shudao.engine.intake.table import safe_cell
from shudao.engine.post import Counts, Post, Reject
from shudao.engine.words import BadInput
from tests.engine.intake.setting import SETTING, posts_of, rejects_of, xlsx

HEAD = ["标题", "正文", "发布时间", "作者", "来源", "链接", "转发数", "评论数", "点赞数", "媒体类型"]
ROW = [
    "城东停电",
    "半小时了",
    datetime(2026, 3, 1, 8),
    "老王",
    "青岚论坛",
    "https://f.example/1",
    "1.2万",
    "3,456",
    7.0,
    "论坛",
]


def test_a_vendors_sheet_is_read_without_help():
    [post] = read_grid(xlsx(["舆情日报"], HEAD, ROW), SETTING)
    assert msgspec.structs.replace(post, id="") == Post(
        id="",
        source="青岚论坛",
        kind="social",
        url="https://f.example/1",
        title="城东停电",
        text="半小时了",
        published_at=datetime(2026, 3, 1, 8, tzinfo=CHINA),
        author="老王",
        counts=Counts(likes=7, shares=12000, comments=3456),
    )


def test_the_sheet_with_the_headings_is_found_and_another_can_be_named():
    data = xlsx(["说明"], name="封面", more=[("明细", [HEAD, ROW]), ("旧表", [["标题", "时间"], ["旧", "2026-01-01"]])])
    assert [post.title for post in read_grid(data, SETTING)] == ["城东停电"]
    named = SETTING.with_map(read_map("sheet: 旧表".encode()))
    assert [post.title for post in read_grid(data, named)] == ["旧"]
    with pytest.raises(BadInput):
        list(read_grid(data, SETTING.with_map(read_map("sheet: 无此表".encode()))))


def test_bad_rows_are_numbered_as_the_sheet_shows_them():
    rows = [
        ["日报"],
        HEAD,
        ROW,
        [None] * 10,
        ["没有时间", "x"],
        ["", "", datetime(2026, 3, 1)],
        ["旧", "", "1960-01-01"],
        ROW,
    ]
    results = list(read_grid(xlsx(*rows), SETTING))
    assert [reject.line for reject in rejects_of(results)] == [5, 6, 7]
    assert len(posts_of(results)) == 2


def test_the_same_sheet_read_twice_gives_the_same_ids_and_equal_rows_stay_apart():
    plain = ["转发", "", datetime(2026, 3, 1, 8), "老王"]
    data = xlsx(HEAD, ROW, plain, plain)
    ids = [post.id for post in read_grid(data, SETTING)]
    assert ids == [post.id for post in read_grid(data, SETTING)]
    assert len(set(ids)) == 3


def test_an_id_does_not_depend_on_the_author_and_a_running_number_is_no_id():
    first = read_grid("编号,id,标题,时间,作者\n1,1,停电,2026-03-01,甲\n".encode(), SETTING)
    second = read_grid("编号,id,标题,时间,作者\n2,2,停电,2026-03-01,乙\n".encode(), SETTING)
    assert [post.id for post in first] == [post.id for post in second]
    [given_id] = read_grid("id,标题,时间\nW20260301X,停电,2026-03-01\n".encode(), SETTING)
    assert given_id.id == "W20260301X"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"媒体类型": "报刊"}, "print"),
        ({"媒体类型": "电视"}, "tv"),
        ({"媒体类型": "广播"}, "radio"),
        ({"媒体类型": "微博"}, "social"),
        ({"媒体类型": "新闻客户端"}, "news"),
        ({"媒体类型": "social"}, "social"),
        ({"来源": "新浪微博"}, "social"),
        ({"链接": "https://weibo.com/1/Mabc12DEf"}, "social"),
        ({}, "web"),
    ],
)
def test_the_kind_is_read_from_type_source_or_address(cells, kind):
    names, values = ["标题", "时间", *cells], ["停电", "2026-03-01", *cells.values()]
    [post] = read_grid(f"{','.join(names)}\n{','.join(values)}\n".encode(), SETTING)
    assert post.kind == kind


def test_a_map_names_other_headings_and_the_zone():
    column_map = read_map(
        "columns: {事项: title, 何时: published_at, 谁: author}\nkind: report\noffset: '+00:00'\n".encode()
    )
    [post] = read_grid("何时,事项,谁\n2026-03-01 08:00,停电,老王\n".encode(), SETTING.with_map(column_map))
    assert (post.title, post.kind, post.author) == ("停电", "report", "老王")
    assert post.published_at == datetime(2026, 3, 1, 16, tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    ["columns: {标题: titel}", "colums: {}", "kind: blog", "offset: east", "- 1", "a: [", "\x00", "columns: 5",
     "columns: {a: title}\n" * 9000, "x: &a [*a]", "!!python/object/apply:os.system ['true']"],
)  # fmt: skip
def test_a_wrong_map_says_what_is_wrong(text):
    with pytest.raises(BadInput) as error:
        read_map(text.encode(), where="map.yaml")
    assert "map.yaml" in error.value.line("zh") and FIELDS[0] in error.value.line("en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_comma_files_of_every_make(encoding, separator):
    text = (
        separator.join(["标题", "正文", "发布时间"])
        + "\r\n"
        + separator.join(["停电", '"一，\n""二"""', "2026/3/1 8:00"])
    )
    [post] = read_grid(text.encode(encoding), SETTING)
    assert (post.title, post.text) == ("停电", '一，\n"二"')


def test_a_broken_row_is_a_reject_and_the_rest_is_read():
    data = "标题,时间\n停电,2026-03-01\n".encode() + b"\xe5\x81,2026-03-01\n" + "来电,2026-03-01\n".encode()
    results = list(read_grid(data, SETTING))
    assert [post.title for post in posts_of(results)] == ["停电", "来电"]
    assert [reject.line for reject in rejects_of(results)] == [3]


def test_an_endless_cell_is_a_reject():
    data = "标题,时间\n停电,2026-03-01\n".encode() + b"x" * 10_000_000 + "\n来电,2026-03-01\n".encode()
    results = list(read_grid(data, SETTING))
    assert [post.title for post in posts_of(results)] == ["停电", "来电"]
    assert rejects_of(results)


@pytest.mark.parametrize("data", [b"", b"\n\n", "甲,乙\n1,2\n".encode(), "标题,正文\n停电,x\n".encode(), b"\xff" * 50])
def test_a_table_without_headings_is_bad_input(data):
    with pytest.raises(BadInput):
        list(read_grid(data, SETTING))


def test_formulas_are_text_or_nothing_and_leave_as_text():
    data = '标题,正文,时间\n=1+1,"=HYPERLINK(""http://x"")",2026-03-01\n'.encode()
    [post] = read_grid(data, SETTING)
    assert (post.title, post.text) == ("=1+1", '=HYPERLINK("http://x")')
    [cached] = read_grid(xlsx(HEAD, ["=1+1", "真正文", datetime(2026, 3, 1)]), SETTING)
    assert (cached.title, cached.text) == (None, "真正文")
    for risky in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"):
        assert safe_cell(risky) == "'" + risky
    assert safe_cell("停电 = 断电") == "停电 = 断电"


def test_markup_in_a_cell_is_stripped():
    [post] = read_grid("标题,时间\n<b onclick=x>停电</b>&amp;<script>x</script>,2026-03-01\n".encode(), SETTING)
    assert post.title == "停电&"


def with_sheet(data: bytes, change) -> bytes:
    """A workbook whose first sheet's XML was changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name.endswith("sheet1.xml") else body)
    return made.getvalue()


def test_cells_far_apart_do_not_fill_the_memory():
    data = xlsx(HEAD, ROW)
    far = with_sheet(
        data, lambda body: body.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>')
    )
    hidden = with_sheet(data, lambda body: body.replace(b'r="A1"', b'r="&#65;1"', 1))
    for bomb in (far, hidden, with_sheet(data, lambda body: body + b" " * 300_000_000)):
        with pytest.raises(BadInput):
            list(read_grid(bomb, SETTING))


def test_a_sheet_cut_short_is_bad_input():
    data = xlsx(HEAD, ROW)
    for size in (0, 1, 100, len(data) // 2, len(data) - 1):
        with pytest.raises(BadInput):
            list(read_grid(data[:size], SETTING))


@given(st.binary(max_size=300) | st.text(alphabet='标题时间正文,;\t\n"=2026-0301', max_size=200).map(str.encode))
def test_any_bytes_as_a_comma_file(data):
    try:
        for result in read_grid(data, SETTING):
            assert isinstance(result, Post | Reject)
    except BadInput:
        return


SHEET = xlsx(HEAD, ROW)


@given(st.integers(0, len(SHEET) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_sheet_is_read_or_refused(place, junk):
    data = SHEET[:place] + junk + SHEET[place + len(junk) :]
    try:
        for result in read_grid(data, SETTING):
            assert isinstance(result, Post | Reject)
    except BadInput:
        return


@given(st.integers(0, 1500), st.binary(min_size=1, max_size=6))
def test_a_sheet_with_damaged_xml_is_read_or_refused(place, junk):
    data = with_sheet(SHEET, lambda body: body[:place] + junk + body[place + len(junk) :])
    try:
        for result in read_grid(data, SETTING):
            assert isinstance(result, Post | Reject)
    except BadInput:
        return

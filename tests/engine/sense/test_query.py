"""The query language: what holds, what does not, what is refused and where (INTERFACES "Topics and the query language")."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.match import TopicSet
from shudao.engine.sense.post import SensePost
from shudao.engine.sense.query import QueryError, Topic, parse

AT = datetime(2026, 7, 13, tzinfo=UTC)


def holds(query, text="", title="", source="清江论坛"):
    post = SensePost(id="1", at=AT, title=title, text=text, source=source)
    return bool(TopicSet.compile([Topic(id="t", name="t", query=query)]).match(post))


HOLD = [
    ("停电", "昨晚停电了"),
    ("停电 小区", "小区又停电"),
    ("停电 AND 小区", "小区又停电"),
    ("停电 与 小区", "小区又停电"),
    ("停电 與 小区", "小区又停电"),
    ("停电+小区", "小区又停电"),
    ("停电＋小区", "小区又停电"),
    ("停电AND小区", "小区又停电"),
    ("ＡＮＤ1 停电", "and1 停电"),
    ("停电 ＡＮＤ 小区", "小区又停电"),
    ("停电 OR 断电", "突然断电"),
    ("停电 或 断电", "突然断电"),
    ("停电|断电", "突然断电"),
    ("停电｜断电", "突然断电"),
    ("停电 -演练", "停电一整夜"),
    ("停电-演练", "停电一整夜"),
    ("停电－演练", "停电一整夜"),
    ("停电 NOT 演练", "停电一整夜"),
    ("停电 AND NOT 演练", "停电一整夜"),
    ("停电 非 演练", "停电一整夜"),
    ("停电 或 断电 与 小区", "停电"),
    ("停电 OR 断电 小区", "停电"),
    ("停电 OR 断电 NOT 演练", "停电演练"),
    ("(停电 OR 断电) 小区", "小区断电"),
    ("（停电｜断电）＋小区", "小区断电"),
    ("NOT NOT 停电", "停电"),
    ("停电 OR NOT 演练", "天气不错"),
    ('"小区 停电"', "某小区 停电"),
    ("“小区停电”", "某小区停电了"),
    ("「小区停电」", "某小区停电了"),
    ('"AND"', "rock and roll"),
    ('"C++"', "用C++写的"),
    ('"他说\\"停电\\""', '他说"停电"了'),
    ("COVID-19", "新增COVID-19病例"),
    ("covid-19", "新增ＣＯＶＩＤ－１９病例"),
    ("COVID-19 -演练", "COVID-19"),
    ("ABC", "今天ABC发布"),
    ("abc", "今天ABC发布"),
    ("ABC", "ABC123"),
    ("ABC-停电", "ABC正常"),
    ("power*", "powerful storm"),
    ("pow* cut", "power cut"),
    ("power* OR 停电", "POWERFUL"),
    ("停电*", "停电了"),
    ("５Ｇ", "5G基站"),
    ("110", "拨打110报警"),
    ("3人受伤", "已致3人受伤"),
    ("停電", "停电"),
    ("停电", "停電"),
    ("停电", "停\u200b电"),
    ("停电 NEAR/3 小区", "小区又停电"),
    ("小区 NEAR/3 停电", "停电的小区"),
    ("停电 NEAR/0 小区", "小区停电"),
    ("停电NEAR/2小区", "小区啊啊停电"),
    ("(停电|断电) NEAR/3 (小区|学校)", "学校里断电"),
    ("停电 NEAR/2 停电", "停电又停电"),
    ("变压器 NEAR/2 爆炸 NEAR/4 小区", "变压器爆炸，在小区"),
    ("NOT 演练 停电 NEAR/3 小区", "小区停电"),
    ("/\\d+人(受伤|死亡)/", "已致13人受伤"),
    ("/停.电/", "停水电"),
    ("/ABC/", "abc"),
    ("/電.?網/", "电力网和电网"),
    ("停电 /[0-9]{2}点/", "10点停电"),
    ("/a\\/b/", "A/B"),
    ("24/7", "24/7 客服"),
    ("10:30", "10:30停电"),
    ("停电 and", "停电 and more"),
]

HOLD_NOT = [
    ("停电", "昨晚停水了"),
    ("停电 小区", "小区停水"),
    ("停电+小区", "停电"),
    ("停电-演练", "停电演练"),
    ("停电 NOT 演练", "演练停电"),
    ("停电 AND NOT (演练 OR 电影)", "停电看电影"),
    ("(停电 OR 断电) 小区", "停电"),
    ("停电 OR 断电 NOT 演练", "断电演练"),
    ("停电 OR NOT 演练", "演练"),
    ('"小区停电"', "小区又停电"),
    ("ABC", "ABCD"),
    ("ABC", "xABC"),
    ("ABC", "éABC"),
    ("COVID-19", "COVID19"),
    ("COVID-19", "COVID-190"),
    ("power", "powerful"),
    ("power*", "empower"),
    ("5G", "15G"),
    ("5G", "5GHz"),
    ("110", "2110年"),
    ("3人受伤", "13人受伤"),
    ("停电 NEAR/1 小区", "小区啊啊停电"),
    ("停电 NEAR/9 停电", "停电"),
    ("停电 NEAR/3 电网", "停电网"),
    ("变压器 NEAR/2 爆炸 NEAR/2 小区", "变压器爆炸很久很久以后的小区"),
    ("/\\d+人受伤/", "几人受伤"),
    ("/a*/", "bcd"),
]

REFUSED = [
    ("", 0),
    ("   ", 0),
    ("-停电", 0),
    ("NOT 停电", 0),
    ("非 停电", 0),
    ("-停电 -断电", 0),
    ("NOT (停电 OR 断电)", 0),
    ("(-停电) OR NOT 断电", 1),
    ("AND", 0),
    ("AND 停电", 0),
    ("停电 AND", 3),
    ("停电 OR", 3),
    ("停电 NOT", 3),
    ("停电 AND OR 断电", 7),
    ("停电 OR OR 断电", 6),
    ("停电 OR AND 断电", 6),
    ("停电 NEAR 小区", 3),
    ("停电 NEAR/ 小区", 3),
    ("停电 NEAR/x 小区", 3),
    ("停电 NEAR/99999 小区", 3),
    ("NEAR/3 停电", 0),
    ("停电 NEAR/3", 3),
    ("停电 NEAR/3 (小区 学校)", 11),
    ("停电 NEAR/3 (NOT 小区)", 11),
    ("停电++小区", 2),
    ("停电||断电", 2),
    ("停电--断电", 2),
    ("+停电", 0),
    ("()", 0),
    ("停电 ()", 3),
    ("(停电", 0),
    ("停电)", 2),
    ("((停电)", 0),
    ('"停电', 0),
    ("停电”", 2),
    ('""', 0),
    ("*", 0),
    ("*停电", 0),
    ("停*电", 1),
    ("/停电", 0),
    ("//", 0),
    ("/(/", 0),
    ("/(?=停)电/", 0),
    ("/(a)\\1/", 0),
    ("author:张", 0),
    ("http://a.example", 0),
    ("title:", 0),
    ("title: AND 停电", 7),
    ("title:-停电", 6),
    ("title:(text:停电)", 7),
    ("停电 与", 3),
    ("或 停电", 0),
    ("(" * 60 + "停电" + ")" * 60, 50),
    ("NOT " * 60 + "停电", 200),
]


@pytest.mark.parametrize(("query", "text"), HOLD)
def test_holds(query, text):
    assert holds(query, text)


@pytest.mark.parametrize(("query", "text"), HOLD_NOT)
def test_does_not_hold(query, text):
    assert not holds(query, text)


@pytest.mark.parametrize(("query", "place"), REFUSED)
def test_is_refused_with_the_place_marked(query, place):
    with pytest.raises(QueryError) as refusal:
        parse(query)
    assert refusal.value.at == place
    assert "▶" in refusal.value.where and str(place + 1) in refusal.value.what.zh and refusal.value.what.en


@pytest.mark.parametrize(
    ("query", "title", "text", "expected"),
    [
        ("title:停电", "停电", "", True),
        ("title:停电", "", "停电", False),
        ("text:停电", "停电", "", False),
        ("ＴＩＴＬＥ：停电", "停电", "", True),
        ("title: 停电", "停电", "", True),
        ("title:(停电 OR 断电) text:小区", "断电", "小区", True),
        ("title:停电 小区", "停电", "小区", True),
        ("停电 -title:演练", "演练", "停电", False),
        ("停电 -title:演练", "通知", "停电演练", True),
        ("停电 NEAR/9 小区", "停电", "小区", False),
        ("title:停电 NEAR/9 title:小区", "小区停电", "", True),
        ("title:/停.?电/", "停水电", "", True),
        ('title:"停电 通知"', "停电 通知", "", True),
        ("title:pow*", "Power", "", True),
    ],
)
def test_fields(query, title, text, expected):
    assert holds(query, text, title) is expected


@pytest.mark.parametrize(
    ("query", "source", "expected"),
    [
        ("停电 source:论坛", "清江论坛", True),
        ("停电 source:日报", "清江论坛", False),
        ("清江", "清江论坛", False),
        ("source:ABC", "ABC新闻", True),
    ],
)
def test_the_source_is_asked_only_by_its_field(query, source, expected):
    assert holds(query, "停电", source=source) is expected


@given(st.text(alphabet='停电小区ABab19 +|-()"“”/:*&,，\\ANDORNOTEAR/titlesource与或非＋｜－（）', max_size=40))
def test_any_text_is_read_or_refused_in_words(query):
    try:
        parse(query)
    except QueryError as refusal:
        assert 0 <= refusal.at <= len(query)
        assert refusal.line("zh") and refusal.line("en")


@given(st.text(max_size=60))
def test_garbage_is_read_or_refused_in_words(query):
    try:
        parse(query)
    except QueryError as refusal:
        assert 0 <= refusal.at <= len(query)


def test_long_queries_are_read_and_absurd_ones_refused():
    assert len(parse("|".join(f"词{n}号" for n in range(5000))).parts) == 5000
    with pytest.raises(QueryError):
        parse("停电 " * 50_000)
    with pytest.raises(QueryError):
        parse("电" * 500)


def test_a_pattern_takes_linear_time():
    assert not holds("/(a+)+b/", "a" * 50_000 + "c")

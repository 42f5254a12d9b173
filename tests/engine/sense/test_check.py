"""Faults of topics found by form: dead, contradictory, runaway, unclear."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.sense.check import check_topics
from shudao.engine.sense.query import Topic
from tests.engine.sense import naive

EMPTY = {"title": "", "text": "", "source": ""}


def findings(query, **more):
    return [(f.rule, f.severity, f.clause) for f in check_topics([Topic(id="t", name="t", query=query, **more)])]


@pytest.mark.parametrize(
    ("query", "rule", "clauses"),
    [
        ("停电 -停电", "contradictory", ["停电"]),
        ("小区停电 -停电", "contradictory", ["小区停电"]),
        ("停电 (小区 OR 学校) -小区 -学校", "contradictory", ["小区", "学校"]),
        ("title:停电 -停电", "contradictory", ["title:停电"]),
        ("停电 NEAR/3 小区 -停电", "contradictory", ["停电 NEAR/3 小区"]),
        ("title:停电 NEAR/3 text:小区", "contradictory", ["title:停电 NEAR/3 text:小区"]),
        ("(停电 -演练) 演练", "contradictory", ["演练"]),
        ("停电 | 小区停电", "dead", ["小区停电"]),
        ("停电 | 停电", "dead", ["停电"]),
        ("停电 | title:停电", "dead", ["title:停电"]),
        ("power* | powerful", "dead", ["powerful"]),
        ("停电 -演练 -停电演练", "dead", ["停电演练"]),
        ("停电 | 停电 NEAR/3 小区", "dead", ["停电 NEAR/3 小区"]),
        ("停电 NEAR/5 小区 | 停电 NEAR/3 小区", "dead", ["停电 NEAR/3 小区"]),
        ("电|水|气", "runaway", ["电", "水", "气"]),
        ("停电 OR -演练", "runaway", ["演练"]),
        ("停电 OR (-演练 -电影)", "runaway", ["-演练 -电影"]),
        ("的", "runaway", ["的"]),
        ("停电 | a*", "runaway", ["a*"]),
        ("停电 | /.*/", "runaway", ["/.*/"]),
        ("停电 | /x?/", "runaway", ["/x?/"]),
        ("电 水", "runaway", ["电", "水"]),
        ("停电，小区", "unclear", ["停电，小区"]),
        ("停电 and 小区", "unclear", ["and"]),
        ("停电*", "unclear", ["停电*"]),
        ("停电 near/5 小区", "unclear", ["near/5"]),
        ("停电 && 小区", "unclear", ["&&"]),
        ("的 | 停电 | 停电通知", "runaway", ["的"]),
        ("停电 小区 -(停电 小区)", "contradictory", ["停电", "小区"]),
        ("停电 停电通知", "dead", ["停电"]),
        ("停电 | 停电 小区", "dead", ["停电 小区"]),
        ("停电 | (小区停电 | 断电)", "dead", ["小区停电"]),
        ("停电 小区 | 停电 小区 医院", "dead", ["停电 小区 医院"]),
        ("(停电 | 断电) 小区 | 停电 小区", "dead", ["停电 小区"]),
        ("断电 -停电 -(停电 小区)", "dead", ["停电 小区"]),
        ("停电 | /的/", "runaway", ["/的/"]),
        ("停电 | /(我们|停电)/", "runaway", ["/(我们|停电)/"]),
        ("为什么", "runaway", ["为什么"]),
        ("停电 title:停电", "dead", ["停电"]),
        ("停电 停电", "dead", ["停电"]),
        ("停电 (停电 | 断电)", "dead", ["停电 | 断电"]),
    ],
)
def test_a_fault_is_named_at_its_clause(query, rule, clauses):
    found = findings(query)
    assert [clause for kind, _severity, clause in found if kind == rule] == clauses
    assert {severity for kind, severity, _clause in found if kind == rule} == {
        "warning" if rule == "unclear" else "fault"
    }


@pytest.mark.parametrize(
    "query",
    [
        "停电 小区",
        "停电 -演练",
        "停电 -停电演练",
        "(停电 OR 断电) (小区 OR 学校) -演练",
        "电 + 中断",
        "停电 | 断电 | 跳闸",
        "/\\d+人受伤/",
        "title:停电 | text:停电",
        "停电 NEAR/3 停电",
        "停电 -(停电 小区)",
        "停电 NEAR/3 小区 -停电通知",
        "ABC | ABCD",
        "power | powerful",
        "source:日报 停电",
        '"停电，小区"',
        "5G 基站",
        "停电 小区 | 停电 医院",
        "停电 -(停电 小区 医院) -(停电 小区 学校)",
        "/停.?电/ | 停电",
    ],
)
def test_a_sound_topic_has_no_finding(query):
    assert findings(query) == []


def test_a_source_outside_the_topics_list_can_never_match():
    assert findings("停电 source:日报", sources=("清江论坛",))[0][:2] == ("dead", "fault")
    assert findings("停电 source:论坛", sources=("清江论坛",)) == []


@pytest.mark.parametrize(
    ("query", "rule"),
    [("停电 -source:日报", "dead"), ("停电 -source:论坛", "contradictory"), ("停电 -source:清江", "contradictory")],
)
def test_a_source_excluded_is_held_against_the_topics_list(query, rule):
    assert findings(query, sources=("清江论坛",))[0][:2] == (rule, "fault")
    assert findings(query) == [] and findings("停电 -source:日报", sources=("清江论坛", "清江日报")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("停电 小区", "小区 AND 停电"),
        ("停电|断电", "断电 或 停電"),
        ("停电 -(演练 电影)", "-(电影+演练) 停电"),
        ("A b", "Ｂ a"),
    ],
)
def test_topics_that_ask_the_same_in_other_words_are_pointed_out(one, other):
    found = check_topics([Topic(id="a", name="a", query=one), Topic(id="b", name="b", query=other)])
    assert [(finding.topic, finding.severity) for finding in found if "a" in finding.message.zh] == [("b", "warning")]


def test_thousands_of_alternatives_are_checked_and_each_needless_one_is_named():
    words = [f"第{n}号站停电" for n in range(3000)]
    found = findings(" | ".join([*words, "第7号站停电了", *words[:2]]))
    assert [clause for _rule, _severity, clause in found] == ["第7号站停电了", *words[:2]]


def test_two_topics_that_ask_the_same_are_pointed_out():
    topics = [Topic(id="a", name="a", query="停电 小区"), Topic(id="b", name="b", query="停电  小区")]
    (finding,) = check_topics(topics)
    assert (finding.topic, finding.severity) == ("b", "warning") and "a" in finding.message.zh


def test_every_finding_says_how_to_mend_it_and_where():
    for finding in check_topics([Topic(id="t", name="t", query="停电 -停电 | 电 | 断电*")]):
        assert finding.mend.zh and finding.mend.en and finding.message.zh and finding.message.en
        assert 0 <= finding.place[0] < finding.place[1] <= 20


@settings(max_examples=500, deadline=None)
@given(
    naive.queries.filter(naive.asks), st.lists(naive.TEXTS, min_size=8, max_size=8), st.randoms(use_true_random=False)
)
def test_a_query_called_contradictory_as_a_whole_never_holds(query, texts, chance):
    written = naive.written(query, lambda n: chance.randrange(n))
    dead_whole = [
        f for f in findings(written) if f[0] == "contradictory" and f[2].strip("（）()") == written.strip("（）()")
    ]
    if dead_whole:
        assert not any(naive.holds(query, {**EMPTY, "text": naive.plain(text)}) for text in texts)


@settings(max_examples=300, deadline=None)
@given(naive.queries.filter(naive.asks), st.randoms(use_true_random=False))
def test_any_query_can_be_checked(query, chance):
    findings(naive.written(query, lambda n: chance.randrange(n)))

"""The written report: only what was recorded, every quote cut from an item, and honest where there is nothing."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.papers.briefing import Briefing, Count, QuoteRef, briefing_paper
from shudao.engine.papers.model import Quote, Table
from shudao.engine.papers.reading import Masthead, read_briefing
from tests.engine.papers.matter import ITEM, PLAN, T0, TEXTS, stamp_of, stream, words_of

AT = T0 + timedelta(minutes=100)
COUNTS = (Count(kind="social", items=33, copies=12), Count(kind="news", items=8, copies=5))


def read(entries=None, texts=TEXTS, *, kind="first", **more):
    entries = entries or stream()
    settled = {
        "matter": "城东片区停电",
        "to": "市公司新闻中心",
        "stamp": stamp_of(entries),
        "counts": COUNTS,
        "measured_from": "6个信源",
    }
    return read_briefing(entries, texts, PLAN, kind=kind, **(settled | more))


def test_the_report_says_what_the_ledger_says():
    text = words_of(briefing_paper(read(), AT))
    for piece in ("较大（III）", "《清江县供电公司舆情应急预案》第3.2条", "停电范围为城东三个小区（households 1260，3月8日 07:50，记录第10条）",
                  "电缆受损的原因", "“停电三天”的说法与调度记录不符", "8:40 答复：预计今日13时前恢复", "办理中，尚未答复",
                  "向青岚市供电公司新闻中心报告（口头）", "召开会商：由现场负责人核清停电范围", "数据来源：6个信源"):  # fmt: skip
        assert piece in text, piece


def test_limits_stand_beside_the_actual_times():
    table = [block for block in briefing_paper(read(), AT).blocks if isinstance(block, Table)][-1]
    assert [row[0] for row in table.rows] == ["口头报告上级", "书面报告上级"]
    assert table.rows[0][1:] == ("30分钟", "发现", "3月8日 07:34", "22分钟", "按时")
    assert table.rows[1][3:] == ("—", "—", "未到时限")
    late = [b for b in briefing_paper(read(), AT + timedelta(hours=1)).blocks if isinstance(b, Table)][-1]
    assert late.rows[1][-1] == "超时未完成"


def test_what_is_open_is_next_and_what_is_done_is_not():
    text = [step.text for step in read().next_steps]
    assert text == ["书面报告上级", "答复诉求：冰箱里的食物损失怎么办"]
    done = stream((95, "finish_task", "office_head", {"task": "t1", "step": "written", "post": "office_head"}))
    assert [step.text for step in read(done).next_steps] == ["答复诉求：冰箱里的食物损失怎么办"]


def test_the_head_and_length_of_the_stream_are_on_the_paper():
    entries = stream()
    stamp = briefing_paper(read(entries), AT).stamp
    assert (stamp.stream, stamp.length, stamp.head) == ("incident/2026-001", len(entries), entries[-1]["hash"])


@given(st.integers(0, len(ITEM.text) - 1), st.integers(1, len(ITEM.text)))
def test_every_quote_is_a_piece_of_its_item(start, length):
    end = min(start + length, len(ITEM.text))
    paper = briefing_paper(read(items=(ITEM,), quotes=(QuoteRef(item="p-0017", start=start, end=end),)), AT)
    quote = next(block for block in paper.blocks if isinstance(block, Quote))
    assert quote.text and quote.text in ITEM.text and quote.item == "p-0017" and quote.source == "青岚论坛"


@pytest.mark.parametrize("ref", [("p-0017", 3, 3), ("p-0017", 0, 999), ("p-0017", -1, 4), ("p-0099", 0, 2)])
def test_a_quote_that_no_item_holds_is_refused(ref):
    item, start, end = ref
    with pytest.raises(ValueError):
        briefing_paper(read(items=(ITEM,), quotes=(QuoteRef(item=item, start=start, end=end),)), AT)


@pytest.mark.parametrize(("lang", "layout"), [("zh", "gbt9704"), ("en", "plain")])
def test_with_no_data_it_says_so(lang, layout):
    paper = briefing_paper(Briefing(kind="first", matter="x", organisation="y", to="z", lang=lang, layout=layout), AT)
    text = words_of(paper)
    said = {
        "zh": [
            "尚未确认响应级别",
            "尚无已核实的事实记录",
            "没有采集到关联信息",
            "尚无公众诉求记录",
            "尚无处置措施记录",
            "暂无未完成",
        ],
        "en": [
            "No level is confirmed",
            "No fact is on record",
            "no linked item was",
            "No demand of",
            "No measure is",
            "No task",
        ],
    }
    for piece in said[lang]:
        assert piece in text, piece


def test_without_counts_by_kind_the_ledgers_own_number_stands_alone():
    data = read(counts=(), measured_from="")
    assert [(row.kind, row.items) for row in data.counts] == [("unknown", 41)]
    assert "事件记录中关联的信息条" in words_of(briefing_paper(data, AT))


def test_a_corrected_fact_replaces_the_old_one_and_an_erased_text_is_named_so():
    again = stream((99, "add_fact", "field_lead", {"fact": "f2", "status": "known", "figures": {}, "text": {}}))
    facts = read(again).facts
    assert [fact.entry for fact in facts] == [10, 12, 16]
    assert "原文已按规定删除" in words_of(briefing_paper(read(again), AT))


def test_a_follow_up_tells_what_is_new_and_is_numbered():
    sent = (60, "send_briefing", "office_head", {"document": "b1", "kind": "follow_up", "to": "city", "sha256": "0"})
    data = read(stream(sent), kind="follow_up", since=T0 + timedelta(minutes=41))
    assert data.number == 2
    assert [fact.entry for fact in data.facts] == [12]
    assert [row.entry for row in data.measures] == [16, 15]
    assert "续报之2" in briefing_paper(data, AT).title


def test_a_drills_report_carries_its_run_and_the_masthead_is_kept():
    head = Masthead(organisation="甲单位", doc_no="1号", signer="主任", cc="乙", office="丙")
    paper = briefing_paper(read(drill="0007", head=head), AT)
    assert (paper.drill, paper.issuer, paper.doc_no, paper.cc, paper.issued_by) == ("0007", "甲单位", "1号", "乙", "丙")


def test_english_has_no_chinese_frame():
    data = msgspec.structs.replace(
        Briefing(kind="final", matter="x", organisation="y", to="z"), lang="en", layout="plain"
    )
    text = words_of(briefing_paper(data, AT)) + briefing_paper(data, AT).title
    assert not [letter for letter in text if "\u4e00" <= letter <= "\u9fff"]

"""Numbers that lead to a person go, what an office needs stays; measured on a list of our own."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.mask import MARKS, mask
from tests.engine.text.labelled import SPLITS, score, sentences

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("split", SPLITS)
def test_the_list_is_masked_as_promised(split):
    rows = sentences(split)
    found = score(rows, mask)
    assert len(rows) > 200 and found.wanted > 120
    assert len(found.missed) <= found.wanted * 0.01, [row.text for row in found.missed]
    assert len(found.wrong) <= len(rows) * 0.01, [row.text for row in found.wrong]


@pytest.mark.parametrize("split", SPLITS)
def test_what_is_found_is_called_by_its_kind(split):
    for row in sentences(split):
        kinds = {kind for _start, _end, kind in row.spans}
        assert mask(row.text).kinds == kinds, row.text


def test_every_format_of_the_list_stands_in_the_docs():
    formats = {row.format for split in SPLITS for row in sentences(split)} - {"none"}
    for language in ("zh", "en"):
        page = (ROOT / "docs" / language / "privacy.md").read_text()
        assert formats - set(re.findall(r"`([a-z0-9-]+)`", page)) == set(), language
        assert set(MARKS.values()) - set(re.findall("〔.+?〕", page)) == set(), language


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话13800001234，城南停电", "电话〔电话〕，城南停电"),
        ("13800001234/13900001234", "〔电话〕/〔电话〕"),
        ("1 3 8 0 0 0 0 1 2 3 4", "〔电话〕"),
        ("（138）0000 1234", "〔电话〕"),
        ("138_0000_1234", "〔电话〕"),
        ("138\u200b0000\u200b1234", "〔电话〕"),
        ("0571-60001234、60001235", "〔电话〕"),
        ("请拨0571-95598", "请拨0571-95598"),
        ("+86 400 123 4567", "+86 400 123 4567"),
        ("12345678@qq.com", "〔邮箱〕"),
        ("12345678#qq.com", "〔邮箱〕"),
        ("QQ邮箱12345678", "QQ邮箱〔账号〕"),
        ("抖音号：abc12345", "抖音号：〔账号〕"),
        ("微信Windows版更新", "微信Windows版更新"),
        ("look at example.com", "look at example.com"),
        ("三号楼二单元五零一室", "〔门牌〕"),
        ("桐花路18号602室漏水", "桐花路18号〔门牌〕漏水"),
        ("3栋302户停电", "3栋302户停电"),
        ("写字楼A座1203", "写字楼A座1203"),
        ("北京SKP2020开业", "北京SKP2020开业"),
        ("停电影响1800、660、1000三个数", "停电影响1800、660、1000三个数"),
        ("https://news.example.cn/a?mobile=13800001234&id=5", "https://news.example.cn/a?mobile=〔电话〕&id=5"),
        ("https://news.example.cn/a/13800001234", "https://news.example.cn/a/13800001234"),
        ("@老王 说的", "@老王 说的"),
        ("@li_si@social.example", "@li_si@social.example"),
        ("", ""),
    ],
)
def test_single_cases(text, left):
    assert mask(text).text == left


DIGITAL = st.text(alphabet="0123456789 -.+()@#_ABXabcx京电话身份证号卡微信栋室零一三八：，/\u200b１３", max_size=80)


@given(st.one_of(DIGITAL, st.text(max_size=80)))
def test_spans_lie_in_the_text_in_order_and_all_else_stays(text):
    found = mask(text)
    assert all(a.end <= b.start for a, b in zip(found.spans, found.spans[1:], strict=False))
    assert all(0 <= span.start < span.end <= len(text) for span in found.spans)
    rebuilt, at = "", 0
    for span in found.spans:
        rebuilt += text[at : span.start] + MARKS[span.kind]
        at = span.end
    assert rebuilt + text[at:] == found.text
    assert found.kinds == {span.kind for span in found.spans}


@given(
    st.text(alphabet="的了在停电我们，。!？\n", max_size=40),
    st.sampled_from([row for row in sentences("dev") if row.spans]),
)
def test_words_around_do_not_hide_it(around, row):
    text = f"{around}\n{row.text}\n{around}"
    shown = mask(text).text
    for start, end, _kind in row.spans:
        assert row.text[start:end] not in shown


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "13",
        "1-",
        "+1",
        "a@",
        "a.",
        "一",
        "1栋",
        "微信",
        "电话 ",
        "护照 ",
        "\u200b1",
        "京A",
        "6222 ",
        "a at b dot ",
    ],
)
def test_a_long_hostile_text_is_got_through(piece):
    text = piece * (200_000 // len(piece))
    assert len(mask(text).text) <= len(text) * 5

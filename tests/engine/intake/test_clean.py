"""Foreign text becomes plain text, and takes its time in proportion to its length."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.clean import MAX_TEXT, clean_line, clean_post, clean_text, fold, strip_markup
from shudao.engine.post import Post


@pytest.mark.parametrize(
    ("foreign", "plain"),
    [
        ("<b>停电</b>通知", "停电通知"),
        ("<p>一段</p><p>二段<br/>三行", "一段\n\n二段\n三行"),
        ("<script>alert('x')</script>停电<style>p{}</style>", "停电"),
        ("停电<SCRIPT src=x>evil</SCRIPT >了", "停电 了"),
        ("甲<!-- 注 -->乙<?php x ?>丙<!DOCTYPE html>", "甲 乙丙"),
        ("<![CDATA[停电]]>", "停电]]>"),
        ("3 < 5 而 7 > 2", "3 < 5 而 7 > 2"),
        ("a<b 停电", "a<b 停电"),
        ("AT&amp;T &lt;b&gt; &#20572;&#x7535;", "AT&T <b> 停电"),
        ("a\x00b\x08c\u202ed\ud800", "abcd"),
        ("一\r\n\r\n\r\n\r\n二\t 三\u3000四", "一\n\n二 三 四"),
        ("<img src=x onerror=alert(1)>图", "图"),
        ("<script>没有结尾", "没有结尾"),
        ("", ""),
    ],
)
def test_markup_is_stripped_and_the_words_stay(foreign, plain):
    assert clean_text(foreign) == plain


def test_a_line_is_one_line_and_bounded():
    assert clean_line("  <h1>停电\n通知</h1> ") == "停电 通知"
    assert len(clean_line("停" * 5000)) == 1000
    assert len(clean_text("停" * (MAX_TEXT + 5))) == MAX_TEXT


def test_a_post_is_cleaned_in_every_field():
    post = Post(
        id="a\x00<1>", source="<b>晚报</b>", kind="web", title="<i>x</i>", text=None, published_at=datetime.now(UTC)
    )
    cleaned = clean_post(post)
    assert (cleaned.id, cleaned.source, cleaned.title, cleaned.text) == ("a<1>", "晚报", "x", "")


def test_headings_fold_together():
    assert fold(" 发 布时间 ") == fold("发布时间") and fold("ＵＲＬ") == "url"


@given(st.text(alphabet="<>/!-?&;# abscriptl=\"'停\n", max_size=200))
def test_any_text_becomes_plain(text):
    cleaned = clean_text(text)
    assert len(cleaned) <= max(len(text) * 2, 1)
    assert strip_markup("停电") == "停电"


@pytest.mark.parametrize("piece", ["<", "<a", "<script>", "<!--", "<a ", "&", "<p>", "</", "<![CDATA[", "<a href='"])
def test_cleaning_takes_time_in_proportion_to_the_text(piece):
    begun = time.perf_counter()
    clean_text(piece * (800_000 // len(piece)))
    assert time.perf_counter() - begun < 20

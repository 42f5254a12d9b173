"""Figures and moments as people write them."""

import pytest
from django import forms

from shudao.base.fields import FiguresField, MomentField, VerbForm
from shudao.base.refusal import refuse


@pytest.mark.parametrize("line", ["停电户数 3200", "停电户数：3,200", "停电户数=3200", "  停电户数   3200 "])
def test_a_figure_is_read_however_it_is_written(line):
    assert FiguresField().clean(line) == {"停电户数": 3200}


@pytest.mark.parametrize("text", ["停电户数", "3200", "户数 三千", "户数 nan", "户数 inf"])
def test_a_line_without_name_or_number_is_named(text):
    with pytest.raises(forms.ValidationError, match="2"):
        FiguresField().clean(f"好的 1\n{text}")


def test_a_refusal_is_shown_and_what_was_written_stays():
    class Note(VerbForm):
        verb = "note"
        text = forms.CharField()

    form = Note({"text": "写好的话"})
    assert form.is_valid()
    form.refuse(refuse("级别尚未确认", "not graded"))
    assert form.non_field_errors() == ["级别尚未确认"] and form["text"].value() == "写好的话"
    assert form["text"].auto_id == "note-text"


def test_a_moment_is_read_on_the_readers_clock():
    found = MomentField().clean("2026-07-13T10:00")
    assert found.isoformat() == "2026-07-13T10:00:00+08:00" and MomentField().clean("") is None

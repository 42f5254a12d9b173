"""Every message that the site says has one sure English text, and nothing else stands in the catalogue."""

import os
import re

import polib
import pytest

from shudao.base import languages


def test_no_message_is_missing_empty_or_left_over():
    catalogue = polib.pofile(str(languages.CATALOGUE))
    said = set(languages.extract_messages())
    written = {(row.msgid, row.msgid_plural) for row in catalogue}
    assert sorted(said - written) == [] and sorted(written - said) == []
    assert languages.gaps(catalogue) == []


def test_placeholders_stand_on_both_sides():
    holes = re.compile(r"%\(\w+\)[sd]")
    for row in polib.pofile(str(languages.CATALOGUE)):
        said = row.msgid_plural or row.msgid
        text = row.msgstr_plural[1] if row.msgid_plural else row.msgstr
        assert sorted(holes.findall(text)) == sorted(holes.findall(said)), row.msgid
        assert set(holes.findall(row.msgstr_plural.get(0, ""))) <= set(holes.findall(row.msgid)), row.msgid


def test_english_holds_no_chinese():
    for row in polib.pofile(str(languages.CATALOGUE)):
        text = row.msgstr or "".join(row.msgstr_plural.values())
        assert not any("一" <= letter <= "鿿" for letter in text), row.msgid


def test_a_gap_is_found():
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="甲", msgstr="A"))
    catalogue.append(polib.POEntry(msgid="乙", msgstr=""))
    catalogue.append(polib.POEntry(msgid="丙", msgstr="C", flags=["fuzzy"]))
    catalogue.append(polib.POEntry(msgid="丁", msgid_plural="丁", msgstr_plural={0: "D", 1: ""}))
    assert languages.gaps(catalogue) == ["乙", "丙", "丁"]


@pytest.fixture
def own_locale(tmp_path, monkeypatch):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "甲"\nmsgstr "A"\n')
    monkeypatch.setattr(languages, "LOCALE", tmp_path)
    return source


def test_the_binary_is_made_once_and_again_when_its_source_is_newer(own_locale):
    assert languages.compile_catalogues() == [own_locale.with_suffix(".mo")]
    assert languages.compile_catalogues() == []
    later = own_locale.with_suffix(".mo").stat().st_mtime + 10
    os.utime(own_locale, (later, later))
    assert languages.compile_catalogues() == [own_locale.with_suffix(".mo")]
    assert [row.msgstr for row in polib.mofile(str(own_locale.with_suffix(".mo")))] == ["A"]

"""Charts: Chinese is drawn without the system's fonts, by a process of its own, kept by content under an unguessable name."""

import io
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from shudao.base import charts
from shudao.base.charts import ChartFault, chart_png, keep_chart, kept_picture
from shudao.base.templatetags.charts import spark, table_of
from shudao.engine.charts.model import Column, VolumeChart

T0 = datetime(2026, 7, 13, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_shelf(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    yield
    charts.close_drawer()


def volume(title="停电", count=3):
    return VolumeChart(title=title, columns=(Column(T0, "社交", count),), series=("社交",), unit="条")


def dark_pixels(png):
    with Image.open(io.BytesIO(png)) as picture:
        return sum(picture.convert("L").histogram()[:100])


def test_chinese_is_drawn_and_not_left_out():
    nothing, words = chart_png(volume(" ")), chart_png(volume("停电户数明显多于平时"))
    assert dark_pixels(words) > dark_pixels(nothing) + 300


def test_a_picture_is_drawn_once_and_kept_by_its_content(monkeypatch):
    first = chart_png(volume())
    monkeypatch.setattr(charts._Drawer, "draw", lambda *_: pytest.fail("drawn twice"))
    assert chart_png(volume()) == first


def test_a_kept_chart_is_found_by_its_name_alone():
    name = keep_chart(volume())
    assert kept_picture(name, "dark", "narrow").startswith(b"\x89PNG")
    assert kept_picture("0" * 40, "light", "wide") is None and kept_picture("../secret", "light", "wide") is None
    assert keep_chart(volume(count=4)) != name


def test_a_name_does_not_follow_from_the_numbers(settings):
    before = keep_chart(volume())
    settings.SECRET_KEY = "another site"
    assert keep_chart(volume()) != before


def test_a_drawing_process_that_ended_is_started_again():
    chart_png(volume("一"))
    charts._drawer._process.kill()
    assert chart_png(volume("二")).startswith(b"\x89PNG")


def test_a_process_that_only_fails_is_a_fault_not_a_hang(monkeypatch):
    def ended():
        return subprocess.Popen(["false"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    monkeypatch.setattr(charts, "_start", ended)
    with pytest.raises(ChartFault):
        chart_png(volume("三"))


def test_the_process_is_awake_before_the_picture_is_asked_for():
    name = keep_chart(volume("四"))
    charts.expect(name, "wide")
    woken = charts._drawer._process
    assert kept_picture(name, "light", "wide") and charts._drawer._process is woken
    charts.close_drawer()
    charts.expect(name, "wide")
    assert charts._drawer._process is None


def test_old_charts_leave_the_shelf(monkeypatch):
    monkeypatch.setattr(charts, "KEPT", 2)
    monkeypatch.setattr(charts, "TIDY_EVERY", 1)
    for count in range(5):
        keep_chart(volume(count=count + 1))
    assert len(list(charts.shelf().glob("*.json"))) == 2


def test_the_table_says_the_same_numbers():
    later = (Column(T0, "社交", 3), Column(T0 + timedelta(hours=1), "新闻", 2))
    head, rows = table_of(VolumeChart(title="量", columns=later, series=("社交", "新闻"), unit="条"))
    assert head[1:] == ["社交", "新闻"] and [row[1:] for row in rows] == [[0, 2], [3, 0]]


def test_a_small_line_carries_its_words():
    assert 'aria-label="每小时 1、4、2 条"' in spark([1, 4, 2], "每小时 1、4、2 条") and spark([1]) == ""

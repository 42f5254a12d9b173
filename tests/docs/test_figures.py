"""A figure in the docs is the one that was measured: it stands with its part and name, hidden, right behind the number."""

import json
import re
from pathlib import Path

import pytest

from shudao.engine.sense import alerts, pulse
from shudao.library import path_of

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("docs/zh/*.md"), *ROOT.glob("docs/en/*.md")])
MARK = re.compile(r"(-?[\d.]+)(%?)<!-- (\w+): (.+?)( \(peer\))? -->")
HOW = [ROOT / "docs" / tongue / "how-it-decides.md" for tongue in ("zh", "en")]


@pytest.mark.parametrize("doc", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_figure_is_the_measured_one(doc):
    measured = json.loads((ROOT / "bench/results.json").read_text())
    for shown, percent, part, name, peer in MARK.findall(doc.read_text()):
        [figure] = [row for row in measured[part] if row["name"] == name]
        value = figure["peer_value" if peer else "value"] * (100 if percent else 1)
        decimals = len(shown.partition(".")[2])
        assert f"{value:.{decimals}f}" == shown, f"{part}: {name}"


@pytest.mark.parametrize("doc", HOW, ids=str)
def test_how_it_decides_states_shares_only_with_their_measurement(doc):
    bare = MARK.sub("", doc.read_text())
    assert "<!--" not in bare and "%" not in bare
    assert len(MARK.findall(doc.read_text())) >= 15


def test_both_languages_state_the_same_figures():
    zh, en = (sorted(MARK.findall(doc.read_text())) for doc in HOW)
    assert zh == en


@pytest.mark.parametrize("doc", HOW, ids=str)
def test_the_limits_told_are_the_engines(doc):
    words = re.sub(r"[^\d.]+", " ", MARK.sub("", doc.read_text())).split()
    told = {float(word.strip(".")) for word in words if word.strip(".")}
    hour = pulse.limit(60)
    wanted = {*pulse.WINDOWS, pulse.BIN / 60, pulse.LEAST_POSTS, pulse.RARE, pulse.PRIOR_A / pulse.PRIOR_B}
    wanted |= {1 / hour, alerts.NEW_WITHIN / 3600, alerts.SOURCES, alerts.MANY, alerts.VOICE / 3600}
    wanted |= {pulse.FORGET_HOURS / 24}
    assert {float(one) for one in wanted} <= told
    assert pulse.SHORT_HOURS == 72 and pulse.LONGEST == 7200 and alerts.VOICES == 1 / 10  # said in words


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_the_page_inside_is_the_same(tongue):
    inside = path_of("pages", f"how-it-decides.{tongue}.md").read_text()
    assert inside == (ROOT / "docs" / tongue / "how-it-decides.md").read_text()

"""Long texts in parts: nothing lost, nothing torn, every part within its room."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.text.parts import cut, graphemes, in_bytes, numbered

ROOMS = (24, 31, 48, 64, 100, 256, 512, 2048, 4096, 20000)
SIGNS = [
    "👨‍👩‍👧‍👦",
    "👍🏽",
    "é",
    "e\u0301",
    "🇨🇳🇬🇧",
    "停",
    "电",
    "。",
    "，",
    " ",
    "\n",
    "a",
    "\u1112\u1161\u11ab",
    '"',
    "\\",
]
texts = st.lists(st.sampled_from(SIGNS) | st.text(max_size=8), max_size=200).map("".join)
items = st.lists(texts, min_size=1, max_size=12)
sizes = st.sampled_from([len, in_bytes, lambda text: len(json.dumps(text, ensure_ascii=False).encode()) - 2])


@pytest.mark.parametrize("room", ROOMS)
@given(items=items, size=sizes)
def test_no_character_is_lost_and_every_part_fits(room, items, size):
    parts = numbered([clean(item) for item in items], room, size)
    assert all(size(part) <= room for part in parts)
    bare = parts
    if len(parts) > 1:
        found = [re.fullmatch(r"\((\d+)/(\d+)\)\n(.*)", part, re.DOTALL) for part in parts]
        assert [(int(f[1]), int(f[2])) for f in found] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
        bare = [f[3] for f in found]
    assert "".join(bare) == "\n".join(clean(item) for item in items)


def clean(text):
    return text.encode("utf-8", "ignore").decode()


@given(items=items, room=st.integers(40, 400))
def test_signs_stay_whole_where_they_fit(items, room):
    items = [clean(item) for item in items]
    if max((in_bytes(sign) for item in items for sign in graphemes(item)), default=0) > room:
        return
    whole = {*borders("\n".join(items))}
    at = 0
    for part in cut(items, room, in_bytes):
        at += len(part)
        assert at in whole


def borders(text):
    at = 0
    yield at
    for sign in graphemes(text):
        at += len(sign)
        yield at


def test_items_stay_whole_where_they_fit():
    items = [f"第{n}条：城南片区停电，户数 {n}" for n in range(40)]
    parts = numbered(items, 200, in_bytes)
    assert len(parts) > 5
    lines = [line for part in parts for line in part.splitlines() if not line.startswith("(")]
    assert lines == items


def test_one_long_item_is_cut_behind_a_sentence():
    parts = cut(["城南片区停电。" * 20], 50, len)
    assert all(part.endswith("。") for part in parts) and "".join(parts) == "城南片区停电。" * 20


def test_what_fits_stays_one_message_without_a_number():
    assert numbered(["一", "二"], 10) == ["一\n二"]
    assert numbered([""], 10) == [""]


def test_families_flags_and_accents_are_single_signs():
    assert list(graphemes("👨‍👩‍👧🇨🇳🇬🇧e\u0301x\r\n한")) == ["👨‍👩‍👧", "🇨🇳", "🇬🇧", "e\u0301", "x", "\r\n", "한"]


def test_a_room_without_room_is_refused():
    with pytest.raises(ValueError, match="fits"):
        cut(["停电"], 2, in_bytes)

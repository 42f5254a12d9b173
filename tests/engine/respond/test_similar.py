"""Earlier demands that ask nearly the same."""

from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.respond.similar import pieces, similar

EARLIER = {
    1: "小区充电桩经常跳闸，报修三次没人来",
    2: "电费账单多了一个月",
    3: "路灯坏了一周",
    4: "The charging pole trips every night",
}


def test_the_likest_comes_first_and_the_unlike_not_at_all():
    found = similar("充电桩又跳闸了，电动车充不上电", EARLIER)
    assert [row.id for row in found] == [1]
    assert [row.id for row in similar("charging pole trips again", EARLIER)] == [4]
    assert similar("垃圾没人收", EARLIER) == [] and similar("", EARLIER) == [] and similar("路灯", {}) == []


def test_width_and_script_do_not_matter():
    assert [row.id for row in similar("充電樁跳閘", EARLIER)] == [1]


@given(st.text(max_size=60))
def test_any_text_is_like_itself_and_shares_lie_between_0_and_1(text):
    found = similar(text, {7: text})
    assert bool(found) == bool(pieces(text))
    assert all(0 < row.share <= 1 for row in found)

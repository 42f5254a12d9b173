"""What asks for something outside the boundary is marked at its smallest part; what forbids it or merely sounds like it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.plan.read import boundary
from shudao.engine.plan.read.boundary import leads_ban, outside


@pytest.mark.parametrize(
    ("text", "part", "why"),
    [
        ("建立值班制度，对重点人员实行专人盯防", "对重点人员实行专人盯防", boundary.WATCH),
        ("档案包括站点清单、重点关注学生名单、值班日志", "重点关注学生名单", boundary.WATCH),
        ("班主任排查受处分学生的思想动态", "班主任排查受处分学生的思想动态", boundary.PRIVATE),
        ("信息科负责追查发帖人真实身份；其他科室配合", "信息科负责追查发帖人真实身份", boundary.UNMASK),
        ("做好师生上网实名登记，加强宣传", "做好师生上网实名登记", boundary.REGISTER),
        ("联系网站删除不实帖文，同时发布说明", "联系网站删除不实帖文", boundary.DELETE),
        ("为避免扩散及时删除帖子", "为避免扩散及时删除帖子", boundary.DELETE),
        ("将失实报道的媒体列入黑名单", "将失实报道的媒体列入黑名单", boundary.BLACKLIST),
        ("组织网评员跟帖引导，发布权威信息", "组织网评员跟帖引导", boundary.COVERT),
        ("以普通网友身份发表正面评论", "以普通网友身份发表正面评论", boundary.COVERT),
        ("ask the platform to remove critical posts, then reply", "ask the platform to remove critical posts", boundary.DELETE),
    ],
)  # fmt: skip
def test_the_smallest_part_that_asks(text: str, part: str, why):
    assert [(one.span.text, one.why) for one in outside(text)] == [(part, why)]


@pytest.mark.parametrize(
    "text",
    [
        "切忌以删帖为最终目的，应解决问题", "不得以屏蔽信息代替回应", "严禁雇用水军", "坚持不删帖、不封号", "删帖不是目的",
        "核实发帖人反映的问题", "登记来电用户反映的停电情况", "调取监控录像核实现场情况", "对受影响学生开展心理疏导",
        "密切关注家属情绪和诉求", "官方账号及时回应评论区的疑问", "设专人进行监测", "摸排安全隐患", "处置负面舆情",
        "引导网民理性表达", "自有新媒体账号登记备案", "统计伤亡人员名单", "不得泄露患者个人信息", "保护举报人",
    ],
)  # fmt: skip
def test_what_forbids_or_only_sounds_alike_stays(text: str):
    assert outside(text) == []


def test_a_list_under_a_ban_is_banned_and_an_order_after_it_is_not():
    assert leads_ban("不得有下列行为：")
    assert outside("要求网站删帖；", forbidden=True) == []
    assert [one.span.text for one in outside("严禁下列行为：雇用水军、删帖封号。网管中心负责屏蔽关键词。")] == [
        "网管中心负责屏蔽关键词"
    ]


@given(st.text(alphabet="删帖不得切忌及时重点人员名单监控学生，。；：、水军发", max_size=50))
def test_every_part_is_a_cut_without_stops(text: str):
    for one in outside(text):
        assert text[one.span.start : one.span.end] == one.span.text
        assert not set(one.span.text) & set("，。；：")

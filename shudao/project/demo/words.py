"""What the demo's scripted team says. Invented, like everything in the sample organisation."""

from typing import Any

import msgspec


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The team's words: title, facts (status, text, figures), grading measures, demands with owner, answers, statements."""

    title: str
    facts: tuple[tuple[str, str, dict[str, int]], ...]
    measures: dict[str, Any]
    demands: tuple[tuple[str, str], ...]
    answers: dict[str, str]
    decision: str
    holding: str
    statement: str


_WHEN = "请告知停电原因和恢复时间"
_CALL = "热线一直占线，请增加接听席位"
_HELP = "家中有人靠制氧机，请协助安排临时供电"

POWER = Told(
    title="望湖新城夜间停电引发关注",
    facts=(
        ("known", "20时47分望湖新城二期、三期停电，影响1126户", {"影响户数": 1126}),
        ("not_known", "停电原因仍在查找", {}),
        ("not_known", "有没有人因停电就医，正在与县医院核对", {}),
        ("false", "“变压器爆炸起火”的说法经现场检查不属实", {}),
    ),
    measures={
        "posts_1h": 60,
        "posts_total": 140,
        "sources": 6,
        "media_tier": 1,
        "growth": 9,
        "harm": False,
        "offline": False,
        "duration_h": 3,
        "superior_attention": False,
        "first_handling_failed": False,
        "credible": True,
    },
    demands=((_WHEN, "dispatch_head"), (_CALL, "service_head"), (_HELP, "repair_head")),
    answers={
        _WHEN: "已查明为电缆终端故障，抢修完成即恢复供电，期间每两小时更新一次",
        _CALL: "已增开六个席位，并开通留言回拨",
        _HELP: "应急发电车已到小区北门，已为有需要的住户接通临时电源",
    },
    decision="按所定级别办理：调度与运检连夜抢修，客服逐条回复，两小时更新一次进展",
    holding=(
        "7月13日20时47分，望湖新城二期、三期停电，影响1126户。抢修人员已到场，停电原因仍在查找。"
        "就医人数正与县医院核对，核实后公布；网传变压器爆炸不属实。给大家添了不便，我们很抱歉。"
        "有困难的住户请拨打客户服务热线或给公众号留言，下次更新在两小时内。"
    ),
    statement="望湖新城已恢复供电，影响1126户。原因是电缆终端击穿。整改与补偿事项请拨打客户服务热线，后续情况继续公布。",
)

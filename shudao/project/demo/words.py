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


_WHEN = "请告知什么时候能来电"
_CALL = "热线一直占线，请增加接听席位"
_TRUTH = "有人说变压器爆炸，请说明停电原因"

POWER = Told(
    title="石桥花园小区夜间停电引发关注",
    facts=(
        ("known", "20时38分石桥乙线跳闸，影响1126户", {"households": 1126}),
        ("not_known", "故障点的准确位置仍在查找", {}),
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
    demands=((_WHEN, "dispatch_head"), (_CALL, "service_head"), (_TRUTH, "technician")),
    answers={
        _WHEN: "已查明为电缆终端故障，预计次日3时前恢复，期间每两小时更新一次",
        _CALL: "已增开六个席位，占线率降到一成以下，并开通留言回拨",
        _TRUTH: "变压器外观与油温正常，没有起火；故障点是电缆终端击穿，照片与试验记录已公布",
    },
    decision="按Ⅲ级响应办理：调度与运检连夜抢修，客服逐条回复，两小时更新一次进展",
    holding=(
        "7月13日20时38分，石桥乙线跳闸，影响1126户。故障点仍在查找，抢修人员已到场。"
        "网传变压器爆炸不属实。给大家添了不便，我们很抱歉。有困难的住户请拨打客户服务热线或给公众号留言，下次更新在两小时内。"
    ),
    statement="石桥乙线已恢复供电，影响1126户。原因是电缆终端击穿。整改与补偿事项请拨打客户服务热线，后续情况继续公布。",
)

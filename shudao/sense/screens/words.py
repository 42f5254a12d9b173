"""Words of sensing on the pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shudao.engine.words import Words
from shudao.listen.models import Item

KINDS = {
    "burst": Words("突增", "burst"),
    "second_wave": Words("再起", "second wave"),
    "new_story": Words("新话题", "new story"),
}
TONES = {
    "negative": Words("偏负面", "negative"),
    "neutral": Words("中性", "neutral"),
    "positive": Words("偏正面", "positive"),
}
MEDIA: dict[str, str | Promise] = {
    "social": _("社交平台"),
    "web": _("网页论坛"),
    "news": _("新闻"),
    "print": _("报刊"),
    "radio": _("广播"),
    "tv": _("电视"),
    "report": _("人工上报"),
}
"""Kinds of sources, in the order in which charts stack them."""
ASKS: dict[str, str | Promise] = {"demand": _("提要求"), "question": _("提问"), "complaint": _("抱怨")}
CHANGES: dict[str, str | Promise] = {"numbers": _("改了数字"), "negation": _("改了是非")}
TIERS: dict[int, str | Promise] = {0: _("非媒体"), 1: _("本地"), 2: _("省级"), 3: _("全国")}
COLOURS = {"I": "red", "II": "orange", "III": "yellow", "IV": "blue"}


def title_beside(item: Item) -> str:
    """An item's title, unless its text begins with the same words."""
    return "" if item.text.lstrip().startswith(item.title.rstrip("…. ")) else item.title

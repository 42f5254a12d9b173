"""转发 (reposts): what a post adds of its own and what it only passes on.

A repost carries its chain: 评论//@甲:别人的评论//@乙:原文. The comment is the poster's word, the last link the original.
Handles are dropped where they stand: nothing here gives one back. Boilerplate of the platforms (转发微博, 网页链接, 展开全文,
来自…客户端) says nothing and is dropped as well; 【全文】 and a closing …全文 mark a text as cut.
Works on folded texts and on texts as written.
"""

import re
from typing import NamedTuple

VERSION = "reposts-1"
LEAST = 10
"""Characters from which a quoted text says enough to be what a post is a copy of."""

MARKS = (
    "@",
    "http",
    "转发",
    "轉發",
    "全文",
    "展开",
    "展開",
    "来自",
    "來自",
    "链接",
    "連結",
    "视频",
    "視頻",
    "repost",
    "Repost",
    "图共",
    "圖共",
    "查看",
)
"""No text without one of these is changed by anything below, but for a cut that ends in three dots."""

_LINK = re.compile(r"(?:\bO\s*)?https?[:：]/{0,2}[\w!-/:-@\[-`{-~]*", re.ASCII)
_HANDLE = r"[@＠][^\s@＠:：/／#，。、！？!?,;；()（）【】\[\]<>《》\"“”]{1,30}"
_STEP = re.compile(
    rf"[/／]{{2}}\s*{_HANDLE}\s?[:：]?|(?:\brt|\bRT)\s{_HANDLE}\s?[:：]?|(?:回复|回覆)\s?{_HANDLE}\s?[:：]"
)
_MENTION = re.compile(rf"{_HANDLE}(?=[\s:：，。、！？!?,;；/／#()（）【】\[\]<>《》\"“”@＠]|$)[:：]?")
_BOILERPLATE = re.compile(
    r"[转轉][发發](?:微博|微信|原文|内容)[。.!！~～]*|(?:(?<![\u4e00-\u9fff])|快速|同时)[转轉][发發][。.!！~～\s]*(?=$|[/／]{2})"
    r"|(?i:\brepost(?:ed)?)[.!\s]*(?=$|[/／]{2})"
    r"|[Oo0]?\s?(?:网页链接|網頁連結|查看图片|查看圖片|查看视频)"
    r"|\[(?:组图|組圖|[图圖])共\d+[张張]\]"
    r"|的微博[视視][频頻]\s*$"
    r"|(?:发布于[^\s，。]{1,8}\s*)?[来來]自\s?[^\s，。、！？!?,:：]{0,16}(?:客户端|客戶端|iphone|iPhone|[安]卓|android|Android|微博|超话|超話|weibo\.com|手机|手機|网页版)[^\s，。！？]{0,12}\s*$"
    r"|收起(?:全文)?d?\s*$"
)
_CUT = re.compile(
    r"(?:(?:\.{2,}|…+|⋯+)\s*(?:[\[【(（]?(?:展开|展開|查看|阅读|閱讀)?(?:全文|原文|更多)[\]】)）]?c?)?|[\[【](?:展开|展開)?全文[\]】]|展开全文c?)\s*$"
)
_HEAD = re.compile(
    r"^\s*[\[【](?:全文|转发|轉發|转载|轉載|转|轉)[\]】]\s*|^\s*(?:转发|轉發|转载|轉載|转|轉)\s?[:：]\s*"
)
_ANY = re.compile("|".join(("＠", *MARKS)))
CUT_ENDS = frozenset(".…⋯文多]】)）c \n")
"""No text that ends otherwise was cut."""
_TAG = re.compile(r"#[^#\n]{1,40}#|#\w{1,40}")


class Repost(NamedTuple):
    """转发 (repost): the poster's own `comment`, and the texts passed on, the nearest first, the original last."""

    comment: str
    quoted: tuple[str, ...] = ()

    @property
    def original(self) -> str:
        """What the post is about: the text farthest up the chain that says enough; the longest when none does."""
        parts = (self.comment, *self.quoted)
        for part in reversed(parts):
            if len(part) >= LEAST:
                return part
        return max(parts, key=len)


def split_repost(text: str) -> Repost:
    """A post as comment and chain, without handles and boilerplate; empty links of the chain are left out."""
    comment, *chain = _STEP.split(text)
    return Repost(_clean(comment), tuple(said for part in chain if (said := _clean(part))))


def original(text: str) -> str:
    """What `split_repost(text).original` says."""
    parts = _STEP.split(text) if "@" in text or "＠" in text else [text]
    for place in range(len(parts) - 1, -1, -1):
        parts[place] = _clean(parts[place])
        if len(parts[place]) >= LEAST:
            return parts[place]
    return max(parts, key=len)


def is_cut(text: str) -> bool:
    """Whether the text ends with the mark of having been cut (…全文, 展开全文, three dots)."""
    return text[-1:] in CUT_ENDS and _CUT.search(text, max(0, len(text) - 20)) is not None


def only_tags(text: str) -> bool:
    """Whether a post says nothing beside its hashtags (and mentions and boilerplate)."""
    cleaned = _clean(text)
    return bool(cleaned) and not re.search(r"[^\W_]", _TAG.sub("", cleaned))


def _clean(part: str) -> str:
    """Without links, mentions, boilerplate and cut marks."""
    if _ANY.search(part):
        if "http" in part:
            part = _LINK.sub(" ", part)
        if "@" in part or "＠" in part:
            part = _MENTION.sub(" ", part)
        before = None
        while part != before:  # a tail may stand before a tail
            before = part
            part = _HEAD.sub("", _BOILERPLATE.sub("", part)).strip()
    return (_CUT.sub("", part) if part[-1:] in CUT_ENDS else part).strip()

"""粘贴 (paste): posts that a person copied by hand from a platform, one or several, as they stand on the screen.

What is a link, a time, an author or a count is said by the line it stands on; all else is the words. How it was
understood is shown before anything is kept.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from shudao.engine.address import ADDRESS, clean_address, is_site_only
from shudao.engine.intake.clean import clean_text
from shudao.engine.intake.said import is_said, read_said
from shudao.engine.intake.setting import Setting
from shudao.engine.intake.table import count_of
from shudao.engine.post import Counts, Post, PostError, check_post
from shudao.engine.pseudonym import strip_handles

MAX_POSTS = 200
MAX_LINES = 400  # of one post
PLATFORMS: dict[str, tuple[str, ...]] = {
    "微博": ("weibo.com", "weibo.cn"), "微信公众号": ("mp.weixin.qq.com",), "抖音": ("douyin.com", "iesdouyin.com"),
    "快手": ("kuaishou.com",), "小红书": ("xiaohongshu.com", "xhslink.com"), "知乎": ("zhihu.com",),
    "哔哩哔哩": ("bilibili.com", "b23.tv"), "百度贴吧": ("tieba.baidu.com",), "今日头条": ("toutiao.com",), "豆瓣": ("douban.com",),
}  # fmt: skip
"""Platforms by their hosts; any other name may be typed."""
_COUNTS = {
    "likes": ("点赞", "赞", "喜欢", "likes", "like"), "shares": ("转发", "分享", "reposts", "repost", "shares", "share"),
    "comments": ("评论", "回复", "跟帖", "comments", "comment", "replies"), "views": ("阅读", "浏览", "播放", "观看", "views", "view", "plays"),
}  # fmt: skip
_COUNT_OF = {name: field for field, names in _COUNTS.items() for name in names}
_NUMBER = r"\d[\d,，.]{0,14}\s?(?:万|千|亿|w|k|m)?\+?"
_WORD = "|".join(sorted(_COUNT_OF, key=len, reverse=True))
_ONE_COUNT = re.compile(
    rf"(?:(?P<word>{_WORD})[数量]?\s?[:：]?\s?(?P<n>{_NUMBER}))|(?:(?P<n2>{_NUMBER})\s?(?:次|条|个|人)?\s?(?P<word2>{_WORD}))",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?P<label>链接|网址|原文|url|link|时间|发布时间|发布于|发表于|time|date|作者|发布人|博主|昵称|用户|author|by|标题|title|平台|来源|platform|source|正文|内容|text)\s?[:：]\s?(?P<rest>.*)$",
    re.IGNORECASE,
)
_LABELS = {
    "url": ("链接", "网址", "原文", "url", "link"), "when": ("时间", "发布时间", "发布于", "发表于", "time", "date"),
    "author": ("作者", "发布人", "博主", "昵称", "用户", "author", "by"), "title": ("标题", "title"),
    "platform": ("平台", "来源", "platform", "source"), "text": ("正文", "内容", "text"),
}  # fmt: skip
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_HANDLE_LINE = re.compile(r"^[@＠](?P<name>\S{1,40})$")
_FROM_DEVICE = re.compile(r"\s*(?:来自|发布于)\s?(?!\d)\S.{0,30}$")


class Pasted(msgspec.Struct, frozen=True, kw_only=True):
    """粘贴的一条 (pasted post) as it was cut: `when` still as written. `author` lives in memory only."""

    url: str = ""
    platform: str = ""
    title: str = ""
    text: str = ""
    when: str = ""
    author: str = ""
    counts: dict[str, int] = {}


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """看作 (understood): the post that would be kept, or the fault that keeps it out; whether its time was assumed."""

    pasted: Pasted
    post: Post | None
    fault: PostError | None = None
    is_time_assumed: bool = False


def cut_posts(text: str) -> list[Pasted]:
    """Posts of a text that blank lines part."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return [cut_post(block) for block in blocks[:MAX_POSTS] if block.strip()]


def cut_post(block: str) -> Pasted:
    """One post: labelled lines, a line that is nothing but an address, a time, @name or counts, and the words."""
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    words: list[str] = []
    for line in block.strip().split("\n")[:MAX_LINES]:
        plain = line.strip()
        field, rest = _labelled(plain)
        if field == "text":
            words.append(rest)
        elif field and rest and field not in found:
            found[field] = rest
        elif not _take(plain, found, counts):
            words.append(plain)
    made = Pasted(text="\n".join(words).strip(), counts=counts, **found)
    return msgspec.structs.replace(made, platform=made.platform or platform_of(made.url))


def understand(pasted: Pasted, setting: Setting) -> Understood:
    """The post that stands for it. Without a time it is dated by `setting.at`, and that is said."""
    try:
        when = read_said(pasted.when, setting.now, setting.zone) if pasted.when.strip() else setting.at
        title, text = clean_text(pasted.title, 200), clean_text(pasted.text)
        post = Post(
            id=own_id(pasted.url, title, text, when),
            source=pasted.platform.strip()[:60] or setting.source,
            kind=setting.kind or "social",
            url=pasted.url.strip() or None,
            title=title or None,
            text=text or None,
            published_at=when,
            author=pasted.author.strip().lstrip("@＠") or None,
            counts=Counts(**pasted.counts) if pasted.counts else None,
        )
        if pasted.url.strip() and not clean_address(pasted.url):
            raise PostError(
                "链接不是网址（应以 http:// 或 https:// 开头）", "the link is no web address (http:// or https://)"
            )
        return Understood(pasted=pasted, post=check_post(post), is_time_assumed=not pasted.when.strip())
    except PostError as fault:
        return Understood(pasted=pasted, post=None, fault=fault)


def own_id(url: str, title: str, text: str, when: datetime) -> str:
    """The address where it leads to the post alone, so that pasting twice is known; else a digest of the nameless words."""
    address = clean_address(url.strip())
    if address and not is_site_only(address) and len(address) <= 400:
        return address
    content = "\0".join((strip_handles(title), strip_handles(text), when.strftime("%Y-%m-%d")))
    return "paste-" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:24]


def platform_of(url: str) -> str:
    """The platform of an address by its host, "" when it is none of the known."""
    host = re.sub(r"^https?://([^/?#:]*).*$", r"\1", url.strip(), flags=re.DOTALL).lower()
    for name, hosts in PLATFORMS.items():
        if any(host == known or host.endswith(f".{known}") for known in hosts):
            return name
    return ""


def read_counts(text: str) -> dict[str, int]:
    """Counts in a line such as 转发 12 评论 3 赞 1.2万; {} when the line says anything else."""
    rest = _ONE_COUNT.sub("", text)
    if re.sub(r"[\s·|，,、;；/]+", "", rest):
        return {}
    found: dict[str, int] = {}
    for one in _ONE_COUNT.finditer(text):
        number = count_of((one["n"] or one["n2"]).rstrip(",，."))
        if number is not None:
            found.setdefault(_COUNT_OF[(one["word"] or one["word2"]).lower()], number)
    return found


def _labelled(line: str) -> tuple[str, str]:
    found = _LABEL.match(line)
    return (_FIELD_OF[found["label"].lower()], found["rest"].strip()) if found else ("", "")


def _take(line: str, found: dict[str, str], counts: dict[str, int]) -> bool:
    """Whether the line was an address, a time, a name or counts, and was put where it belongs."""
    address = ADDRESS.fullmatch(line)
    if address and "url" not in found:
        found["url"] = line if "://" in line else f"https://{line}"
        return True
    if "when" not in found and (when := _when(line)):
        found["when"] = when
        return True
    if "author" not in found and (name := _HANDLE_LINE.match(line)):
        found["author"] = name["name"]
        return True
    said: Mapping[str, int] = read_counts(line) if line else {}
    counts.update({name: number for name, number in said.items() if name not in counts})
    return bool(said)


def _when(line: str) -> str:
    """The time a line says, without the device or place that platforms put behind it (昨天 09:32 来自 某手机)."""
    for candidate in (line, _FROM_DEVICE.sub("", line)):
        if len(candidate) <= 40 and is_said(candidate):
            return candidate
    return ""

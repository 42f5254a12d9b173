"""群聊记录 (chat record): exports of DingTalk, WeCom, Feishu, QQ and plain "time, name, words", to posts.

A nickname lives in memory only: it is the post's author, and where other speakers of the same record are named in the
words they become mentions, so that the door gives them pseudonyms too. What no person said is turned away with its line.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from shudao.engine.intake.clean import clean_line, clean_text
from shudao.engine.intake.encoding import decode
from shudao.engine.intake.said import read_said
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.post import Post, PostError, Reject, check_post
from shudao.engine.pseudonym import strip_handles
from shudao.engine.words import BadInput, Words

MAX_BYTES = 50 * 1024 * 1024
MAX_NAME = 40  # characters of a nickname; a longer "name" is a sentence
LOOKED_AT = 400  # lines that decide which form a record has
LEAST = 2  # headers that make a record

_DAY = r"(?P<day>\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}\s?(?:月|[-/])\s?\d{1,2}日?|今天|昨天|前天|(?:星期|周)[一二三四五六日天])"
_TIME = r"(?P<time>(?:上午|下午|晚上|凌晨|中午)?\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
_WHEN = rf"(?:{_DAY}[ \tT]{{1,3}})?{_TIME}"
_NAME = rf"(?P<name>[^\s:：](?:[^\n:：]{{0,{MAX_NAME - 2}}}?[^\s:：])?)"
# Header forms, the most telling first. In the first five the words stand on the lines below; in the last two behind.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bracket", re.compile(rf"^[\[【(]{_WHEN}[\]】)]\s{{0,3}}{_NAME}\s?[:：]\s?(?P<words>.*)$")),
    ("time_name", re.compile(rf"^{_WHEN}[ \t]{{1,4}}{_NAME}(?P<number>\(\d{{5,12}}\)|<[^<>\s]{{3,80}}>)?\s{{0,2}}$")),
    ("name_time", re.compile(rf"^{_NAME}(?P<number>\(\d{{5,12}}\)|<[^<>\s]{{3,80}}>)?[ \t　]{{1,8}}[\[(]?{_WHEN}[\])]?\s{{0,2}}$")),
    ("time_words", re.compile(rf"^{_WHEN}[ \t,，]{{1,4}}{_NAME}\s?[:：]\s?(?P<words>.*)$")),
)  # fmt: skip
_DATE_LINE = re.compile(
    r"^[-—─=_\s]*(?P<day>\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)(?:\s*(?:星期|周)[一二三四五六日天])?[-—─=_\s]*$"
)
_RULE = re.compile(r"^[=\-—─_*]{6,}$")
_ROLE = re.compile(
    r"^(?:【[^】]{1,12}】|\[(?:群主|管理员|外部)\])\s?|\s?(?:\[(?:群主|管理员|外部)\]|（(?:外部|外部联系人)）|@微信|＠微信)$"
)
_ACCOUNT = re.compile(r"\((?P<qq>\d{5,12}|[A-Za-z][\w.-]{2,40})\)$|<[^<>\s]{3,80}>$")
_SYSTEM = re.compile(
    r"^(?:系统消息|系统提示|群通知|群公告|system)$|撤回了一条消息|加入了?(?:本群|群聊|会话)|退出了?(?:本群|群聊)|邀请.{1,80}加入|修改群名|被移出群聊|拍了拍|设置为群管理员",
    re.IGNORECASE,
)
_NO_WORDS = re.compile(
    r"^(?:[\[【](?:图片|表情|动画表情|语音|视频|文件|位置|链接|名片|红包|收到红包|转账|合并转发|聊天记录|image|photo|sticker|video|voice|file|audio)[^\]】]{0,60}[\]】]\s*)+$",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """发言 (utterance): the line it begins on, who, when as written, and the words."""

    line: int
    name: str
    day: str
    time: str
    words: str


def is_chat(data: bytes) -> bool:
    """Whether a text looks like a record of a chat."""
    return _form(decode(data[: 256 * 1024]).splitlines()[:LOOKED_AT]) is not None


def read_chat(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """Posts of a chat record, one for each utterance. BadInput when no form of record is recognised."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("聊天记录过大（超过 50 MB）", "the chat record is too large (over 50 MB)"), where=where)
    lines = decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    form = _form(lines[:LOOKED_AT]) or _form(lines)
    if form is None:
        mend = Words(
            "每条发言前应有一行“时间 昵称”或“昵称 时间”，例如：2026-07-13 08:00:01 小李",
            "each message needs a line with time and name before it, for example: 2026-07-13 08:00:01 Li",
        )
        raise BadInput(Words("看不出是哪种聊天记录", "no known form of chat record"), where=where, mend=mend)
    spoken = list(_utterances(lines, form))
    rename = _renamer({line.name for line in spoken})
    seen: Counter[str] = Counter()
    for line in spoken:
        yield _read_one(line, setting, rename, seen)


def _form(lines: Sequence[str]) -> re.Pattern[str] | None:
    """The header form that fits most lines; at least two must fit, or one where the whole record is one message."""
    counts = [(sum(pattern.match(line) is not None for line in lines), -at) for at, (_, pattern) in enumerate(_FORMS)]
    most, at = max(counts)
    full = sum(bool(line.strip()) for line in lines)
    return _FORMS[-at][1] if most >= LEAST or (most == 1 and full <= 3) else None


def _utterances(lines: Sequence[str], form: re.Pattern[str]) -> Iterator[Line]:
    day = ""
    begun: Line | None = None
    words: list[str] = []
    for number, text in enumerate(lines, start=1):
        stated = _DATE_LINE.match(text)
        found = None if stated else form.match(text)
        if stated or found:
            if begun:
                yield begun._replace(words="\n".join(words))
            begun, words = None, []
        if stated:
            day = stated["day"]
        elif found:
            day_here = found["day"] or day
            begun = Line(number, _plain_name(found["name"]), day_here, found["time"], "")
            words = [found["words"]] if "words" in found.re.groupindex else []
        elif begun and not _RULE.match(text):
            words.append(text)
    if begun:
        yield begun._replace(words="\n".join(words))


def _plain_name(name: str) -> str:
    """The nickname without role and account number; spaces inside become a point, so that a mention holds it whole."""
    plain = _ACCOUNT.sub("", _ROLE.sub("", name.strip()).strip().rstrip(":：")).strip()
    plain = _ROLE.sub("", plain).strip() or name.strip()
    return re.sub(r"[\s·]+", "·", plain.lstrip("@＠")).strip("·") or plain


def _renamer(names: set[str]) -> Callable[[str], str]:
    """Turns the speakers' names inside words into mentions, longest first; one letter or a number is no name."""
    telling = sorted((name for name in names if _is_telling(name)), key=len, reverse=True)
    if not telling:
        return lambda text: text
    spaced = (re.escape(name).replace("·", r"[\s·]{0,20}") for name in telling)
    pattern = re.compile(rf"(?P<at>[@＠]?)(?P<name>{'|'.join(spaced)})(?P<gap>[ \u2005\u00a0]?)")

    def mention(found: re.Match[str]) -> str:
        before = found.string[found.start() - 1 : found.start()]
        if not found["at"] and before.isascii() and before.isalnum() and found["name"][0].isascii():
            return found[0]
        return "@" + re.sub(r"[\s·]+", "·", found["name"]) + " "

    return lambda text: pattern.sub(mention, text)


def _is_telling(name: str) -> bool:
    return len(name.strip("·")) >= 2 and not name.isdigit() and not (name.isascii() and len(name) < 3)


def _read_one(line: Line, setting: Setting, rename: Callable[[str], str], seen: Counter[str]) -> Post | Reject:
    words = clean_text(line.words)
    try:
        if _SYSTEM.search(line.name) or (_SYSTEM.search(words) and len(words) < 120 and "\n" not in words):
            raise PostError("系统提示，不是发言", "a notice of the system, nobody's words")
        if not words:
            raise PostError("没有文字", "no words")
        if _NO_WORDS.match(words):
            raise PostError("只有图片、表情或文件，没有文字", "only a picture, sticker or file, no words")
        return check_post(_make_post(line, rename(words), setting, seen))
    except PostError as error:
        return Reject(line=line.line, why=error.words, raw=words.encode("utf-8", "replace")[:200])


def _make_post(line: Line, words: str, setting: Setting, seen: Counter[str]) -> Post:
    when = _when(line, setting)
    content = "\0".join((strip_handles(words), when.isoformat()))
    digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:24]
    seen[digest] += 1
    return Post(
        id=f"chat-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else ""),
        source=setting.source,
        kind=setting.kind or "report",
        text=words,
        published_at=when,
        author=clean_line(line.name, MAX_NAME) or None,
    )


def _when(line: Line, setting: Setting) -> datetime:
    """The moment of an utterance. A record that gives no day is dated by the file; a day in its future was the day before."""
    if line.day:
        return read_said(f"{line.day} {line.time}", setting.now, setting.zone)
    here = setting.at.astimezone(setting.zone)
    moment = read_said(f"{_iso(here.date())} {line.time}", setting.now + timedelta(days=1), setting.zone)
    return moment if moment <= setting.now else moment - timedelta(days=1)


def _iso(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

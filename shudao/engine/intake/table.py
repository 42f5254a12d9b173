"""表格 (table): rows of a vendor's sheet to posts. Headings in Chinese and English are known, others mapped by hand."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from shudao.engine.address import clean_address, is_site_only
from shudao.engine.intake.clean import clean_line, clean_text, fold
from shudao.engine.intake.moments import read_when
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.post import KINDS, MAX_COUNT, Counts, Post, PostError, Reject, check_post
from shudao.engine.pseudonym import strip_handles
from shudao.engine.words import BadInput, Words

SEARCHED_ROWS = 20  # headings stand within the first rows, below a title line or two

Row = Sequence[object]

# The first heading that is present wins within a field; compared after `fold`.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("id", "信息id", "文章id", "帖子id", "微博id"),
    "title": ("标题", "文章标题", "信息标题", "题目", "新闻标题", "title", "headline", "subject"),
    "text": (
        "正文", "内容", "全文", "文章内容", "信息内容", "正文内容", "微博内容", "帖子内容", "全文内容", "原文",
        "博文", "摘要", "内容摘要", "文章摘要", "text", "content", "body", "summary",
    ),
    "published_at": (
        "发布时间", "发布日期", "发表时间", "发文时间", "发博时间", "时间", "日期", "采集时间",
        "published_at", "published", "publishtime", "pubdate", "date", "time", "created_at",
    ),
    "author": (
        "作者", "发布人", "发布者", "发布账号", "账号", "账号名称", "昵称", "用户昵称", "用户名", "用户",
        "微博昵称", "博主", "作者名称", "author", "user", "username", "nickname", "screen_name",
    ),
    "source": (
        "来源", "媒体", "媒体名称", "来源媒体", "来源网站", "来源名称", "网站", "网站名称", "站点", "平台",
        "发布平台", "信源", "source", "media", "site", "platform",
    ),
    "kind": ("媒体类型", "媒体类别", "信息类型", "来源类型", "渠道", "载体", "类型", "kind", "mediatype", "type"),
    "url": ("链接", "原文链接", "文章链接", "地址", "原文地址", "网址", "url", "link", "href"),
    "likes": ("点赞数", "点赞", "点赞量", "赞", "likes", "like_count"),
    "shares": ("转发数", "转发", "转发量", "分享数", "分享", "shares", "reposts"),
    "comments": ("评论数", "评论", "评论量", "回复数", "回复", "跟帖数", "comments", "replies"),
    "views": ("阅读数", "阅读量", "阅读", "浏览量", "浏览数", "播放量", "播放数", "点击量", "views", "reads"),
}  # fmt: skip
_FIELD_OF = {heading: (field, rank) for field, names in _HEADINGS.items() for rank, heading in enumerate(names)}

# What vendors call the kinds; a word anywhere in the cell decides, in this order.
_KIND_WORDS = (
    ("radio", ("广播", "电台", "radio")),
    ("tv", ("电视", "tv")),
    ("print", ("报刊", "报纸", "纸媒", "平媒", "电子报", "print")),
    (
        "social",
        (
            "微博",
            "微信",
            "论坛",
            "贴吧",
            "短视频",
            "视频",
            "博客",
            "问答",
            "自媒体",
            "社交",
            "小红书",
            "抖音",
            "social",
        ),
    ),
    ("news", ("新闻", "客户端", "app", "news")),
    ("web", ("网站", "网页", "政务", "网媒", "web")),
    ("report", ("上报", "来信", "热线", "report")),
)
_SOCIAL_HOSTS = re.compile(
    r"//(?:[\w-]+\.)*(?:weibo\.c|zhihu\.com|douyin\.com|kuaishou\.com|xiaohongshu\.com|bilibili\.com|tieba\.baidu\.com"
    r"|mp\.weixin\.qq\.com|x\.com|twitter\.com|facebook\.com)"
)
_NUMBER = re.compile(r"(?P<n>\d{1,15}(?:\.\d{1,4})?)\s*(?P<unit>万|千|亿|w|k|m)?\+?", re.IGNORECASE)
_UNITS = {"": 1, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "m": 1_000_000, "亿": 100_000_000}


def read_table(rows: Iterable[Row], setting: Setting, *, where: str = "") -> Results:
    """Posts of a table, lines numbered from 1 as the sheet shows them. BadInput when no heading row is found."""
    counted = enumerate(rows, start=1)
    head = list(islice(counted, SEARCHED_ROWS))
    place, columns = _find_headings([row for _, row in head], setting.columns, where)
    seen: Counter[str] = Counter()
    for number, row in chain(head[place + 1 :], counted):
        if any(_text(cell) for cell in row):
            yield _read_row(number, row, columns, setting, seen)


def safe_cell(value: str) -> str:
    """A text for a cell of an exported sheet: what a spreadsheet would run as a formula is kept as plain text."""
    return (
        "'" + value if value.lstrip(" \t\r\n")[:1] in ("=", "+", "-", "@") or value[:1] in ("\t", "\r", "\n") else value
    )


def heading_score(row: Row, mapped: Mapping[str, str] | None = None) -> int:
    """How many fields a row would name as a heading row; 0 when neither title nor text is among them."""
    columns = _columns(row, mapped or {})
    return len(columns) if {"title", "text"} & columns.keys() else 0


def _find_headings(rows: Sequence[Row], mapped: Mapping[str, str], where: str) -> tuple[int, dict[str, int]]:
    scores = [heading_score(row, mapped) for row in rows]
    best = max(range(len(rows)), key=lambda at: scores[at], default=0)
    mend = Words(
        "表头应含 标题 或 正文，以及 发布时间；不同的表头用 --map 说明",
        "headings must name title or text, and a time; describe other headings with --map",
    )
    if not rows or scores[best] == 0:
        raise BadInput(Words("找不到表头", "no heading row found"), where=where, mend=mend)
    columns = _columns(rows[best], mapped)
    if "published_at" not in columns:
        raise BadInput(Words("没有发布时间一列", "no column of publication times"), where=where, mend=mend)
    return best, columns


def _columns(row: Row, mapped: Mapping[str, str]) -> dict[str, int]:
    """Field → column of a heading row. A map by hand goes before the known headings."""
    wanted = {fold(heading): field for heading, field in mapped.items()}
    found: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        heading = fold(_text(cell))[:60].strip("*:：")
        if heading in wanted:
            field, rank = wanted[heading], -1
        elif heading in _FIELD_OF:
            field, rank = _FIELD_OF[heading]
        else:
            continue
        if field not in found or rank < found[field][0]:
            found[field] = (rank, column)
    return {field: column for field, (_, column) in found.items()}


def _read_row(number: int, row: Row, columns: dict[str, int], setting: Setting, seen: Counter[str]) -> Post | Reject:
    cells = {field: row[column] for field, column in columns.items() if column < len(row)}
    try:
        return check_post(_make_post(cells, setting, seen))
    except PostError as error:
        raw = "\t".join(_text(cell)[:200] for cell in row[:40])
        return Reject(line=number, why=error.words, raw=raw.encode("utf-8", "replace")[:200])


def _make_post(cells: Mapping[str, object], setting: Setting, seen: Counter[str]) -> Post:
    title, text = clean_line(_text(cells.get("title"))), clean_text(_text(cells.get("text")))
    if "\ufffd" in title + text and "\ufffd" in _text(cells.get("title")) + _text(cells.get("text")):
        raise PostError("编码损坏", "broken encoding")
    when = cells.get("published_at")
    published_at = read_when(when, setting.zone, setting.latest)
    url = _text(cells.get("url"))
    source = clean_line(_text(cells.get("source")), 200) or setting.source
    return Post(
        id=_own_id(cells, setting) or _digest_id(url, title, text, published_at.isoformat(), seen),
        source=source,
        kind=setting.kind or _kind(_text(cells.get("kind")), source, url),
        url=url or None,
        title=title or None,
        text=text or None,
        published_at=published_at,
        author=clean_line(_text(cells.get("author")), 200) or None,
        counts=_counts(cells),
    )


def _own_id(cells: Mapping[str, object], setting: Setting) -> str:
    """The id the sheet gives. A short plain number is only the row's place, unless mapped by hand."""
    ident = _text(cells.get("id"))[:200]
    return "" if ident.isdigit() and len(ident) < 8 and "id" not in setting.columns.values() else ident


def _digest_id(url: str, title: str, text: str, when: str, seen: Counter[str]) -> str:
    """An id from the nameless content, so that the same sheet read twice gives the same ids and confirms no guess."""
    address = clean_address(url)
    if address and not is_site_only(address):
        content = f"{address}\0{when}"
    else:
        content = "\0".join((address, strip_handles(title), strip_handles(text), when))
    digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:24]
    seen[digest] += 1
    return f"row-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else "")


def _kind(stated: str, source: str, url: str) -> str:
    folded = fold(stated)
    if folded in KINDS:
        return folded
    for words in (folded, fold(source)):
        for kind, names in _KIND_WORDS:
            if any(name in words for name in names):
                return kind
    return "social" if _SOCIAL_HOSTS.search(url) else "web"


def _counts(cells: Mapping[str, object]) -> Counts | None:
    values = {name: _number(cells.get(name)) for name in ("likes", "shares", "comments", "views")}
    return Counts(**values) if any(value is not None for value in values.values()) else None


def _number(cell: object) -> int | None:
    """A vendor's count: 3,456 · 1.2万 · 10万+ ; None for a dash or anything else."""
    text = _text(cell).replace(",", "").replace("，", "").strip()
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    return min(round(float(found["n"]) * _UNITS[(found["unit"] or "").lower()]), MAX_COUNT)


def _text(cell: object) -> str:
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def first_rows(rows: Iterator[Row], count: int = SEARCHED_ROWS) -> list[Row]:
    """A look at the top of a table."""
    return list(islice(rows, count))

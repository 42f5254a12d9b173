"""表头 (headings): which row of a sheet holds them and what each column stands for, found or told by a person."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from shudao.engine.intake.clean import fold
from shudao.engine.intake.moments import read_when
from shudao.engine.intake.setting import CHINA, Layout
from shudao.engine.post import PostError

SEARCHED_ROWS = 20  # headings stand within the first rows, below a title line or two
SHOWN_ROWS = 8  # rows below the headings that a guess looks at

Row = Sequence[object]

# The first heading that is present wins within a field; compared after `fold`.
HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("id", "信息id", "文章id", "帖子id", "微博id"),
    "title": ("标题", "文章标题", "信息标题", "题目", "新闻标题", "帖子标题", "视频标题", "主题", "title", "headline", "subject"),
    "text": (
        "正文", "内容", "全文", "文章内容", "信息内容", "正文内容", "微博内容", "帖子内容", "全文内容", "原文",
        "博文", "发言内容", "消息内容", "消息", "发言", "帖子正文", "视频描述", "描述", "摘要", "内容摘要", "文章摘要", "信息摘要", "text",
        "content", "body", "message", "summary", "abstract", "description",
    ),
    "published_at": (
        "发布时间", "发布日期", "发表时间", "发文时间", "发博时间", "发帖时间", "发送时间", "发言时间", "推送时间", "时间", "日期", "采集时间",
        "published_at", "published", "publishtime", "publish_time", "pubdate", "pubtime", "date", "time", "created_at", "timestamp",
    ),
    "author": (
        "作者", "发布人", "发布者", "发布账号", "账号", "账号名称", "昵称", "用户昵称", "用户名", "用户",
        "微博昵称", "博主", "作者名称", "作者昵称", "博主昵称", "发布者昵称", "用户名称", "发送人", "发送者", "发言人", "author", "user", "username", "nickname", "screen_name", "sender",
    ),
    "source": (
        "来源", "媒体", "媒体名称", "来源媒体", "来源网站", "来源名称", "网站", "网站名称", "站点", "平台",
        "发布平台", "信源", "source", "media", "site", "platform",
    ),
    "kind": ("媒体类型", "媒体类别", "平台类型", "信源类型", "信息类型", "来源类型", "渠道", "载体", "类型", "kind", "mediatype", "type"),
    "url": ("链接", "原文链接", "文章链接", "地址", "原文地址", "网址", "原始链接", "链接地址", "文章地址", "url地址", "文章url", "原文url", "url", "link", "href"),
    "likes": ("点赞数", "点赞", "点赞量", "赞", "likes", "like_count"),
    "shares": ("转发数", "转发", "转发量", "分享数", "分享", "shares", "reposts"),
    "comments": ("评论数", "评论", "评论量", "回复数", "回复", "跟帖数", "comments", "replies"),
    "views": ("阅读数", "阅读量", "阅读", "浏览量", "浏览数", "播放量", "播放数", "点击量", "views", "reads"),
}  # fmt: skip
_FIELD_OF = {heading: (field, rank) for field, names in HEADINGS.items() for rank, heading in enumerate(names)}


_ADDRESS = re.compile(r"https?://\S{4,}", re.IGNORECASE)
_LONG = 15  # characters on average that make a column of unknown heading the text


def cell_text(cell: object) -> str:
    """A cell as text; "" for an empty one."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def heading_score(row: Row, mapped: Mapping[str, str] | None = None) -> int:
    """How many fields a row would name as a heading row; 0 when neither title nor text is among them."""
    columns = columns_of(row, mapped or {})
    return len(columns) if {"title", "text"} & columns.keys() else 0


def columns_of(row: Row, mapped: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Field -> columns of a heading row, the best name first. A map by hand goes before the known headings.

    Only the text may have several columns (a summary beside the body); of any other field the best name counts.
    """
    wanted = {fold(heading): field for heading, field in mapped.items()}
    found: dict[str, list[tuple[int, int]]] = {}
    for column, cell in enumerate(row):
        heading = fold(cell_text(cell))[:60].strip("*:：")
        if heading in wanted:
            field, rank = wanted[heading], -1
        elif heading in _FIELD_OF:
            field, rank = _FIELD_OF[heading]
        else:
            continue
        found.setdefault(field, []).append((rank, column))
    ranked = {field: [column for _, column in sorted(places)] for field, places in found.items()}
    return {field: tuple(places if field == "text" else places[:1]) for field, places in ranked.items()}


def best_row(rows: Sequence[Row], mapped: Mapping[str, str] | None = None) -> int | None:
    """Which of the first rows is the heading row; None when none names a title or a text."""
    scores = [heading_score(row, mapped) for row in rows[:SEARCHED_ROWS]]
    best = max(range(len(scores)), key=lambda at: scores[at], default=0)
    return best if scores and scores[best] else None


def guess_layout(rows: Sequence[Row]) -> Layout:
    """The most likely heading row and columns. Where no heading is known: the first full row, columns by what they hold."""
    place = best_row(rows)
    if place is None:
        place = _first_full(rows)
    columns = columns_of(rows[place], {}) if rows else {}
    return Layout(heading_row=place, columns=_by_content(rows[place + 1 : place + 1 + SHOWN_ROWS], columns))


def fingerprint(headings: Row) -> str:
    """What makes two sheets the same kind of sheet: their headings in order, however spaced or cased."""
    names = [fold(cell_text(cell))[:60] for cell in headings]
    while names and not names[-1]:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode("utf-8", "replace")).hexdigest()


def column_letter(column: int) -> str:
    """The name of a column as a spreadsheet shows it: A, B … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _first_full(rows: Sequence[Row]) -> int:
    """The first row that is as full as any and holds words: a title above the table fills one cell only."""
    filled = [sum(bool(cell_text(cell)) for cell in row) for row in rows[:SEARCHED_ROWS]]
    most = max(filled, default=0)
    return next((at for at, count in enumerate(filled) if count >= max(2, most - 1)), 0)


def _by_content(rows: Sequence[Row], columns: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The columns, with address, time and text found by what the cells hold where no heading named them."""
    taken = {column for places in columns.values() for column in places}
    width = max((len(row) for row in rows), default=0)
    found = dict(columns)
    for column in (column for column in range(width) if column not in taken):
        cells = [row[column] for row in rows if column < len(row) and cell_text(row[column])]
        field = _field_by_content(cells) if cells else ""
        if field and field not in found and not (field == "text" and "title" in found):
            found[field] = (column,)
    return found


def _field_by_content(cells: Sequence[object]) -> str:
    texts = [cell_text(cell) for cell in cells]
    if all(_ADDRESS.match(text) for text in texts):
        return "url"
    if all(_is_time(cell) for cell in cells):
        return "published_at"
    return "text" if sum(map(len, texts)) >= _LONG * len(texts) else ""


def _is_time(cell: object) -> bool:
    if isinstance(cell, int | float) or cell_text(cell).isdigit():
        return False  # a count may look like a serial day
    try:
        read_when(cell, CHINA)
    except PostError:
        return False
    return True

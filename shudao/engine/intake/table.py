"""表格 (table): rows of a vendor's sheet to posts. Headings in Chinese and English are known, others mapped by hand."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice

from shudao.engine.address import clean_address, is_site_only
from shudao.engine.intake.clean import clean_line, clean_text, fold
from shudao.engine.intake.headings import SEARCHED_ROWS, Row, best_row, cell_text, column_letter, columns_of
from shudao.engine.intake.moments import read_when
from shudao.engine.intake.setting import Layout, Results, Setting
from shudao.engine.post import KINDS, MAX_COUNT, Counts, Post, PostError, Reject, check_post
from shudao.engine.pseudonym import strip_handles
from shudao.engine.words import BadInput, Words

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


def read_table(rows: Iterable[Row], setting: Setting, *, where: str = "", seen: Counter[str] | None = None) -> Results:
    """Posts of a table, lines numbered from 1 as the sheet shows them. BadInput when no heading row is found.

    `seen` is shared between the sheets of one book, so that equal rows stay apart there too.
    """
    counted = enumerate(rows, start=1)
    head = list(islice(counted, SEARCHED_ROWS))
    layout = setting.layout or find_layout([row for _, row in head], setting.columns, where)
    seen = Counter() if seen is None else seen
    for number, row in chain(head[layout.heading_row + 1 :], counted):
        if any(cell_text(cell) for cell in row):
            yield _read_row(number, row, layout, setting, seen)


def safe_cell(value: str) -> str:
    """A text for a cell of an exported sheet: what a spreadsheet would run as a formula is kept as plain text."""
    return (
        "'" + value if value.lstrip(" \t\r\n")[:1] in ("=", "+", "-", "@") or value[:1] in ("\t", "\r", "\n") else value
    )


def find_layout(rows: Sequence[Row], mapped: Mapping[str, str], where: str = "") -> Layout:
    """The heading row and columns that the names tell. BadInput when no row names a title or text, and a time."""
    place = best_row(rows, mapped)
    mend = Words(
        "表头应含 标题 或 正文，以及 发布时间；不同的表头用 --map 说明",
        "headings must name title or text, and a time; describe other headings with --map",
    )
    if place is None:
        raise BadInput(Words("找不到表头", "no heading row found"), where=where, mend=mend)
    columns = columns_of(rows[place], mapped)
    if "published_at" not in columns:
        raise BadInput(Words("没有发布时间一列", "no column of publication times"), where=where, mend=mend)
    return Layout(heading_row=place, columns=columns)


def _read_row(number: int, row: Row, layout: Layout, setting: Setting, seen: Counter[str]) -> Post | Reject:
    cells = {field: _chosen(row, places, field) for field, places in layout.columns.items()}
    try:
        return check_post(_make_post(cells, setting, seen))
    except PostError as error:
        raw = "\t".join(cell_text(cell)[:200] for cell in row[:40])
        return Reject(line=number, why=_named(error.words, cells, layout), raw=raw.encode("utf-8", "replace")[:200])


def _chosen(row: Row, places: Sequence[int], field: str) -> object:
    """The cell of a field: of several the fullest text, or the first that says anything."""
    cells = [row[place] for place in places if place < len(row)]
    if field == "text":
        return max(cells, key=lambda cell: len(cell_text(cell)), default=None)
    return next((cell for cell in cells if cell_text(cell)), None)


def _named(why: Words, cells: Mapping[str, object], layout: Layout) -> Words:
    """The reason with the columns it is about, as the spreadsheet names them: never with what stands there."""
    title_and_text = [layout.columns[name][0] for name in ("title", "text") if name in layout.columns]
    if why.en == "neither title nor text" and not any(cell_text(cells.get(name)) for name in ("title", "text")):
        letters = "、".join(column_letter(place) for place in sorted(title_and_text))
        return Words(
            f"标题和正文都是空的（{letters} 列）", f"neither title nor text (column {letters.replace('、', ', ')})"
        )
    if "time" in why.en or "published_at" in why.en:
        letter = column_letter(layout.columns["published_at"][0]) if "published_at" in layout.columns else "?"
        is_empty = not cell_text(cells.get("published_at"))
        said = Words("没有写发布时间", "no time of publication") if is_empty else why
        return Words(f"{letter} 列：{said.zh}", f"column {letter}: {said.en}")
    return why


def _make_post(cells: Mapping[str, object], setting: Setting, seen: Counter[str]) -> Post:
    title, text = clean_line(cell_text(cells.get("title"))), clean_text(cell_text(cells.get("text")))
    if "\ufffd" in title + text and "\ufffd" in cell_text(cells.get("title")) + cell_text(cells.get("text")):
        raise PostError("编码损坏", "broken encoding")
    when = cells.get("published_at")
    published_at = read_when(when, setting.zone, setting.latest)
    url = cell_text(cells.get("url"))
    source = clean_line(cell_text(cells.get("source")), 200) or setting.source
    return Post(
        id=_own_id(cells, setting) or _digest_id(url, title, text, published_at.isoformat(), seen),
        source=source,
        kind=setting.kind or _kind(cell_text(cells.get("kind")), source, url),
        url=url or None,
        title=title or None,
        text=text or None,
        published_at=published_at,
        author=clean_line(cell_text(cells.get("author")), 200) or None,
        counts=_counts(cells),
    )


def _own_id(cells: Mapping[str, object], setting: Setting) -> str:
    """The id the sheet gives. A short plain number is only the row's place, unless mapped by hand."""
    ident = cell_text(cells.get("id"))[:200]
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
    values = {name: count_of(cells.get(name)) for name in ("likes", "shares", "comments", "views")}
    return Counts(**values) if any(value is not None for value in values.values()) else None


def count_of(cell: object) -> int | None:
    """A vendor's count: 3,456 · 1.2万 · 10万+ ; None for a dash or anything else."""
    text = cell_text(cell).replace(",", "").replace("，", "").strip()
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    return min(round(float(found["n"]) * _UNITS[(found["unit"] or "").lower()]), MAX_COUNT)

"""Imports: a vendor's sheet of 50,000 rows, from the sealed file to rows in the database, in the worker's own way.

Sensing follows by its cursor and is shown apart. The rows are invented; their lengths are those of vendors' sheets.
"""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from bench.figure import Figure

ROWS = 50_000
SENSED = 5_000
WORDS = [
    "城南",
    "城东",
    "小区",
    "停电",
    "来电",
    "抢修",
    "客服",
    "电话",
    "打不通",
    "半小时",
    "三天",
    "冰箱",
    "空调",
    "老人",
    "孩子",
    "变压器",
    "巨响",
    "通知",
    "维修",
    "什么时候",
    "恢复",
    "投诉",
    "回复",
    "没人",
    "管",
    "热",
    "停水",
    "学校",
    "医院",
    "路口",
]
HEAD = [
    "序号",
    "标题",
    "正文",
    "媒体名称",
    "媒体类型",
    "作者",
    "发布时间",
    "链接",
    "转发数",
    "评论数",
    "点赞数",
    "情感",
]


def run() -> Iterator[Figure]:
    """Rows a second from file to database, and what sensing needs for the same rows."""
    folder = Path(tempfile.mkdtemp(prefix="shudao-bench-"))
    try:
        yield from _measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path) -> Iterator[Figure]:
    os.environ["SHUDAO_DATA"] = str(folder)
    from shudao.project.site import prepare, use_folder

    use_folder(folder)
    prepare(pages=False)
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.engine.intake.setting import Setting
    from shudao.engine.intake.sniff import sniff
    from shudao.ledger.verbs import Actor
    from shudao.listen import importing, store
    from shudao.listen.actions import start_import, upload_import
    from shudao.listen.models import Item
    from shudao.listen.queries.imports import import_of

    data, now = workbook(ROWS), clock.now(LIVE)
    actor = Actor(LIVE, "system")
    begun = time.perf_counter()
    seen = sniff("a.xlsx", data, Setting(source="青岚监测", at=now, now=now))
    row = upload_import(actor, store.put([data]), file_name="a.xlsx", source="青岚监测", sniffed=seen)
    looked = time.perf_counter() - begun
    look = seen.sheets[0]
    start_import(actor, row, layout=look.layout, fingerprint=look.fingerprint)
    begun = time.perf_counter()
    while import_of(LIVE, row.pk).is_under_way:
        importing.go_on()
    took = time.perf_counter() - begun
    assert Item.objects.count() == ROWS
    about = f"{ROWS:,} rows, xlsx of {len(data) / 1e6:.1f} MB, {len(HEAD)} columns; SQLite"
    yield Figure(name="sheet handed over: parsed, sealed, shown", value=looked, unit="s", data=about)
    yield Figure(name="import: parse, pseudonyms, masks, dedupe, store", value=took, unit="s", data=about)
    yield Figure(name="import, rows a second", value=ROWS / took, unit="rows/s", data=about)
    yield _sensing()


def _sensing() -> Figure:
    from shudao.base.scene import LIVE
    from shudao.engine.sense.topics import load_topics
    from shudao.ledger.verbs import Actor
    from shudao.library import path_of
    from shudao.sense.actions import add_topics, pull_items

    add_topics(Actor(LIVE, "system"), load_topics(path_of("topics", "power.yaml").read_bytes(), "power.yaml"))
    begun, done = time.perf_counter(), 0
    while done < SENSED and (placed := pull_items(LIVE)):
        done += placed
    took = time.perf_counter() - begun
    return Figure(
        name="sensing that follows, rows a second",
        value=done / took,
        unit="rows/s",
        data=f"the first {done:,} of them, shipped topics",
    )


def workbook(count: int) -> bytes:
    """A vendor's sheet of so many invented rows."""
    import openpyxl

    chance, begin = random.Random(20261), datetime(2026, 7, 1)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("明细")
    sheet.append(["青岚舆情监测 日报"])
    sheet.append(HEAD)
    for number in range(count):
        when = begin + timedelta(seconds=chance.randrange(12 * 86400))
        text = (
            "，".join("".join(chance.choices(WORDS, k=4)) for _ in range(chance.randrange(3, 30)))
            + f"。@住户{chance.randrange(9999)} 看看"
        )
        url = f"https://forum.example/t/{number}"
        sheet.append(
            [number + 1, "".join(chance.choices(WORDS, k=6)), text, chance.choice(["青岚论坛", "新浪微博", "青岚晚报"]), chance.choice(["微博", "新闻", "论坛"]),
             f"住户{chance.randrange(9999)}", when, url, chance.randrange(999), chance.randrange(99), f"{chance.randrange(1, 90) / 10}万", "负面"]
        )  # fmt: skip
    file = BytesIO()
    book.save(file)
    return file.getvalue()

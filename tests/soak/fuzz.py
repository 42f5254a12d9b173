"""Break good files at random and read them: values, rejects or BadInput, never anything else, never long.

Files are the library's own and a few made here; each is cut, doubled, overwritten and mixed with others, so many times.
"""

import io
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from openpyxl import Workbook

from shudao.engine.drill.scenario import load_scenario
from shudao.engine.intake.feed import read_feed
from shudao.engine.intake.files import read_file
from shudao.engine.intake.setting import Setting
from shudao.engine.plan.expr import parse_expr
from shudao.engine.plan.load import load_plan
from shudao.engine.plan.read.reader import read_plan
from shudao.engine.post import read_posts
from shudao.engine.sense.query import parse
from shudao.engine.sense.topics import load_topics
from shudao.engine.words import BadInput
from shudao.library import path_of, read_folder

ROUNDS = int(os.environ.get("SHUDAO_FUZZ", "400"))
SEED = 20261123
MOST_SECONDS = 10.0
NOW = datetime(2026, 7, 20, tzinfo=UTC)
Read = Callable[[bytes], object]


def run() -> str:
    """Every reader so many broken files; returns the first fault."""
    chance = random.Random(SEED)
    for name, good, read in _targets():
        worst = 0.0
        for _ in range(ROUNDS):
            broken = _break(good, chance)
            start = time.perf_counter()
            if fault := _read(read, broken):
                return f"{name}: {fault}"
            worst = max(worst, time.perf_counter() - start)
        if worst > MOST_SECONDS:
            return f"{name}: one file took {worst:.1f} s"
        print(f"  {name}: {ROUNDS} broken files, the slowest {worst:.2f} s", flush=True)
    return ""


def _read(read: Read, data: bytes) -> str:
    try:
        found = read(data)
        if isinstance(found, Iterator):
            for _ in found:
                pass
    except BadInput as error:
        return "" if error.line("zh") and error.line("en") else "a refusal without words"
    except Exception as error:
        return f"{type(error).__name__}: {error} (on {data[:60]!r}…)"
    return ""


def _break(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            del data[place:]
        elif kind == 1:
            data[place:place] = chance.randbytes(chance.randint(1, 40))
        elif kind == 2 and data:
            data[place % len(data)] ^= 1 << chance.randrange(8)
        elif kind == 3:
            end = place + chance.randrange(200)
            data[place:place] = data[place:end] * chance.randint(1, 30)
        else:
            data[place:place] = chance.choice(
                (b"\x00", b"\xff\xfe", b"<![CDATA[", b"&x;", b"{" * 99, b"- " * 60, b"'\"")
            )
    return bytes(data)


def _targets() -> Iterator[tuple[str, bytes, Read]]:
    setting = Setting(source="soak", at=NOW, now=NOW)
    stream = path_of("streams", "power.jsonl").read_bytes()[:20_000]
    yield "posts", stream, lambda data: list(read_posts(io.BytesIO(data)))
    for name, good in _files().items():
        yield name, good, lambda data, name=name: list(read_file(name, data, setting))
    yield "feed", _feed(), lambda data: read_feed(data, setting)
    plan = read_folder(path_of("plans", "zh", "power"))
    yield "plan.docx", plan["plan.docx"], lambda data: read_plan(data, "plan.docx")
    text = "\n".join(f"{n}、值班员应在30分钟内向办公室主任报告。" for n in range(60)).encode()
    yield "plan.txt", text, lambda data: read_plan(data, "plan.txt")
    yield "plan folder", plan["posts.yaml"], lambda data: load_plan({**plan, "posts.yaml": data})
    yield "topics", path_of("topics", "power.yaml").read_bytes(), load_topics
    yield "query", '(停电+小区-演练) NEAR/8 "投诉 热线" title:/停.{1,3}电/'.encode(), _words(parse)
    yield (
        "expression",
        b"posts_1h >= 20 and (level >= 'II' or not done('verify')) and media_tier in (2, 3)",
        _words(parse_expr),
    )
    scenario = read_folder(path_of("scenarios", "zh", "outage"))
    yield "scenario", scenario["injects.yaml"], lambda data: load_scenario({**scenario, "injects.yaml": data})


def _words(read: Callable[[str], object]) -> Read:
    return lambda data: read(data.decode("utf-8", "replace"))


def _files() -> dict[str, bytes]:
    rows = [
        ["标题", "正文", "发布时间", "作者", "来源"],
        ["停电", "小区停电两小时", "2026-07-13 20:40", "某人", "论坛"],
    ]
    book = Workbook()
    for row in rows * 20:
        book.active.append(row)
    sheet = io.BytesIO()
    book.save(sheet)
    cues = "\n".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n今晚停电的小区\n" for n in range(1, 40))
    mail = "From: a@example.invalid\nDate: Mon, 13 Jul 2026 20:40:00 +0800\nSubject: 停电\n\n小区停电\n"
    return {
        "posts.csv": "\n".join(",".join(row) for row in rows * 20).encode(),
        "posts.xlsx": sheet.getvalue(),
        "news-2026-07-13.srt": cues.encode(),
        "letter.eml": mail.encode(),
    }


def _feed() -> bytes:
    item = "<item><title>停电 &lt;b&gt;通知</title><link>http://a.invalid/1</link><pubDate>Mon, 13 Jul 2026</pubDate></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{item * 30}</channel></rss>'.encode()

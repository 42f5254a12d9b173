"""订阅源 (feeds): 1,850 odd feeds with one expectation each, and 22 more that must not crash, through our own entry.

An expectation is a small expression such as `not bozo and entries[0]['title'] == 'x'`. It is read by a walk over a
few kinds of syntax nodes, never by eval: the files are data from elsewhere.
"""

import ast
import datetime
import itertools
import json
import operator
import re
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import feedparser

from bench.figure import Figure
from bench.shared import shared
from shudao.engine.intake.feed import parse, read_feed
from shudao.engine.intake.setting import CHINA, Setting
from shudao.engine.words import BadInput

FEEDS, MANIFEST, MORE = "feeds_feedparser.tar.gz", "feeds_feedparser_manifest.json", "feeds_miniflux.tar.gz"
DAY = datetime.datetime(2026, 7, 1, tzinfo=CHINA)
SETTING = Setting(source="bench", at=DAY, now=DAY)
SKIP = re.compile(rb"^[ \t]*SkipUnless:", re.MULTILINE)  # asks for a library that this project does not use
SERVED = {"content-type": "application/xml", "content-location": "http://127.0.0.1:8097/"}  # as a server would say
HEADER = re.compile(rb"^[ \t]*Header:\s*([\w-]+)\s*:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.MULTILINE)

COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
CALLS: dict[str, Callable[..., Any]] = {"len": len, "ord": ord, "isinstance": isinstance}
METHODS: dict[str, Callable[..., Any]] = {
    "get": lambda holder, *args: holder.get(*args),
    "has_key": lambda holder, key: key in holder,
    "timedelta": lambda _, *args, **named: datetime.timedelta(*args, **named),
}


def run() -> Iterator[Figure]:
    """How many of the files give what is expected of them, and how many of the others do not crash."""
    path, more = shared("data", FEEDS), shared("data", MORE)
    if path is None or more is None:
        print("  the feed files are not present")
        return
    begun = time.perf_counter()
    counts, failed = judge_all()
    seconds = time.perf_counter() - begun
    for name, why in failed:
        print(f"  failed: {name}: {why}")
    note = f"{counts['failed']} failed, {counts['none']} without an expectation, {seconds:.1f} s"
    yield Figure(name="feeds as expected", value=counts["passed"], unit="files", data=FEEDS, note=note)
    read, crashed = read_more()
    yield Figure(name="further feeds read or refused", value=read, unit="files", data=MORE, note=f"{crashed} crashed")


def judge_all() -> tuple[Counter[str], list[tuple[str, str]]]:
    """Counts of passed, failed and none (no expectation given), and the failures with their reason."""
    manifest = json.loads(shared("data", MANIFEST).read_bytes())
    expected = {row["file"]: row["expect"] for row in manifest}
    counts: Counter[str] = Counter()
    failed = []
    for name, data in members(FEEDS):
        outcome, why = judge(data, expected.get(name))
        counts[outcome] += 1
        if outcome == "failed":
            failed.append((name, why))
    return counts, failed


def read_more() -> tuple[int, int]:
    """How many of the further files are read or refused in order, and how many raise anything else."""
    read = crashed = 0
    for _, data in members(MORE):
        try:
            read_feed(data, SETTING)
        except BadInput:
            pass
        except Exception:
            crashed += 1
            continue
        read += 1
    return read, crashed


def members(archive: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file in one of the shared archives."""
    with tarfile.open(shared("data", archive)) as tar:
        for member in tar:
            body = tar.extractfile(member) if member.isfile() else None
            if body:
                yield member.name.split("/")[-1], body.read()


def judge(data: bytes, expect: str | None) -> tuple[str, str]:
    """("passed" | "failed" | "none", reason) of one file: parsed by our entry, and turned into posts by it."""
    if expect is None or SKIP.search(data):
        return "none", ""
    stated = {name.decode().lower(): value.decode() for name, value in HEADER.findall(data)}
    served = HEADER.search(data) is not None or "127.0.0.1" in expect
    headers = {**SERVED, **stated} if served else {}
    try:
        parsed = parse(data, headers)
        if holds(expect, parsed):
            _read(data, headers)
            return "passed", ""
        return "failed", expect[:120]
    except Exception as error:
        return "failed", f"{type(error).__name__}: {error}"[:160]


def holds(expect: str, parsed: Any) -> bool:
    """Whether an expectation holds of a parsed feed. ValueError for syntax beyond the few known kinds."""
    return bool(_value(ast.parse(expect.strip(), mode="eval").body, parsed))


def _read(data: bytes, headers: dict[str, str]) -> None:
    try:
        read_feed(data, SETTING, headers=headers)
    except BadInput:
        return


def _value(node: ast.expr, parsed: Any) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id="locals" | "datetime"):
            return parsed
        case ast.Name(id=name):
            return parsed.get(name) or parsed.get("headers", {}).get(name)
        case ast.Attribute(value=ast.Name(id="feedparser"), attr=attr):
            return getattr(feedparser, attr) if attr[:1].isupper() else None
        case ast.Attribute(value=holder, attr=attr):
            return _value(holder, parsed)[attr]
        case ast.Subscript(value=holder, slice=key):
            return _value(holder, parsed)[_value(key, parsed)]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            values = [_value(part, parsed) for part in parts]
            return tuple(values) if isinstance(node, ast.Tuple) else values
        case ast.Dict(keys=keys, values=values):
            return {_value(key, parsed): _value(value, parsed) for key, value in zip(keys, values, strict=True) if key}
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left, parsed) + _value(right, parsed)
        case _:
            return _logic(node, parsed)


def _logic(node: ast.expr, parsed: Any) -> Any:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not _value(part, parsed)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return -_value(part, parsed)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, parsed) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, parsed) for part in parts)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            values = [_value(part, parsed) for part in (left, *rest)]
            return all(COMPARE[type(op)](*pair) for op, pair in zip(ops, itertools.pairwise(values), strict=True))
        case ast.Call(func=ast.Name(id="locals")):
            return parsed
        case ast.Call(func=ast.Name(id=name), args=args):
            return CALLS[name](*(_value(arg, parsed) for arg in args))
        case ast.Call(func=ast.Attribute(value=holder, attr=attr), args=args, keywords=keywords):
            named = {word.arg: _value(word.value, parsed) for word in keywords if word.arg}
            return METHODS[attr](_value(holder, parsed), *(_value(arg, parsed) for arg in args), **named)
    raise ValueError(f"not read: {type(node).__name__}")

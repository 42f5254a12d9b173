"""Folders and ledgers that a user names on the command line: bounded reading, one clear line for what is no good."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shudao.engine.drill.model import Scenario
from shudao.engine.drill.scenario import load_scenario
from shudao.engine.plan.load import load_plan
from shudao.engine.plan.model import Plan
from shudao.engine.words import BadInput, Words

MOST_FILES = 2_000
MOST_BYTES = 8_000_000
MOST_LINE = 4_000_000
"""Bytes of one ledger line; an entry holds values, not documents."""


def read_plain(folder: Path, suffixes: tuple[str, ...] = (".yaml", ".yml", ".md")) -> dict[str, bytes]:
    """The text files of a folder as `{relative name: bytes}`; BadInput when it is none or too large."""
    if not folder.is_dir():
        raise BadInput(Words("没有这个文件夹", "there is no such folder"), where=str(folder))
    found = itertools.islice((row for row in folder.rglob("*") if row.suffix.lower() in suffixes), MOST_FILES + 1)
    paths = sorted(row for row in found if row.is_file() and not row.name.startswith("."))
    if len(paths) > MOST_FILES or sum(row.stat().st_size for row in paths) > MOST_BYTES:
        raise BadInput(Words("文件太多或太大", "too many files, or too large"), where=str(folder))
    return {row.relative_to(folder).as_posix(): row.read_bytes() for row in paths}


def plan_in(folder: Path) -> Plan:
    """The plan of a folder."""
    return _named(folder, load_plan)


def scenario_in(folder: Path) -> Scenario:
    """The scenario of a folder."""
    return _named(folder, load_scenario)


def entries_in(path: Path) -> list[dict[str, Any]]:
    """The entries of a ledger file, one JSON object a line; BadInput names the line that is none."""
    if not path.is_file():
        raise BadInput(Words("没有这个文件", "there is no such file"), where=str(path))
    with path.open("rb") as lines:
        return list(_entries(iter(lambda: lines.readline(MOST_LINE), b""), path))


def _entries(lines: Iterator[bytes], path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict):
            raise BadInput(Words("这一行不是一条记录", "this line is no entry"), where=f"{path} line {number}")
        yield entry


def _named(folder: Path, load: Any) -> Any:
    """Read and load; the folder's name goes before the place of a fault."""
    try:
        return load(read_plain(folder))
    except BadInput as fault:
        where = fault.where if fault.where.startswith(str(folder)) else f"{folder} {fault.where}".strip()
        raise BadInput(fault.what, where=where, mend=fault.mend) from None

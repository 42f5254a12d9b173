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
from shudao.engine.sense.query import Topic
from shudao.engine.sense.topics import load_topics
from shudao.engine.words import BadInput, Words
from shudao.library import HERE, folders, path_of, read_folder
from shudao.org.roster import load_roster

LANGUAGES = ("zh", "en")
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


def scenario_folder(name: str) -> Path:
    """A folder given by path, or one of the library's by name (`outage`, `zh/outage`). BadInput when there is none."""
    if Path(name).is_dir():
        return Path(name)
    for lang in LANGUAGES:
        for found in folders("scenarios", lang):
            if name in (found, f"{lang}/{found}"):
                return HERE / "scenarios" / lang / found
    known = ", ".join(f"{lang}/{found}" for lang in LANGUAGES for found in folders("scenarios", lang))
    mend = Words(f"给出文件夹，或用 {known}", f"give a folder, or one of {known}")
    raise BadInput(Words("没有这个脚本", "there is no such scenario"), where=name, mend=mend)


def plan_folder(scenario: Scenario) -> Path:
    """The library's plan that the scenario was written for. BadInput when it is not there."""
    for lang in LANGUAGES:
        for kind in folders("plans", lang):
            folder = HERE / "plans" / lang / kind
            if load_plan(read_folder(folder)).id == scenario.plan:
                return folder
    mend = Words("用 --plan 指明预案文件夹", "name the plan's folder with --plan")
    raise BadInput(Words(f"资料库里没有预案“{scenario.plan}”", f"the library has no plan “{scenario.plan}”"), mend=mend)


def topics_of(folder: Path, plan: Plan) -> tuple[Topic, ...]:
    """What the drill listens for: `topics.yaml` of the scenario, else those of the library's organisation of that plan."""
    own = folder / "topics.yaml"
    if own.is_file():
        return load_topics(own.read_bytes(), own.name)
    for path in sorted(path_of("organisations").glob("*.yaml")):
        if path.stem and (shipped := _topics_for(path, plan)):
            return load_topics((HERE / shipped).read_bytes(), shipped)
    return ()


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


def _topics_for(path: Path, plan: Plan) -> str:
    """The topics file that an organisation of the library names, when its plan is this one."""
    roster = load_roster(path.read_bytes(), path.name)
    if not roster.plan or not (HERE / roster.plan).is_dir():
        return ""
    return roster.topics if load_plan(read_folder(HERE / roster.plan)).id == plan.id else ""

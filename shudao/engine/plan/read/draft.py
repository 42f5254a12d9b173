"""草稿 (draft): a Reading -> the files of a plan folder in state draft: only what was read; what is missing stays.

A step's owner is a post where the text names one, else the unit the text names (lint PL05 then asks for the post).
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

import msgspec
import yaml

from shudao.engine.plan.read.reader import milestone_of
from shudao.engine.plan.read.reading import LevelRead, LimitRead, Reading, StepRead

_COLOURS = ("red", "orange", "yellow", "blue", "blue")
_CODES = ("I", "II", "III", "IV", "V")
_KINDS = (
    ("press", re.compile("发布会|通气会|见面会|招待会|报纸|press")),
    ("hotline", re.compile("热线|95598|12345|12329|12320|hotline", re.I)),
    ("phone", re.compile("电话|对讲机|phone", re.I)),
    ("sms", re.compile("短信|SMS", re.I)),
    ("mail", re.compile("邮|信箱|mail|传真", re.I)),
    ("im", re.compile("群|钉钉|企业微信")),
    ("web", re.compile("网站|官网|主页|website|公告栏|显示屏", re.I)),
)
_INTERNAL = ("phone", "sms", "im", "mail")
_SUPERIOR = ("市", "省", "县", "区", "上级", "总公司", "国家", "教育", "集团", "主管")
TITLE = 60


def draft_folder(reading: Reading, name: str) -> dict[str, bytes]:
    """The files of the draft plan: plan.yaml, sections.yaml, organisation.yaml, steps.yaml; `name` of the read file."""
    stem = PurePath(name).stem
    ids = _Ids(reading)
    head = {
        "id": stem or "plan", "title": reading.title or stem or "plan", "version": "draft", "status": "draft",
        "language": _language(reading), "levels": _levels(reading.levels),
        "not_executable": _outside(reading),
    }  # fmt: skip
    organisation = {
        "units": _units(reading, ids), "posts": _posts(reading, ids), "channels": _channels(reading),
        "superiors": [{"unit": ids.units[name]} for name in _superiors(reading) if name in ids.units],
        "documents": _documents(reading, ids), "routes": _routes(reading, ids),
    }  # fmt: skip
    files: dict[str, dict[str, Any]] = {
        "plan.yaml": head,
        "sections.yaml": {"sections": _sections(reading)},
        "organisation.yaml": organisation,
        "steps.yaml": {"steps": _steps(reading, ids)},
    }
    return {name: _yaml(value) for name, value in files.items()}


def reading_json(reading: Reading, lang: str) -> bytes:
    """The reading as JSON, for the page that shows plan and text side by side."""
    return msgspec.json.format(msgspec.json.encode(reading.as_json(lang)), indent=1)


class _Ids:
    """Short ids for what the text names: u1, p1 in order of first mention."""

    def __init__(self, reading: Reading) -> None:
        self.units = {row.name: f"u{place}" for place, row in enumerate(reading.units, start=1)}
        self.posts = {(row.name, row.unit): f"p{place}" for place, row in enumerate(reading.posts, start=1)}

    def owner(self, name: str | None) -> str:
        """The id of a post or unit by name; an owner that is neither keeps its name, none is empty."""
        if not name:
            return ""
        post = next((held for (called, _), held in self.posts.items() if called == name), None)
        return post or self.units.get(name, name)


def _outside(reading: Reading) -> list[dict[str, Any]]:
    lang = _language(reading)
    return [{"text": row.text, "why": row.why.say(lang), "src": row.src} for row in reading.not_executable]


def _levels(levels: Sequence[LevelRead]) -> list[dict[str, Any]]:
    return [{"code": _CODES[r.rank - 1], "name": r.name, "colour": _COLOURS[r.rank - 1]} for r in levels]


def _units(reading: Reading, ids: _Ids) -> list[dict[str, Any]]:
    superiors = set(_superiors(reading))
    rows = []
    for unit in reading.units:
        duties = [row.text for row in reading.duties if row.owner == unit.name]
        rows.append({"id": ids.units[unit.name], "name": unit.name, "kind": _unit_kind(unit.name, superiors),
                     "duties": duties, "src": unit.src})  # fmt: skip
    return rows


def _unit_kind(name: str, superiors: set[str]) -> str:
    if name in superiors:
        return "superior"
    if name.endswith(("领导小组", "指挥部")):
        return "lead"
    if name.endswith("办公室") and ("领导小组" in name or "指挥部" in name):
        return "office"
    return "group" if name.endswith(("组", "专班", "队", "队伍")) else "department"


def _posts(reading: Reading, ids: _Ids) -> list[dict[str, Any]]:
    return [
        {
            "id": ids.posts[row.name, row.unit],
            "name": row.name,
            "unit": ids.units.get(row.unit or "", ""),
            "src": row.src,
        }
        for row in reading.posts
    ]


def _channels(reading: Reading) -> list[dict[str, Any]]:
    rows = []
    for place, row in enumerate(reading.channels, start=1):
        kind = next((kind for kind, words in _KINDS if words.search(row.name)), "account")
        rows.append({"id": f"c{place}", "name": row.name, "kind": kind, "public": kind not in _INTERNAL})
    return rows


def _superiors(reading: Reading) -> list[str]:
    """Units that reports go to and whose name says that they stand above."""
    return list(dict.fromkeys(row.to for row in reading.reports if row.to.startswith(_SUPERIOR) and len(row.to) > 2))


def _documents(reading: Reading, ids: _Ids) -> list[dict[str, Any]]:
    """A document for each form of report that the text names."""
    rows: dict[str, dict[str, Any]] = {}
    for report in reading.reports:
        if not report.form or report.form in ("口头", "电话", "短信"):
            continue
        row = rows.setdefault(
            report.form, {"id": f"d{len(rows) + 1}", "kind": "report", "title": report.form, "to": []}
        )
        row["to"] += [ids.units[report.to]] if report.to in ids.units else []
    return list(rows.values())


def _routes(reading: Reading, ids: _Ids) -> list[dict[str, Any]]:
    """One route out of the posts that sign, in the order of the text; units that sign are left to a person."""
    posts = [next((held for (name, _), held in ids.posts.items() if name == row.by), "") for row in reading.sign_offs]
    stages = [{"post": post} for post in dict.fromkeys(posts) if post]
    return [{"id": "r1", "stages": stages}] if stages else []


def _steps(reading: Reading, ids: _Ids) -> list[dict[str, Any]]:
    clauses, phases = _headings(reading)
    rows = []
    for place, step in enumerate(reading.steps, start=1):
        row: dict[str, Any] = {
            "id": f"s{place}", "title": step.text[:TITLE], "phase": phases.get(step.src, ""),
            "owner": ids.owner(step.owner), "clause": clauses.get(step.src, ""), "src": step.src,
        }  # fmt: skip
        limit = _limit_for(step, reading.limits)
        if limit is not None:
            row["due"] = {"within": limit.minutes, "of": limit.milestone or milestone_of(step.trigger) or "",
                          "clock": limit.clock, "source": limit.text}  # fmt: skip
        rows.append(row)
    return rows


def _limit_for(step: StepRead, limits: Iterable[LimitRead]) -> LimitRead | None:
    """The one limit whose words stand in the step's own text (or alone in its paragraph)."""
    near = [row for row in limits if row.src == step.src]
    own = [row for row in near if row.text in step.text]
    return own[0] if own else near[0] if len(near) == 1 else None


def _headings(reading: Reading) -> tuple[dict[int, str], dict[int, str]]:
    """Paragraph -> its clause number (its own or its heading's), paragraph -> title of the heading above it."""
    clauses: dict[int, str] = {}
    phases: dict[int, str] = {}
    number, title = "", ""
    for row in reading.paragraphs:
        if row.is_heading:
            number, title = row.number or number, row.text.removeprefix(row.number).strip(" ：:\u3000")
        clauses[row.src], phases[row.src] = row.number or number, title
    return clauses, phases


def _sections(reading: Reading) -> list[dict[str, Any]]:
    """The whole text, section by section, so that nothing of the written plan is lost."""
    rows: list[dict[str, Any]] = []
    texts: list[str] = []
    for row in reading.paragraphs:
        if row.is_heading or not rows:
            texts = []
            title = row.text.removeprefix(row.number).strip(" \u3000") if row.is_heading else reading.title
            rows.append({"key": f"t{len(rows) + 1}", "number": row.number if row.is_heading else "",
                         "title": title or "—", "text": texts, "src": row.src})  # fmt: skip
        if not row.is_heading:
            texts.append(row.text if row.text.startswith(row.number) else row.number + row.text)
    return [{**row, "text": "\n".join(row["text"])} for row in rows]


def _language(reading: Reading) -> str:
    text = "".join(row.text for row in reading.paragraphs[:200])
    return "zh" if sum("\u4e00" <= char <= "\u9fff" for char in text) * 5 >= len(text) else "en"


def _yaml(value: dict[str, Any]) -> bytes:
    kept = {key: held for key, held in value.items() if held not in ([], {}, None)}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=1000).encode()

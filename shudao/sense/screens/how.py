"""它怎样判断 (how it decides): the page of the handbook, read inside. A small part of Markdown: headings, lists, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import get_language

from shudao.library import path_of

_HIDDEN = re.compile(r"<!--.*?-->")
_MARKS = re.compile(r"[`*]|\]\([^)]*\)|\[")


@dataclass(frozen=True)
class Block:
    """段 (block): a heading, a paragraph, a list or a table."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)

    @property
    def head(self) -> list[str]:
        """The first row of a table."""
        return self.rows[0]

    @property
    def body(self) -> list[list[str]]:
        """The others, without the rule below the first."""
        return self.rows[2:]


class HowScreen:
    """The page in the reader's language."""

    def __init__(self) -> None:
        tongue = "zh" if (get_language() or "zh").startswith("zh") else "en"
        lines = path_of("pages", f"how-it-decides.{tongue}.md").read_text(encoding="utf-8").splitlines()
        self.title = lines[0].removeprefix("# ")
        self.blocks = list(_blocks([_MARKS.sub("", _HIDDEN.sub("", line)) for line in lines[1:] if line.strip()]))


def _blocks(lines: list[str]) -> Iterator[Block]:
    for kind, group in groupby(lines, _kind):
        if kind in ("list", "table"):
            yield Block(kind, rows=[_cells(line, kind) for line in group])
        else:
            yield from (Block(kind, line.removeprefix("## ")) for line in group)


def _kind(line: str) -> str:
    return {"#": "heading", "-": "list", "|": "table"}.get(line[0], "text")


def _cells(line: str, kind: str) -> list[str]:
    return [line.removeprefix("- ")] if kind == "list" else [cell.strip() for cell in line.strip("| ").split("|")]

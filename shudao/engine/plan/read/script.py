"""字形 (script): a plan written in traditional characters is read in simplified ones, and its cuts are handed back.

The rules of the reader know simplified words only. One character becomes one character, so every text that was cut
stands at the same place of the paragraph as it was written.
"""

from typing import Any

import msgspec

from shudao.engine.plan.read.lines import Line
from shudao.engine.plan.read.reading import Reading
from shudao.engine.text.normalise import simplified

_OURS = frozenset(("why", "milestone", "clock", "number"))
"""Fields that hold our own words and not the plan's."""


def in_simplified(lines: list[Line]) -> list[Line]:
    """The lines with every traditional character as its simplified one; lengths stay."""
    return [msgspec.structs.replace(line, text=simplified(line.text)) for line in lines]


def as_written(reading: Reading, lines: list[Line]) -> Reading:
    """The reading of `in_simplified(lines)` with every text as the plan itself writes it."""
    own: dict[int, str] = {}
    for line in lines:
        own[line.src] = f"{own[line.src]}\n{line.text}" if line.src in own else line.text
    whole = "\n".join(own.values())
    back = _Back(own, whole, {src: simplified(text) for src, text in own.items()}, simplified(whole))
    return msgspec.convert(back.value(msgspec.to_builtins(reading), 0), Reading)


class _Back(msgspec.Struct, frozen=True):
    """Finds a simplified cut and gives what stands there: first in its own paragraph, then anywhere."""

    own: dict[int, str]
    whole: str
    simple_own: dict[int, str]
    simple_whole: str

    def value(self, value: Any, src: int) -> Any:
        if isinstance(value, dict):
            src = value.get("src", src)
            return {key: row if key in _OURS else self.value(row, src) for key, row in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(row, src) for row in value]
        return self.text(value, src) if isinstance(value, str) else value

    def text(self, cut: str, src: int) -> str:
        for simple, written in ((self.simple_own.get(src, ""), self.own.get(src, "")), (self.simple_whole, self.whole)):
            at = simple.find(cut)
            if at >= 0:
                return written[at : at + len(cut)]
        return cut

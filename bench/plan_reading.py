"""预案读数 (plan reading): precision and recall of the reader on invented plans that were marked by hand before tuning.

The plans lie in tests/engine/plan/blind, each with its marks. `split: dev` may be looked at when a rule is mended,
`split: test` never. A mark is a quote from the plan: `A | B` are equally right, `maybe_*` counts neither way.
`python -m bench.plan_reading dev` lists what was missed and what was wrong.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from bench.figure import Figure
from shudao.engine.plan.read.reader import read_plan
from shudao.engine.plan.read.reading import Reading

BLIND = Path(__file__).resolve().parent.parent / "tests" / "engine" / "plan" / "blind"
NAMED = ("units", "posts", "levels", "channels")
QUOTED = ("vague", "outside")
Row = Any
Mark = Any
Fits = Callable[[Row, Mark], bool]


class Tally(msgspec.Struct, kw_only=True):
    """计数 (tally) of one kind: marks found, marks missed, rows of the reader that no mark allows."""

    kind: str
    found: list[str] = msgspec.field(default_factory=list)
    missed: list[str] = msgspec.field(default_factory=list)
    wrong: list[str] = msgspec.field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Sum the same kind over plans."""
        self.found += other.found
        self.missed += other.missed
        self.wrong += other.wrong

    @property
    def precision(self) -> float:
        return len(self.found) / (len(self.found) + len(self.wrong)) if self.found or self.wrong else 1.0

    @property
    def recall(self) -> float:
        return len(self.found) / (len(self.found) + len(self.missed)) if self.found or self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def plans(split: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The marked plans of one split, with their marks."""
    for path in sorted(BLIND.glob("*.marks.yaml")):
        marks = msgspec.yaml.decode(path.read_bytes())
        stem = path.name.removesuffix(".marks.yaml")
        if marks["split"] == split:
            yield next(one for one in BLIND.glob(f"{stem}.*") if one != path), marks


def tallies(split: str) -> dict[str, Tally]:
    """One tally per kind, summed over the plans of the split."""
    total: dict[str, Tally] = {}
    for path, marks in plans(split):
        for one in compare(read_plan(path.read_bytes(), path.name), marks):
            total.setdefault(one.kind, Tally(kind=one.kind)).add(one)
    return total


def compare(reading: Reading, marks: dict[str, Any]) -> list[Tally]:
    """Every kind of one plan against its marks."""
    text: dict[int, str] = {}
    for row in reading.paragraphs:
        text[row.src] = f"{text.get(row.src, '')}\n{row.text}"
    rows: dict[str, list[Row]] = {kind: list(getattr(reading, kind)) for kind in (*NAMED, "reports", "sign_offs")}
    rows |= {"limits": list(reading.limits), "vague": list(reading.vague), "outside": list(reading.not_executable)}
    marks = _widened(marks)
    out = [_tally(kind, rows[kind], marks, _same_name) for kind in NAMED]
    out += [_tally(kind, rows[kind], marks, _overlaps) for kind in QUOTED]
    out.append(_tally("limits", rows["limits"], marks, lambda row, mark: _same_limit(row, mark, text)))
    for kind, who in (("reports", "to"), ("sign_offs", "by")):
        out.append(_tally(kind, rows[kind], marks, _located(who, text)))
    return [*out, *_owned(reading, marks)]


def _tally(kind: str, rows: list[Row], marks: dict[str, Any], fits: Fits) -> Tally:
    """Each mark takes the first row that fits; a row that fits no mark and no `maybe` mark is wrong."""
    out, taken = Tally(kind=kind), set()
    wanted = marks.get(kind, [])
    for mark in wanted:
        hit = next((i for i, row in enumerate(rows) if i not in taken and fits(row, mark)), None)
        (out.missed if hit is None else out.found).append(str(mark))
        if hit is not None:
            taken.add(hit)
    # A second row for the same mark (a name at another place) is right for what needs no count of its own.
    allowed = [*marks.get(f"maybe_{kind}", []), *([] if kind == "limits" else wanted)]
    out.wrong = [_shown(row) for i, row in enumerate(rows) if i not in taken and not _any(fits, row, allowed)]
    return out


def _owned(reading: Reading, marks: dict[str, Any]) -> Iterator[Tally]:
    """Duties and steps, each with its owner. Which of the two a line is, is the reader's choice: see `allowed`."""
    duties, steps = list(reading.duties), list(reading.steps)
    others = [*marks.get("duties", []), *marks.get("steps", []), *marks.get("maybe_duties", [])]
    for kind, rows in (("duties", duties), ("steps", steps)):
        out = Tally(kind=f"{kind} with owner")
        for mark in marks.get(kind, []):
            hit = any(_same_duty(row, mark) for row in (*duties, *steps))
            (out.found if hit else out.missed).append(str(mark))
        owned = [row for row in rows if row.owner is not None]
        out.wrong = [_shown(row) for row in owned if not _any(_same_duty, row, others)]
        yield out


def _widened(marks: dict[str, Any]) -> dict[str, Any]:
    """The marks with every short form of a unit as good as its full name, wherever an owner or recipient is meant."""
    groups = [_names(mark) for mark in marks.get("units", [])]

    def wide(name: str) -> str:
        held = _names(name)
        more = [other for group in groups if set(group) & set(held) for other in group]
        return " | ".join(dict.fromkeys([*held, *more]))

    owned = {"duties": "owner", "steps": "owner", "maybe_duties": "owner", "reports": "to", "sign_offs": "by"}
    changed = {
        kind: [mark | {key: wide(mark[key])} for mark in marks[kind]] for kind, key in owned.items() if kind in marks
    }
    return marks | changed


def _any(fits: Fits, row: Row, marks: Iterable[Mark]) -> bool:
    return any(fits(row, mark) for mark in marks)


def _names(mark: str) -> list[str]:
    return [name.strip() for name in mark.split("|")]


def _same_name(row: Row, mark: Mark) -> bool:
    return row.name in _names(mark)


def _overlaps(row: Row, mark: Mark) -> bool:
    return mark in row.text or row.text in mark


def _same_duty(row: Row, mark: Mark) -> bool:
    return row.owner in _names(mark["owner"]) and _overlaps(row, mark["text"])


def _same_limit(row: Row, mark: Mark, text: dict[int, str]) -> bool:
    quote = mark if isinstance(mark, str) else mark["in"]
    same = isinstance(mark, str) or mark.get("clock") or row.minutes == mark["minutes"]
    return (
        bool(same) and quote in text[row.src] and (row.text in quote or quote in row.text or _shares(row.text, quote))
    )


def _shares(first: str, second: str) -> bool:
    """The end of one is the start of the other, four signs or more."""
    reach = range(4, min(len(first), len(second)))
    return any(first.endswith(second[:n]) or second.endswith(first[:n]) for n in reach)


def _located(who: str, text: dict[int, str]) -> Fits:
    def fits(row: Row, mark: Mark) -> bool:
        if isinstance(mark, str):
            return getattr(row, who) in _names(mark)
        return getattr(row, who) in _names(mark[who]) and mark["in"] in text[row.src]

    return fits


def _shown(row: Row) -> str:
    return str({key: value for key, value in msgspec.to_builtins(row).items() if key not in ("why", "criteria")})


def run() -> Iterator[Figure]:
    """Precision and recall per kind, tuned plans and plans never tuned on."""
    for split in ("dev", "test"):
        data = f"{len(list(plans(split)))} invented plans, {split}"
        for kind, one in tallies(split).items():
            note = f"{len(one.found)} found, {len(one.missed)} missed, {len(one.wrong)} wrong; F1 {one.f1:.3f}"
            yield Figure(name=f"{split}: {kind}, recall", value=one.recall, unit="share", data=data, note=note)
            yield Figure(name=f"{split}: {kind}, precision", value=one.precision, unit="share", data=data)


def tell(split: str) -> None:
    """Print what was missed and what was wrong, kind by kind."""
    for path, marks in plans(split):
        print(f"\n{path.name}")
        for one in compare(read_plan(path.read_bytes(), path.name), marks):
            print(f"  {one.kind}: P {one.precision:.3f} R {one.recall:.3f} F1 {one.f1:.3f}")
            for row in one.missed:
                print(f"    - {row}")
            for row in one.wrong:
                print(f"    + {row}")


if __name__ == "__main__":
    tell((sys.argv[1:] or ["dev"])[0])

"""The labelled list for masking: one invented sentence a line, its format before a tab, what must go in `[[kind|…]]`.

It was written down before there was a rule. `dev` may be looked at while rules are mended, `test` only counts.
"""

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "masking"
SPLITS = ("dev", "test")
_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]")


class Sentence(NamedTuple):
    """One sentence: its format ("none" for what must stay), its text, and the (start, end, kind) that must go."""

    format: str
    text: str
    spans: tuple[tuple[int, int, str], ...]


class Score(NamedTuple):
    """What a masker did on a list: what it should find, what it missed and what it masked without reason."""

    wanted: int
    missed: list[Sentence]
    right: int
    wrong: list[Sentence]


def sentences(split: str) -> list[Sentence]:
    """The sentences of a split."""
    lines = (FOLDER / f"{split}.tsv").read_text(encoding="utf-8").splitlines()
    return [_sentence(*line.split("\t", 1)) for line in lines]


def score(rows, mask) -> Score:
    """A span counts as found when none of its letters and digits is left."""
    wanted, right, missed, wrong = 0, 0, [], []
    for row in rows:
        found = mask(row.text).spans
        hidden = {at for span in found for at in range(span.start, span.end)}
        for start, end, _kind in row.spans:
            wanted += 1
            if any(row.text[at].isalnum() and at not in hidden for at in range(start, end)):
                missed.append(row)
        for span in found:
            if any(span.start < end and start < span.end for start, end, _kind in row.spans):
                right += 1
            else:
                wrong.append(row)
    return Score(wanted, missed, right, wrong)


def _sentence(form: str, marked: str) -> Sentence:
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        at = match.end()
    return Sentence(form, text + marked[at:], tuple(spans))

"""Automatic numbers of a Word file: what Word would print before a paragraph, which is nowhere in its text."""

from typing import Any

import msgspec

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand",
            "taiwaneseCounting", "ideographDigital", "chineseLegalSimplified"}  # fmt: skip
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class ListLevel(msgspec.Struct, frozen=True):
    """One level of a Word list: first number, form of the number, text around it (`（%1）`)."""

    start: int
    form: str
    text: str


class Numbering:
    """编号 (numbering): the lists and styles of one file, and the counters while its paragraphs pass by in order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._abstract = _abstract_lists(numbering)
        self._lists = _lists(numbering)
        rows = styles.iter(W + "style") if styles is not None else ()
        self._styles = {row.get(W + "styleId", ""): row for row in rows}
        self._counts: dict[str, list[int | None]] = {}

    def heading(self, properties: Any) -> int | None:
        """Outline level (1 = highest) of a paragraph with these properties, None for body text."""
        found = _value(properties, "outlineLvl")
        for style in self._chain(properties):
            found = found if found is not None else _value(style.find(W + "pPr"), "outlineLvl")
        return int(found) + 1 if found is not None and found.isdigit() and int(found) < LEVELS else None

    def number(self, properties: Any) -> str:
        """The printed number of the next paragraph with these properties; moves the list's counter."""
        list_id, level = self._place(properties)
        if list_id is None or list_id == "0" or list_id not in self._lists:
            return ""
        abstract, starts = self._lists[list_id]
        levels = self._abstract.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract if not starts else f"{abstract}/{list_id}", [None] * LEVELS)
        row, before = levels[level], counts[level]
        counts[level] = starts.get(level, row.start) if before is None else before + 1
        counts[level + 1 :] = [None] * (LEVELS - level - 1)
        return _printed(levels, level, counts)

    def _place(self, properties: Any) -> tuple[str | None, int]:
        """(list id, level) of a paragraph, from its own properties or its style's."""
        levels: list[str | None] = []
        for holder in [properties, *(style.find(W + "pPr") for style in self._chain(properties))]:
            found = holder.find(W + "numPr") if holder is not None else None
            if found is None:
                continue
            levels.append(_value(found, "ilvl"))
            list_id = _value(found, "numId")
            if list_id is not None:
                level = next((int(value) for value in levels if value and value.isdigit()), 0)
                return list_id, min(level, LEVELS - 1)
        return None, 0

    def _chain(self, properties: Any) -> list[Any]:
        """The paragraph's style and the styles it is based on, nearest first."""
        chain: list[Any] = []
        name = _value(properties, "pStyle")
        while name is not None and name in self._styles and len(chain) < 12:
            chain.append(self._styles[name])
            name = _value(chain[-1], "basedOn")
        return chain


def _abstract_lists(numbering: Any) -> dict[str, dict[int, ListLevel]]:
    found: dict[str, dict[int, ListLevel]] = {}
    for row in numbering.iter(W + "abstractNum") if numbering is not None else ():
        levels = found.setdefault(row.get(W + "abstractNumId", ""), {})
        for level in row.iter(W + "lvl"):
            start = _value(level, "start") or "1"
            form, text = _value(level, "numFmt") or "decimal", _value(level, "lvlText") or ""
            levels[_int(level.get(W + "ilvl"))] = ListLevel(int(start) if start.isdigit() else 1, form, text)
    return found


def _lists(numbering: Any) -> dict[str, tuple[str, dict[int, int]]]:
    """List id -> (abstract list id, level -> overriding first number)."""
    found: dict[str, tuple[str, dict[int, int]]] = {}
    for row in numbering.iter(W + "num") if numbering is not None else ():
        starts = {
            _int(change.get(W + "ilvl")): _int(_value(change, "startOverride"))
            for change in row.iter(W + "lvlOverride")
            if _value(change, "startOverride") is not None
        }
        found[row.get(W + "numId", "")] = (_value(row, "abstractNumId") or "", starts)
    return found


def _printed(levels: dict[int, ListLevel], level: int, counts: list[int | None]) -> str:
    if levels[level].form in ("bullet", "none"):
        return ""
    text = levels[level].text
    for place in range(LEVELS):
        if f"%{place + 1}" in text and place in levels:
            value = counts[place] if counts[place] is not None else levels[place].start
            text = text.replace(f"%{place + 1}", in_form(int(value or 0), levels[place].form))
    return text


def in_form(value: int, form: str) -> str:
    """A number as Word prints it in one of its forms; unknown forms print digits."""
    if form in _CHINESE:
        return chinese(value)
    if form in ("lowerLetter", "upperLetter") and 0 < value <= 26:
        letter = "abcdefghijklmnopqrstuvwxyz"[value - 1]
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        roman = _roman(value)
        return roman.upper() if form == "upperRoman" else roman
    if form == "decimalEnclosedCircle" and 0 < value <= 20:
        return chr(0x2460 + value - 1)
    return str(value)


def chinese(value: int) -> str:
    """1..99 in Chinese numerals as headings print them (十二); others as digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _roman(value: int) -> str:
    out = ""
    for size, letters in _ROMAN:
        out += letters * (value // size)
        value %= size
    return out


def _value(holder: Any, tag: str) -> str | None:
    found = holder.find(W + tag) if holder is not None else None
    return found.get(W + "val") if found is not None else None


def _int(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0

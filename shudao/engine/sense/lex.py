"""词法 (lex): a query cut into tokens, on its folded form, each with its place in the query as written."""

import unicodedata
from collections.abc import Iterator
from typing import Protocol, cast

import msgspec
import re2

from shudao.engine.text.normalise import Span, fold, is_latin, spans_of
from shudao.engine.words import BadInput, Words

MAX_GAP = 1000  # characters of NEAR/n
MAX_TERM = 200  # characters of one word or phrase
FIELDS = ("title", "text", "source")
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not", "与": "and", "或": "or", "非": "not"}
_BEGIN = ("a", "o", "n")  # folded first letters of the Latin ones
_SYMBOLS = {"+": "and", "|": "or", "-": "not", "(": "open", ")": "close"}
_OPEN_QUOTES = {'"': '"“”', "“": '"”', "”": '"”“', "「": "」", "『": "』"}
_STOPS = frozenset('+|()"“”「『*')
_RE2_MEMORY = 4 << 20
_SPECIAL = frozenset(r"\.+*?()|[]{}^$-")


class QueryError(BadInput):
    """A query that cannot be read; `at` is the place in the query as written, from 0."""

    def __init__(self, what: Words, *, at: int, query: str) -> None:
        self.at, self.query = at, query
        super().__init__(what, where=mark(query, at))


class Found(Protocol):
    """找到 (found): one match of a pattern."""

    def start(self) -> int: ...
    def end(self) -> int: ...


class Pattern(Protocol):
    """式样 (pattern): a compiled pattern that runs in time linear in the text."""

    def finditer(self, text: str) -> Iterator[Found]: ...


class Token(msgspec.Struct, frozen=True):
    """记号 (token): `text` is folded (for a regex: its pattern), `said` as written, `gap` the n of NEAR/n."""

    kind: str
    at: Span
    said: str
    text: str = ""
    prefix: bool = False
    gap: int = 0


def mark(query: str, at: int) -> str:
    """The query around the place, with the place marked."""
    before, after = query[max(0, at - 20) : at], query[at : at + 20]
    return f"{'…' if at > 20 else ''}{before}▶{after}{'…' if at + 20 < len(query) else ''}"


def fail(query: str, at: int, zh: str, en: str) -> QueryError:
    """The error for the character at `at`."""
    return QueryError(Words(zh=f"第 {at + 1} 个字：{zh}", en=f"at character {at + 1}: {en}"), at=at, query=query)


def scan(query: str) -> list[Token]:
    """All tokens of the query, or `QueryError`."""
    return _Scanner(query).run()


class _Scanner:
    def __init__(self, query: str) -> None:
        self.query = query
        self.text = fold(query)
        self.back = spans_of(query)
        self.at = 0
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == " ":
                self.at += 1
            elif char in _OPEN_QUOTES:
                self.quoted(_OPEN_QUOTES[char])
            elif char == "/":
                self.regex()
            elif char in _SYMBOLS:
                self.symbol(char)
            elif char == "*":
                raise self.fail(self.at, "* 只能跟在词的后面", "* may only follow a word")
            elif char in "”」』":
                raise self.fail(self.at, "多出的引号", "a stray quotation mark")
            else:
                self.word()
        return self.tokens

    def place(self, start: int, end: int) -> Span:
        return self.back[start][0], self.back[end - 1][1]

    def fail(self, at: int, zh: str, en: str) -> QueryError:
        return fail(self.query, self.back[at][0] if at < len(self.back) else len(self.query), zh, en)

    def add(self, kind: str, start: int, end: int, text: str = "", *, prefix: bool = False, gap: int = 0) -> None:
        at = self.place(start, end)
        self.tokens.append(Token(kind, at, self.query[at[0] : at[1]], text, prefix, gap))

    def symbol(self, char: str) -> None:
        if char in "+|-" and self.text[self.at + 1 : self.at + 2] == char:
            raise self.fail(self.at, f"{char * 2} 不是检索符号", f"{char * 2} is no symbol of the language")
        self.add(_SYMBOLS[char], self.at, self.at + 1)
        self.at += 1

    def quoted(self, closers: str) -> None:
        start, letters = self.at, []
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] not in closers:
            if self.text[self.at] == "\\" and self.text[self.at + 1 : self.at + 2] in ('"', "\\"):
                self.at += 1
            letters.append(self.text[self.at])
            self.at += 1
        if self.at >= len(self.text):
            raise self.fail(start, "引号没有合上", "this quotation is not closed")
        self.at += 1
        self.term(start, self.at, "".join(letters).strip(" "))

    def term(self, start: int, end: int, text: str) -> None:
        """Add a word or phrase, with the star that may follow it."""
        if not text:
            raise self.fail(start, "引号里是空的", "the quotation is empty")
        if len(text) > MAX_TERM:
            raise self.fail(start, f"一个词超过 {MAX_TERM} 字", f"a word longer than {MAX_TERM} characters")
        prefix = self.text[self.at : self.at + 1] == "*"
        if prefix:
            self.at += 1
            following = self.text[self.at : self.at + 1]
            if following and following not in ' +|-()"“':
                raise self.fail(self.at - 1, "* 只能放在词尾", "* may only end a word")
        self.add("word", start, end + prefix, text, prefix=prefix)

    def regex(self) -> None:
        start, pattern = self.at, []
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != "/":
            if self.text[self.at] == "\\" and self.at + 1 < len(self.text):
                pattern.append(self.escape())
            else:
                pattern.append(self.literal())
            self.at += 1
        if self.at >= len(self.text):
            raise self.fail(start, "正则没有用 / 结束", "the pattern is not closed by /")
        self.at += 1
        text = "".join(pattern)
        compile_pattern(text, self.query, self.back[start][0])
        self.add("regex", start, self.at, text)

    def escape(self) -> str:
        """A backslash and what it escapes, in the case it was written in (\\D is not \\d)."""
        self.at += 1
        written = self.query[self.back[self.at][0]]
        if written == "/":
            return "/"
        return "\\" + (written if written.isascii() else self.text[self.at])

    def literal(self) -> str:
        """One character of a pattern; a full-width sign stands for itself, not for a command of the pattern."""
        written = self.query[self.back[self.at][0]]
        folded = self.text[self.at]
        if written.isascii():
            return written
        return "\\" + folded if folded in _SPECIAL else folded

    def word(self) -> None:
        start = self.at
        while self.at < len(self.text) and not self.ends_here(start):
            self.at += 1
        text = self.text[start : self.at]
        if self.text[self.at : self.at + 1] == ":":
            self.field(start, text)
        else:
            self.add_word(start, text)

    def ends_here(self, start: int) -> bool:
        char = self.text[self.at]
        if char == " " or char in _STOPS:
            return True
        if char == "-":
            return not self.joins()
        if self.at > start and self.operator_at(self.at):
            return True
        if self.at > start and self.operator_at(start) and self.at >= start + self.operator_at(start):
            return True
        if char == ":":
            name = self.text[start : self.at]
            return bool(name) and all(is_latin(letter) for letter in name)
        return False

    def joins(self) -> bool:
        """Whether the hyphen here stands between Latin letters or digits and so belongs to the word."""
        before, after = self.text[self.at - 1 : self.at], self.text[self.at + 1 : self.at + 2]
        return _is_latin_or_digit(before) and _is_latin_or_digit(after)

    def operator_at(self, start: int) -> int:
        """Length of a Latin operator word standing free of Latin letters and digits here, or 0."""
        if self.text[start : start + 1] not in _BEGIN or (start and _is_latin_or_digit(self.text[start - 1])):
            return 0
        for name in ("AND", "OR", "NOT", "NEAR"):
            end = start + len(name)
            if self.written(start, end) != name:
                continue
            if name == "NEAR" and self.text[end : end + 1] == "/":
                while end + 1 < len(self.text) and self.text[end + 1].isdigit():
                    end += 1
                return end + 1 - start
            if not _is_latin_or_digit(self.text[end : end + 1]) and not self.in_latin_word(start, end):
                return len(name)
        return 0

    def in_latin_word(self, start: int, end: int) -> bool:
        """Whether hyphens tie the letters to a longer Latin word, as in AND-1."""
        tied_left = self.text[start - 1 : start] == "-" and _is_latin_or_digit(self.text[max(0, start - 2) : start - 1])
        return tied_left or (self.text[end : end + 1] == "-" and _is_latin_or_digit(self.text[end + 1 : end + 2]))

    def written(self, start: int, end: int) -> str:
        """The letters as written, in one width but their own case."""
        if end > len(self.text):
            return ""
        at = self.place(start, end)
        return unicodedata.normalize("NFKC", self.query[at[0] : at[1]])

    def field(self, start: int, text: str) -> None:
        if text not in FIELDS:
            raise self.fail(
                start,
                f"没有 {text}: 这个字段（可用 title: text: source:）；若是要找的原文，请加引号",
                f"no field {text}: (title: text: source: exist); put it in quotes if it is text to be found",
            )
        self.at += 1
        self.add("field", start, self.at, text)

    def add_word(self, start: int, text: str) -> None:
        written = self.written(start, self.at) if text[:1] in _BEGIN else text
        if self.text[self.at : self.at + 1] != "*":
            if kind := _OPERATORS.get(written) or _OPERATORS.get(text):
                self.add(kind, start, self.at)
                return
            if written.startswith("NEAR") and self.operator_at(start):
                self.near(start, written)
                return
        self.term(start, self.at, text)

    def near(self, start: int, written: str) -> None:
        gap = written.removeprefix("NEAR").removeprefix("/")
        if not gap.isascii() or not gap.isdigit() or len(gap) > 9 or int(gap) > MAX_GAP:
            raise self.fail(
                start,
                f"NEAR 要写成 NEAR/n，n 为 0 到 {MAX_GAP} 的整数",
                f"NEAR must read NEAR/n with n from 0 to {MAX_GAP}",
            )
        self.add("near", start, self.at, gap=int(gap))


def _is_latin_or_digit(char: str) -> bool:
    return bool(char) and (is_latin(char) or char.isdigit())


def compile_pattern(pattern: str, query: str = "", at: int = 0) -> Pattern:
    """The compiled pattern (linear time whatever the text), or `QueryError`."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _RE2_MEMORY
    if not pattern:
        raise fail(query, at, "正则是空的", "the pattern is empty")
    try:
        return cast(Pattern, re2.compile(pattern, options))
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error.args[0])
        zh = f"正则不能用（只支持线性时间的写法）：{reason}"
        raise fail(query, at, zh, f"pattern not usable (linear-time patterns only): {reason}") from None

"""A naive evaluator of queries, written apart from the engine's: made queries, plain loops over folded text."""

import re
import unicodedata

from hypothesis import strategies as st

WORDS = ["停电", "断电", "电", "小区", "演练", "ab", "abc", "a", "b-1", "19", "1", "停 电", "電網"]
PATTERNS = ["停.?电", r"\d+", "a|b", "[小区]{2}"]
PIECES = [*WORDS, "，", " ", "\u200b", "Ａ", "９", "-", "（", "啊"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)

words = st.sampled_from(WORDS).map(lambda word: ("word", word, False))
stars = st.sampled_from(["ab", "a", "19"]).map(lambda word: ("word", word, True))
patterns = st.sampled_from(PATTERNS).map(lambda pattern: ("regex", pattern))
fields = st.tuples(st.just("field"), st.sampled_from(["title", "text", "source"]), words | stars | patterns)
leaves = words | stars | patterns | fields
short = st.sampled_from(["停电", "电", "小区", "ab", "a"]).map(lambda word: ("word", word, False))
nears = st.tuples(st.just("near"), st.lists(short | stars, min_size=2, max_size=3), st.integers(0, 3))
queries = st.recursive(
    leaves | nears | words,
    lambda inner: (
        st.tuples(st.just("not"), inner)
        | st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=8,
)


def written(node, pick):
    """The query in one of its many spellings; `pick(n)` chooses among n."""
    kind = node[0]
    if kind == "word":
        quoted = f'"{node[1]}"' if " " in node[1] or pick(3) == 0 else node[1]
        return quoted + ("*" if node[2] else "")
    if kind == "regex":
        return f"/{node[1]}/"
    if kind == "field":
        return f"{node[1]}{':：'[pick(2)]}{written(node[2], pick)}"
    if kind == "near":
        return f" NEAR/{node[2]} ".join(written(part, pick) for part in node[1])
    if kind == "not":
        return ("NOT ", "-", "非 ", "－")[pick(4)] + _bracketed(node[1], pick)
    joint = {"and": (" AND ", " ", "+", "＋", " 与 "), "or": (" OR ", "|", "｜", " 或 ")}[kind]
    return joint[pick(len(joint))].join(_bracketed(part, pick) for part in node[1])


def _bracketed(node, pick):
    inner = written(node, pick)
    if node[0] in ("and", "or", "not", "near"):
        return f"（{inner}）" if pick(2) else f"({inner})"
    return inner


def plain(text):
    """Folding said again in the plainest way for the characters used here."""
    dropped = text.replace("\u200b", "")
    wide = unicodedata.normalize("NFKC", dropped).casefold()
    return wide.replace("−", "-").replace("電", "电").replace("網", "网")


def holds(node, fields_of):
    """Whether the query holds for `{"title": …, "text": …, "source": …}` (plain texts)."""
    kind = node[0]
    if kind == "and":
        return all(holds(part, fields_of) for part in node[1])
    if kind == "or":
        return any(holds(part, fields_of) for part in node[1])
    if kind == "not":
        return not holds(node[1], fields_of)
    if kind == "field":
        return bool(places(node[2], fields_of[node[1]]))
    if kind == "near":
        return any(_chain(node[1], node[2], fields_of[name]) for name in ("title", "text"))
    return any(places(node, fields_of[name]) for name in ("title", "text"))


def asks(node, wanted=True):
    """Whether the query asks for anything at all."""
    if node[0] == "not":
        return asks(node[1], not wanted)
    if node[0] in ("and", "or"):
        return any(asks(part, wanted) for part in node[1])
    return wanted


def places(node, text):
    """All spans of a word or pattern in a plain text, by trying every start."""
    if node[0] == "regex":
        return [found.span() for found in re.finditer(node[1], text) if found.end() > found.start()]
    word = plain(node[1])
    return [
        (start, start + len(word))
        for start in range(len(text))
        if text.startswith(word, start) and _free(word, text, start, star=node[2])
    ]


def _free(word, text, start, *, star):
    before, after = text[start - 1 : start] if start else "", text[start + len(word) : start + len(word) + 1]
    return not _joined(word, word[0], before) and (star or not _joined(word, word[-1], after))


def _joined(word, edge, neighbour):
    latin = re.compile("[a-z]")
    if latin.fullmatch(edge):
        return bool(latin.fullmatch(neighbour))
    if edge.isdigit():
        return neighbour.isdigit() or bool(latin.search(word) and latin.fullmatch(neighbour))
    return False


def _chain(parts, gap, text):
    """Some occurrence of each part in turn, no two neighbours overlapping, at most `gap` characters between."""
    reached = places(parts[0], text)
    for part in parts[1:]:
        reached = [
            span
            for span in places(part, text)
            if any(0 <= max(span[0] - other[1], other[0] - span[1]) <= gap for other in reached)
        ]
    return bool(reached)

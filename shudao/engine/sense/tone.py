"""情感倾向 (tone): a lexicon reading of a text, with an honestly low confidence; a hint, never called truth.

Counts words of praise and of blame; a negator up to four characters before a word turns it round.
Irony, quotation and reported speech are not understood, and the confidence never goes above `MOST_SURE`.
"""

from collections.abc import Iterable
from typing import Literal

import daachorse
import msgspec
import yaml

from shudao.engine.text.normalise import fold
from shudao.engine.words import BadInput, Words

VERSION = "tone-1"
MOST_SURE = 0.6
NEGATOR_REACH = 4  # characters between a negator and the word it turns round
LEAST = 0.2  # score from which a label is given

Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")


class Tone(msgspec.Struct, frozen=True):
    """倾向 (tone): `score` from -1 (blame) to 1 (praise), `confidence` from 0 (no word known) to 0.6.

    `by` names the site's model that read it; the lexicon alone has no name.
    """

    label: Label
    score: float
    confidence: float
    by: str = ""


class Lexicon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """词表 (lexicon): words of one kind each."""

    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    negators: tuple[str, ...] = ()


NEUTRAL = Tone("neutral", 0.0, 0.0)


def load_lexicon(data: bytes, where: str = "") -> Lexicon:
    """The lexicon of a YAML file `{positive: [...], negative: [...], negators: [...]}`, or `BadInput`."""
    try:
        return msgspec.convert(yaml.safe_load(data.decode("utf-8-sig")), Lexicon)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise BadInput(Words(zh=f"不是词表：{reason}", en=f"no lexicon: {reason}"), where=where) from None


class ToneReader:
    """读倾向 (tone reader): a compiled lexicon."""

    name = ""
    """Of the site's model; the lexicon alone has none."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        lexicon = lexicon or Lexicon()
        signs: dict[str, int] = {}
        for sign, words in ((1, lexicon.positive), (-1, lexicon.negative), (0, lexicon.negators)):
            signs.update({fold(word): sign for word in words if word})
        self._signs = list(signs.values())
        self._words = (
            daachorse.CharwiseDoubleArrayAhoCorasick(list(signs), daachorse.MATCH_KIND_LEFTMOST_LONGEST)
            if signs
            else None
        )

    def read(self, folded: str) -> Tone:
        """The tone of a folded text."""
        praise, blame = self.counts(folded)
        known = praise + blame
        if not known:
            return NEUTRAL
        score = (praise - blame) / (known + 1)
        label: Label = "positive" if score >= LEAST else "negative" if score <= -LEAST else "neutral"
        agreement = abs(praise - blame) / known
        confidence = MOST_SURE * agreement * known / (known + 2)
        return Tone(label, round(score, 3), round(confidence, 3))

    def counts(self, folded: str) -> tuple[int, int]:
        """How many words of praise and of blame a folded text has, each turned round by a negator before it."""
        if self._words is None or not folded:
            return 0, 0
        return self._count(self._words.find(folded))

    def _count(self, found: Iterable[tuple[int, int, int]]) -> tuple[int, int]:
        praise = blame = 0
        negated_until = -1
        for start, end, word in found:
            sign = self._signs[word]
            if sign == 0:
                negated_until = end + NEGATOR_REACH
                continue
            if start <= negated_until:
                sign = -sign
                negated_until = -1
            praise, blame = praise + (sign > 0), blame + (sign < 0)
        return praise, blame

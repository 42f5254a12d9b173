"""句向量 (vectors): how near two texts are in meaning, measured against what is usual in this stream.

An encoder gives a text a vector. In a narrow stream (a message board, one school) all texts lie near one another, and
raw nearness would make them one story. So vectors are taken from the middle of the stream so far, and nearness counts
only above what two unrelated texts of this stream have: the mean of random pairs and half their spread.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

VERSION = "vectors-1"

F32 = NDArray[np.float32]
Encoder = Callable[[Sequence[str]], F32]
"""编码器 (encoder): texts -> one row each. A text must get the same row in any company, or results depend on batches."""

READ = 120  # characters of a text that are encoded: the cost grows with them, the meaning does not
PRIOR = 50.0  # rows that the general middle of a language counts as before the stream has its own
SAMPLE = 256  # earlier texts kept to draw random pairs from
PAIRS = 16  # drawn for each new text
SPREAD = 0.5  # standard deviations above the mean of random pairs from which nearness counts
_STEP, _SHIFT, _MASK = 6_364_136_223_846_793_005, 1_442_695_040_888_963_407, (1 << 64) - 1

GENERAL = {
    "zh": (
        "小区停水通知", "孩子上学报名需要什么材料", "今天路上有点堵", "这家店的面条不错", "公交线路什么时候恢复",
        "医院挂号排了一上午", "工地夜里施工太吵", "新的图书馆周末开放", "手机信号不好怎么办", "下午可能有阵雨",
        "球队昨晚赢了比赛", "物业费又涨了", "快递丢了找谁赔", "公司发布今年的计划", "村里修了新路",
        "演唱会门票开始预订",
    ),
    "": (
        "Water will be off on Monday", "The bus line is closed for repairs", "A new library opens next week",
        "The team won the game last night", "Shares of the company fell", "The film comes out in summer",
        "Doctors warn about the flu season", "The council met on Tuesday",
    ),
}  # fmt: skip
"""Sentences about nothing in common, by language: where the middle lies before anything was read."""


class Meaning(NamedTuple):
    """含义 (meaning): a unit vector from the stream's middle, and the nearness that is usual there."""

    vector: F32
    usual: float


class Space:
    """空间 (space): the stream's own middle and usual nearness, one for Han texts and one for all others."""

    def __init__(self, encoder: Encoder) -> None:
        self._gauges = {language: _Gauge(encoder(texts)) for language, texts in GENERAL.items()}

    def take(self, vector: F32, language: str) -> Meaning:
        """The meaning of the next text of the stream, seen from those before it; then it is one of them."""
        return self._gauges[language if language in self._gauges else ""].take(vector)


class _Gauge:
    """The running middle, and the running mean and spread of the nearness of random pairs."""

    def __init__(self, general: F32) -> None:
        self._middle = general.mean(axis=0, dtype=np.float64) * PRIOR
        self._weight = PRIOR
        self._seen = 0
        self._state = 20
        self._sample = np.zeros((SAMPLE, general.shape[1]), np.float32)
        self._count, self._sum, self._squares = 0.0, 0.0, 0.0
        prior = _units(general - (self._middle / self._weight).astype(np.float32))
        self._note((prior @ prior.T)[np.triu_indices(len(prior), 1)])

    def take(self, vector: F32) -> Meaning:
        unit = _units((vector - self._middle / self._weight).astype(np.float32)[None, :])[0]
        meaning = Meaning(unit, self.usual)
        self._middle += vector
        self._weight += 1.0
        self._learn(unit)
        return meaning

    @property
    def usual(self) -> float:
        """Nearness up to which two texts of this stream are unrelated."""
        mean = self._sum / self._count
        spread = max(self._squares / self._count - mean * mean, 0.0) ** 0.5
        return min(float(mean + SPREAD * spread), 0.95)

    def _learn(self, unit: F32) -> None:
        """Hold it against some of the sample, then perhaps keep it there: any earlier text is as likely to be in it."""
        kept = min(self._seen, SAMPLE)
        if kept:
            first = self._draw() % max(kept - PAIRS + 1, 1)
            self._note(self._sample[first : min(first + PAIRS, kept)] @ unit)
        place = self._seen if self._seen < SAMPLE else self._draw() % (self._seen + 1)
        if place < SAMPLE:
            self._sample[place] = unit
        self._seen += 1

    def _note(self, nearness: F32) -> None:
        self._count += nearness.size
        self._sum += float(nearness.sum())
        self._squares += float((nearness * nearness).sum())

    def _draw(self) -> int:
        """The next number of a fixed sequence: the same stream draws the same pairs."""
        self._state = (self._state * _STEP + _SHIFT) & _MASK
        return self._state >> 33


def _units(rows: F32) -> F32:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


class Budget:
    """配额 (budget): so many texts are encoded in each minute of the stream's own time; the rest go by their words.

    The rule under load: it looks at nothing but the stream, so a run gives the same however fast the machine is.
    """

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._minute = float("-inf")
        self._used = 0
        self.refused = 0

    def allows(self, now: float) -> bool:
        """Whether one more text may be encoded at this moment of the stream; the moment never goes back."""
        minute = now // 60
        if minute > self._minute:
            self._minute, self._used = minute, 0
        self._used += 1
        if self._used > self._a_minute:
            self.refused += 1
            return False
        return True

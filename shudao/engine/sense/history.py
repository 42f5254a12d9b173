"""词频史 (history): how common each term is in this stream so far, and how much more common just now.

No table from elsewhere: what is rare, and what is bursting, is learned from the stream's own past alone.
"""

import numpy as np

from shudao.engine.sense.features import BUCKETS, F64, Terms

VERSION = "history-1"
IDF_POWER = 0.5
BURST_PRIOR = 2.0  # occurrences added to what is expected, so that one appearance is no burst
BURST_CAP = 6.0  # most that a burst multiplies a term's weight; 1 leaves bursts out


class History:
    """词频史 (history): document counts for ever, and counts that halve every half-life; times in epoch seconds."""

    def __init__(self, burst_cap: float = BURST_CAP) -> None:
        self.posts = 0
        self._burst_cap = burst_cap
        self._seen = np.zeros(BUCKETS, np.float32)
        self._recent = np.zeros(BUCKETS, np.float32)
        self._recent_at = np.zeros(BUCKETS, np.float64)
        self._recent_posts = 0.0
        self._now = 0.0

    @property
    def nbytes(self) -> int:
        return self._seen.nbytes + self._recent.nbytes + self._recent_at.nbytes

    def learn(self, terms: Terms, now: float, half_life: float) -> F64:
        """Count a post in and return the weights of its terms, from the posts before it and itself as recent."""
        numbers = terms.numbers
        if self.posts == 0:
            self._now = now
        self._recent_posts = self._recent_posts * 2.0 ** (-(now - self._now) / half_life) + 1.0
        faded = self._recent[numbers] * np.exp2(-(now - self._recent_at[numbers]) / half_life) + 1.0
        self._recent[numbers] = faded
        self._recent_at[numbers] = now
        self._now = now
        seen = self._seen[numbers].astype(np.float64)
        idf = np.maximum(np.log((self.posts + 1.0) / (seen + 0.5)), 0.0)
        usual = seen * (self._recent_posts / (self.posts + 1.0))
        burst = np.minimum(np.maximum(np.log2(faded / (usual + BURST_PRIOR)), 0.0) + 1.0, self._burst_cap)
        self._seen[numbers] += 1.0
        self.posts += 1
        return terms.damped * idf**IDF_POWER * burst

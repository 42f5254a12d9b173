"""倾向模型 (tone model): what a site's corrections taught, stored as plain whole numbers; a hint like the lexicon's.

A softmax over hashed character pieces (one to three characters) and the lexicon's counts of praise and blame. What a
site corrects is little, so pieces weigh little (`RIDGE`) until many corrections say the same. Training is exact and
without chance: the same corrections in the same order give the same numbers. Corrections of one group (a story) are
held out together, or a copy left in would answer for a copy left out.
"""

import hashlib
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from shudao.engine.sense.tone import LABELS, Label, Lexicon, Tone, ToneReader
from shudao.engine.text.normalise import fold

VERSION = "tone-model-1"
BUCKETS = 1 << 13
COUNTS = 3  # of praise, of blame, and one
READ = 400  # characters of a text
LEAST = 30  # corrections from which anything can be learned
LEAST_DRAWN = 20  # of them picked by chance
LEAST_OF_A_LABEL = 3  # of at least two labels
MOST = 4000  # latest corrections that are learned from
FOLDS = 5
LUCK = 2.0  # squared lead over the differing ones that chance alone seldom brings (about one time in twelve)
RIDGE = 0.2  # how tightly the pieces are held to nothing
RIDGE_COUNTS = 0.005  # and the lexicon's counts
SCALE = 1000  # weights are kept as whole thousandths
STEPS = 200
SUREST = 0.8  # a model never says it is surer than this

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
_MIX = np.array([2_654_435_761, 2_246_822_519, 3_266_489_917], np.uint64)


class Correction(msgspec.Struct, frozen=True):
    """更正 (correction): a text as stored (no author), the tone a person gave it, and the story it belongs to.

    `drawn`: the post was picked by chance for a look, not because its tone seemed wrong. Only such posts can tell a model
    from the lexicon: of posts that people correct, the lexicon had nearly every one wrong.
    """

    text: str
    label: Label
    group: str = ""
    drawn: bool = True


class ToneModel(msgspec.Struct, frozen=True, kw_only=True):
    """倾向模型 (tone model): `weights` by bucket and label in thousandths, learned from `count` corrections.

    Of the `tested` ones drawn by chance it had `right` when each was held out, the lexicon alone `lexicon_right`; of
    `differing` ones only one of the two was right. `name` is the caller's.
    """

    version: str = VERSION
    name: str = ""
    count: int
    tested: int
    right: int
    lexicon_right: int
    differing: int
    weights: tuple[int, ...]

    @property
    def is_better(self) -> bool:
        """It beat the lexicon on corrections it had not seen, by more than luck would; otherwise the lexicon goes on."""
        ahead = self.right - self.lexicon_right
        return ahead > 0 and ahead**2 > LUCK * self.differing

    @property
    def surest(self) -> float:
        """It claims no more than it was found to be right."""
        return min(SUREST, self.right / self.tested) if self.tested else 0.0

    @property
    def digest(self) -> str:
        """SHA-256 of what it decides by."""
        return hashlib.sha256(msgspec.json.encode((self.version, self.weights))).hexdigest()


class LearnedReader:
    """读倾向 (learned reader): a model over the counts of a lexicon."""

    def __init__(self, lexicon: Lexicon, model: ToneModel) -> None:
        self._words = ToneReader(lexicon)
        self.name, self._surest = model.name, model.surest
        self._weights = np.array(model.weights, np.float64).reshape(-1, len(LABELS)) / SCALE

    def read(self, folded: str) -> Tone:
        """The tone of a folded text; of one that says nothing, neutral without any confidence."""
        if not folded.strip():
            return Tone("neutral", 0.0, 0.0)
        places, values = _features(folded, self._words)
        return self._tone(_chances(values @ self._weights[places]))

    def _tone(self, chances: F64) -> Tone:
        best = int(chances.argmax())
        score = float(chances[LABELS.index("positive")] - chances[LABELS.index("negative")])
        sure = min(float(chances[best]), self._surest)
        return Tone(LABELS[best], round(score, 3), round(sure, 3), self.name)


def can_learn(corrections: Sequence[Correction]) -> bool:
    """Whether these are enough: many, of at least two labels, and enough of them drawn by chance."""
    held = [sum(row.label == label for row in corrections) for label in LABELS]
    varied = sum(count >= LEAST_OF_A_LABEL for count in held) >= 2
    return len(corrections) >= LEAST and varied and sum(row.drawn for row in corrections) >= LEAST_DRAWN


def train(corrections: Sequence[Correction], lexicon: Lexicon, name: str = "") -> ToneModel:
    """The model of the latest corrections, tried out on each of `FOLDS` parts after learning from the others."""
    rows = list(corrections)[-MOST:]
    words = ToneReader(lexicon)
    folded = [fold(row.text) for row in rows]
    table, labels = _table(folded, words), _numbers(rows)
    learned = _said_apart(rows, table, labels) == labels
    by_words = np.array([words.read(text).label == row.label for text, row in zip(folded, rows, strict=True)])
    drawn = np.array([row.drawn for row in rows])
    weights = np.rint(_fit(table, labels) * SCALE).astype(np.int64)
    return ToneModel(
        name=name,
        count=len(rows),
        tested=int(drawn.sum()),
        right=int((learned & drawn).sum()),
        lexicon_right=int((by_words & drawn).sum()),
        differing=int(((learned != by_words) & drawn).sum()),
        weights=tuple(weights.ravel().tolist()),
    )


def held_out(corrections: Sequence[Correction], lexicon: Lexicon) -> list[Label]:
    """For every correction what a model says of it that learned from other groups only (to measure by)."""
    table = _table([fold(row.text) for row in corrections], ToneReader(lexicon))
    return [LABELS[number] for number in _said_apart(corrections, table, _numbers(corrections)).tolist()]


def _said_apart(rows: Sequence[Correction], table: csr_matrix, labels: I64) -> I64:
    """Labels given by models that did not learn from the rows' own groups; neutral where all is one group."""
    said = np.full(len(rows), LABELS.index("neutral"), np.int64)
    for held in _folds(rows):
        said[held] = _guess(table[held], _fit(table[~held], labels[~held]))
    return said


def _numbers(rows: Sequence[Correction]) -> I64:
    return np.array([LABELS.index(row.label) for row in rows], np.int64)


def _folds(rows: Sequence[Correction]) -> list[NDArray[np.bool_]]:
    """Groups dealt out in the order in which they first came."""
    fold_of: dict[str, int] = {}
    for place, row in enumerate(rows):
        fold_of.setdefault(row.group or f"\0{place}", len(fold_of) % FOLDS)
    mine = np.array([fold_of[row.group or f"\0{place}"] for place, row in enumerate(rows)], np.int64)
    return [mine == part for part in range(FOLDS) if bool((mine == part).any()) and bool((mine != part).any())]


def _features(folded: str, words: ToneReader) -> tuple[I64, F64]:
    """Buckets and values of a text: its pieces as one unit vector, the lexicon's counts beside."""
    pieces = _pieces(folded)
    praise, blame = words.counts(folded)
    places = np.concatenate((pieces, np.arange(BUCKETS, BUCKETS + COUNTS)))
    share = 1.0 / np.sqrt(max(len(pieces), 1))
    values = np.concatenate((np.full(len(pieces), share), [min(praise, 3) / 3, min(blame, 3) / 3, 1.0]))
    return places, values


def _pieces(folded: str) -> I64:
    """The distinct buckets of the one, two and three neighbouring characters of a text."""
    codes = np.frombuffer(folded[:READ].encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    ones = codes * _MIX[0]
    twos = (ones[:-1] ^ (codes[1:] * _MIX[1])) * _MIX[2]
    threes = (twos[:-1] ^ (codes[2:] * _MIX[0])) * _MIX[1]
    mixed = np.concatenate((ones, twos, threes))
    return np.unique((mixed >> np.uint64(15)) & np.uint64(BUCKETS - 1)).astype(np.int64)


def _table(texts: Sequence[str], words: ToneReader) -> csr_matrix:
    found = [_features(text, words) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in found)])
    places = np.concatenate([places for places, _ in found])
    values = np.concatenate([values for _, values in found])
    return csr_matrix((values, places, ends), shape=(len(texts), BUCKETS + COUNTS))


def _fit(table: csr_matrix, labels: I64) -> F64:
    """Weights that make the labels likely, small ones preferred; the counts and the constant are held less tightly."""
    wanted = np.eye(len(LABELS))[labels]
    held = np.bincount(labels, minlength=len(LABELS))
    heavy = np.sqrt(len(labels) / len(LABELS) / np.maximum(held, 1))[labels][:, None]
    ridge = np.full((table.shape[1], 1), RIDGE)
    ridge[BUCKETS:] = RIDGE_COUNTS
    turned = table.T.tocsr()

    def loss(flat: F64) -> tuple[float, F64]:
        weights = flat.reshape(-1, len(LABELS))
        chances = _chances(table @ weights)
        missed = -(heavy[:, 0] * np.log(np.maximum((chances * wanted).sum(axis=1), 1e-12))).sum()
        slope = turned @ ((chances - wanted) * heavy) + 2 * ridge * weights
        return float(missed + (ridge * weights**2).sum()), slope.ravel()

    start = np.zeros(table.shape[1] * len(LABELS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return np.asarray(found.x, np.float64).reshape(-1, len(LABELS))


def _chances(scores: F64) -> F64:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float64)


def _guess(table: csr_matrix, weights: F64) -> I64:
    return np.asarray((table @ weights).argmax(axis=1), np.int64)

"""Scores for clusterings of a labelled stream: B-cubed, ARI, and three that do not flatter leaving everything alone.

`gold` and `made` are labels in the same order; only rows that were labelled may be passed in.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple


class Scores(NamedTuple):
    """B-cubed precision, recall, F; adjusted Rand; F-multi; mean best F1; share of single rows wrongly joined; strangers:
    of a row's story of several titles, the share of its main cluster that does not belong to it (mean over rows)."""

    precision: float
    recall: float
    f: float
    ari: float
    f_multi: float
    best_f1: float
    singles_joined: float
    strangers: float

    def line(self, name: str) -> str:
        return (
            f"{name:<34} P {self.precision:.3f} R {self.recall:.3f} F {self.f:.3f} | ARI {self.ari:.3f} | "
            f"F-multi {self.f_multi:.3f} | best-F1 {self.best_f1:.3f} | singles joined {self.singles_joined:.3f} | "
            f"strangers {self.strangers:.3f}"
        )


def score(gold: Sequence[Hashable], made: Sequence[Hashable]) -> Scores:
    """All scores of one clustering."""
    pairs = Counter(zip(gold, made, strict=True))
    gold_size, made_size = Counter(gold), Counter(made)
    each = [
        (pairs[g, m] / made_size[m], pairs[g, m] / gold_size[g], gold_size[g]) for g, m in zip(gold, made, strict=True)
    ]
    precision, recall = _mean([p for p, _r, _n in each]), _mean([r for _p, r, _n in each])
    multi = [(p, r) for p, r, n in each if n > 1]
    f_multi = _harmonic(_mean([p for p, _r in multi]), _mean([r for _p, r in multi]))
    singles = [made_size[m] > 1 for g, m in zip(gold, made, strict=True) if gold_size[g] == 1]
    return Scores(
        precision,
        recall,
        _harmonic(precision, recall),
        _ari(pairs, gold_size, made_size),
        f_multi,
        _best_f1(pairs, gold_size, made_size),
        _mean([float(joined) for joined in singles]),
        _strangers(pairs, gold_size, made_size),
    )


def _strangers(pairs: Counter, gold_size: Counter, made_size: Counter) -> float:
    main: dict = {}
    for (g, m), shared in pairs.items():
        if gold_size[g] > 1 and made_size[m] > 1:
            main[g] = max(main.get(g, (0, 0)), (shared, -made_size[m]))
    rows = sum(gold_size[g] for g in main)
    return sum(gold_size[g] * (1 + shared / size) for g, (shared, size) in main.items()) / rows if rows else 0.0


def _best_f1(pairs: Counter, gold_size: Counter, made_size: Counter) -> float:
    best: defaultdict = defaultdict(float)
    for (g, m), shared in pairs.items():
        if gold_size[g] > 1:
            best[g] = max(best[g], _harmonic(shared / made_size[m], shared / gold_size[g]))
    return _mean(list(best.values()))


def _ari(pairs: Counter, gold_size: Counter, made_size: Counter) -> float:
    total = sum(gold_size.values())
    both = sum(map(_two, pairs.values()))
    ours, theirs = sum(map(_two, made_size.values())), sum(map(_two, gold_size.values()))
    expected = ours * theirs / max(1, _two(total))
    most = (ours + theirs) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0


def _two(count: int) -> float:
    return count * (count - 1) / 2


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0

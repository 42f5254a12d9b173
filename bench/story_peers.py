"""River's TextClust beside our stories, on as many titles as it can stand, with its usual settings for text."""

import time
from collections.abc import Sequence

from bench.cluster_scores import Scores, score
from bench.story_data import Row

STANDS = 1_500


def textclust(rows: Sequence[Row]) -> tuple[Scores, float] | None:
    """Its scores as placed and its rate in rows per CPU second; None where river is not installed."""
    try:
        from river import cluster, compose, feature_extraction
    except ImportError:
        return None
    model = compose.Pipeline(
        feature_extraction.BagOfWords(lowercase=True, ngram_range=(1, 2)),
        cluster.TextClust(real_time_fading=False, fading_factor=0.001, tgap=100, auto_r=True, radius=0.9),
    )
    begun, made = time.process_time(), []
    for number, (_at, title, _story) in enumerate(rows):
        model.learn_one(title)
        made.append(f"alone {number}" if (found := model.predict_one(title)) is None else found)
    return score([row[2] for row in rows], made), len(rows) / (time.process_time() - begun)

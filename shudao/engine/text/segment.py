"""分词 (segment): Chinese words of a folded text, for search indexes and word counts.

Stories and near-copies need no words (hashed character bigrams do as well at a fraction of the cost).
"""

import rjieba

VERSION = "rjieba-search-1"


def words(folded: str) -> list[str]:
    """Overlapping words for indexing: long words come with the shorter ones inside them; spaces are left out."""
    return [word for word in rjieba.cut_for_search(folded) if not word.isspace()]

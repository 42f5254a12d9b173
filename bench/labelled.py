"""Stories on the project's own invented stream: the development half, and the test half that was never tuned on.

The guide to its labels stands beside it (`bench/labelled/GUIDE.*.md`).
"""

from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.stories import compare
from bench.story_data import labelled

FOLDER = Path(__file__).parent / "labelled"


def run() -> Iterator[Figure]:
    """Both halves, in both settings."""
    for half in ("dev", "test"):
        yield from compare(f"labelled {half}", labelled(FOLDER / f"{half}.jsonl", FOLDER / f"{half}.labels.jsonl"))

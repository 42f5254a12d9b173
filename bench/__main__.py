"""`make bench`: every published figure, into bench/results.json and a table. `python -m bench NAME` runs one part.

A part is a file here with `run() -> Iterable[Figure]`; one whose data is not present says so and is left out.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import msgspec

from bench.figure import Figure

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands themselves set it, before any part asks for arrays
HERE = Path(__file__).parent
HELPERS = {
    "story_data",
    "story_peers",
    "vector_cache",
    "__main__",
    "__init__",
    "figure",
    "shared",
    "cluster_scores",
    "postgres_topics",
    "big_site",
    "live_site",
    "live_client",
    "naive_pipeline",
    "stream",
    "store",
    "site_sense",
    "pulse_sim",
    "pulse_rules",
    "pulse_forecast",
    "pulse_rare",
}


def parts() -> list[str]:
    """Names of all parts."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in HELPERS)


def main(wanted: list[str]) -> int:
    """Run the parts, print the table as it grows, keep what other parts measured before."""
    kept = _kept() if wanted else {}
    for name in wanted or parts():
        print(f"\n{name}")
        figures = list(import_module(f"bench.{name}").run())
        for figure in figures:
            print(_line(figure))
        kept[name] = figures
        text = msgspec.json.format(msgspec.json.encode(dict(sorted(kept.items()))), indent=1)
        (HERE / "results.json").write_bytes(text + b"\n")
    return 0


def _kept() -> dict[str, list[Figure]]:
    path = HERE / "results.json"
    return msgspec.json.decode(path.read_bytes(), type=dict[str, list[Figure]]) if path.exists() else {}


def _line(figure: Figure) -> str:
    text = f"  {figure.name:<46} {figure.value:>14,.4g} {figure.unit:<10} {figure.data}"
    if figure.peer:
        ratio = f", ratio {figure.ratio:.3g}" if figure.ratio is not None else ""
        text += f"  [{figure.peer} {figure.peer_value:,.4g}{ratio}]"
    return text + (f"  ({figure.note})" if figure.note else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

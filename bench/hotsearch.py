"""Real input: all hot-search titles of the shared data through `shudao sense`, converted on the fly.

    .venv/bin/python bench/hotsearch.py [--limit N]

Prints posts/s and the peak memory; the rate per CPU second (conversion included) tells more on a busy machine. The data are looked for in $SHUDAO_SHARED or ../shared;
without them it says so and ends well. Nothing of them is kept: posts go through a named pipe, rows into a throw-away folder.
"""

import argparse
import gzip
import json
import os
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "data/hotsearch_to_2024.jsonl.gz"


def shared(name: str) -> Path:
    """A file of the shared data, there or not."""
    return Path(os.environ.get("SHUDAO_SHARED", ROOT.parent / "shared")) / name


def convert(source: Path, target: Path, limit: int | None) -> None:
    """Titles as posts (JSONL), in the order of the file, which is that of time."""
    with gzip.open(source, "rt", encoding="utf-8") as lines, target.open("wb") as out:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            row = json.loads(line)
            post = {"id": f"h{number}", "source": "hotlist", "kind": "social", "title": row["title"]}
            out.write(json.dumps({**post, "published_at": row["t"]}, ensure_ascii=False).encode() + b"\n")


def run(limit: int | None = None) -> dict[str, float]:
    """The run's figures: posts, rejects, copies, stories, seconds, posts a second, peak memory in MB."""
    sys.path.insert(0, str(ROOT))
    from shudao.engine.sense.senser import Senser, SenseSettings
    from shudao.engine.sense.tone import load_lexicon
    from shudao.library import path_of
    from shudao.project.sense_run import sense_file

    begun = time.process_time()
    lexicon = load_lexicon(path_of("lexicons", "tone.yaml").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        pipe = Path(folder) / "posts.jsonl"
        os.mkfifo(pipe)
        feeder = threading.Thread(target=convert, args=(shared(NAME), pipe, limit), daemon=True)
        feeder.start()
        summary = sense_file(pipe, Senser((), SenseSettings(lexicon=lexicon)), out=Path(folder) / "out.jsonl")
        feeder.join()
    return {
        "posts": summary.posts,
        "rejects": summary.rejects,
        "copies": summary.copies,
        "stories": summary.stories,
        "seconds": summary.seconds,
        "posts_per_second": summary.posts_per_second,
        "posts_per_cpu_second": round(summary.posts / max(time.process_time() - begun, 1e-3), 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, help="only the first N titles")
    options = parser.parse_args()
    if not shared(NAME).exists():
        print(f"no {NAME} beside this repository (set SHUDAO_SHARED); nothing measured")
        return
    print(json.dumps(run(options.limit)))


if __name__ == "__main__":
    main()

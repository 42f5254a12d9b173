"""Real input: all hot-search titles of the public data through the command `shudao sense`, converted on the fly.

Nothing of them is kept: posts go through a named pipe, rows into a throw-away folder. The memory is that of the command.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.shared import shared

NAME = "hotsearch_to_2024.jsonl.gz"
PART = 100_000


def convert(source: Path, target: Path, limit: int | None) -> None:
    """Titles as posts (JSONL), in the order of the file, which is that of time."""
    with gzip.open(source, "rt", encoding="utf-8") as lines, target.open("wb") as out:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            row = json.loads(line)
            post = {"id": f"h{number}", "source": "hotlist", "kind": "social", "title": row["title"]}
            out.write(json.dumps({**post, "published_at": row["t"]}, ensure_ascii=False).encode() + b"\n")


def sense(source: Path, limit: int | None = None) -> tuple[dict, float, float]:
    """What the command said, its CPU seconds, its peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        pipe = Path(folder) / "posts.jsonl"
        os.mkfifo(pipe)
        threading.Thread(target=convert, args=(source, pipe, limit), daemon=True).start()
        out = Path(folder) / "out.jsonl"
        command = [sys.executable, "-m", "shudao.project.cli", "sense", str(pipe), "--out", str(out), "--json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = json.loads(process.stdout.read())
        _, _, used = os.wait4(process.pid, 0)
    return said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def run() -> Iterator[Figure]:
    """The whole list once, and its first part for the growth of memory."""
    source = shared("data", NAME)
    if source is None:
        print("  the public data are not beside this checkout; nothing measured")
        return
    part = sense(source, PART)
    said, cpu, memory = sense(source)
    data = f"{said['posts']} hot-search titles"
    yield Figure(name="titles sensed", value=said["posts"], unit="posts", data=data, note=f"{said['rejects']} rejects")
    yield Figure(name="rate", value=said["posts_per_second"], unit="posts/s", data=data)
    yield Figure(name="rate by CPU", value=said["posts"] / cpu, unit="posts/CPU s", data=data)
    more = f"at {PART} titles"
    yield Figure(
        name="peak memory", value=memory, unit="MB", data=data, peer=more, peer_value=part[2], ratio=memory / part[2]
    )

"""Kill -9 the worker that senses, again and again: the same stories, copies, alerts and messages as without a stop.

Two sites with the same posts heard, to the key. One takes them in at a stretch, the other's worker is killed
`SHUDAO_KILLS` times (default 100) at moments that follow from a seed, while it starts, pulls, writes. In the end every
story, placement, match, reading, alert, entry and message of the two must be equal.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

KILLS = int(os.environ.get("SHUDAO_KILLS", "100"))
SEED = 20261124
LONGEST_LIFE = 0.7
"""Seconds of work between the worker's start and its kill."""
ROOT = Path(__file__).parent.parent.parent
_WORKER = (sys.executable, "-m", "tests.soak._sensing")


def run() -> str:
    """Both ways; returns what differs, empty when nothing does."""
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="shudao-replay-") as name:
        whole, cut = Path(name) / "whole", Path(name) / "cut"
        _worker(whole, "furnish")
        shutil.copytree(whole, cut)
        _worker(whole, "live", "0")
        kills = 0
        while kills < KILLS and _live_and_die(cut, kills + 1, chance.uniform(0, LONGEST_LIFE)):
            kills += 1
        _worker(cut, "live", "0")
        first, second = (json.loads(_worker(folder, "tell")) for folder in (whole, cut))
        left = [path.name for path in (cut / "sense").glob("*")]
    print(f"  {kills} kills; {', '.join(f'{rows[0]} {kind}' for kind, rows in first.items())}", flush=True)
    if kills < min(KILLS, 10):
        return f"the stream was over after {kills} kills"
    if len(left) != 1:
        return f"the worker left {left}"
    return "; ".join(f"{kind}: {first[kind][0]} and {second[kind][0]}" for kind in first if first[kind] != second[kind])


def _live_and_die(folder: Path, seed: int, moment: float) -> bool:
    """One life, ended so long after it says that it is ready; whether it was a kill and not the end of the stream."""
    quiet = subprocess.DEVNULL
    started = subprocess.Popen(
        [*_WORKER, str(folder), "live", str(seed)], stdout=subprocess.PIPE, stderr=quiet, start_new_session=True,
        cwd=ROOT, env=_env(),
    )  # fmt: skip
    assert started.stdout is not None
    with started.stdout as said:
        if said.readline() != b"ready\n":
            raise RuntimeError(f"the worker did not start again: {started.wait()}")
        try:
            started.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            return True
        if started.returncode:
            raise RuntimeError(f"the worker failed by itself: {started.returncode}")
        return False


def _worker(folder: Path, *what: str) -> str:
    done = subprocess.run(
        [*_WORKER, str(folder), *what], capture_output=True, text=True, cwd=ROOT, env=_env(), check=False
    )
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stderr[-2000:]}")
    return done.stdout


def _env() -> dict[str, str]:
    return {**os.environ, "SHUDAO_SECRET": "soak"}

"""Kill -9 at random moments: no acknowledged entry is lost, every chain holds, no timer, call or entry is lost or double.

One kill in ten hits the demo's whole process tree, each time in a fresh site. The others hit one and the same office, again
and again, while its ladders climb (`_ladders.py`); what it has made in the end is counted against what an undisturbed
engine makes of the same inputs. Whoever works writes each entry it was told is kept to `acknowledged.jsonl`; the database
must have every one of them with the same hash, every stream must verify, and the site must start again.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from shudao.engine.ledger import check_chain

KILLS = int(os.environ.get("SHUDAO_KILLS", "1000"))
OF_THE_TREE = 10
"""One kill in so many hits the demo's tree."""
SEED = 20261123
"""One seed for the whole soak; each kill's moment follows from it."""
LONGEST_LIFE = 0.8
"""Seconds of work between the start of the office and its kill."""
ROOT = Path(__file__).parent.parent.parent
_OFFICE = (sys.executable, "-m", "tests.soak._ladders")


def run() -> str:
    """Both ways; returns the first fault, empty when all is well."""
    chance = random.Random(SEED)
    return _kill_demos(chance, max(KILLS // OF_THE_TREE, 1)) or _kill_office(chance, KILLS - KILLS // OF_THE_TREE)


def _kill_demos(chance: random.Random, wanted: int) -> str:
    """Kill so many demos. One that ends before its moment is no kill."""
    length = _undisturbed()
    print(f"  an undisturbed demo takes {length:.1f} s", flush=True)
    kills = seen = 0
    while kills < wanted:
        moment = chance.uniform(0.3, length)
        with tempfile.TemporaryDirectory(prefix="shudao-kill-") as folder:
            killed, kept, fault = _kill_once(Path(folder), moment)
        if fault:
            return f"kill {kills + 1} at {moment:.2f} s: {fault}"
        kills, seen = kills + killed, seen + kept
        length = length if killed else min(length, moment)
        if killed and kills % 10 == 0:
            print(f"  {kills} demos killed, {seen} acknowledged entries found again", flush=True)
    return "" if seen else "no kill came after the first entry"


def _kill_office(chance: random.Random, wanted: int) -> str:
    """Kill one office so often, let it come to an end, and count."""
    with tempfile.TemporaryDirectory(prefix="shudao-kill-") as name:
        folder = Path(name)
        _ladders(folder, "furnish")
        for kills in range(1, wanted + 1):
            _live_and_die(folder, chance.uniform(0, LONGEST_LIFE))
            if kills % 50 == 0:
                print(f"  the office was killed {kills} times", flush=True)
        _ladders(folder, "last")
        kept, fault = _examine(folder)
        if fault:
            return fault
        found = json.loads(_ladders(folder, "examine"))
        print(f"  {wanted} kills of one office: {kept} acknowledged entries, {found['counts']}", flush=True)
        return str(found["fault"])


def _live_and_die(folder: Path, moment: float) -> None:
    """One life: until so long after it says that it is ready."""
    started = subprocess.Popen(
        [*_OFFICE, str(folder), "live"], stdout=subprocess.PIPE, start_new_session=True, cwd=ROOT, env=_env()
    )
    assert started.stdout is not None
    if started.stdout.readline() != b"ready\n":
        raise RuntimeError(f"the office did not start again: {started.wait()}")
    try:
        started.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    finally:
        started.stdout.close()


def _ladders(folder: Path, what: str) -> str:
    done = subprocess.run([*_OFFICE, str(folder), what], capture_output=True, text=True, cwd=ROOT, env=_env())
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stderr[-2000:]}")
    return done.stdout.removeprefix("ready\n")


def _env() -> dict[str, str]:
    return {**os.environ, "SHUDAO_SECRET": "soak"}


def _command(folder: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "shudao.project.cli",
        "demo",
        "--out",
        str(folder / "out"),
        "--site",
        str(folder / "site"),
    ]


def _undisturbed() -> float:
    with tempfile.TemporaryDirectory(prefix="shudao-kill-") as folder:
        start = time.monotonic()
        subprocess.run(_command(Path(folder)), check=True, capture_output=True)
        return time.monotonic() - start


def _kill_once(folder: Path, moment: float) -> tuple[bool, int, str]:
    """Whether it was killed, how many acknowledged entries were found again, and the fault."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = subprocess.Popen(_command(folder), start_new_session=True, **quiet)
    killed = False
    try:
        started.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        killed = True
    return killed, *_examine(folder / "site")


def _examine(site: Path) -> tuple[int, str]:
    told = _acknowledged(site / "acknowledged.jsonl")
    base = site / "shudao.sqlite3"
    if not base.exists():
        return 0, "entries were acknowledged without a database" if told else ""
    with sqlite3.connect(base) as connection:
        if connection.execute("pragma integrity_check").fetchone() != ("ok",):
            return 0, "the database is damaged"
        tables = {row[0] for row in connection.execute("select name from sqlite_master")}
        entries = _entries(connection) if "ledger_entry" in tables else {}
    for stream, seq, digest in told:
        if entries.get(stream, {}).get(seq, {}).get("hash") != digest:
            return 0, f"acknowledged entry {stream} {seq} is lost"
    for stream, rows in entries.items():
        report = check_chain([rows[seq] for seq in sorted(rows)])
        if not report.ok:
            return 0, f"stream {stream} does not verify at {report.at_seq}"
    return len(told), _starts_again(site)


def _acknowledged(path: Path) -> list[tuple[str, int, str]]:
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last line end was cut off by the kill
    return [(row["stream"], row["seq"], row["hash"]) for row in map(json.loads, lines)]


def _entries(connection: sqlite3.Connection) -> dict[str, dict[int, dict]]:
    names = ("stream", "seq", "at", "happened_at", "verb", "post", "data", "prev", "hash")
    found: dict[str, dict[int, dict]] = {}
    for row in connection.execute(f"select {', '.join(names)} from ledger_entry"):
        entry = dict(zip(names, row, strict=True))
        entry["data"] = json.loads(entry["data"])
        entry["at"], entry["happened_at"] = _stamp(entry["at"]), _stamp(entry["happened_at"])
        found.setdefault(entry["stream"], {})[entry["seq"]] = entry
    return found


def _stamp(text: str | None) -> str | None:
    """As the table writes it -> as the entry writes it."""
    if text is None:
        return None
    day, _, clock = text.partition(" ")
    whole, _, parts = clock.partition(".")
    return f"{day}T{whole}.{parts or '0':0<6}Z"


def _starts_again(site: Path) -> str:
    check = "from shudao.project.site import prepare, use_folder; from pathlib import Path; import sys;"
    check += "use_folder(Path(sys.argv[1])); prepare(pages=False);"
    check += "from shudao.ledger.queries import streams, verify_stream;"
    check += "sys.exit(not all(verify_stream(s.name).ok for s in streams()))"
    done = subprocess.run([sys.executable, "-c", check, str(site)], capture_output=True, text=True)
    return "" if done.returncode == 0 else f"the site does not start again: {done.stderr[-300:]}"

"""Kill -9 the demo's whole process tree at random moments: no acknowledged entry is lost, every chain holds.

The demo writes each entry it was told is kept to `acknowledged.jsonl`; after the kill the database is opened again and
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

KILLS = int(os.environ.get("SHUDAO_KILLS", "100"))
SEED = 20261123
"""One seed for the whole soak; each kill's moment follows from it."""


def run() -> str:
    """Kill so often; returns the first fault, empty when all is well. A demo that ends before its moment is no kill."""
    chance = random.Random(SEED)
    length = _undisturbed()
    print(f"  an undisturbed demo takes {length:.1f} s", flush=True)
    kills = seen = 0
    while kills < KILLS:
        moment = chance.uniform(0.3, length)
        with tempfile.TemporaryDirectory(prefix="shudao-kill-") as folder:
            killed, kept, fault = _kill_once(Path(folder), moment)
        if fault:
            return f"kill {kills + 1} at {moment:.2f} s: {fault}"
        kills, seen = kills + killed, seen + kept
        length = length if killed else min(length, moment)
        if killed and kills % 10 == 0:
            print(f"  {kills} kills, {seen} acknowledged entries found again", flush=True)
    return "" if seen else "no kill came after the first entry"


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

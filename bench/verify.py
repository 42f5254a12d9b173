"""核验 (verify): how long the standalone verifier takes for a sealed bundle of 10,000 entries."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.figure import Figure
from shudao.engine.ledger import ROOT, canonical, commitment, link
from shudao.ledger.bundle import Contents, Side, write_bundle
from shudao.ledger.standalone.verify import verify_bundle

ENTRIES, ROUNDS = 10_000, 5
SALT = "00" * 16


def run() -> Iterator[Figure]:
    """Seal once, verify several times; the median counts."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        path = write_bundle(Path(folder) / "x.zip", _contents(), datetime(2026, 3, 8, tzinfo=UTC)).path
        sealed = time.perf_counter() - began
        seconds = [_timed(path) for _ in range(ROUNDS)]
    data = f"{ENTRIES} invented entries, every third with a side record"
    yield Figure(name="verify a bundle", value=median(seconds), unit="s", data=data, note="aim: below 1 s, one core")
    yield Figure(name="seal a bundle (checked twice)", value=sealed, unit="s", data=data)


def _timed(path: Path) -> float:
    began = time.perf_counter()
    report = verify_bundle(path)
    if not report["ok"] or report["length"] != ENTRIES:
        raise RuntimeError(f"the bundle does not verify: {report['faults'][:1]}")
    return time.perf_counter() - began


def _contents() -> Contents:
    prev, lines, sides = ROOT, [], []
    for seq in range(1, ENTRIES + 1):
        data: dict[str, object] = {"task": f"t{seq}", "step": "tell_parent", "post": "office_head", "must": True}
        if seq % 3 == 0:
            text = f"第{seq}条：现场负责人报告，停电范围为城东三个小区，抢修已到位。"
            data["text"] = {"commitment": commitment(text, SALT)}
            sides.append(Side(seq, "text", SALT, text))
        body = {"stream": "incident/bench", "seq": seq, "at": "2026-03-08T00:00:00.000000Z", "happened_at": None}
        entry = link({**body, "verb": "start_task", "post": "duty_officer", "data": data, "prev": prev})
        prev = entry["hash"]
        lines.append(canonical(entry) + b"\n")
    return Contents("bench", lines, sides)

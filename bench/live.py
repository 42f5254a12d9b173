"""围观 (live): 200 people watch one incident room by server-sent events while 20 write in it, on the real process tree
(`shudao start`: server and both workers) on loopback. The crowd itself runs on the same cores.

A page is what a browser fetches: the room at first, its live part whenever it is told, the room again after a write. The
delay runs from the entry's own time in the ledger to the event that reaches a watcher. Its peer is the same server with
one reader and nobody else.
"""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.live_client import Crowd, Watcher, Writer

WATCHERS = int(os.environ.get("SHUDAO_BENCH_WATCHERS", "200"))
WRITERS = int(os.environ.get("SHUDAO_BENCH_WRITERS", "20"))
SETTLE, MEASURE = 30.0, float(os.environ.get("SHUDAO_BENCH_SECONDS", "90"))
EVERY = 10.0
"""Seconds between two writes of one person; twenty make two a second."""
ALONE = 30
ROOT = Path(__file__).parent.parent
DONE = """
import json, sys, django; django.setup()
from shudao.ledger.models import Entry
rows = Entry.objects.filter(stream="incident/" + sys.argv[1]).order_by("pk")
print(json.dumps([(row.pk, row.at.timestamp(), row.verb) for row in rows]))
"""


def run() -> Iterator[Figure]:
    """The site is built, served, watched."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        given = json.loads(_python("-m", "bench.live_site", str(data), str(WATCHERS), str(WRITERS), data=data))
        port = _free_port()
        words = ["-m", "shudao.project.cli", "start", "--port", str(port), "--data", str(data)]
        tree = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=_env(data), stdout=subprocess.DEVNULL)
        try:
            crowd = Crowd("127.0.0.1", port, given["number"])
            asyncio.run(_until_up(crowd, given["watchers"][0]))
            time.sleep(5)
            idle = _memory(tree.pid)
            alone = asyncio.run(_alone(crowd, given["watchers"][0]))
            load = os.getloadavg()[0]
            used = asyncio.run(_live(crowd, given, tree.pid))
            busy = _memory(tree.pid)
            took = _stop(tree)
        finally:
            tree.kill()
        entries = json.loads(_python("-c", DONE, given["number"], data=data))
        yield from _figures(crowd, alone, entries, idle, busy, took, load, used)


async def _until_up(crowd: Crowd, session: str) -> None:
    for _ in range(600):
        try:
            await Watcher(crowd, session).ask("/org/alive/")
            return
        except OSError:
            await asyncio.sleep(0.2)
    raise RuntimeError("the server did not come up")


async def _alone(crowd: Crowd, session: str) -> list[float]:
    one, took = Watcher(crowd, session), []
    for _ in range(ALONE + 1):
        began = time.monotonic()
        await one.ask(crowd.room)
        took.append(time.monotonic() - began)
    return took[1:]


async def _live(crowd: Crowd, given: dict, tree: int) -> float:
    """Everybody comes within the first seconds; what counts begins when they have settled. The server's CPU seconds then."""
    crowd.since = time.monotonic() + SETTLE
    crowd.until = crowd.since + MEASURE
    people = [Watcher(crowd, session).stay() for session in given["watchers"]]
    for number, (session, post) in enumerate(given["writers"]):
        people += [Watcher(crowd, session).stay(), Writer(crowd, session, post, every=EVERY, seed=number).work()]
    tasks = []
    for place, one in enumerate(people):
        tasks.append(asyncio.create_task(_kept(crowd, one)))
        await asyncio.sleep(SETTLE / 2 / len(people) if place else 0)
    await asyncio.sleep(max(crowd.since - time.monotonic(), 0.0))
    before = _cpu(tree)
    await asyncio.sleep(max(crowd.until - time.monotonic(), 0.0))
    used = _cpu(tree) - before
    await asyncio.wait(tasks, timeout=30)
    for task in tasks:
        task.cancel()
    return used


async def _kept(crowd: Crowd, one) -> None:
    try:
        await asyncio.wait_for(one, crowd.until + 1 - time.monotonic())
    except TimeoutError:
        return
    except Exception as error:
        crowd.faults.append(f"{type(error).__name__}: {error}"[:100])


def _figures(
    crowd: Crowd, alone: list[float], entries: list, idle: dict, busy: dict, took: float, load: float, used: float
) -> Iterator[Figure]:
    delays = _delays(crowd, entries)
    verbs = Counter(verb for _place, _at, verb in entries)
    print(f"    load before {load:.2f}, {os.cpu_count()} cores, {len(entries)} entries: {dict(verbs.most_common(6))}")
    print(f"    memory (PSS, MB): idle {idle}, with {len(crowd.told)} connections {busy}; stopped in {took:.1f} s")
    for fault, count in Counter(crowd.faults).most_common(5):
        print(f"    {count} x {fault}")
    data = f"{WATCHERS} watch, {WRITERS} write every {EVERY:g} s, {MEASURE:g} s"
    peer = _at(alone, 0.95) * 1000
    told = {"unit": "ms", "data": data}
    asked = f"{len(crowd.pages) / MEASURE:.1f} pages/s, {len(crowd.writes) / MEASURE:.1f} writes/s"
    p95 = _at(crowd.pages, 0.95) * 1000
    yield Figure(name="page p50", value=_at(crowd.pages, 0.5) * 1000, note=asked, **told)
    yield Figure(name="page p95", value=p95, peer="one reader alone, p95", peer_value=peer, ratio=p95 / peer, **told)
    yield Figure(name="page max", value=max(crowd.pages) * 1000, **told)
    yield Figure(name="write p95", value=_at(crowd.writes, 0.95) * 1000, **told)
    yield Figure(name="entry to event p50", value=_at(delays, 0.5), unit="s", data=data)
    yield Figure(name="entry to event p95", value=_at(delays, 0.95), unit="s", data=data)
    yield Figure(name="entry to event max", value=max(delays), unit="s", data=data)
    answers = len(crowd.pages) + len(crowd.writes)
    yield Figure(
        name="server's CPU a page or write", value=used / answers * 1000, note=f"{used / MEASURE:.0%} of a core", **told
    )
    yield Figure(name="errors", value=len(crowd.faults), unit="", data=data)
    yield Figure(
        name="memory of all processes", value=sum(busy.values()), unit="MB", data=data,
        peer="idle", peer_value=sum(idle.values()),
    )  # fmt: skip
    yield Figure(name="stopped within", value=took, unit="s", data=f"{len(crowd.told)} connections open just before")


def _delays(crowd: Crowd, entries: list) -> list[float]:
    """For each entry made while it counted and each watcher: seconds until an event that reaches that far."""
    off = time.time() - time.monotonic()
    since, until = crowd.since + off, crowd.until + off - 15
    counted = [(place, at) for place, at, _verb in entries if since <= at < until]
    found = []
    for told in crowd.told:
        places = [place for _at, place in told]
        for place, at in counted:
            spot = bisect_left(places, place)
            if spot < len(told):
                found.append(told[spot][0] - at)
    return found or [float("nan")]


def _at(values: list[float], share: float) -> float:
    kept = sorted(values)
    return kept[min(int(len(kept) * share), len(kept) - 1)] if kept else float("nan")


def _memory(pid: int) -> dict[str, int]:
    """MB by kind of process of the tree, shared pages shared out."""
    found: dict[str, int] = {}
    for one in _below(pid, itself=True):
        words = Path(f"/proc/{one}/cmdline").read_bytes().decode().split("\0")
        name = " ".join(word for word in words[2:4] if word.startswith("shudao.") or word in ("prompt", "apart"))
        kept = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.M)
        found[name] = found.get(name, 0) + int(kept.group(1)) // 1024
    return found


def _cpu(pid: int) -> float:
    """CPU seconds of the web servers, the first child and its own."""
    used = 0
    for one in _below(_below(pid)[0], itself=True):
        words = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        used += int(words[11]) + int(words[12])
    return used / os.sysconf("SC_CLK_TCK")


def _below(pid: int, *, itself: bool = False) -> list[int]:
    """The processes below one, the nearest first."""
    found = [pid] if itself else []
    for one in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        found += _below(one, itself=True)
    return found


def _stop(tree: subprocess.Popen) -> float:
    began = time.monotonic()
    tree.send_signal(signal.SIGTERM)
    tree.wait(60)
    return time.monotonic() - began


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _python(*words: str, data: Path) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=_env(data), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def _env(data: Path) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("SHUDAO_", "DATABASE_"))}
    return {**plain, "SHUDAO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "shudao.project.settings"}

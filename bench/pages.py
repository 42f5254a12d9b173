"""页面 (pages): how long the server takes to answer every page a head of office can reach by links, on the sample site and on
one with a million posts. One reader, one request at a time, a real server on loopback; its peer in the same run is the
plainest answer the same server gives, `/org/alive/`.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from bench.figure import Figure

POSTS = int(os.environ.get("SHUDAO_BENCH_POSTS", "1000000"))
TURNS, OF_A_KIND, MOST = 40, 2, 160
ROOT = Path(__file__).parent.parent
NUMBER = re.compile(r"\d+|[0-9a-f-]{20,}")


def run() -> Iterator[Figure]:
    """Sample site first, then the big one."""
    with tempfile.TemporaryDirectory() as folder:
        for name, posts in (("sample site", 0), (f"{POSTS:,} posts", POSTS)):
            data = Path(folder) / str(posts)
            began = time.monotonic()
            _python("-m", "bench.big_site", str(data), str(posts), data=data)
            print(f"  {name}: built in {time.monotonic() - began:.0f} s")
            yield from _measure(data, name)


def _measure(data: Path, name: str) -> Iterator[Figure]:
    token = _python("-c", LINK, data=data).split()[-1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "shudao.project.serve", "127.0.0.1", str(port)], cwd=ROOT, env=_env(data)
    )
    try:
        reader = _Reader(f"http://127.0.0.1:{port}")
        reader.enter(token)
        took = {address: reader.times(address, TURNS) for address in reader.crawl()}
        peer = _p95(reader.times("/org/alive/", 100))
    finally:
        server.terminate()
        server.wait(20)
    worst = sorted(took, key=lambda address: -_p95(took[address]))
    for address in worst[:12]:
        print(f"    {_p95(took[address]) * 1000:7.0f} ms  {address}")
    together = [value for values in took.values() for value in values]
    told = {"unit": "ms", "data": name, "peer": "/org/alive/", "peer_value": peer * 1000}
    slow = _p95(took[worst[0]])
    yield Figure(
        name="p95 of all pages",
        value=_p95(together) * 1000,
        ratio=_p95(together) / peer,
        note=f"{len(took)} addresses",
        **told,
    )
    yield Figure(
        name="p95 of the slowest page", value=slow * 1000, ratio=slow / peer, note=NUMBER.sub("N", worst[0]), **told
    )


class _Reader:
    def __init__(self, root: str) -> None:
        self.root, self.session = root, requests.Session()
        for _ in range(300):
            try:
                if self.session.get(f"{root}/org/alive/", timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise RuntimeError("the server did not come up")

    def enter(self, token: str) -> None:
        """By a one-time link."""
        page = self.session.get(f"{self.root}/org/enter/{token}/").text
        secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
        self.session.post(f"{self.root}/org/enter/{token}/", data={"csrfmiddlewaretoken": secret})

    def crawl(self) -> list[str]:
        """Addresses reached by links from the board, at most so many of a kind."""
        kinds: dict[str, int] = {}
        found, waiting = [], ["/"]
        while waiting and len(found) < MOST:
            address = waiting.pop(0)
            kind = NUMBER.sub("N", address)
            if address in found or kinds.get(kind, 0) >= OF_A_KIND:
                continue
            answer = self.session.get(self.root + address, allow_redirects=False)
            if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
                if answer.status_code >= 400:
                    print(f"    {answer.status_code}  {address}")
                continue
            kinds[kind] = kinds.get(kind, 0) + 1
            found.append(address)
            links = re.findall(r'href="([^"#]+)"', answer.text)
            waiting += [
                urlsplit(link).path + ("?" + q if (q := urlsplit(link).query) else "")
                for link in map(lambda x, a=address: _inside(x, a), links)
                if link
            ]
        return found

    def times(self, address: str, turns: int) -> list[float]:
        """Seconds until the whole answer, each turn; the first is not counted."""
        took = []
        for _ in range(turns + 1):
            began = time.perf_counter()
            self.session.get(self.root + address, allow_redirects=False)
            took.append(time.perf_counter() - began)
        return took[1:]


def _inside(link: str, page: str) -> str:
    full = urljoin(f"http://here{page}", link.replace("&amp;", "&"))
    skip = ("/static/", "/language/", "/live/", "/org/sign-out")
    path = urlsplit(full).path
    return (
        full
        if urlsplit(full).netloc == "here" and not path.startswith(skip) and "." not in path.rsplit("/", 1)[-1]
        else ""
    )


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


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


LINK = """
import django; django.setup()
from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.actions import make_entry_link
from shudao.org.queries import who_holds
print(make_entry_link(Actor(LIVE, "system"), who_holds("office_head", clock.now(LIVE))[0]))
"""

"""A real site in a process of its own and a real chromium; every page is also watched for what it should not do."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
EXPECTED = ("409 (Conflict)", "422 (Unprocessable")
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM.exists():
        pytest.skip("no chromium at /usr/bin/chromium: the browser tests are left out")
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": SWITCHES.split()}


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """A furnished site's folder, never served itself, and a token for each person."""
    folder = tmp_path_factory.mktemp("site") / "data"
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.furnish", str(folder)],
        cwd=ROOT, env=surroundings(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout.splitlines()[-1])


def surroundings(folder: Path) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("SHUDAO_", "DJANGO_", "DATABASE_"))}
    return {**plain, "SHUDAO_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "shudao.project.settings"}


@pytest.fixture
def site(furnished, tmp_path):
    """Address of a served copy of that site."""
    folder = tmp_path / "data"
    shutil.copytree(furnished[0], folder)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "shudao.project.serve", "127.0.0.1", str(port)], cwd=ROOT, env=surroundings(folder)
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/org/alive/")
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    """Address of a served site in which every kind of page has something on it, and two links to sign in."""
    folder = tmp_path_factory.mktemp("full") / "data"
    told = [sys.executable, "-m", "tests.browser.everything", str(folder)]
    done = subprocess.run(told, cwd=ROOT, env=surroundings(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "", f"refused while furnishing: {done.stderr}"
    port = free_port()
    serve = [sys.executable, "-m", "shudao.project.serve", "127.0.0.1", str(port)]
    server = subprocess.Popen(serve, cwd=ROOT, env=surroundings(folder))
    try:
        wait_for(f"http://127.0.0.1:{port}/org/alive/", patience=180)
        yield f"http://127.0.0.1:{port}", json.loads(done.stdout)
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            threading.Event().wait(0.2)


@pytest.fixture(params=["zh-CN", "en-US"])
def tongue(request):
    """The reader's language."""
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, request):
    if "tongue" in request.fixturenames:
        browser_context_args = {**browser_context_args, "locale": request.getfixturevalue("tongue")}
    return browser_context_args


@pytest.fixture
def quiet(page):
    """The page, which must neither log an error nor break its content security policy."""
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type in {"error", "warning"} else None)
    yield page
    assert [line for line in faults if not any(known in line for known in EXPECTED)] == []


@pytest.fixture
def enter(site, furnished, quiet):
    """Sign in by a one-time link: `enter("s17")`."""

    def go(person: str):
        quiet.goto(f"{site}/org/enter/{furnished[1][person]}/")
        quiet.locator("main button").click()
        expect(quiet.locator("details.me")).to_be_visible()
        return quiet

    return go

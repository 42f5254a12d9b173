"""The whole product as a user starts it: one command, a page, a way in, a worker, and an end that leaves nothing."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A running `shudao start` with its sample organisation."""
    port, data = free_port(), tmp_path_factory.mktemp("site")
    env = {
        **os.environ,
        "SHUDAO_LANG": "zh",
        "DJANGO_SETTINGS_MODULE": "shudao.project.settings",
        "SHUDAO_SERVERS": "2",
    }
    for name in ("SHUDAO_DATA", "DATABASE_URL", "SHUDAO_SECRET"):
        env.pop(name, None)
    command = [sys.executable, "-m", "shudao.project.cli", "start", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    link = next(found.group(0) for line in process.stdout if (found := re.search(r"/org/enter/[\w-]+/", line)))
    yield process, port, link
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


def ask(port, method, path, *, cookies="", body=None):
    """(status, headers, text) of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookies, "Host": f"127.0.0.1:{port}"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(body)
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def jar(headers):
    found = SimpleCookie()
    for row in headers.get_all("Set-Cookie") or []:
        found.load(row)
    return {name: morsel.value for name, morsel in found.items()}


def test_the_front_page_answers_200_without_a_default_password(site):
    _, port, _ = site
    status, headers, text = ask(port, "GET", "/")
    assert status == 200 and 'name="password"' in text
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_the_printed_link_lets_in_once_and_shows_the_waiting_alert(site):
    _, port, link = site
    _, headers, text = ask(port, "GET", link)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text).group(1)
    cookies = "; ".join(f"{name}={value}" for name, value in jar(headers).items())
    status, headers, _ = ask(port, "POST", link, cookies=cookies, body={"csrfmiddlewaretoken": token})
    assert status == 302
    session = "; ".join(f"{name}={value}" for name, value in jar(headers).items())
    status, _, board = ask(port, "GET", "/", cookies=session)
    assert status == 200 and "停电与抢修" in board
    assert ask(port, "POST", link, cookies=cookies, body={"csrfmiddlewaretoken": token})[0] == 403


def test_styles_are_served_with_hashed_names(site):
    _, port, _ = site
    text = ask(port, "GET", "/")[2]
    style = re.search(r'href="(/static/[^"]+\.css)"', text).group(1)
    assert re.search(r"\.[0-9a-f]{8,}\.css$", style) and ask(port, "GET", style)[0] == 200


def test_a_taken_port_is_said_in_one_line(site, tmp_path):
    _, port, _ = site
    command = [sys.executable, "-m", "shudao.project.cli", "start", "--port", str(port), "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "SHUDAO_LANG": "zh"})
    assert done.returncode == 2 and f"端口 {port}" in done.stderr and "Traceback" not in done.stderr


def test_no_child_outlives_a_killed_parent(tmp_path):
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "shudao.project.cli",
        "start",
        "--empty",
        "--port",
        str(port),
        "--data",
        str(tmp_path),
    ]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "shudao.project.settings"}
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    next(line for line in process.stdout if "/org/enter/" in line)
    process.kill()
    process.communicate(timeout=60)  # ends only when the last child, which inherits the pipe, is gone


def test_a_child_that_looks_late_still_ends(tmp_path):
    """The parent may be gone before its child looks for the first time."""
    code = "from shudao.project.processes import die_with_parent; die_with_parent(); import threading; threading.Event().wait()"
    orphan = {**os.environ, "SHUDAO_PARENT": "1" if os.getppid() != 1 else "2"}
    child = subprocess.Popen([sys.executable, "-c", code], env=orphan)
    assert child.wait(timeout=30) == 1


def below(pid):
    """Processes below one."""
    return [int(row) for row in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks /proc who is whose child")
def test_two_servers_answer_at_one_door_and_when_one_is_gone_all_go(site):
    process, port, _ = site
    first = next(
        pid for pid in below(process.pid) if b"shudao.project.serve" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    copy = next(pid for pid in below(first) if b"shudao.project.serve" in Path(f"/proc/{pid}/cmdline").read_bytes())
    assert ask(port, "GET", "/")[0] == 200
    os.kill(copy, signal.SIGKILL)
    process.communicate(timeout=60)  # ends when the last of them has
    assert process.returncode != 0

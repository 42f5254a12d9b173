"""A real server with TLS on this machine: certificates given and made, host names, proxies believed and not."""

import datetime
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from shudao.engine.words import BadInput
from shudao.project import certificate, names

ROOT = Path(__file__).parent.parent.parent
NOW = datetime.datetime(2026, 7, 13, tzinfo=datetime.UTC)
NAME = "yuqing.example.cn"


def test_a_certificate_is_made_kept_and_made_again_when_it_must(tmp_path):
    first = certificate.self_signed(tmp_path, [NAME, "10.1.2.3", "[::1]"], NOW)
    assert {NAME, "10.1.2.3", "::1", "localhost"} <= set(first.names)
    assert first.key.stat().st_mode & 0o077 == 0 and first.key.parent.stat().st_mode & 0o077 == 0
    assert certificate.self_signed(tmp_path, [NAME], NOW).fingerprint == first.fingerprint
    assert certificate.self_signed(tmp_path, ["other.example.cn"], NOW).fingerprint != first.fingerprint
    later = NOW + certificate.LIFE - datetime.timedelta(days=10)
    second = certificate.self_signed(tmp_path, ["other.example.cn"], later)
    assert second.until > later + datetime.timedelta(days=300)
    second.key.write_text("nonsense")
    assert certificate.self_signed(tmp_path, ["other.example.cn"], later).fingerprint != second.fingerprint


def test_a_pair_that_will_not_do_is_refused_in_words(tmp_path):
    one = certificate.self_signed(tmp_path / "one", [NAME], NOW)
    two = certificate.self_signed(tmp_path / "two", [NAME], NOW)
    (tmp_path / "none.pem").write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    for pair, word in (
        ((one.certificate, two.key), "不是一对"),
        ((tmp_path / "none.pem", one.key), "证书读不了"),
        ((tmp_path / "missing.pem", one.key), "证书读不了"),
        ((one.certificate, tmp_path / "none.pem"), "私钥读不了"),
    ):
        with pytest.raises(BadInput) as caught:
            certificate.given(*pair)
        assert word in caught.value.line("zh")
    with pytest.raises(BadInput) as caught:
        certificate.refuse_old(one, NOW + datetime.timedelta(days=400))
    assert "已过期" in caught.value.line("zh")


@pytest.mark.parametrize(
    ("given", "meant"),
    [("Yuqing.Example.CN.", NAME), ("舆情.公司", "xn--feu235e.xn--55qx5d"), ("10.0.0.1", "10.0.0.1"), ("::1", "[::1]"), ("host", "host")],
)  # fmt: skip
def test_a_name_is_understood(given, meant):
    assert names.checked(given) == meant


@pytest.mark.parametrize("given", ["https://x.cn", "x.cn:8000", "x.cn/a", "*", "", "a b", "-x.cn", "x..cn", "*.x.cn"])
def test_what_is_no_name_is_refused(given):
    with pytest.raises(BadInput):
        names.checked(given)


def test_the_site_answers_to_its_own_names_alone():
    assert names.hosts_for("127.0.0.1", [NAME])[:2] == [NAME, "127.0.0.1"]
    everywhere = names.hosts_for("0.0.0.0", [])
    assert "*" not in everywhere and {"localhost", "127.0.0.1", "[::1]"} <= set(everywhere)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def plain(**more):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("SHUDAO_", "DATABASE_"))}
    return {**env, "SHUDAO_LANG": "zh", "DJANGO_SETTINGS_MODULE": "shudao.project.settings", **more}


def start(data, *words, **more):
    """A running `shudao start`; its port, and what it printed up to the way in."""
    port = free_port()
    command = [sys.executable, "-m", "shudao.project.cli", "start", "--empty", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(
        [*command, *words], cwd=ROOT, env=plain(**more), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if "/org/enter/" in line:
            break
    return process, port, "".join(said)


def stop(process):
    process.terminate()
    process.wait(30)
    process.stdout.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The folder of one site, served several times in this module."""
    return tmp_path_factory.mktemp("secure")


@pytest.fixture(scope="module")
def secure(data):
    """A site behind a certificate of its own, and a browser's idea of whom to trust."""
    process, port, said = start(data, "--self-signed", NAME)
    trust = ssl.create_default_context(cafile=str(data / "tls" / "certificate.pem"))
    yield port, said, trust
    stop(process)


def ask(port, trust, method, path, *, body=None, host=NAME, **headers):
    """One request over TLS to the name, at this machine."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection = http.client.HTTPSConnection(host, port, timeout=30)
    connection.sock = trust.wrap_socket(raw, server_hostname=NAME)
    headers.setdefault("Host", f"{host}:{port}")
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(body)
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read().decode()


def cookies(answer):
    found = SimpleCookie()
    for row in answer.headers.get_all("Set-Cookie") or []:
        found.load(row)
    return found


def test_the_site_is_served_by_tls_under_its_name(secure):
    port, said, trust = secure
    assert f"https://{NAME}:{port}/" in said and re.search(r"SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}", said)
    answer, text = ask(port, trust, "GET", "/")
    assert answer.status == 200 and 'name="password"' in text and 'id="passkey_login"' in text
    assert answer.headers["Strict-Transport-Security"] == "max-age=15552000" and answer.headers["Server"] is None
    assert cookies(answer)["csrftoken"]["secure"]


def test_the_printed_link_lets_in_over_tls_by_secure_cookies(secure):
    port, said, trust = secure
    link = re.search(r"/org/enter/[\w-]+/", said).group(0)
    answer, text = ask(port, trust, "GET", link)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text).group(1)
    jar = f"csrftoken={cookies(answer)['csrftoken'].value}"
    form = {"csrfmiddlewaretoken": token}
    origin = f"https://{NAME}:{port}"
    foreign, _ = ask(port, trust, "POST", link, body=form, Cookie=jar, Origin="https://evil.example")
    assert foreign.status == 403
    answer, _ = ask(port, trust, "POST", link, body=form, Cookie=jar, Origin=origin, Referer=f"{origin}{link}")
    assert answer.status == 302 and cookies(answer)["sessionid"]["secure"] and cookies(answer)["sessionid"]["httponly"]
    session = f"sessionid={cookies(answer)['sessionid'].value}"
    assert ask(port, trust, "GET", "/", Cookie=session)[0].headers["Location"] == "/org/account/set_password/"


def test_a_name_it_was_not_told_of_is_refused_in_words(secure):
    port, _, trust = secure
    answer, text = ask(port, trust, "GET", "/", host="evil.example")
    assert answer.status == 400 and "--name" in text


def test_a_given_certificate_is_used_and_brings_its_names(secure, data, tmp_path):
    pair = certificate.self_signed(tmp_path / "given", [NAME], datetime.datetime.now(datetime.UTC))
    words = ["--certificate", str(pair.certificate), "--key", str(pair.key)]
    process, port, said = start(data, *words)
    try:
        assert f"https://{NAME}:{port}/" in said and "自签" not in said
        trust = ssl.create_default_context(cafile=str(pair.certificate))
        assert ask(port, trust, "GET", "/org/alive/")[1] == "ok\n"
    finally:
        stop(process)


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--certificate", "x.pem"], "成对"), (["--self-signed", "a b"], "域名"), (["--name", "https://x.cn"], "域名"),
     (["--certificate", "x.pem", "--key", "y.pem"], "证书读不了")],
)  # fmt: skip
def test_what_cannot_be_served_is_said_in_one_line_and_starts_nothing(tmp_path, words, said):
    command = [
        sys.executable,
        "-m",
        "shudao.project.cli",
        "start",
        "--port",
        str(free_port()),
        "--data",
        str(tmp_path / "d"),
    ]
    done = subprocess.run([*command, *words], cwd=ROOT, env=plain(), capture_output=True, text=True)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("believed", [True, False])
def test_a_proxy_is_believed_only_when_it_is_named(secure, data, believed):
    more = {"SHUDAO_PROXIES": "127.0.0.1"} if believed else {}
    process, port, _ = start(data, SHUDAO_HOSTS=f"{NAME},localhost", **more)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        told = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        connection.request("GET", "/org/sign-in/", headers=told)
        text = connection.getresponse().read().decode()
        assert ('id="passkey_login"' in text) is believed
    finally:
        stop(process)

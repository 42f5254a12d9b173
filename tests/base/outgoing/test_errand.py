"""One errand over real sockets on this machine: pinned, bounded, forgetful."""

import gzip
import threading
import zlib

import pytest

from shudao import __version__
from shudao.base.models import InnerHost
from shudao.base.outgoing import OutgoingError, ask, check, connect, gate
from tests.base.outgoing.peers import page, peer
from tests.site import let_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loopback(db):
    let_in("127.0.0.1")


@pytest.fixture
def names(monkeypatch):
    """A resolver of our own: name → what it answers, first, second, … time."""
    book: dict[str, list[list[str]]] = {}
    asked: list[str] = []

    def resolve(host, port):
        asked.append(host)
        turns = book[host]
        return turns.pop(0) if len(turns) > 1 else turns[0]

    monkeypatch.setattr(gate, "resolver", resolve)
    book["asked"] = asked
    return book


def fault(url: str, **kwargs) -> str:
    """The code of the refusal."""
    with pytest.raises(OutgoingError) as error:
        ask(url, **kwargs)
    assert "127." not in str(error.value)
    return error.value.code


def test_an_answer_with_any_status_is_an_answer():
    with peer(page(b"nothing here", "X-Kind: none", status="404 Not Found")) as other:
        answer = ask(other.url("/a?b=1"), headers={"Accept": "text/plain"})
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (404, b"nothing here", "none")
    request = other.heard[0].decode()
    assert request.startswith("GET /a?b=1 HTTP/1.1\r\n")
    assert f"User-Agent: Shudao/{__version__}" in request and f"Host: 127.0.0.1:{other.port}" in request


def test_a_message_is_sent_once_and_never_redirected():
    with peer(page(b"", "Location: /elsewhere", status="307 Temporary Redirect")) as other:
        answer = ask(other.url(), method="POST", body=b'{"a": 1}', headers={"Content-Type": "application/json"})
    assert answer.status == 307 and len(other.heard) == 1
    assert b"POST / HTTP/1.1" in other.heard[0]


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"],
    ["::1"], ["fe80::1%eth0"], ["::ffff:10.0.0.1"], ["169.254.169.254"], ["fd00::1", "2606:4700::1"]])  # fmt: skip
def test_a_name_that_leads_inside_is_refused(names, answers):
    names["news.example.com"] = [answers]
    assert fault("http://news.example.com/") == "address"


@pytest.mark.parametrize("answers", [[], ["not an address"], ["8.8.8.8"] * 17 + [f"8.8.4.{n}" for n in range(17)]])
def test_a_name_without_a_sound_answer_is_not_visited(names, answers):
    names["news.example.com"] = [answers]
    assert fault("http://news.example.com/") in ("network", "address")


def test_the_address_that_was_checked_is_the_one_visited(names, monkeypatch):
    """Rebinding: the second answer would lead inside, but nobody asks a second time."""
    names["news.example.com"] = [["8.8.8.8"], ["127.0.0.1"]]
    called = []

    def record(address, timeout=None):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(gate.socket, "create_connection", record)
    assert fault("http://news.example.com/") == "network"
    assert called == [("8.8.8.8", 80)] and names["asked"] == ["news.example.com"]


def test_each_hop_is_asked_and_checked_anew(names):
    """Rebinding between hops: the name that led to the listed host now leads elsewhere inside."""
    with peer(page(b"", "Location: /again", status="302 Found")) as other:
        names["oa.example.cn"] = [["127.0.0.1"], ["169.254.169.254"]]
        let_in(f"oa.example.cn:{other.port}")
        assert fault(other.url("/", "oa.example.cn")) == "address"
    assert len(other.heard) == 1


def test_an_inner_server_is_named_by_its_own_name_in_the_request(names):
    with peer(page(b"ok")) as other:
        names["oa.example.cn"] = [["127.0.0.1"]]
        let_in("oa.example.cn")
        assert ask(other.url("/", "oa.example.cn")).body == b"ok"
    assert f"Host: oa.example.cn:{other.port}".encode() in other.heard[0]


def test_a_name_that_resolves_to_a_listed_number_is_not_listed_by_that(names):
    with peer(page(b"secret")) as other:
        names["evil.example.com"] = [["127.0.0.1"]]
        assert fault(other.url("/", "evil.example.com")) == "address"
    assert other.heard == []


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2:8080/secret", "//127.0.0.2/secret", "http://[::1]/", "http://localhost/",
     "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "http://2130706433/", "http://0x7f.1/", "\\\\127.0.0.2\\x",
     "http://127.0.0.1@127.0.0.2/", "http://169.254.169.254/latest", "javascript:1", "http://127.0.0.1:22@10.0.0.1/"],
)  # fmt: skip
def test_a_redirect_inside_is_refused_in_every_notation(location):
    with peer(page(b"", f"Location: {location}", status="302 Found")) as other:
        assert fault(other.url("/start")) in ("address", "network")
    assert len(other.heard) == 1


@pytest.mark.parametrize("hops", [1, 2, 3, 4])
def test_a_redirect_inside_is_refused_at_every_hop(hops):
    def say(connection, request):
        done = int(request.split(b"/", 2)[1].split()[0] or 0)
        away = f"/{done + 1}" if done < hops else "http://10.0.0.1/"
        connection.sendall(page(b"", f"Location: {away}", status="301 Moved Permanently"))

    with peer(say) as other:
        assert fault(other.url("/0")) == "address"
    assert len(other.heard) == hops + 1


def test_a_public_server_cannot_send_us_to_a_listed_inner_one(names, monkeypatch):
    with peer(page(b"", "Location: http://127.0.0.1:9/inner", status="302 Found")) as other:
        names["news.example.com"] = [["8.8.8.8"]]
        real = gate.socket.create_connection
        monkeypatch.setattr(gate.socket, "create_connection", lambda address, timeout: real(("127.0.0.1", other.port)))
        assert fault("http://news.example.com/") == "address"
    assert len(other.heard) == 1


def test_redirects_end():
    with peer(page(b"", "Location: /x", status="302 Found")) as other:
        assert fault(other.url()) == "redirects"
        assert len(other.heard) == 6


def test_a_page_that_asks_to_be_left_by_its_own_markup_is_not_left():
    meta = b'<meta http-equiv="refresh" content="0; url=http://127.0.0.2/">'
    with peer(page(meta, "Refresh: 0; url=http://127.0.0.2/", "Content-Type: text/html")) as other:
        assert ask(other.url()).body == meta
    assert len(other.heard) == 1


def test_no_cookie_is_kept_between_hops_or_errands():
    def say(connection, request):
        moved = request.startswith(b"GET /a ")
        cookie = "Set-Cookie: who=us; Path=/"
        answer = page(b"", cookie, "Location: /b", status="302 Found") if moved else page(b"x", cookie)
        connection.sendall(answer)

    with peer(say) as other:
        ask(other.url("/a"))
        ask(other.url("/a"))
    assert len(other.heard) == 4 and all(b"cookie" not in request.lower() for request in other.heard)


def test_a_proxy_and_credentials_of_the_environment_are_not_used(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login us password secret")
    with peer(page(b"direct")) as other, peer(page(b"proxied")) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.setenv("NETRC", str(netrc))
        assert ask(other.url()).body == b"direct"
        assert fault("http://news.invalid/") == "name"
    assert proxy.heard == [] and b"uthorization" not in other.heard[0]


def test_a_header_of_ours_cannot_be_split():
    with peer(page(b"x")) as other:
        assert fault(other.url(), headers={"X": "a\r\nInner: yes"}) == "network"
    assert all(b"Inner" not in request for request in other.heard)


PACKED = gzip.compress(bytes(30_000_000))
TWICE = gzip.compress(gzip.compress(bytes(100_000_000)))


def raw_deflate(data: bytes) -> bytes:
    """Deflate without its wrapper."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packing", "body", "plain"),
    [("gzip", gzip.compress("停电".encode(), mtime=0), "停电"), ("x-gzip", gzip.compress(b"a", mtime=0), "a"), ("deflate", zlib.compress(b"b"), "b"),
     ("deflate", raw_deflate(b"bare"), "bare"), ("GZIP", gzip.compress(b"one", mtime=0) + gzip.compress(b"two", mtime=0), "onetwo"),
     ("gzip", gzip.compress(b"a", mtime=0) + bytes(512), "a"), ("identity", b"c", "c"), ("", b"d", "d"), ("gzip", b"", "")],
)  # fmt: skip
def test_packed_bodies_are_unpacked(packing, body, plain):
    with peer(page(body, f"Content-Encoding: {packing}")) as other:
        assert ask(other.url()).body.decode() == plain


@pytest.mark.parametrize(
    ("packing", "body", "code"),
    [("gzip", PACKED, "size"), ("deflate", zlib.compress(bytes(30_000_000)), "size"), ("deflate", raw_deflate(bytes(30_000_000)), "size"),
     ("gzip, gzip", TWICE, "network"), ("br", b"\x1b\xff", "network"), ("zstd", b"(\xb5/\xfd", "network"),
     ("gzip", gzip.compress(b"x" * 5_000_000) * 3, "size"), ("gzip", b"\x1f\x8bxxxx", "network"), ("gzip", PACKED[:500], "network"),
     ("gzip", gzip.compress(b"good") + b"junk that is no member", "network"), ("identity", bytes(10_485_761), "size")],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_bombs_and_torn_bodies_are_not(packing, body, code):
    with peer(page(body, f"Content-Encoding: {packing}")) as other:
        assert fault(other.url()) == code


def test_a_bomb_inside_a_bomb_is_unpacked_once():
    with peer(page(TWICE, "Content-Encoding: gzip")) as other:
        assert len(ask(other.url()).body) < 1_000_000


def test_the_limit_can_be_lowered_and_an_endless_body_ends_at_it():
    def say(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")

    with peer(say) as other:
        assert fault(other.url(), most_bytes=100_000) == "size"


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(500)) + b"\r\n",
     b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
     b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 2000) for n in range(60)) + b"Content-Length: 0\r\n\r\n",
     b"HTTP/1.1 2000 OK\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"", b"\x16\x03\x01\x02", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
     b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
)  # fmt: skip
def test_an_answer_that_is_none_is_a_fault(answer):
    with peer(answer) as other:
        try:
            found = ask(other.url())
        except OutgoingError as error:
            assert error.code in ("network", "size")
        else:
            assert found.body in (b"", b"x")


def drip(connection, over, begin: bytes, piece: bytes) -> None:
    """Send a piece now and then, for ever."""
    connection.sendall(begin)
    while not over.wait(0.02):
        connection.sendall(piece)


@pytest.mark.parametrize(
    ("begin", "piece"),
    [(b"", b"H"), (b"HTTP/1.1 200 OK\r\n", b"X"), (b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b"x"),
     (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
     (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"x")[:10], b"\x00\x00\x00\xff\xff")],
    ids=["status line", "header", "body", "chunks", "hundreds of 100", "empty blocks"],
)  # fmt: skip
def test_a_slow_drip_ends_when_our_time_is_over(begin, piece):
    over = threading.Event()
    with peer(lambda connection, _: drip(connection, over, begin, piece)) as other:
        assert fault(other.url(), seconds=0.3) == "timeout"
    over.set()


def test_a_silent_peer_ends_when_our_time_is_over():
    over = threading.Event()
    with peer(lambda _connection, _request: over.wait(30)) as other:
        assert fault(other.url(), seconds=0.2) == "timeout"
        assert fault(other.url().replace("http:", "https:"), seconds=0.2) == "timeout"
    over.set()


def test_a_silent_resolver_ends_when_our_time_is_over(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(gate, "resolver", lambda host, port: over.wait(30) and [])
    assert fault("http://news.example.com/", seconds=0.2) == "timeout"
    over.set()


def test_a_hurried_redirect_shares_the_one_time_limit():
    over = threading.Event()

    def say(connection, _):
        over.wait(0.15)
        connection.sendall(page(b"", "Location: /x", status="302 Found"))

    with peer(say) as other:
        assert fault(other.url(), seconds=0.3) == "timeout"
    over.set()


@pytest.fixture
def certified(tmp_path):
    """A TLS peer whose certificate nobody vouches for, and its socket's wrapper."""
    import datetime
    import ssl

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "oa.example.cn")])
    begun = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begun).not_valid_after(begun.replace(year=2090))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("oa.example.cn")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    path = tmp_path / "peer.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


def test_a_server_proves_its_name_and_not_its_number(names, certified, monkeypatch):
    """TLS goes to the checked number and still asks for the name's certificate."""
    import ssl

    from shudao.base.outgoing import errand

    context, path = certified

    def say(connection, _):
        connection.sendall(page(b"proven"))

    with peer(say, wrap=context) as other:
        names["oa.example.cn"] = names["other.example.cn"] = [["127.0.0.1"]]
        let_in("oa.example.cn", "other.example.cn")
        assert fault(f"https://oa.example.cn:{other.port}/") == "certificate"
        trusting = ssl.create_default_context(cafile=str(path))
        monkeypatch.setattr(errand, "trust", lambda: trusting)
        assert ask(f"https://oa.example.cn:{other.port}/").body == b"proven"
        assert fault(f"https://other.example.cn:{other.port}/") == "certificate"


def test_a_bare_connection_is_checked_too(names):
    names["mail.example.com"] = [["10.0.0.25"]]
    names["mail.example.cn"] = [["127.0.0.1"]]
    for host in ("10.0.0.25", "mail.example.com", "::1", "mail.example.com@x", "a\r\nb"):
        with pytest.raises(OutgoingError):
            connect(host, 25)
    with peer(lambda connection, _: connection.sendall(b"220 ready")) as other:
        let_in("mail.example.cn")
        with connect("mail.example.cn", other.port) as found:
            found.sendall(b"\r\n\r\n")
            assert found.recv(100) == b"220 ready"


def test_an_address_is_checked_without_a_visit(names):
    names["news.example.com"] = [["8.8.8.8"]]
    check("https://news.example.com/rss")
    for url in ("http://10.0.0.1/", "http://localhost:22/", "nonsense"):
        names["localhost"] = [["127.0.0.1"]]
        with pytest.raises(OutgoingError):
            check(url)


def test_a_librarys_session_has_no_other_way_out(names):
    import requests

    from shudao.base.outgoing import session

    InnerHost.objects.all().delete()
    with peer(page(b'{"a": 1}', "Content-Type: application/json", "Set-Cookie: who=us")) as other:
        with pytest.raises(requests.RequestException):
            session().get(other.url())
        with pytest.raises(requests.RequestException):
            session(["http://127.0.0.1:1/"]).get(other.url())
        with session([other.url()]) as made:
            assert made.get(other.url(), timeout=5).json() == {"a": 1}
            answer = made.post(other.url(), data={"b": "c"}, headers={"Authorization": "Bearer x", "X-Other": "y"})
        assert answer.ok and not made.cookies
    assert b"Authorization: Bearer x" in other.heard[-1] and b"Content-Length: 3" in other.heard[-1]
    assert b"X-Other" not in other.heard[-1] and b"ookie" not in other.heard[-1]
    for url in ("file:///etc/passwd", "ftp://127.0.0.1/"):
        with pytest.raises(requests.RequestException):
            session().get(url)
    with pytest.raises(OutgoingError):
        session(["nonsense"])

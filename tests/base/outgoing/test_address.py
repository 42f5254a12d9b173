"""Which addresses may be visited: one table of tricks, each refused before a byte is sent."""

import ipaddress

import pytest
from AntiSSRF import IPAddressRanges
from hypothesis import given
from hypothesis import strategies as st

from shudao.base.outgoing.address import (
    Forbidden,
    is_public,
    read_inner,
    read_target,
    require_port,
    require_possible,
    require_public,
)
from shudao.engine.words import BadInput

# An address that is refused as text, whatever a resolver would say: (why it is here, address).
REFUSED_AS_TEXT = [
    ("scheme", "file:///etc/passwd"),
    ("scheme", "ftp://example.com/"),
    ("scheme", "gopher://example.com:70/_x"),
    ("scheme", "dict://example.com:11211/stats"),
    ("scheme", "ldap://example.com/"),
    ("scheme", "jar:http://example.com!/"),
    ("scheme", "data:text/html,x"),
    ("scheme", "javascript:alert(1)"),
    ("scheme", "unix:///var/run/docker.sock"),
    ("scheme", "ws://example.com/"),
    ("no scheme", "//example.com/x"),
    ("no scheme", "example.com/x"),
    ("no host", "http:///x"),
    ("no host", "http:x"),
    ("no host", "http://"),
    ("no host", "http://?x"),
    ("empty", ""),
    ("user", "http://user@example.com/"),
    ("user", "http://user:word@example.com/"),
    ("user as host", "http://example.com@127.0.0.1/"),
    ("user as host, encoded", "http://example.com%40127.0.0.1/"),
    ("empty user", "http://@127.0.0.1/"),
    ("two ats", "http://a@b@127.0.0.1/"),
    ("full-width at", "http://example.com＠127.0.0.1/"),
    ("backslash", "http://example.com\\@127.0.0.1/"),
    ("backslashes", "http:\\\\127.0.0.1\\"),
    ("backslash in the path", "http://example.com/\\..\\x"),
    ("line feed", "http://example.com/\nHost: inner"),
    ("carriage return", "http://example.com/ HTTP/1.1\r\nHost: inner\r\n\r\n"),
    ("tab that parsers drop", "http://127.0\t.0.1/"),
    ("blank", "http://example.com /"),
    ("blank before", " http://127.0.0.1/"),
    ("zero byte", "http://example.com\x00.example.org/"),
    ("next line U+0085", "http://example.com\x85/"),
    ("ideographic blank", "http://example.com\u3000/"),
    ("zero width", "http://127.0.\u200b0.1/"),
    ("right to left override", "http://example.com/\u202egpj"),
    ("soft hyphen", "http://local\u00adhost/"),
    ("long number", "http://2130706433/"),
    ("long number, larger than 32 bits", "http://4294967296/"),
    ("hexadecimal", "http://0x7f000001/"),
    ("hexadecimal parts", "http://0x7f.0x0.0x0.0x1/"),
    ("octal", "http://0177.0.0.1/"),
    ("octal whole", "http://017700000001/"),
    ("leading zeros", "http://127.000.000.001/"),
    ("short form of two", "http://127.1/"),
    ("short form of three", "http://127.0.1/"),
    ("mixed notations", "http://127.0x0.0.1/"),
    ("five parts", "http://127.0.0.0.1/"),
    ("too large a part", "http://256.0.0.1/"),
    ("name that ends in a number", "http://example.1/"),
    ("empty hexadecimal", "http://example.0x/"),
    ("full-width digits", "http://１２７.０.０.１/"),
    ("circled digits", "http://①②⑦.⓪.⓪.①/"),
    ("full-width dots", "http://127。0。0。1/"),
    ("half-width ideographic dots", "http://127｡0｡0｡1/"),
    ("two trailing dots", "http://example.com../"),
    ("leading dot", "http://.example.com/"),
    ("empty label", "http://exa..mple.com/"),
    ("percent-encoded host", "http://%31%32%37.0.0.1/"),
    ("percent-encoded dot", "http://127%2e0%2e0%2e1/"),
    ("zone", "http://[fe80::1%25eth0]/"),
    ("zone without encoding", "http://[fe80::1%eth0]/"),
    ("broken bracket", "http://[::1/"),
    ("bracketed name", "http://[example.com]/"),
    ("bracketed v4", "http://[127.0.0.1]/"),
    ("future address", "http://[v1.fe80::a]/"),
    ("tail behind the bracket", "http://[::1].example.com/"),
    ("no port behind the colon", "http://example.com:/"),
    ("port zero", "http://example.com:0/"),
    ("port too large", "http://example.com:65536/"),
    ("port with a sign", "http://example.com:+80/"),
    ("port in other digits", "http://example.com:８０/"),
    ("port that is none", "http://example.com:80x/"),
    ("label too long", f"http://{'a' * 64}.example.com/"),
    ("name too long", f"http://{'a.' * 130}com/"),
    ("address too long", "http://example.com/" + "x" * 5000),
    ("label of hyphens", "http://-example.com/"),
    ("quote in the host", "http://exa'mple.com/"),
    ("brace in the host", "http://{example}.com/"),
    ("comma list of hosts", "http://example.com,127.0.0.1/"),
    ("semicolon in the host", "http://example.com;127.0.0.1/"),
]
# Well formed, but the number lies inside.
INNER_NUMBERS = [
    "http://127.0.0.1/", "http://127.0.0.1./", "http://127.255.255.254/", "http://10.0.0.1/", "http://172.16.0.1/",
    "http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/",
    "http://100.64.0.1/", "http://100.100.100.200/", "http://168.63.129.16/", "http://192.0.0.192/", "http://0.0.0.0/",
    "http://0.1.2.3/", "http://255.255.255.255/", "http://240.0.0.1/", "http://224.0.0.1/", "http://239.255.255.250/",
    "http://198.18.0.1/", "http://192.0.2.1/", "http://198.51.100.1/", "http://203.0.113.1/", "http://192.88.99.1/",
    "http://[::]/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[::ffff:10.0.0.1]/", "http://[::ffff:169.254.169.254]/", "http://[::127.0.0.1]/", "http://[::7f00:1]/",
    "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b::8.8.8.8]/",
    "http://[64:ff9b:1::10.0.0.1]/", "http://[2002:7f00:1::]/", "http://[2002:808:808::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "http://[fe80::1]/", "http://[febf::1]/", "http://[fec0::1]/",
    "http://[fc00::1]/", "http://[fd00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[100::1]/",
    "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[5f00::1]/", "http://[4000::1]/", "http://[200::1]/",
    "http://[2001:10::1]/", "http://[2001:20::1]/", "http://[2606:4700::5efe:a00:1]/", "http://[2606:4700::200:5efe:a00:1]/",
]  # fmt: skip
BAD_PORTS = [1, 7, 21, 22, 23, 25, 53, 110, 111, 143, 389, 445, 465, 514, 587, 636, 993, 2049, 2375, 3306, 5432, 6379, 9200, 11211, 27017]  # fmt: skip


@pytest.mark.parametrize(("why", "url"), REFUSED_AS_TEXT)
def test_a_trick_is_refused_as_text(why, url):
    with pytest.raises(Forbidden):
        read_target(url)


@pytest.mark.parametrize("url", INNER_NUMBERS)
def test_a_number_inside_is_refused(url):
    with pytest.raises(Forbidden):
        require_public([read_target(url).ip])


@pytest.mark.parametrize("port", BAD_PORTS)
def test_a_port_of_no_web_server_is_refused(port):
    with pytest.raises(Forbidden):
        require_port(read_target(f"http://example.com:{port}/"))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://example.com", ("http", "example.com", 80, "/")),
        ("HTTPS://Example.COM:443/A?b=1#c", ("https", "example.com", 443, "/A?b=1")),
        ("http://example.com./x", ("http", "example.com", 80, "/x")),
        ("http://example.com?q=1", ("http", "example.com", 80, "/?q=1")),
        ("http://example.com#@127.0.0.1/", ("http", "example.com", 80, "/")),
        ("http://example.com?@127.0.0.1/", ("http", "example.com", 80, "/?@127.0.0.1/")),
        ("http://新闻.example.com/通知", ("http", "xn--efvy88h.example.com", 80, "/%E9%80%9A%E7%9F%A5")),
        ("http://example.com/%0d%0aHost:x", ("http", "example.com", 80, "/%0d%0aHost:x")),
        ("http://[2606:4700:0:0::1]:8080/", ("http", "2606:4700::1", 8080, "/")),
        ("http://8.8.8.8:8443/", ("http", "8.8.8.8", 8443, "/")),
        ("http://a_b.example.com/", ("http", "a_b.example.com", 80, "/")),
        ('http://example.com/a|b^c`d"e<f>', ("http", "example.com", 80, "/a%7Cb%5Ec%60d%22e%3Cf%3E")),
    ],
)
def test_an_honest_address_is_read_and_rebuilt(url, target):
    found = read_target(url)
    assert tuple(found) == target
    assert read_target(found.url) == found
    require_port(found)


@pytest.mark.parametrize("number", ["8.8.8.8", "1.1.1.1", "114.114.114.114", "2606:4700::1", "240e::1", "2408:8000::1"])
def test_public_numbers_are_let_pass(number):
    assert is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("block", IPAddressRanges.recommended_latest)
def test_the_whole_of_every_reserved_block_is_refused(block):
    network = ipaddress.ip_network(block)
    for address in (network[0], network[network.num_addresses // 2], network[-1]):
        assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_a_number_carried_inside_another_is_no_better_than_itself(address):
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert is_public(mapped) == is_public(address)
    for carrier in ("::", "64:ff9b::", "::ffff:0:"):
        assert not is_public(ipaddress.IPv6Address(f"{carrier}{address}"))


@given(st.text(max_size=60))
def test_whatever_is_read_is_sent_as_one_plain_line(text):
    for url in (text, f"http://{text}", f"http://example.com/{text}"):
        try:
            target = read_target(url)
        except Forbidden:
            continue
        line = f"{target.authority} {target.path}"
        assert line.isascii() and line.isprintable() and line.count(" ") == 1
        assert target.path.startswith("/") and "@" not in target.authority


@pytest.mark.parametrize(
    ("allowed", "url", "covered"),
    [
        ("oa.example.cn", "http://oa.example.cn/", True),
        ("oa.example.cn", "http://x.oa.example.cn/", False),
        ("oa.example.cn:8080", "http://oa.example.cn/", False),
        ("oa.example.cn:8080", "http://OA.example.cn:8080/", True),
        ("10.1.2.0/24", "http://10.1.2.9:9000/", True),
        ("10.1.2.0/24", "http://10.1.3.9/", False),
        ("10.1.2.3:8080", "http://10.1.2.3:8080/", True),
        ("10.1.2.3:8080", "http://10.1.2.3:8081/", False),
        ("[fd00::1]:8080", "http://[fd00::1]:8080/", True),
        ("fd00::/64", "http://[fd00::5]/", True),
        ("10.1.2.0/24", "http://oa.example.cn/", False),
    ],
)
def test_an_inner_host_means_just_itself(allowed, url, covered):
    target = read_target(url)
    assert read_inner(allowed).covers(target.host, target.port) is covered


@pytest.mark.parametrize(
    "text", ["", "10.0.0.0/8", "0.0.0.0/0", "::/0", "http://oa.example.cn", "a b", "a:99999", "a:0", "user@host", "fd00::/32"]
)  # fmt: skip
def test_an_inner_host_that_cannot_be_read_or_is_too_wide_is_refused(text):
    with pytest.raises(BadInput):
        read_inner(text)


@pytest.mark.parametrize("number", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "fe80::1", "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254", "100.100.100.200"])  # fmt: skip
def test_some_addresses_stay_closed_even_when_listed(number):
    with pytest.raises(Forbidden):
        require_possible([ipaddress.ip_address(number)])


def test_the_table_is_as_long_as_promised():
    assert len(REFUSED_AS_TEXT) + len(INNER_NUMBERS) + len(BAD_PORTS) >= 150

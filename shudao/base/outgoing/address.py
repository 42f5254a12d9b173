"""去处 (where to): which addresses may be visited at all. No I/O here: text in, a checked target or a refusal out.

An address is read once, strictly, and rebuilt from its parts, so that nobody further down can read it otherwise.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from AntiSSRF import IPAddressRanges

from shudao.engine.words import BadInput, Words

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST = 4096  # characters of an address
USUAL = {"http": 80, "https": 443}
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
_FORBIDDEN = [ipaddress.ip_network(block) for block in IPAddressRanges.recommended_latest]
_FORBIDDEN_4 = [block for block in _FORBIDDEN if block.version == 4]
_FORBIDDEN_6 = [block for block in _FORBIDDEN if block.version == 6]
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
# Never, not even for an office's own server: links of this machine, addresses of no single machine, cloud metadata.
_NEVER = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "224.0.0.0/4",
        "240.0.0.0/4", "::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32", "fd20:ce::254/128",
    )
]  # fmt: skip
# Ports of services that are no web servers (the list browsers keep, and the usual data stores).
_BAD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 4369, 5060, 5061, 5432, 5900, 6000, 6379,
     6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 7001, 9042, 9092, 9200, 9300, 10080, 10250, 11211, 15672, 27017}
)  # fmt: skip
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_STATED = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]/:\s]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)
_BRACKETED = re.compile(r"\[[0-9a-f:.]{2,45}\](?::[0-9]{1,5})?", re.IGNORECASE)  # no zone, nothing behind it
_SAFE = "/?:@!$&'()*+,;=~%-._[]"


class Forbidden(Exception):
    """The address may not be visited. The words say why, never what it would have led to."""

    def __init__(self, zh: str, en: str) -> None:
        self.why = Words(zh, en)
        super().__init__(en)


class Target(NamedTuple):
    """目标 (target): a web address taken apart and checked as text; `path` with its query, ready to be sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The address rebuilt from its parts."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        """Host, and the port unless it is the scheme's own: what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL[self.scheme] else f"{host}:{self.port}"

    @property
    def ip(self) -> IP | None:
        """The number that stands for the host; None for a name."""
        return _number(self.host)


class Inner(NamedTuple):
    """内网许可 (inner host): a server of the office's own that may be visited: a name or a network, maybe one port."""

    name: str
    network: Network | None
    port: int | None

    def covers(self, host: str, port: int) -> bool:
        """Whether a host as written in an address is meant. A name that merely resolves into a network is not."""
        if self.port not in (None, port):
            return False
        if self.network is None:
            return host == self.name
        address = _number(host)
        return address is not None and address.version == self.network.version and address in self.network


def read_target(url: str) -> Target:
    """The address as a target. Forbidden for anything that is no plain http or https address of a host."""
    if len(url) > LONGEST:
        raise Forbidden("地址过长", "the address is too long")
    if _UNSEEN.search(url):
        raise Forbidden("地址含空白、控制字符或反斜线", "the address holds blanks, controls or backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("地址写法不对", "the address is malformed") from None
    if parts.scheme not in USUAL:
        raise Forbidden("只访问 http 与 https 地址", "only http and https addresses are visited")
    if "@" in parts.netloc:
        raise Forbidden("地址里不能带用户名", "the address may not carry a user name")
    if parts.netloc.endswith(":") or port == 0:
        raise Forbidden("端口写法不对", "the port is malformed")
    query = f"?{parts.query}" if parts.query else ""
    path = quote((parts.path or "/") + query, safe=_SAFE)
    return Target(parts.scheme, _host(parts.netloc, parts.hostname or ""), port or USUAL[parts.scheme], path)


def read_inner(text: str) -> Inner:
    """An inner host as an administrator writes it: `name`, `10.1.2.0/24`, `[fd00::1]`, each with `:port` if wished."""
    stated = text.strip()
    network, port = _network(stated), None
    if network is None and (found := _STATED.fullmatch(stated)):
        port = int(found["port"]) if found["port"] else None
        stated = found["host"].strip("[]").lower()
        network = _network(stated)
    if network is None and not _is_name(stated):
        raise BadInput(Words("看不懂的主机写法", "a host that cannot be read"), where=text[:80], mend=_AS_INNER)
    if (port is not None and not 0 < port < 65536) or (network and _is_too_wide(network)):
        raise BadInput(
            Words("端口不对或范围过大", "a wrong port, or too wide a range"), where=text[:80], mend=_AS_INNER
        )
    return Inner(str(network) if network else stated.lower(), network, port)


_AS_INNER = Words(
    "写成 oa.example.cn、10.1.2.3:8080 或 10.1.2.0/24，范围不大于 /16",
    "write oa.example.cn, 10.1.2.3:8080 or 10.1.2.0/24, no wider than /16",
)


def require_port(target: Target) -> None:
    """Forbidden for ports where no web server is to be expected: a stranger's address must not speak to a data store."""
    if target.port in USUAL.values() or (target.port >= 1024 and target.port not in _BAD_PORTS):
        return
    raise Forbidden("不访问这个端口", "this port is not visited")


def require_public(addresses: Iterable[IP]) -> None:
    """Forbidden unless every address is one of the public network: a mixed answer is a trap."""
    if not all(is_public(address) for address in addresses):
        raise Forbidden("主机在内网或保留地址内", "the host lies in an inner or reserved network")


def require_possible(addresses: Iterable[IP]) -> None:
    """Forbidden for what is no server of the office's, whatever the list of inner hosts says."""
    for address in addresses:
        plain = _plain(address)
        if any(plain.version == block.version and plain in block for block in _NEVER):
            raise Forbidden("任何情况下都不访问的地址", "an address that is never visited")


def is_public(address: IP) -> bool:
    """Whether an address belongs to the public network, in its plain form or carried inside another."""
    plain = _plain(address)
    if isinstance(plain, ipaddress.IPv4Address):
        return plain.is_global and not any(plain in block for block in _FORBIDDEN_4)
    if plain not in _PUBLIC_6 or any(plain in block for block in _FORBIDDEN_6):
        return False
    return plain.is_global and (int(plain) >> 32) & 0xFFFFFFFF not in _ISATAP


def _plain(address: IP) -> IP:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _host(netloc: str, host: str) -> str:
    """The host in plain ASCII: a number in its one usual notation, or a name."""
    if netloc.startswith("["):
        try:
            if not _BRACKETED.fullmatch(netloc):
                raise ValueError
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise Forbidden("主机写法不对", "the host is malformed") from None
    name = _ascii(host).removesuffix(".")
    if not _is_name(name):
        raise Forbidden("主机写法不对", "the host is malformed")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        if _number(name) is None:
            raise Forbidden("主机的数字写法不寻常", "the host is a number in an odd notation")
        if not host.isascii():
            raise Forbidden("主机用了伪装的数字", "the host is a disguised number")
    return name


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError:
        raise Forbidden("主机写法不对", "the host is malformed") from None


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text.lower()) is not None


def _number(host: str) -> IP | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _is_too_wide(network: Network) -> bool:
    return network.prefixlen < (16 if network.version == 4 else 48)

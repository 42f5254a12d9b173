"""名字 (names): under which host names the site answers. A name it was not told of is refused: whoever controls a name
could otherwise have other people's browsers talk to this site under it.
"""

import contextlib
import ipaddress
import re
import socket

from shudao.engine.words import BadInput, Words

NEAR = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - asked for by the user, never the default
NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")


def checked(name: str) -> str:
    """A host name or address as browsers send it. BadInput when it is none: no scheme, no port, no path."""
    plain = name.strip().rstrip(".").lower()
    try:
        address = ipaddress.ip_address(plain.strip("[]"))
        return f"[{address}]" if address.version == 6 else str(address)
    except ValueError:
        pass
    try:
        plain = plain.encode("idna").decode("ascii") if not plain.isascii() else plain
    except UnicodeError:
        plain = ""
    if not NAME.fullmatch(plain):
        mend = Words(zh="只写域名，例如 yuqing.example.cn", en="give the name alone, for example alerts.example.org")
        raise BadInput(Words(zh="这不是域名", en="this is no host name"), where=name, mend=mend)
    return plain


def hosts_for(host: str, names: list[str]) -> list[str]:
    """Every name the site answers to, those that were asked for first."""
    own = own_names() if host in EVERYWHERE else [checked(host)]
    return list(dict.fromkeys([*names, *own, *NEAR]))


def own_names() -> list[str]:
    """What this machine is called and its addresses, as far as it knows itself."""
    name = socket.gethostname()
    found = [name.lower()] if NAME.fullmatch(name.lower()) else []
    with contextlib.suppress(OSError):
        found += [str(row[4][0]) for row in socket.getaddrinfo(name, None) if "%" not in str(row[4][0])]
    for family, beyond in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((beyond, 9))  # sends nothing; the system only says from which address it would
                found.append(probe.getsockname()[0])
        except OSError:
            continue
    return [checked(str(row)) for row in dict.fromkeys(found)]

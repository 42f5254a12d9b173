"""群机器人 (group robots): what the robots of DingTalk, WeCom and Feishu have in common.

All three answer HTTP 200 whatever happened and say in the body whether they took the message, so only the code in the
body counts.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from shudao.notify.channels.kind import Answer, Came, Settings, Text, excerpt, object_of

MINUTE = timedelta(minutes=1)


def digest(key: str, text: str) -> str:
    """HMAC-SHA256 in Base64, as these platforms sign."""
    return b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def host_of(url: str) -> list[str]:
    """Host and port of an address; empty when it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return []
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return [f"{host}:{port}"] if host else []


def address_fault(settings: Settings, name: str = "url") -> Text:
    """A robot's address must be a web address."""
    url = settings.get(name, "")
    if not url.startswith(("https://", "http://")) or not host_of(url):
        return _("请把机器人的完整地址粘贴进来，以 https:// 开头。")
    return ""


def token_of(url: str, name: str) -> str:
    """The secret part of a robot's address, to be blotted out of answers."""
    try:
        return parse_qs(urlsplit(url).query).get(name, [""])[0]
    except ValueError:
        return ""


def read_codes(*names: str, pauses: Mapping[str, timedelta]) -> Callable[[Came], Answer]:
    """Reads an answer that has its code under one of these names; 0 alone means taken. Some codes ask for a pause."""

    def read(came: Came) -> Answer:
        status, said, value = came.status, excerpt(came), object_of(came)
        code = next((value[name] for name in names if name in value), None)
        if status == 200 and code is not None and str(code) == "0":
            return Answer(True, said, "0")
        named = f"HTTP {status}" if code is None else str(code)
        wait = pauses.get(named) or (MINUTE if status == 429 else None)
        return Answer(False, said, named, wait)

    return read

"""外发网络钩子 (webhook): any other program of the office, told by a signed POST.

`X-Shudao-Signature: t=<seconds>,v1=<hex>` with HMAC-SHA256 over `t "." body`; `Idempotency-Key` is the same whenever a
part is tried again, so that the receiver can leave a repeat out.
"""

import hashlib
import hmac
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from shudao.notify.channels.kind import (
    Answer,
    Came,
    Field,
    Letter,
    Settings,
    Text,
    excerpt,
    in_json,
    json_bytes,
    post,
)  # fmt: skip
from shudao.notify.channels.robot import address_fault, host_of

LONGEST_WAIT = 3600


class Webhook:
    """网络钩子。"""

    code = "webhook"
    name = _("网络钩子（本单位其他系统）")
    about = _("把消息以 JSON 送到本单位自己的系统，例如短信网关或值班大屏；对方用密钥核对签名。")
    is_group = True
    by_phone = True
    contact = _("对方系统里的账号，随消息送出")
    fields = (
        Field("url", _("接收地址"), "", "address", True),
        Field("secret", _("签名密钥"), _("至少 16 个字符，两边一致。"), "password", True),
    )
    room = 60_000
    pace = ((120, 60.0),)

    def size(self, text: str) -> int:
        """Bytes in a JSON body."""
        return in_json(text)

    def hosts(self, settings: Settings) -> list[str]:
        """The receiver."""
        return host_of(settings["url"])

    def fault(self, settings: Settings) -> Text:
        """A wrong address or a secret too short to be one."""
        if len(settings.get("secret", "")) < 16:
            return _("签名密钥至少 16 个字符。")
        return address_fault(settings)

    def send(self, settings: Settings, letter: Letter) -> Answer:
        """One signed POST; any 2xx is a yes."""
        body = json_bytes(
            {
                "key": letter.key, "thread": letter.facts.get("thread", ""), "subject": letter.subject,
                "text": letter.text, "to": list(letter.mentions), "at": letter.at.isoformat(),
                "urgent": letter.facts.get("urgent") == "yes",
            }
        )  # fmt: skip
        headers = {"X-Shudao-Signature": signature(settings["secret"], letter, body), "Idempotency-Key": letter.key}
        return post(settings["url"], body, _read, secrets=[settings["secret"]], headers=headers)


def signature(secret: str, letter: Letter, body: bytes) -> str:
    """Time and signature of a body."""
    stamp = int(letter.at.timestamp())
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"t={stamp},v1={made.hexdigest()}"


def _read(came: Came) -> Answer:
    stated = came.headers.get("retry-after", "")
    busy = came.status in (429, 503)
    wait = timedelta(seconds=min(int(stated), LONGEST_WAIT) if stated.isdecimal() else 60) if busy else None
    return Answer(200 <= came.status < 300, excerpt(came), f"HTTP {came.status}", wait)

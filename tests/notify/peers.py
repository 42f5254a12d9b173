"""The other sides, on the loopback: robots that behave as DingTalk, WeCom and Feishu document, and a mail server.

Each keeps what it took in `took`, and judges on its own: signature, time, keyword, rate, length, mentions.
"""

import base64
import hashlib
import hmac
import json
import socket
import ssl
from collections import deque
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import unquote_plus

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from werkzeug.wrappers import Request, Response

SECRET = "SEC0123456789abcdef0123456789abcdef"
TOKEN = "a-token-that-must-stay-secret"


def answer(**value) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), content_type="application/json")


class Robot:
    """What the three have in common. `rate`: so many in so many seconds; `now`: its own idea of the time."""

    path = "/"
    rate = ((20, 60),)

    def __init__(self, now, *, secret="", keyword="") -> None:
        self.now, self.secret, self.keyword = now, secret, keyword
        self.took: list[dict] = []
        self.asked = 0
        self.times: deque[datetime] = deque()
        self.trouble: Response | None = None
        """Answered instead of the usual, once or for good, as somebody sets it."""

    def __call__(self, request: Request) -> Response:
        self.asked += 1
        if self.trouble is not None:
            return self.trouble
        refusal = self.judge(request, json.loads(request.get_data()))
        if refusal is not None:
            return refusal
        self.took.append(json.loads(request.get_data()))
        return self.yes()

    def is_too_fast(self) -> bool:
        now = self.now()
        self.times.append(now)
        return any(sum(at > now - timedelta(seconds=span) for at in self.times) > count for count, span in self.rate)

    @property
    def texts(self) -> list[str]:
        return [self.text_of(value) for value in self.took]


class DingTalkRobot(Robot):
    """Signed in the address, milliseconds, within an hour; silenced for ten minutes when too fast."""

    path = "/robot/send"
    silenced_until: datetime | None = None

    def yes(self):
        return answer(errcode=0, errmsg="ok")

    def text_of(self, value):
        return value["text"]["content"]

    def judge(self, request, value):
        if request.args.get("access_token") != TOKEN:
            return answer(errcode=300001, errmsg="token is not exist")
        if self.secret and (refusal := self.check_sign(request)):
            return refusal
        if self.silenced_until and self.now() < self.silenced_until:
            return answer(errcode=130101, errmsg="send too fast, exceed 20 times per minute")
        if self.is_too_fast():
            self.silenced_until = self.now() + timedelta(minutes=10)
            return answer(errcode=130101, errmsg="send too fast, exceed 20 times per minute")
        if len(request.get_data()) > 20000:
            return answer(errcode=460101, errmsg="message too long, exceed 20000 bytes")
        if self.keyword and self.keyword not in self.text_of(value):
            return answer(
                errcode=310000,
                errmsg="keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]",
            )
        return None

    def check_sign(self, request):
        raw = dict(part.split("=", 1) for part in request.query_string.decode().split("&"))
        stamp = int(raw.get("timestamp", "0"))
        if abs(self.now() - datetime.fromtimestamp(stamp / 1000, UTC)) > timedelta(hours=1):
            return answer(
                errcode=310000, errmsg="invalid timestamp, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]"
            )
        made = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        if unquote_plus(raw.get("sign", "")) != base64.b64encode(made).decode():
            return answer(
                errcode=310000, errmsg="sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]"
            )
        return None


class WeComRobot(Robot):
    """2,048 bytes of text, 20 a minute."""

    path = "/cgi-bin/webhook/send"

    def yes(self):
        return answer(errcode=0, errmsg="ok")

    def text_of(self, value):
        return value["text"]["content"]

    def judge(self, request, value):
        if request.args.get("key") != TOKEN:
            return answer(errcode=93000, errmsg="invalid webhook url, hint: [1700000000], from ip: 192.0.2.1")
        if self.is_too_fast():
            return answer(errcode=45009, errmsg="api freq out of limit, hint: [1700000000], from ip: 192.0.2.1")
        if len(self.text_of(value).encode()) > 2048:
            return answer(errcode=40058, errmsg="text.content exceed max length 2048. invalid Request Parameter")
        return None


class FeishuRobot(Robot):
    """Signed in the body, seconds, within an hour; 100 a minute, 5 a second; 20 KB."""

    path = f"/open-apis/bot/v2/hook/{TOKEN}"
    rate = ((100, 60), (5, 1))

    def yes(self):
        return answer(StatusCode=0, StatusMessage="success", code=0, data={}, msg="success")

    def text_of(self, value):
        return value["content"]["text"]

    def judge(self, request, value):
        if self.is_too_fast():
            return answer(code=11232, msg="frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]", data={})
        if len(request.get_data()) > 20 * 1024:
            return answer(code=9499, msg="Bad Request", data={})
        if self.secret and (refusal := self.check_sign(value)):
            return refusal
        if self.keyword and self.keyword not in self.text_of(value):
            return answer(code=19024, msg="Key Words Not Found", data={})
        return None

    def check_sign(self, value):
        stamp = value.get("timestamp", "0")
        made = base64.b64encode(hmac.new(f"{stamp}\n{self.secret}".encode(), b"", hashlib.sha256).digest()).decode()
        late = abs(self.now() - datetime.fromtimestamp(int(stamp), UTC)) > timedelta(hours=1)
        if late or value.get("sign") != made:
            said = "sign match fail or timestamp is not within one hour from current time"
            return answer(code=19021, msg=said, data={})
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    """An SMTP server with certificates of its own authority. `refuse`: recipient -> answer."""

    def __init__(self, certificates, *, starttls=True, user="", password="", tls=False) -> None:
        self.took: list = []
        self.refuse: dict[str, str] = {}
        self.busy = ""
        self.user, self.password = user, password
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificates)
        given = {"authenticator": self.check, "auth_required": True} if user else {}
        if starttls:
            given |= {"tls_context": context, "require_starttls": True}
        elif user and tls:
            given |= {"auth_require_tls": False}
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), ssl_context=context if tls else None)
        self.controller.factory = lambda: SMTP(self, enable_SMTPUTF8=True, **given)

    def check(self, _server, _session, _envelope, _mechanism, data):
        good = (data.login.decode(), data.password.decode()) == (self.user, self.password)
        return AuthResult(success=good, handled=good)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.busy:
            return self.busy
        self.took.append(message_from_bytes(envelope.content, policy=policy.default))
        return f"250 2.0.0 Ok: queued as {len(self.took):06X}"

    def __enter__(self):
        self.controller.start()
        self.port = self.controller.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.controller.stop(no_assert=True)

    @property
    def texts(self) -> list[str]:
        return [mail.get_content() for mail in self.took]

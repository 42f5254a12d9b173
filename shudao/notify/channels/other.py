"""其他服务 (other services) by Apprise: some hundred more ways out, each written as one address.

Apprise looks at the status alone and takes a refusal inside an HTTP 200 for a yes, so its answers are read once more
here, and the robots that have a kind of their own are sent there. Its requests go through the one guard: only services
that speak HTTP are let in, and their module asks our guard instead of the network.
"""

import logging
import sys
import threading
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import requests
from django.utils.translation import gettext_lazy as _
from requests.models import PreparedRequest

from shudao.base.outgoing import Answer as Came
from shudao.base.outgoing import OutgoingError, ask
from shudao.engine.text.parts import in_bytes
from shudao.notify.channels.kind import (
    SAID_AT_MOST,
    SEND_WITHIN,
    Answer,
    Field,
    Letter,
    Settings,
    Text,
    blotted,
    excerpt,
    object_of,
)  # fmt: skip

OWN = {
    "dingtalk": "dingtalk",
    "wecombot": "wecom",
    "feishu": "feishu",
    "lark": "feishu",
    "mailto": "mail",
    "mailtos": "mail",
}
"""Services that have a kind of their own."""
FORBIDDEN = ("socket", "smtplib", "subprocess", "ssl", "asyncio", "urllib.request", "apprise.utils.socket")
"""A service that imports one of these does not go through the guard."""

ONE_MODULE = 2
"""Dots in the name of a service that is one module: `apprise.plugins.<name>`."""

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it writes addresses, which are secrets


class Other:
    """其他服务（Apprise）。"""

    code = "other"
    name = _("其他服务（Apprise）")
    about = _("ntfy、Bark、Server酱、WxPusher、Telegram、Slack 等上百种服务，各写成一个 Apprise 地址。")
    is_group = True
    by_phone = False
    contact = _("对方服务里的名称，随消息写出")
    fields = (
        Field(
            "url",
            _("Apprise 地址"),
            _("形如 ntfys://主题 或 bark://主机/密钥；写法见 Apprise 文档。"),
            "password",
            True,
        ),
    )
    room = 1800
    pace = ((20, 60.0),)

    def size(self, text: str) -> int:
        """Bytes; services differ, the smallest common room is taken."""
        return in_bytes(text)

    def hosts(self, settings: Settings) -> list[str]:
        """The host that the address names; services with a host of their own are public anyway."""
        made = _service(settings["url"])
        host, port = getattr(made, "host", None), getattr(made, "port", None)
        if not host or not isinstance(host, str):
            return []
        return [f"{host}:{port or (443 if getattr(made, 'secure', False) else 80)}"]

    def fault(self, settings: Settings) -> Text:
        """An address nobody understands, one with a kind of its own, or one that would go past the guard."""
        schema = settings.get("url", "").partition("://")[0].lower()
        if schema in OWN:
            return _("这种服务请直接选用它自己的渠道种类，那里会核对对方的应答。")
        made = _service(settings.get("url", ""))
        if made is None:
            return _("看不懂这个 Apprise 地址。")
        if not _goes_through_the_guard(made):
            return _("这种服务不经 HTTP 发送，疏导不放行。")
        return ""

    def send(self, settings: Settings, letter: Letter) -> Answer:
        """One notification."""
        made = _service(settings["url"])
        if made is None or not _goes_through_the_guard(made):
            return Answer(False, "看不懂这个 Apprise 地址 / the Apprise address cannot be read", "address")
        named = " ".join(letter.mentions)
        text = f"{letter.text}\n{named}" if named else letter.text
        web = Web()
        with _Guarding(made, web):
            try:
                took = bool(made.send(body=text, title=letter.subject))
            except Exception as error:
                took, web.fault = False, web.fault or type(error).__name__
        return _read(took, web, [settings["url"], *_secrets_of(settings["url"])])


def _read(took: bool, web: "Web", secrets: list[str]) -> Answer:
    """What it said, and whether its last answer denies the yes."""
    said = blotted(web.said or web.fault or ("OK" if took else "对方没有接受 / not accepted"), secrets)[:SAID_AT_MOST]
    if not took:
        return Answer(False, said, web.code or "refused")
    denied = next((came for came in web.came if denies(came)), None)
    if denied is not None or not web.came:
        return Answer(False, said, web.code or "refused")
    return Answer(True, said, web.code)


def denies(came: Came) -> bool:
    """Whether a body says no although the status says yes."""
    value = object_of(came)
    for name in ("errcode", "code", "StatusCode", "error_code", "ret", "retcode"):
        stated = value.get(name)
        if isinstance(stated, int) and not isinstance(stated, bool) and stated not in (0, 1, 200, 201, 1000):
            return True
    return value.get("ok") is False or value.get("success") is False


class Web:
    """What a service's module sees instead of `requests`: the same names, every errand by the guard."""

    def __init__(self) -> None:
        self.came: list[Came] = []
        self.fault = self.code = ""

    @property
    def said(self) -> str:
        """The last answer."""
        return excerpt(self.came[-1]) if self.came else ""

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        """One errand, prepared as `requests` would."""
        wanted = {name: given.get(name) for name in ("headers", "data", "params", "auth", "json", "files", "cookies")}
        made: PreparedRequest = requests.Request(method, url, **wanted).prepare()
        body = made.body.encode() if isinstance(made.body, str) else made.body or b""
        headers = {k: str(v) for k, v in made.headers.items() if k.lower() not in ("content-length", "host")}
        try:
            came = ask(made.url or url, method=method.upper(), headers=headers, body=bytes(body), seconds=SEND_WITHIN)
        except OutgoingError as error:
            self.fault, self.code = f"{error.why.zh} / {error.why.en}", error.code
            raise requests.ConnectionError(error.code) from None
        self.came.append(came)
        self.code = f"HTTP {came.status}"
        return _response(came)


def _response(came: Came) -> requests.Response:
    response = requests.Response()
    response.status_code, response._content, response.url = came.status, came.body, came.url
    response.headers.update(came.headers)
    response.encoding = "utf-8"
    return response


_swapping = threading.Lock()


class _Guarding:
    """The module of a service asks our guard while it sends. One at a time: modules are shared."""

    def __init__(self, made: Any, web: Web) -> None:
        self.module = sys.modules[type(made).__module__]
        methods = ("get", "post", "put", "patch", "delete", "head")
        verbs = {name: self._by(name, web) for name in methods}
        self.standing_in = SimpleNamespace(
            **{**vars(requests), **verbs, "request": web.request, "Session": _no_session}
        )

    def _by(self, method: str, web: Web) -> Any:
        return lambda url, data=None, json=None, **given: web.request(method, url, data=data, json=json, **given)

    def __enter__(self) -> None:
        _swapping.acquire()
        self.own: ModuleType = self.module.requests  # type: ignore[attr-defined]
        self.module.requests = self.standing_in  # type: ignore[attr-defined]

    def __exit__(self, *_: object) -> None:
        self.module.requests = self.own  # type: ignore[attr-defined]
        _swapping.release()


def _no_session(*_: object, **__: object) -> None:
    raise requests.ConnectionError("sessions are not let through")


def _service(url: str) -> Any:
    """Apprise's object for an address; None when it cannot be read. Loaded late: it brings a hundred modules."""
    import apprise  # noqa: PLC0415 - heavy, and only sites that use it pay for it

    asset = apprise.AppriseAsset(async_mode=False, storage_mode=apprise.PersistentStoreMode.MEMORY, plugin_paths=[])
    asset.app_id, asset.app_desc, asset.app_url = "Shudao", "疏导", ""
    try:
        return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    except Exception:
        return None


def _goes_through_the_guard(made: Any) -> bool:
    """A service of one module that knows `requests` and nothing else that could speak to the network."""
    name = type(made).__module__
    module: Mapping[str, Any] = vars(sys.modules[name])
    if name.count(".") != ONE_MODULE or getattr(module.get("requests"), "Request", None) is None:
        return False
    known = {
        value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
        for value in module.values()
    }
    return not any(str(one).split(".")[0] in FORBIDDEN or str(one) in FORBIDDEN for one in known)


def _secrets_of(url: str) -> list[str]:
    return [
        part
        for part in url.replace("://", "/").replace("?", "/").replace("@", "/").replace(":", "/").split("/")
        if part
    ]

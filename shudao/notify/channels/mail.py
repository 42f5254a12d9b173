"""邮件 (mail) by the office's own SMTP server: plain text, one matter one thread.

The Message-ID of a part is the same whenever it is tried again, so that a mailbox can tell a repeat from something new.
"""

import smtplib
import ssl
import time
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from django.utils.translation import gettext_lazy as _

from shudao.base.outgoing import OutgoingError, connect, trust
from shudao.engine.text.parts import in_bytes
from shudao.notify.channels.kind import SAID_AT_MOST, SEND_WITHIN, Answer, Field, Letter, Settings, Text, blotted

ALL_WITHIN = 25.0  # seconds
KEPT_BEFORE = 12  # references to earlier mails of a thread
BUSY = {421: timedelta(minutes=2), 454: timedelta(minutes=2)}


class Mail:
    """邮件。"""

    code = "mail"
    name = _("邮件")
    about = _("用本单位的邮箱账号发信。常见的是 465 端口（TLS）或 587 端口（STARTTLS）；有的邮箱要用“授权码”代替密码。")
    is_group = False
    by_phone = False
    contact = _("邮箱地址；留空则用人员登记的邮箱")
    fields = (
        Field("host", _("发信服务器"), _("形如 smtp.example.cn")),
        Field("port", _("端口"), form="number", start="465"),
        Field(
            "safety", _("加密"), form="choice", start="tls",
            choices=(("tls", _("TLS（465）")), ("starttls", _("STARTTLS（587）")), ("none", _("不加密（仅限内网，不能带密码）"))),
        ),
        Field("user", _("账号"), is_needed=False),
        Field("password", _("密码或授权码"), form="password", is_secret=True, is_needed=False),
        Field("sender", _("发信地址"), _("收件人看到的地址，一般就是账号本身。")),
        Field(
            "authority", _("自签证书"), _("服务器用本单位自己签发的证书时，把签发机构的 PEM 文本粘贴到这里；其余情况留空。"),
            "lines", is_needed=False,
        ),
    )  # fmt: skip
    room = 200_000
    pace = ((60, 60.0),)

    def size(self, text: str) -> int:
        """Bytes of the text."""
        return in_bytes(text)

    def hosts(self, settings: Settings) -> list[str]:
        """The mail server."""
        host = settings["host"]
        return [f"[{host}]:{settings['port']}" if ":" in host else f"{host}:{settings['port']}"]

    def fault(self, settings: Settings) -> Text:
        """A password in the clear, a port that is none, no address to write from, an authority nobody can read."""
        if not settings.get("port", "").isdecimal() or not 0 < int(settings["port"]) < 65536:
            return _("端口应是 1 到 65535 之间的数字。")
        if settings.get("safety") == "none" and settings.get("password"):
            return _("不加密时不能带密码：密码会在网上明文传送。请改用 TLS 或 STARTTLS。")
        if "@" not in settings.get("sender", ""):
            return _("发信地址应是一个邮箱地址。")
        try:
            _trust(settings.get("authority", ""))
        except (ssl.SSLError, ValueError):
            return _("自签证书读不懂：应以 -----BEGIN CERTIFICATE----- 开头。")
        return ""

    def send(self, settings: Settings, letter: Letter) -> Answer:
        """One mail to one address."""
        try:
            answer = self._send(settings, letter)
        except OutgoingError as error:
            return Answer(False, f"{error.why.zh} / {error.why.en}", error.code)
        except smtplib.SMTPResponseException as error:
            answer = _refusal(error.smtp_code, error.smtp_error)
        except ssl.SSLCertVerificationError as error:
            answer = Answer(False, error.verify_message or str(error), "certificate")
        except ssl.SSLError as error:
            answer = Answer(False, error.reason or "TLS", "tls")
        except smtplib.SMTPNotSupportedError as error:
            answer = Answer(False, str(error), "unsupported")
        except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
            answer = Answer(False, str(error)[:SAID_AT_MOST], "timeout")
        except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
            answer = Answer(False, f"{type(error).__name__}: {error}"[:SAID_AT_MOST], "network")
        return answer._replace(said=blotted(answer.said, [settings.get("password", "")]))

    def _send(self, settings: Settings, letter: Letter) -> Answer:
        opened = connect(settings["host"], int(settings["port"]), seconds=SEND_WITHIN)
        context = _trust(settings.get("authority", ""))
        with opened:
            if settings["safety"] == "tls":
                opened = context.wrap_socket(opened, server_hostname=settings["host"])
            with _Server(opened, settings["host"], _domain(settings)) as server:
                if settings["safety"] == "starttls":
                    server.ehlo()
                    server.starttls(context=context)
                if settings.get("user"):
                    server.login(settings["user"], settings.get("password", ""))
                return _hand_over(server, settings["sender"], letter, message_of(settings, letter))


class _Server(smtplib.SMTP):
    """Speaks over a connection that the guard opened; never looks a name up itself."""

    def __init__(self, opened: Any, host: str, domain: str) -> None:
        self._opened, self._until = opened, time.monotonic() + ALL_WITHIN
        super().__init__(local_hostname=domain, timeout=SEND_WITHIN)
        code, said = self.connect(host)
        self._host = host
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)

    def getreply(self) -> tuple[int, bytes]:
        """The next answer, within what is left of the time for the whole errand: no server may hold us by the drop."""
        left = self._until - time.monotonic()
        if self.sock is None or left <= 0:
            raise TimeoutError("the whole took too long")
        self.sock.settimeout(left)
        return super().getreply()

    def _get_socket(self, _host: str, _port: int, _timeout: float) -> Any:
        return self._opened


def _hand_over(server: smtplib.SMTP, sender: str, letter: Letter, mail: EmailMessage) -> Answer:
    """The three steps of SMTP one by one, since the last answer is what people ask for."""
    server.ehlo_or_helo_if_needed()
    for code, said in (server.mail(sender), server.rcpt(letter.address)):
        if code not in (250, 251):
            return _refusal(code, said)._replace(is_whole=False)
    code, said = server.data(mail.as_bytes(policy=SMTP))
    if code != 250:
        return _refusal(code, said)._replace(is_whole=False)
    return Answer(True, _line(code, said), "250")


def message_of(settings: Settings, letter: Letter) -> EmailMessage:
    """The mail: no HTML, its place in the thread in the headers."""
    domain = _domain(settings)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((letter.facts.get("from", ""), settings["sender"]))
    mail["To"] = letter.address
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = _id(letter.key, domain)
    if letter.before:
        kept = (
            letter.before
            if len(letter.before) <= KEPT_BEFORE
            else (letter.before[0], *letter.before[1 - KEPT_BEFORE :])
        )
        mail["In-Reply-To"] = _id(letter.before[-1], domain)
        mail["References"] = " ".join(_id(key, domain) for key in kept)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, charset="utf-8")
    return mail


def _id(key: str, domain: str) -> str:
    return f"<{key}@{domain}>"


def _domain(settings: Settings) -> str:
    return settings["sender"].rpartition("@")[2].encode("idna").decode() or "localhost"


def _trust(authority: str) -> ssl.SSLContext:
    """The office's own authority alone when it gives one, else those the machine trusts and the usual ones."""
    if authority.strip():
        return ssl.create_default_context(cadata=authority)
    return trust()


def _refusal(code: int, said: bytes | str) -> Answer:
    return Answer(False, _line(code, said), str(code), BUSY.get(code))


def _line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:SAID_AT_MOST]

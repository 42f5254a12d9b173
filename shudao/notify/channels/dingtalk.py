"""钉钉 (DingTalk): a custom robot of a group.

Signed: HMAC-SHA256 over `timestamp "\\n" secret` with the secret as key, Base64, URL-encoded once, milliseconds. At most
20 messages a minute; who sends more is silenced for ten minutes (130101, or status 1111).
"""

from datetime import timedelta
from urllib.parse import quote_plus

from django.utils.translation import gettext_lazy as _

from shudao.notify.channels.kind import Answer, Field, Letter, Settings, Text, in_json, json_bytes, post
from shudao.notify.channels.robot import address_fault, digest, host_of, read_codes, token_of

SILENCED = timedelta(minutes=10)


class DingTalk:
    """钉钉群机器人。"""

    code = "dingtalk"
    name = _("钉钉群机器人")
    about = _("在钉钉群里：群设置 → 机器人 → 添加机器人 → 自定义，安全设置选“加签”，把地址和密钥粘贴到这里。")
    is_group = True
    by_phone = True
    contact = _("手机号或用户 ID，用来 @ 您")
    fields = (
        Field("url", _("机器人地址"), _("形如 https://oapi.dingtalk.com/robot/send?access_token=…"), "address", True),
        Field("secret", _("加签密钥"), _("以 SEC 开头；机器人没有选“加签”就留空。"), "password", True, False),
        Field("keyword", _("关键词"), _("机器人选了“自定义关键词”时填一个，会写在每条消息末尾。"), is_needed=False),
    )
    room = 15000
    pace = ((18, 60.0),)

    def size(self, text: str) -> int:
        """The body as a whole may have 20,000 bytes."""
        return in_json(text)

    def hosts(self, settings: Settings) -> list[str]:
        """The robot's own host."""
        return host_of(settings["url"])

    def fault(self, settings: Settings) -> Text:
        """A wrong address."""
        return address_fault(settings)

    def send(self, settings: Settings, letter: Letter) -> Answer:
        """One text message; those mentioned are named in it too, else nobody is reminded."""
        mobiles = [one for one in letter.mentions if one.isdecimal() and len(one) == 11]
        people = [one for one in letter.mentions if one not in mobiles]
        text = with_keyword(letter.text, settings.get("keyword", ""))
        named = " ".join(f"@{one}" for one in letter.mentions)
        value = {
            "msgtype": "text",
            "text": {"content": f"{text}\n{named}" if named else text},
            "at": {"atMobiles": mobiles, "atUserIds": people, "isAtAll": False},
        }
        read = read_codes("errcode", pauses={"130101": SILENCED})
        secrets = [token_of(settings["url"], "access_token"), settings.get("secret", "")]
        return _silenced(post(self.signed(settings, letter), json_bytes(value), read, secrets=secrets))

    def signed(self, settings: Settings, letter: Letter) -> str:
        """The address with time and signature, when the robot asks for one."""
        url, secret = settings["url"], settings.get("secret", "")
        if not secret:
            return url
        stamp = str(int(letter.at.timestamp() * 1000))
        sign = quote_plus(digest(secret, f"{stamp}\n{secret}"))
        return f"{url}{'&' if '?' in url else '?'}timestamp={stamp}&sign={sign}"


def with_keyword(text: str, keyword: str) -> str:
    """The text with the word that the robot demands, unless it is there."""
    return text if not keyword or keyword in text else f"{text}\n{keyword}"


def _silenced(answer: Answer) -> Answer:
    """The other form of the same refusal has the code only inside `status`."""
    if not answer.ok and '"status":1111' in answer.said.replace(" ", ""):
        return answer._replace(retry_after=SILENCED)
    return answer

"""飞书 (Feishu, Lark): a custom robot of a group.

Signed in the body: HMAC-SHA256 of nothing, keyed by `timestamp "\\n" secret`, Base64, seconds. A body may have 20 KB; at
most 100 messages a minute and 5 a second (11232).
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from shudao.notify.channels.dingtalk import with_keyword
from shudao.notify.channels.kind import Answer, Field, Letter, Settings, Text, in_json, json_bytes, post
from shudao.notify.channels.robot import address_fault, digest, host_of, read_codes


class Feishu:
    """飞书群机器人。"""

    code = "feishu"
    name = _("飞书群机器人")
    about = _("在飞书群里：设置 → 群机器人 → 添加机器人 → 自定义机器人，安全设置选“签名校验”，把地址和密钥粘贴到这里。")
    is_group = True
    by_phone = False
    contact = _("用户 ID（open_id 或 user_id），用来 @ 您")
    fields = (
        Field("url", _("机器人地址"), _("形如 https://open.feishu.cn/open-apis/bot/v2/hook/…"), "address", True),
        Field("secret", _("签名密钥"), _("机器人没有选“签名校验”就留空。"), "password", True, False),
        Field("keyword", _("关键词"), _("机器人选了“自定义关键词”时填一个，会写在每条消息末尾。"), is_needed=False),
    )
    room = 15000
    pace = ((90, 60.0), (4, 1.0))

    def size(self, text: str) -> int:
        """The body as a whole may have 20 KB."""
        return in_json(text)

    def hosts(self, settings: Settings) -> list[str]:
        """The robot's own host."""
        return host_of(settings["url"])

    def fault(self, settings: Settings) -> Text:
        """A wrong address."""
        return address_fault(settings)

    def send(self, settings: Settings, letter: Letter) -> Answer:
        """One text message. A telephone number mentions nobody here and is left out."""
        people = [one for one in letter.mentions if not one.isdecimal()]
        named = " ".join(f'<at user_id="{_plain(one)}"></at>' for one in people)
        text = with_keyword(_plain(letter.text), settings.get("keyword", ""))
        value: dict[str, object] = {"msg_type": "text", "content": {"text": f"{text}\n{named}" if named else text}}
        secret = settings.get("secret", "")
        if secret:
            stamp = str(int(letter.at.timestamp()))
            value |= {"timestamp": stamp, "sign": digest(f"{stamp}\n{secret}", "")}
        pauses = {"11232": timedelta(minutes=1), "9499": timedelta(seconds=10)}
        token = settings["url"].rstrip("/").rpartition("/")[2]
        read = read_codes("code", "StatusCode", pauses=pauses)
        return post(settings["url"], json_bytes(value), read, secrets=[token, secret])


def _plain(text: str) -> str:
    """Whoever writes `<at …>` in a post must not remind the whole group by being quoted."""
    return text.replace("<at", "＜at")

"""企业微信 (WeCom): a robot of a group. Plain text, since only that mentions people by telephone number.

A text may have 2,048 bytes; at most 20 messages a minute (45009).
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from shudao.engine.text.parts import in_bytes
from shudao.notify.channels.kind import Answer, Field, Letter, Settings, Text, json_bytes, post
from shudao.notify.channels.robot import address_fault, host_of, read_codes, token_of


class WeCom:
    """企业微信群机器人。"""

    code = "wecom"
    name = _("企业微信群机器人")
    about = _("在企业微信群里：群设置 → 群机器人 → 添加，把 Webhook 地址粘贴到这里。")
    is_group = True
    by_phone = True
    contact = _("手机号或成员账号（userid），用来 @ 您")
    fields = (
        Field(
            "url", _("机器人地址"), _("形如 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"), "address", True
        ),
    )
    room = 2048
    pace = ((18, 60.0),)

    def size(self, text: str) -> int:
        """Bytes of the text; what would mention somebody is written wider, see `send`."""
        return in_bytes(text) + 2 * text.count("<")

    def hosts(self, settings: Settings) -> list[str]:
        """The robot's own host."""
        return host_of(settings["url"])

    def fault(self, settings: Settings) -> Text:
        """A wrong address."""
        return address_fault(settings)

    def send(self, settings: Settings, letter: Letter) -> Answer:
        """One text message. A quoted post cannot remind the group: its `<@…>` is written with another sign."""
        mobiles = [one for one in letter.mentions if one.isdecimal() and len(one) == 11]
        people = [one for one in letter.mentions if one not in mobiles]
        text: dict[str, object] = {"content": letter.text.replace("<@", "＜@")}
        text |= {"mentioned_list": people} if people else {}
        text |= {"mentioned_mobile_list": mobiles} if mobiles else {}
        read = read_codes("errcode", pauses={"45009": timedelta(seconds=65), "45033": timedelta(seconds=65)})
        secrets = [token_of(settings["url"], "key")]
        return post(settings["url"], json_bytes({"msgtype": "text", "text": text}), read, secrets=secrets)

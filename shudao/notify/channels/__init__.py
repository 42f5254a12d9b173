"""渠道种类 (kinds of channels): each in a module of its own behind one interface, see `kind.py`.

To add one, write a class like those here and name it below; its form, its test message and its place in the outbox follow.
"""

from shudao.notify.channels.dingtalk import DingTalk
from shudao.notify.channels.feishu import Feishu
from shudao.notify.channels.kind import Answer, Field, Kind, Letter, Settings
from shudao.notify.channels.mail import Mail
from shudao.notify.channels.other import Other
from shudao.notify.channels.webhook import Webhook
from shudao.notify.channels.wecom import WeCom

INBOX = "inbox"
"""The in-app inbox: no kind of channel, since nothing leaves by it. A drill has this and nothing else."""

KINDS: dict[str, Kind] = {made.code: made for made in (DingTalk(), WeCom(), Feishu(), Mail(), Webhook(), Other())}

__all__ = ["INBOX", "KINDS", "Answer", "Field", "Kind", "Letter", "Settings"]

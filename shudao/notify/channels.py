"""渠道 (channels): how a message leaves. A drill has the inbox and nothing else."""

from collections.abc import Callable

from shudao.base.refusal import refuse
from shudao.base.scene import Scene
from shudao.notify.models import Message

Send = Callable[[Message], None]


def _inbox(message: Message) -> None:
    """The row itself is the delivery."""


_channels: dict[str, Send] = {"inbox": _inbox}


def add_channel(name: str, send: Send) -> None:
    """Register a real channel; `send` raises when the other side did not take the message."""
    _channels[name] = send


def sender(scene: Scene, name: str) -> Send:
    """The channel's sender. Refused for a drill run unless it is the inbox, and for an unknown name."""
    if not scene.is_live and name != "inbox":
        raise refuse("演练不得使用真实渠道", "a drill may not use a real channel", code="sandbox")
    if name not in _channels:
        raise refuse(f"没有渠道 {name}", f"there is no channel {name}", code="channel")
    return _channels[name]

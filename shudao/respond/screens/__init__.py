"""What the pages of the response show: one plain object a page."""

from shudao.respond.screens.room import RoomScreen
from shudao.respond.screens.rows import oral_step

__all__ = ["RoomScreen", "oral_step"]

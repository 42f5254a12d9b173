"""What the pages of the response show: one plain object a page."""

from shudao.respond.screens.room import RoomScreen

__all__ = ["RoomScreen"]

"""What the pages of the response show: one plain object a page."""

from shudao.respond.screens.room import RoomScreen
from shudao.respond.screens.words import names_of

__all__ = ["RoomScreen", "names_of"]

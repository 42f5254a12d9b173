"""游标 (cursor): durable place of a stage in the stage before. Moved in the transaction that keeps its results."""

from shudao.base.models import Cursor
from shudao.base.scene import Scene


def read_cursor(scene: Scene, name: str) -> int:
    """Last place read; 0 before the first reading."""
    return Cursor.objects.filter(scene=scene.key, name=name).values_list("place", flat=True).first() or 0


def move_cursor(scene: Scene, name: str, place: int) -> None:
    """Remember the place. Call it inside the write that keeps what was made of the items."""
    Cursor.objects.update_or_create(scene=scene.key, name=name, defaults={"place": place})

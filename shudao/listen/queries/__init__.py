"""Reading what was heard, a module for each noun."""

from shudao.listen.queries.heard import (
    Heard,
    due_sources,
    heard_under,
    item_by_ext_id,
    items_after,
    items_of,
    known_ids,
    open_door,
    scenes_heard,
    scenes_with_doors,
    source_named,
    source_of,
    stored_names,
    text_under,
    unread,
    voice_under,
)

__all__ = [
    "Heard",
    "due_sources",
    "heard_under",
    "item_by_ext_id",
    "items_after",
    "items_of",
    "known_ids",
    "open_door",
    "scenes_heard",
    "scenes_with_doors",
    "source_named",
    "source_of",
    "stored_names",
    "text_under",
    "unread",
    "voice_under",
]

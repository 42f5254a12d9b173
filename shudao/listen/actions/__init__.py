"""The writes of listening: sources, batches of items, and the key at the door."""

from shudao.listen.actions.batches import Batch, read_batch
from shudao.listen.actions.door import rotate_door_key, scrub_traces, unlink_voices, wipe_seals
from shudao.listen.actions.sources import add_source, claim_source, put_off_source, release_source

__all__ = [
    "Batch",
    "add_source",
    "claim_source",
    "put_off_source",
    "read_batch",
    "release_source",
    "rotate_door_key",
    "scrub_traces",
    "unlink_voices",
    "wipe_seals",
]

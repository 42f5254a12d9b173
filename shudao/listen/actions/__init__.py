"""The writes of listening: sources, batches of items, the key at the door, and every way in for people and systems."""

from shudao.listen.actions.batches import Batch, read_batch
from shudao.listen.actions.door import rotate_door_key, scrub_traces, unlink_voices, wipe_seals
from shudao.listen.actions.evidence import (
    add_evidence,
    drop_strays,
    erase_evidence,
    erase_evidence_before,
    keep_words,
    look_at_evidence,
)
from shudao.listen.actions.hooks import forget_calls, open_hook, rotate_hook_secret, take_call, withdraw_hook
from shudao.listen.actions.imports import (
    claim_import,
    drop_idle_uploads,
    fail_import,
    finish_import,
    read_part,
    release_import,
    start_import,
    stop_import,
    upload_import,
)
from shudao.listen.actions.indexing import index_items, index_scene, tidy_index, unindex_items
from shudao.listen.actions.paste import paste_posts
from shudao.listen.actions.reports import (
    invite_observer,
    mark_report_seen,
    send_report,
    take_in_report,
    withdraw_observer_link,
)
from shudao.listen.actions.sources import (
    add_source,
    change_source,
    claim_source,
    hasten_source,
    pause_source,
    put_off_source,
    release_source,
    resume_source,
    retire_source,
)

__all__ = [
    "Batch",
    "add_evidence",
    "add_source",
    "change_source",
    "claim_import",
    "claim_source",
    "drop_idle_uploads",
    "drop_strays",
    "erase_evidence",
    "erase_evidence_before",
    "fail_import",
    "finish_import",
    "forget_calls",
    "hasten_source",
    "index_items",
    "index_scene",
    "invite_observer",
    "keep_words",
    "look_at_evidence",
    "mark_report_seen",
    "open_hook",
    "paste_posts",
    "pause_source",
    "put_off_source",
    "read_batch",
    "read_part",
    "release_import",
    "release_source",
    "resume_source",
    "retire_source",
    "rotate_door_key",
    "rotate_hook_secret",
    "scrub_traces",
    "send_report",
    "start_import",
    "stop_import",
    "take_call",
    "take_in_report",
    "tidy_index",
    "unindex_items",
    "unlink_voices",
    "upload_import",
    "wipe_seals",
    "withdraw_hook",
    "withdraw_observer_link",
]

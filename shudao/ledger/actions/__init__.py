"""Verbs of the ledger itself, and the erasing that every stage's retention goes through."""

from shudao.ledger.actions.heads import erase_side_records, record_heads
from shudao.ledger.actions.retention import erase_class, erase_old, publish_site_key, set_retention

__all__ = ["erase_class", "erase_old", "erase_side_records", "publish_site_key", "record_heads", "set_retention"]

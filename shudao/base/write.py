"""短写 (short write): one transaction, the write lock taken at its start, never nested.

SQLite has one writer: taking the lock first (IMMEDIATE, in the settings) means waiting once instead of failing late.
Slow work (fetching, rendering, sending) happens before it or after commit, never inside.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def short_write() -> Iterator[None]:
    """All or nothing. RuntimeError when opened inside another one."""
    with transaction.atomic(durable=True):
        yield

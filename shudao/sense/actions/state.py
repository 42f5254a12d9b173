"""引擎状态 (engine state): what a scene's engine has learned, as a file whose row is written with the cursor.

A restarted worker takes the file and reads again the few items that came after it: the same as if it had never stopped.
Without a file, or with one of another version of the algorithms, the latest items are recalled from the rows instead.
The file holds words of posts; it goes when retention takes any of them, and is no part of a backup.
"""

import hashlib
import logging
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shudao.base.scene import Scene
from shudao.engine.sense.senser import Senser
from shudao.engine.sense.snapshot import SnapshotError, freeze, thaw
from shudao.sense.models import EngineState

log = logging.getLogger("shudao.sense")
EVERY = 5_000
"""Posts between two files at least; with a large engine a tenth of its posts, so that files stay cheap beside the work."""
UNUSED = timedelta(days=30)
"""A drill run's file goes when its scene was quiet for so long."""


def is_due(posts: int, saved: int) -> bool:
    """Whether so many posts came since the last file that a new one is worth it."""
    return posts - saved >= max(EVERY, posts // 10)


def write_state(scene: Scene, senser: Senser, place: int, erased: int, topics: Sequence[int]) -> EngineState | None:
    """The file of an engine that has read up to `place`, and its row, not kept yet; None when the disk refuses."""
    try:
        data = freeze(senser)
        name = f"{scene.key.replace('/', '-')}-{place}-{secrets.token_hex(4)}.state"
        _put(_folder() / name, data)
    except (SnapshotError, OSError):
        log.exception("the engine's state of %s could not be kept", scene.key)
        return None
    digest = hashlib.sha256(data).hexdigest()
    return EngineState(
        scene=scene.key,
        version=senser.version,
        place=place,
        erased=erased,
        topics=list(topics),
        file=name,
        digest=digest,
    )


def keep_state(state: EngineState, now: datetime) -> None:
    """Make it the scene's state; call it inside the write that moves the cursor. The files before it go after commit."""
    EngineState.objects.filter(scene=state.scene).delete()
    state.made_at = now
    state.save(force_insert=True)
    unused = EngineState.objects.filter(made_at__lt=now - UNUSED, scene__startswith="run/")
    gone = list(unused.values_list("file", flat=True))
    unused.delete()
    transaction.on_commit(lambda: _tidy(state, gone))


def thawed(scene: Scene, place: int, erased: int, senser: Senser) -> EngineState | None:
    """Give `senser` the scene's kept state; None (and an untouched senser) when there is none that fits."""
    row = EngineState.objects.in_scene(scene).filter(version=senser.version, erased=erased, place__lte=place).first()
    if row is None:
        return None
    try:
        data = (_folder() / row.file).read_bytes()
        if hashlib.sha256(data).hexdigest() != row.digest:
            raise SnapshotError("the file is not the one that was written")
        thaw(data, senser)
    except (SnapshotError, OSError):
        log.warning("the engine's state of %s cannot be read; the latest items are recalled instead", scene.key)
        return None
    return row


def drop_state(scene: Scene) -> None:
    """Let a scene's state go, inside an act: words in it were taken by retention."""
    rows = EngineState.objects.in_scene(scene)
    names = list(rows.values_list("file", flat=True))
    rows.delete()
    transaction.on_commit(lambda: _unlink(names))


def discard(state: EngineState | None) -> None:
    """A state whose row was never kept."""
    if state is not None:
        _unlink([state.file])


def _folder() -> Path:
    return Path(settings.DATA) / "sense"


def _put(path: Path, data: bytes) -> None:
    """On disk whole or not at all, for this user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _tidy(kept: EngineState, gone: list[str]) -> None:
    """Whatever else lies here of that scene: the file before, and what a killed worker left behind."""
    stem = kept.file.rsplit("-", 2)[0]
    others = [path.name for path in _folder().glob(f"{stem}-*-*") if path.name.rsplit("-", 2)[0] == stem]
    _unlink([*gone, *(name for name in others if name != kept.file)])


def _unlink(names: Sequence[str]) -> None:
    for name in names:
        with suppress(OSError):
            (_folder() / name).unlink()

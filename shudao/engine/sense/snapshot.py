"""快照 (snapshot): what a senser has learned, as bytes, so that a restarted one goes on exactly where the other stopped.

Topics, settings and word lists are the caller's and are not part of it. Reading one back makes nothing but this engine's
own classes and plain containers, so that a file from elsewhere can run nothing. A snapshot is of one `VERSION` only.
"""

import io
import pickle
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import datetime, timedelta, timezone
from importlib import import_module
from operator import attrgetter
from types import MethodType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shudao.engine.sense.senser import Senser

OWN = "shudao.engine."
SPARSE = 4  # an array of which less than one in so many is not zero is kept by its places
_PLAIN = (
    set,
    frozenset,
    list,
    dict,
    int,
    float,
    str,
    bytes,
    bytearray,
    deque,
    Counter,
    OrderedDict,
    defaultdict,
    array,
)
_MOMENTS = (datetime, timedelta, timezone)


class SnapshotError(Exception):
    """No snapshot can be made of this, or none be read from it."""


def freeze(senser: "Senser") -> bytes:
    """The state of a senser. `SnapshotError` when it holds something that is not the engine's."""
    kept = {name: value for name, value in vars(senser).items() if name not in senser.OUTSIDE}
    file = io.BytesIO()
    try:
        _Writer(file, senser).dump(kept)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as fault:
        raise SnapshotError(str(fault)) from fault
    return file.getvalue()


def thaw(data: bytes, senser: "Senser") -> None:
    """Give a fresh senser that state. `SnapshotError` when these bytes are none; the senser is then as before."""
    try:
        kept = _Reader(io.BytesIO(data), senser).load()
    except Exception as fault:  # damaged bytes fail in every way there is
        raise SnapshotError(str(fault)) from fault
    if not isinstance(kept, dict) or senser.OUTSIDE & kept.keys():
        raise SnapshotError("no state of a senser")
    vars(senser).update(kept)


class _Writer(pickle.Pickler):
    """Arrays as their bytes; the senser itself and what is the caller's by name."""

    def __init__(self, file: io.BytesIO, senser: "Senser") -> None:
        super().__init__(file, protocol=5)
        self._named = {id(senser): "", **_outside(senser, "", senser.OUTSIDE)}
        self._named |= _outside(senser, "_front.", senser.OUTSIDE_FRONT)

    def persistent_id(self, value: Any) -> str | None:
        return self._named.get(id(value))

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return _packed(value)
        if isinstance(value, MethodType):
            return _method, (value.__self__, value.__func__.__name__)
        return NotImplemented


class _Reader(pickle.Unpickler):
    """Nothing but the engine's classes and plain containers comes into being."""

    def __init__(self, file: io.BytesIO, senser: "Senser") -> None:
        super().__init__(file)
        self._senser = senser

    def persistent_load(self, name: str) -> Any:
        return attrgetter(name)(self._senser) if name else self._senser

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ALLOWED:
            return _ALLOWED[module, name]
        if module.startswith(OWN):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__.startswith(OWN):
                return found
        raise SnapshotError(f"{module}.{name} is no part of a snapshot")


def _outside(senser: "Senser", path: str, names: frozenset[str]) -> dict[int, str]:
    """What is the caller's, by identity; the small things that Python shares among all are none's."""
    found = {path + name: attrgetter(path + name)(senser) for name in names}
    return {id(value): name for name, value in found.items() if value is not None}


def _packed(value: NDArray[Any]) -> tuple[Any, tuple[Any, ...]]:
    """How an array is made again; a mostly empty one from its filled places."""
    if value.dtype.hasobject:
        raise pickle.PicklingError("an array of objects")
    flat = np.ascontiguousarray(value).reshape(-1)
    if flat.size >= 1 << 12:
        filled = np.flatnonzero(flat)
        if filled.size * SPARSE < flat.size:
            return _sparse, (value.dtype.str, value.shape, filled.tobytes(), flat[filled].tobytes())
    return _dense, (value.dtype.str, value.shape, flat.tobytes())


def _dense(kind: str, shape: tuple[int, ...], data: bytes) -> NDArray[Any]:
    return np.frombuffer(data, np.dtype(kind)).reshape(shape).copy()


def _sparse(kind: str, shape: tuple[int, ...], places: bytes, data: bytes) -> NDArray[Any]:
    made = np.zeros(shape, np.dtype(kind))
    made.reshape(-1)[np.frombuffer(places, np.int64)] = np.frombuffer(data, np.dtype(kind))
    return made


def _method(owner: Any, name: str) -> Any:
    if not type(owner).__module__.startswith(OWN):
        raise SnapshotError("a method of something else")
    return getattr(owner, name)


_REBUILDERS = (("array", "_array_reconstructor"), ("msgspec._utils", "rebuild"))
"""By what arrays and structs with named fields are made when read back."""
_ALLOWED: dict[tuple[str, str], Any] = {
    **{(kind.__module__, kind.__qualname__): kind for kind in (*_PLAIN, *_MOMENTS)},
    **{(__name__, made.__name__): made for made in (_dense, _sparse, _method)},
    **{(module, name): getattr(import_module(module), name) for module, name in _REBUILDERS},
}

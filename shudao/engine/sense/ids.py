"""已见编号 (seen ids): whether an id came before, in eight bytes an id however many there were."""

import hashlib

import numpy as np

from shudao.engine.text.fingerprint import U64

_FRESH = 1 << 16


class SeenIds:
    """已见编号 (seen ids): 64-bit hashes, the latest in a set, the rest in sorted runs that double in length."""

    def __init__(self) -> None:
        self._fresh: set[int] = set()
        self._runs: list[U64] = []

    def add(self, identity: str) -> bool:
        """Remember the id; False when it was known."""
        key = int.from_bytes(hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        if key in self._fresh or any(_holds(run, key) for run in self._runs):
            return False
        self._fresh.add(key)
        if len(self._fresh) >= _FRESH:
            self._settle()
        return True

    def _settle(self) -> None:
        run = np.sort(np.fromiter(self._fresh, np.uint64, len(self._fresh)))
        self._fresh.clear()
        while self._runs and len(self._runs[-1]) <= len(run):
            run = np.sort(np.concatenate((self._runs.pop(), run)))
        self._runs.append(run)


def _holds(run: U64, key: int) -> bool:
    wanted = np.uint64(key)
    at = int(np.searchsorted(run, wanted))
    return at < len(run) and bool(run[at] == wanted)

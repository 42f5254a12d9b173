"""文字识别 (OCR): the one module that knows the recogniser, an extra. Without it every call is a clear BadInput."""

import functools
import importlib
import importlib.util
import io
from typing import Any

from shudao.engine.words import BadInput, Words

MAX_PIXELS = 60_000_000  # a broadsheet page at 300 dpi has about 40 million
MIN_SCORE = 0.5  # lines the recogniser itself trusts less are left out


def is_available() -> bool:
    """Whether the `ocr` extra is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL", "numpy"))


def recognise(image: bytes, *, where: str = "") -> str:
    """The lines of a PNG or JPEG from top to bottom, "" when it holds none. Raises BadInput."""
    if not is_available():
        raise BadInput(
            Words("读图片需要文字识别组件", "reading pictures needs the text recogniser"),
            where=where,
            mend=Words("安装附加组件 ocr 后再试", "install the extra `ocr` and retry"),
        )
    return recognise_pixels(_pixels(image, where))


def recognise_pixels(pixels: Any) -> str:
    """The lines of a picture given as an array of height x width x 3 (RGB, 0…255). Needs the extra."""
    found = _engine()(pixels)
    lines = zip(found.txts or (), found.scores or (), strict=False)
    return "\n".join(str(text) for text, score in lines if score >= MIN_SCORE)


@functools.cache
def _engine() -> Any:
    """The recogniser with the models of its own package; slow to make, so made once."""
    make = importlib.import_module("rapidocr").RapidOCR
    return make(params={"Global.log_level": "critical"})


def _pixels(image: bytes, where: str) -> Any:
    pillow = importlib.import_module("PIL.Image")
    numpy = importlib.import_module("numpy")
    try:
        with pillow.open(io.BytesIO(image), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadInput(Words("图片过大", "the picture is too large"), where=where)
            return numpy.asarray(picture.convert("RGB"))
    except BadInput:
        raise
    except Exception:  # a picture library raises many kinds on broken pictures
        raise BadInput(Words("图片已损坏", "the picture is damaged"), where=where) from None

"""图片 (pictures): what a picture is, made fit to be shown (drawn anew, without what the camera wrote into it), and alike ones.

The one module that decodes pictures for people; only the usual kinds are tried, and never one that unfolds too far.
"""

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from shudao.engine.words import BadInput, Words

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
SHOWN = 1_600  # pixels of the longer side, of the picture as it is looked at
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
ALIKE = 12  # differing bits of 256 up to which two pictures count as one, saved again or scaled

_BROKEN = Words("图片已损坏，打不开", "the picture is damaged and cannot be opened")
_KIND = Words("不是 JPG、PNG、WebP 或 GIF 图片", "no JPG, PNG, WebP or GIF picture")
_MEND = Words(
    "苹果手机请在“设置 → 相机 → 格式”里选“兼容性最佳”，或截屏后再选",
    "on an iPhone choose “Most Compatible” under Settings, Camera, Formats, or send a screenshot",
)


class Picture(NamedTuple):
    """一张图 (picture): its media type and size in pixels, its look in 256 bits (hexadecimal)."""

    media_type: str
    width: int
    height: int
    look: str


def read_picture(data: bytes, *, where: str = "") -> Picture:
    """What a picture is. Raises BadInput when it is none, is damaged, or far too large."""
    with _open(data, where) as image:
        media_type, (width, height) = KINDS[image.format or ""], image.size
        return Picture(media_type, width, height, _look(image, where))


def shown(data: bytes, side: int = SHOWN, *, where: str = "") -> bytes:
    """The picture as JPEG, no side longer than `side`, upright, holding nothing but its pixels. Raises BadInput."""
    with _open(data, where) as image:
        drawn = _upright(image, where)
        drawn.thumbnail((side, side))
        file = io.BytesIO()
        drawn.save(file, "JPEG", quality=85)
    return file.getvalue()


def is_alike(one: str, other: str) -> bool:
    """Whether two looks are of the same picture. A look of one colour says nothing."""
    if "" in (one, other) or _is_plain(one) or _is_plain(other):
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= ALIKE


def _is_plain(look: str) -> bool:
    return not 20 <= int(look, 16).bit_count() <= 236


def _open(data: bytes, where: str) -> Image.Image:
    if len(data) > MAX_BYTES:
        raise BadInput(
            Words("图片超过 15 MB", "the picture is over 15 MB"),
            where=where,
            mend=Words("请缩小或截屏后再传", "send a smaller one or a screenshot"),
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=tuple(KINDS))
    except (UnidentifiedImageError, ValueError, OSError, SyntaxError, OverflowError, Image.DecompressionBombError):
        raise BadInput(_KIND, where=where, mend=_MEND) from None
    if image.width * image.height > MAX_PIXELS:
        raise BadInput(Words("图片尺寸过大", "the picture has too many pixels"), where=where)
    return image


def _upright(image: Image.Image, where: str) -> Image.Image:
    try:
        if image.format == "JPEG":
            image.draft("RGB", (SHOWN, SHOWN))
        turned = ImageOps.exif_transpose(image)
        if turned.mode in ("RGBA", "LA", "PA", "P"):
            clear = turned.convert("RGBA")
            ground = Image.new("RGBA", clear.size, "white")
            return Image.alpha_composite(ground, clear).convert("RGB")
        return turned.convert("RGB")
    except Exception:  # a picture library raises many kinds on broken pictures
        raise BadInput(_BROKEN, where=where) from None


def _look(image: Image.Image, where: str) -> str:
    """Difference hash: whether each of 16 x 16 places is darker than its right neighbour."""
    small = _upright(image, where).convert("L").resize((17, 16), Image.Resampling.LANCZOS)
    cells = list(small.tobytes())
    bits = 0
    for row in range(16):
        for column in range(16):
            bits = bits << 1 | (cells[row * 17 + column] < cells[row * 17 + column + 1])
    return f"{bits:064x}"

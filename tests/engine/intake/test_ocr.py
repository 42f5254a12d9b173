"""Reading pictures, where the recogniser is installed: a written headline comes back."""

import io
from difflib import SequenceMatcher
from importlib.util import find_spec

import pytest

from shudao.engine.intake import ocr
from shudao.engine.intake.page import read_picture
from shudao.engine.words import BadInput
from tests.engine.intake.setting import SETTING

pytestmark = pytest.mark.skipif(not ocr.is_available() or not find_spec("PIL"), reason="needs the extra `ocr`")


def picture(text: str, form: str = "PNG") -> bytes:
    """A white picture with Latin letters, which every machine can draw."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (900, 160), "white")
    ImageDraw.Draw(image).text((30, 40), text, fill="black", font=ImageFont.load_default(60))
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_headline_in_a_picture_is_read(form):
    [post] = read_picture(picture("POWER CUT IN THE EAST", form), SETTING)
    assert post.kind == "print"
    assert SequenceMatcher(None, "POWERCUTINTHEEAST", "".join(post.text.split()).upper()).ratio() > 0.9


def test_broken_and_huge_pictures_are_bad_input():
    from PIL import Image

    file = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(file, "PNG")
    for data in (b"", b"\x89PNG\r\n\x1a\n", picture("X")[:200], file.getvalue(), b"GIF89a" + b"\0" * 40):
        with pytest.raises(BadInput):
            list(read_picture(data, SETTING))

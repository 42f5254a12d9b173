"""Pictures: shown without what the camera wrote, alike ones found, broken ones refused."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from shudao.engine.pictures import SHOWN, is_alike, read_picture, shown
from shudao.engine.words import BadInput
from tests.listen.pictures import picture


@pytest.mark.parametrize(
    ("form", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")]
)
def test_the_usual_kinds_are_read_and_shown_as_plain_jpeg(form, media):
    data = picture(b"one", form, place=True)
    found = read_picture(data)
    assert (found.media_type, found.width, found.height) == (media, 240, 320)
    drawn = shown(data)
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "JPEG" and not image.getexif()
    assert b"SECRET-CAMERA" not in drawn and b"Exif" not in drawn


def test_a_picture_saved_again_or_scaled_is_alike_and_another_is_not():
    one = read_picture(picture(b"one")).look
    for form, size in (("JPEG", (240, 320)), ("WEBP", (120, 160)), ("PNG", (480, 640))):
        assert is_alike(one, read_picture(picture(b"one", form, size)).look)
    others = [read_picture(picture(str(seed).encode())).look for seed in range(40)]
    assert not any(is_alike(one, other) for other in others)


def screenshot(lines: int) -> bytes:
    """A page of text as phones show it: mostly white."""
    image = Image.new("RGB", (720, 1280), "white")
    draw = ImageDraw.Draw(image)
    for line in range(lines):
        draw.rectangle((40, 60 + line * 44, 40 + (line * 137) % 560 + 60, 84 + line * 44), fill="#222")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_pages_of_text_are_told_apart_and_an_empty_page_is_like_nothing():
    looks = [read_picture(screenshot(lines)).look for lines in (0, 5, 12, 25)]
    assert not any(is_alike(one, other) for at, one in enumerate(looks) for other in looks[at + 1 :])
    assert not is_alike(looks[0], looks[0])


def test_a_large_picture_is_made_smaller_and_an_upright_one_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    file = io.BytesIO()
    Image.new("RGB", (3000, 1000), "red").save(file, "JPEG", exif=exif)
    with Image.open(io.BytesIO(shown(file.getvalue()))) as image:
        assert image.height == SHOWN and image.height > image.width


@pytest.mark.parametrize("data", [b"", b"x", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"<svg/>", b"II*\0" + b"\0" * 100])
def test_what_is_no_picture_is_bad_input(data):
    for act in (read_picture, shown):
        with pytest.raises(BadInput):
            act(data)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unfolded():
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    with pytest.raises(BadInput):
        read_picture(file.getvalue())


GOOD = picture(b"one", "JPEG")


@given(st.integers(2, len(GOOD) - 1), st.binary(min_size=1, max_size=6))
def test_a_damaged_picture_is_read_or_refused(place, junk):
    try:
        shown(GOOD[:place] + junk + GOOD[place + len(junk) :])
    except BadInput:
        return

"""Small pictures made on the spot, each told apart by a seed."""

import io
import random

from PIL import Image, ImageDraw


def picture(
    seed: bytes = b"one", form: str = "PNG", size: tuple[int, int] = (240, 320), *, place: bool = False
) -> bytes:
    """Coloured blocks that look different for every seed; with `place` it says where it was taken, as a phone writes it."""
    chance = random.Random(seed)
    image = Image.new("RGB", (240, 320), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = chance.randrange(200), chance.randrange(280)
        draw.rectangle(
            (x, y, x + chance.randrange(20, 90), y + chance.randrange(20, 90)), fill=chance.randrange(1 << 24)
        )
    image = image.resize(size)
    exif = Image.Exif()
    if place:
        exif[0x010F] = "SECRET-CAMERA"
        exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 9.0, 0.0)})
    file = io.BytesIO()
    image.save(file, form, **({"exif": exif} if form in ("JPEG", "WEBP") else {}))
    return file.getvalue()

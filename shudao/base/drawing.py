"""作图进程 (drawing): a process of its own that turns charts into pictures: `python -m shudao.base.drawing`.

What draws holds over 100 MB and takes a second to wake, so no server carries it: it is started at the first chart, fed
one request a line, and ends by itself when nothing was asked for a while or when whoever started it is gone.
"""

import importlib
import importlib.util
import io
import select
import struct
import sys
from pathlib import Path

import msgspec

from shudao.engine.charts.looks import Size, Tone, look_of
from shudao.engine.charts.model import Chart

IDLE = 90.0
"""Seconds without a request after which the process ends."""
FONTS = "pylopdf_fonts_zh_cn"
LENGTH = struct.Struct(">I")
COLOURS = 96


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """作图单 (order): a chart, by night or day, for desk or phone, and dots a point."""

    chart: Chart
    tone: Tone = "light"
    size: Size = "wide"
    scale: float = 2.0


def draw(order: Order) -> bytes:
    """The picture, as PNG."""
    import vl_convert  # noqa: PLC0415 - only the drawing process carries it

    from shudao.engine.charts.draw import spec_of  # noqa: PLC0415 - Altair as well

    png: bytes = vl_convert.vegalite_to_png(spec_of(order.chart, look_of(order.tone, order.size)), scale=order.scale)
    return smaller(png)


def smaller(png: bytes) -> bytes:
    """The same picture in a palette of its own: it travels over slow networks, and a chart has few colours."""
    from PIL import Image  # noqa: PLC0415 - only the drawing process carries it

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def use_fonts() -> None:
    """Register the font that holds Chinese: the system may have none, and an unknown font draws nothing at all."""
    import vl_convert  # noqa: PLC0415 - only the drawing process carries it

    found = importlib.util.find_spec(FONTS)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(FONTS)
    vl_convert.register_font_directory(str(Path(found.origin).parent))


def main() -> None:
    """Draw what is asked, one line a request; an answer is its length and the picture, no length for a fault."""
    use_fonts()
    importlib.import_module("shudao.engine.charts.draw")  # a second's work that nobody need wait for
    source, out = sys.stdin.buffer, sys.stdout.buffer
    while select.select([source.fileno()], [], [], IDLE)[0]:
        line = source.readline()
        if not line:
            return
        try:
            picture = draw(msgspec.json.decode(line, type=Order))
        except Exception as fault:  # whatever a chart breaks on, the next one is drawn
            print(f"a chart cannot be drawn: {fault}", file=sys.stderr, flush=True)  # noqa: T201 - the process's own log
            picture = b""
        out.write(LENGTH.pack(len(picture)) + picture)
        out.flush()


if __name__ == "__main__":
    main()

"""版式 (looks): the two page layouts as figures. Sources: GB/T 9704-2012 for the official one; plain A4 for English."""

import msgspec

MM_TWIPS = 1440 / 25.4


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """字体 (face): names for Chinese and for Latin letters, size in points. Fonts are named, never embedded."""

    east: str
    latin: str
    size: float
    bold: bool = False
    colour: str = ""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """版式 (look) of a paper. Margins in millimetres (top, bottom, left, right).

    `pitch` is one line in twips, 0 = no grid; `tighten` the run spacing in twentieths of a point;
    `line` the exact height of a body line in points. 28 characters of 16 pt need 448 pt of 442 pt: hence the tightening,
    by 0.25 pt (0.2 pt leaves 28 characters 0.15 pt too wide and LibreOffice then sets 27).
    """

    margins: tuple[float, float, float, float]
    footer: float
    pitch: int
    tighten: int
    line: float
    mark: Face
    title: Face
    body: Face
    heads: tuple[Face, Face, Face]
    lead: Face
    cell: Face
    cell_head: Face
    small: Face
    page_no: Face
    indent_chars: int
    after: float

    @property
    def width_twips(self) -> int:
        """Width of the type area of A4 in twips."""
        return round((210 - self.margins[2] - self.margins[3]) * MM_TWIPS)


_FANG, _KAI, _HEI, _SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
_ROMAN, _SANS = "Times New Roman", "Arial"

GBT9704 = Look(
    margins=(37, 35, 28, 26),
    footer=25,
    pitch=579,
    tighten=-5,
    line=28.95,
    mark=Face(east="方正小标宋简体", latin=_ROMAN, size=36, colour="C8102E"),
    title=Face(east="方正小标宋简体", latin=_ROMAN, size=22),
    body=Face(east=_FANG, latin=_ROMAN, size=16),
    heads=(
        Face(east=_HEI, latin=_ROMAN, size=16),
        Face(east=_KAI, latin=_ROMAN, size=16),
        Face(east=_FANG, latin=_ROMAN, size=16, bold=True),
    ),
    lead=Face(east=_KAI, latin=_ROMAN, size=16),
    cell=Face(east=_FANG, latin=_ROMAN, size=11),
    cell_head=Face(east=_HEI, latin=_ROMAN, size=11),
    small=Face(east=_FANG, latin=_ROMAN, size=14),
    page_no=Face(east=_SONG, latin=_SONG, size=14),
    indent_chars=2,
    after=0,
)

PLAIN = Look(
    margins=(25, 25, 25, 25),
    footer=12,
    pitch=0,
    tighten=0,
    line=15,
    mark=Face(east=_HEI, latin=_SANS, size=20, bold=True, colour="1F2D3D"),
    title=Face(east=_HEI, latin=_SANS, size=18, bold=True),
    body=Face(east=_SONG, latin=_ROMAN, size=11),
    heads=(
        Face(east=_HEI, latin=_SANS, size=13, bold=True),
        Face(east=_HEI, latin=_SANS, size=11.5, bold=True),
        Face(east=_HEI, latin=_SANS, size=11, bold=True),
    ),
    lead=Face(east=_SONG, latin=_ROMAN, size=11, bold=True),
    cell=Face(east=_SONG, latin=_ROMAN, size=10),
    cell_head=Face(east=_HEI, latin=_SANS, size=9, bold=True),
    small=Face(east=_SONG, latin=_ROMAN, size=9.5),
    page_no=Face(east=_SONG, latin=_ROMAN, size=9.5),
    indent_chars=0,
    after=6,
)

LOOKS: dict[str, Look] = {"gbt9704": GBT9704, "plain": PLAIN}

OTHER_NAMES: dict[str, str] = {
    "方正小标宋简体": "宋体",
    _FANG: "仿宋",
    _KAI: "楷体",
    _HEI: "SimHei",
    _SONG: "SimSun",
}
"""What a machine without the official faces may use instead (`w:altName` in the font table)."""

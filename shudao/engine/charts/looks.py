"""样式 (looks): the same tokens as the stylesheet, for drawings. A font that is not there draws nothing, so one is fixed."""

from typing import Any, Literal, TypeAlias

import msgspec

FONT = "Noto Sans SC"
Tone: TypeAlias = Literal["light", "dark"]
Size: TypeAlias = Literal["wide", "narrow"]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """样式 (look): colours by their role, and the width in points."""

    paper: str
    ink: str
    soft: str
    line: str
    good: str
    bad: str
    limit: str
    series: tuple[str, ...]
    width: int = 680


LIGHT = Look(
    paper="#ffffff", ink="#15201f", soft="#51605e", line="#d5dcda", good="#1b6b3a", bad="#b3261e", limit="#9fb4b1",
    series=("#0c5f63", "#c24e00", "#1c5fb8", "#8a6d00", "#7a22c9", "#66736f", "#a3195b"),
)  # fmt: skip
DARK = Look(
    paper="#172120", ink="#e6edeb", soft="#a3b2af", line="#2b3937", good="#7fd49a", bad="#ff8f85", limit="#4d6360",
    series=("#5fc2bd", "#ef7d2f", "#5b9bf0", "#f2c230", "#c08bff", "#8b9995", "#f08bb8"),
)  # fmt: skip
WIDTHS: dict[Size, int] = {"wide": 680, "narrow": 330}


def look_of(tone: Tone, size: Size) -> Look:
    """The look of a page by night or day, on a desk or a phone."""
    return msgspec.structs.replace(DARK if tone == "dark" else LIGHT, width=WIDTHS[size])


def theme(look: Look) -> dict[str, Any]:
    """Vega-Lite's configuration for a look."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12}
    words = {"labelColor": look.soft, "titleColor": look.soft, "titleFontWeight": "normal"}
    return {
        "background": look.paper,
        "font": FONT,
        "title": {
            "anchor": "start", "font": FONT, "fontSize": 15, "fontWeight": "bold", "color": look.ink, "offset": 12,
            "subtitleFont": FONT, "subtitleFontSize": 12, "subtitleColor": look.soft, "frame": "bounds",
        },
        "axis": {**text, **words, "gridColor": look.line, "domainColor": look.line, "tickColor": look.line},
        "legend": {**text, **words, "labelColor": look.ink, "orient": "top", "title": None, "symbolSize": 90, "offset": 4},
        "text": {"font": FONT, "fontSize": 12, "color": look.ink},
        "view": {"stroke": None},
        "padding": 12,
    }  # fmt: skip

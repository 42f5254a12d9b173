"""数字 (figure): one measured value with what it was measured on and what it is compared with."""

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`value` in `unit`, measured on `data`; `peer` names what ran beside it in the same run, `ratio` compares."""

    name: str
    value: float
    unit: str
    data: str
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    note: str = ""

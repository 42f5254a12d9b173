"""Figures in ledger entries: whole numbers, fractions as text, so that every language hashes the same bytes."""

from collections.abc import Mapping

from shudao.base.refusal import refuse


def plain_figures(figures: Mapping[str, int | float | str]) -> dict[str, int | str]:
    """Figures as entries write them. Refused: a nameless figure, one that is no number, more than 50 of them."""
    if len(figures) > 50:
        raise refuse("数字太多 (最多 50 个)", "too many figures (50 at most)", code="figures")
    return {_name(name): _plain(value) for name, value in figures.items()}


def _name(name: str) -> str:
    if not name.strip() or len(name) > 80:
        raise refuse("数字要有名称", "a figure needs a name", code="figures")
    return name.strip()


def _plain(value: float | str) -> int | str:
    try:
        number = float(value)
        whole = int(number)
    except (ValueError, OverflowError):
        raise refuse(f"{value!r} 不是数字", f"{value!r} is no number", code="figures") from None
    return whole if number == whole and abs(whole) < 2**53 else format(number, "g")

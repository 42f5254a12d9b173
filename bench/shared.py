"""Where the public data for measuring lies: SHUDAO_SHARED, else ../shared beside the checkout. Never part of the project."""

import os
from pathlib import Path


def shared(*parts: str) -> Path | None:
    """A file of the public data; None when it is not present here."""
    root = Path(os.environ.get("SHUDAO_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    path = root.joinpath(*parts)
    return path if path.exists() else None

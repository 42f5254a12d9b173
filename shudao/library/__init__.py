"""资料库 (library): what non-programmers edit: plans, scenarios, topics, lexicons, sample organisations, streams.

Nothing here is code but this reader; every folder is described in README.md.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def path_of(*parts: str) -> Path:
    """The path of a file or folder of the library, e.g. `path_of("plans", "zh", "power")`; FileNotFoundError if absent."""
    path = HERE.joinpath(*parts).resolve()
    if not path.is_relative_to(HERE) or not path.exists():
        raise FileNotFoundError("/".join(parts))
    return path


def read_folder(path: Path | str) -> dict[str, bytes]:
    """The files of a folder as `{relative name with /: bytes}` in name order; hidden files are left out."""
    root = Path(path)
    if not root.is_dir():
        raise NotADirectoryError(str(path))
    files = sorted(row for row in root.rglob("*") if row.is_file())
    named = [(row.relative_to(root), row) for row in files]
    return {name.as_posix(): row.read_bytes() for name, row in named if not any(p.startswith(".") for p in name.parts)}


def folders(kind: str, language: str) -> list[str]:
    """Names of the folders of a kind ("plans", "scenarios") in a language ("zh", "en")."""
    root = HERE / kind / language
    return sorted(row.name for row in root.iterdir() if row.is_dir()) if root.is_dir() else []

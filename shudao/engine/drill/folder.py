"""脚本文件夹 (scenario folder): the YAML files beside each other as one mapping, and mappings as structs."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from shudao.engine.plan.yaml_text import read_yaml
from shudao.engine.words import BadInput, Words

MOST_BYTES = 8_000_000
ASIDE = frozenset({"topics.yaml"})
"""Files in a scenario folder that other readers take."""

COMPARE = Words("请对照样例改正", "compare with a sample and correct it")
T = TypeVar("T")


def merge_folder(files: Mapping[str, bytes]) -> dict[str, Any]:
    """One mapping out of all YAML files directly in the folder, in name order; lists of the same key are joined.

    Any other key that stands in two files is refused, and so are more than `MOST_BYTES` together.
    """
    names = [
        name for name in sorted(files) if "/" not in name and name.endswith((".yaml", ".yml")) and name not in ASIDE
    ]
    if sum(len(files[name]) for name in names) > MOST_BYTES:
        raise BadInput(Words("脚本文件太大", "the scenario's files are too large"), where=names[0])
    merged: dict[str, Any] = {}
    for name in names:
        found = read_yaml(files[name], name) or {}
        if not isinstance(found, dict):
            raise BadInput(Words("这里应是“键: 值”", "this should be `key: value` pairs"), where=name)
        for key, value in found.items():
            merged[key] = _join(merged, key, value, name)
    return merged


def convert(value: Any, kind: type[T], where: str) -> T:
    """`value` as the struct `kind`; BadInput says which path does not fit."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        text, _, path = str(fault).partition(" - at `")
        place = f"{where} {path.rstrip('`')}".strip()
        raise BadInput(Words(f"不合格式: {text}", f"does not fit: {text}"), where=place, mend=COMPARE) from None


def _join(merged: Mapping[str, Any], key: str, value: Any, name: str) -> Any:
    if key not in merged:
        return value
    if isinstance(merged[key], list) and isinstance(value, list):
        return merged[key] + value
    raise BadInput(Words(f"“{key}”已在前面的文件里写过", f"“{key}” stands in an earlier file"), where=name)

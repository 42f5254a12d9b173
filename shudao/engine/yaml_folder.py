"""Reading a folder of YAML files that people write: strict, bounded, every fault with its place and how to mend it."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
import yaml

from shudao.engine.words import BadInput, Words

MOST_BYTES = 4_000_000
"""More than any hand-written file; stops a mistaken or hostile upload before it is parsed."""

INDENT = Words("检查缩进、冒号后的空格，不用别名", "check indentation and the space after colons; no aliases")
Base: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


class _Strict(Base):  # type: ignore[misc]
    """YAML without anchors (no expansion attacks) and without silently doubled keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "alias", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                why = f"doubled key {key_node.value}"
                raise yaml.constructor.ConstructorError(None, None, why, key_node.start_mark)
            seen.add(str(key_node.value))
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def read_yaml(data: bytes, where: str) -> Any:
    """The value in one YAML file; BadInput names the line of a fault. `where` is the file's name."""
    if len(data) > MOST_BYTES:
        raise BadInput(
            Words("文件过大", "the file is too large"),
            where=where,
            mend=Words("请拆成几个文件", "split it into several files"),
        )
    try:
        return yaml.load(data.decode("utf-8-sig"), _Strict)  # noqa: S506 - _Strict is a safe loader
    except UnicodeDecodeError as fault:
        raise BadInput(
            Words("不是 UTF-8 编码", "not UTF-8"), where=where, mend=Words("请另存为 UTF-8", "save it as UTF-8")
        ) from fault
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        raise _not_yaml(fault, where) from fault


def merge_folder(files: Mapping[str, bytes]) -> dict[str, Any]:
    """One mapping out of all `*.yaml`/`*.yml` directly in the folder, in name order: lists join, mappings join.

    The same single value, or the same key of a mapping, in two files is refused.
    """
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for name in sorted(files):
        if "/" in name or not name.endswith((".yaml", ".yml")):
            continue
        found = read_yaml(files[name], name)
        if found is None:
            continue
        if not isinstance(found, dict):
            raise BadInput(
                Words("文件最外层应是“键: 值”", "the file must be keys and values at its outermost level"), where=name
            )
        for key, value in found.items():
            merged[str(key)] = _join(merged.get(str(key)), value, str(key), name, origin)
            origin.setdefault(str(key), name)
    return merged


def convert(value: Any, kind: type[T], where: str) -> T:
    """`value` as the struct `kind`; BadInput says which path is wrong."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        text, _, path = str(fault).partition(" - at `")
        place = f"{where} {path.rstrip('`')}".strip()
        raise BadInput(
            Words(f"内容不合要求（{text}）", f"not of the required form ({text})"),
            where=place,
            mend=Words("请对照样例改正", "compare with a sample and correct it"),
        ) from fault


def _join(old: Any, new: Any, key: str, name: str, origin: dict[str, str]) -> Any:
    if key not in origin:
        return new
    if isinstance(old, list) and isinstance(new, list):
        return old + new
    if isinstance(old, dict) and isinstance(new, dict) and not old.keys() & new.keys():
        return {**old, **new}
    raise BadInput(
        Words(f"“{key}”在 {origin[key]} 里已经写过", f"“{key}” already stands in {origin[key]}"),
        where=name,
        mend=Words("只留一处", "keep it in one place"),
    )


def _not_yaml(fault: Exception, where: str) -> BadInput:
    mark = getattr(fault, "problem_mark", None)
    place = f"{where} line {mark.line + 1}" if mark is not None else where
    why = str(getattr(fault, "problem", "") or type(fault).__name__)
    return BadInput(Words(f"读不出 YAML（{why}）", f"cannot be read as YAML ({why})"), where=place, mend=INDENT)

"""YAML 正文 (YAML text): YAML as people write it, read safely and without surprises.

Only text, numbers, true/false and nothing; `17:00`, `2026-01-01`, `no` stay the words they are. Anchors and aliases
are refused (no alias bomb), depth, size and repeated keys are bounded.
"""

import re
from typing import Any, ClassVar

import yaml

from shudao.engine.words import BadInput, Words

MAX_DEPTH = 40
MAX_EVENTS = 400_000

_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """The safe loader with the few scalar kinds of YAML 1.2's core and no merge key."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|)$"), ["~", "n", "N", ""])
_NUMBER_STARTS = list("-+0123456789")
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})$"), _NUMBER_STARTS)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]{1,3})?$"), _NUMBER_STARTS
)


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key)
        if key in pairs:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
        pairs[key] = loader.construct_object(value_node, deep=True)
    return pairs


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(raw: bytes, name: str) -> Any:
    """The one YAML document in `raw` (UTF-8) as plain values. Raises BadInput with file name, line and column."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(
            Words(f"不是 UTF-8 文本 (第 {fault.start} 字节)", f"not UTF-8 text (byte {fault.start})"), where=name,
            mend=Words("另存为 UTF-8", "save the file as UTF-8"),
        ) from None  # fmt: skip
    try:
        _check_events(text, name)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader derives from the safe loader
    except BadInput:
        raise
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        said = " ".join((fault.problem or "").split())
        raise BadInput(Words(f"YAML 写法有误: {said}", f"faulty YAML: {said}"), where=where) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as fault:
        said = " ".join(str(fault).split())[:200]
        raise BadInput(Words(f"YAML 读不懂: {said}", f"the YAML cannot be read: {said}"), where=name) from None


def _check_events(text: str, name: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        anchored = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)
        if anchored:
            raise _refusal(event, name, "不允许锚点和别名 (& *)", "anchors and aliases (& *) are not allowed")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or count > MAX_EVENTS:
            raise _refusal(event, name, "嵌套太深或内容太多", "nested too deeply, or too much content")


def _refusal(event: Any, name: str, zh: str, en: str) -> BadInput:
    return BadInput(Words(zh, en), where=f"{name}:{event.start_mark.line + 1}")

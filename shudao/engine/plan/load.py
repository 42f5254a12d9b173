"""读入预案 (load a plan): the YAML files of one plan folder merged into one `Plan`, or BadInput naming file and path.

Top-level `*.yaml` files each hold some keys of the plan; lists of the same key are joined in file order, anything else
may stand once. `steps/*.yaml` add steps. Other folders (`texts/`, `expect/`) belong to other readers.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from shudao.engine.plan.model import Plan
from shudao.engine.plan.yaml_text import read_yaml
from shudao.engine.words import BadInput, Words

MAX_FILES = 500
MAX_FILE_BYTES = 2_000_000
MAX_TOTAL_BYTES = 10_000_000

Place = tuple[str, int | None]
_SUFFIXES = (".yaml", ".yml")
_PATH = re.compile(r"at `\$\.(?P<key>[^\[.`]+)(?:\[(?P<row>\d+)\])?(?P<rest>[^`]*)`")


def load_plan(files: Mapping[str, bytes]) -> Plan:
    """The plan in `files` (path relative to the plan folder -> bytes). Raises BadInput; never anything else."""
    parts = {name: files[name] for name in sorted(files) if _is_part(name)}
    _check_sizes(parts)
    merged: dict[str, Any] = {}
    origins: dict[Place, str] = {}
    for name, raw in parts.items():
        _merge(merged, origins, name, _read_part(name, raw))
    try:
        plan = msgspec.convert(merged, Plan)
    except msgspec.ValidationError as fault:
        raise _explain(str(fault), origins) from None
    _check_ids(plan, origins)
    return plan


def plan_digest(plan: Plan) -> str:
    """SHA-256 (hex) of `plan_content`."""
    return hashlib.sha256(plan_content(plan)).hexdigest()


def plan_content(plan: Plan) -> bytes:
    """What the digest is of, as JSON, which is a plan file too. Values left at their default do not count, so a new
    optional field of the model leaves the digest of old editions as it was."""
    return msgspec.json.encode(_lean(plan), order="sorted")


def plan_json(plan: Plan) -> bytes:
    """The whole plan as JSON, for keeping a frozen edition; `plan_from_json` reads it back."""
    return msgspec.json.encode(plan)


def plan_from_json(raw: bytes | str) -> Plan:
    """A plan kept by `plan_json`. Raises BadInput."""
    try:
        return msgspec.json.decode(raw, type=Plan)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadInput(Words(f"预案数据读不懂: {fault}", f"the plan data cannot be read: {fault}")) from None


def _is_part(name: str) -> bool:
    path = PurePosixPath(name)
    if path.suffix.lower() not in _SUFFIXES or path.name.startswith("."):
        return False
    return len(path.parts) == 1 or (len(path.parts) == 2 and path.parts[0] == "steps")


def _check_sizes(parts: Mapping[str, bytes]) -> None:
    if not parts:
        raise BadInput(
            Words("文件夹里没有预案文件", "the folder holds no plan file"),
            mend=Words("至少要有 plan.yaml", "it needs at least plan.yaml"),
        )
    big = next((name for name, raw in parts.items() if len(raw) > MAX_FILE_BYTES), None)
    if big or len(parts) > MAX_FILES or sum(map(len, parts.values())) > MAX_TOTAL_BYTES:
        raise BadInput(Words("预案文件太大或太多", "the plan's files are too large or too many"), where=big or "")


def _read_part(name: str, raw: bytes) -> dict[str, Any]:
    value = read_yaml(raw, name)
    if value is None:
        return {}
    if isinstance(value, list) and name.startswith("steps/"):
        return {"steps": value}
    if not isinstance(value, dict):
        raise BadInput(Words("这里应是“键: 值”", "this should be `key: value` pairs"), where=name)
    if name.startswith("steps/") and set(value) != {"steps"}:
        value = {"steps": [value]} if "id" in value else value
    return value


def _merge(merged: dict[str, Any], origins: dict[Place, str], name: str, part: Mapping[str, Any]) -> None:
    for key, value in part.items():
        before = merged.get(key)
        if key not in merged:
            merged[key] = list(value) if isinstance(value, list) else value
        elif isinstance(before, list) and isinstance(value, list):
            before.extend(value)
        else:
            first = origins[key, None]
            raise BadInput(
                Words(f"“{key}” 已在 {first} 写过", f"`{key}` already stands in {first}"), where=f"{name} {key}"
            )
        origins.setdefault((key, None), name)
        if isinstance(value, list):
            start = len(merged[key]) - len(value)
            origins.update({(key, start + row): f"{name} {key}[{row}]" for row in range(len(value))})


def _explain(fault: str, origins: Mapping[Place, str]) -> BadInput:
    """The validator's sentence with the place put in terms of the file the person wrote."""
    found = _PATH.search(fault)
    what = fault.split(" - at `$")[0]
    words = Words(f"不合预案的格式: {what}", f"does not fit the plan's model: {what}")
    mend = Words("像数字的文字请加引号; 不认识的键请改正", "quote text that looks like a number; mend unknown keys")
    if not found:
        return BadInput(words, where="plan", mend=mend)
    key, row, rest = found["key"], found["row"], found["rest"]
    where = origins.get((key, int(row))) if row else None
    where = where or f"{origins.get((key, None), 'plan')} {key}"
    return BadInput(words, where=where + rest, mend=mend)


_NAMED = {
    "levels": "code", "units": "id", "posts": "id", "milestones": "id", "steps": "id", "ladders": "id",
    "documents": "id", "routes": "id", "channels": "id", "sections": "key",
}  # fmt: skip


def _check_ids(plan: Plan, origins: Mapping[Place, str]) -> None:
    for key, attribute in _NAMED.items():
        for row, name in _repeated(getattr(plan, key), attribute):
            raise BadInput(
                Words(f"编号 {name!r} 用了两次", f"the id {name!r} is used twice"),
                where=origins.get((key, row), f"plan {key}[{row}]"),
                mend=Words("每个编号只能用一次", "use each id once"),
            )
    criteria = plan.severity.criteria if plan.severity else ()
    for row, name in _repeated(criteria, "id"):
        where = f"{origins.get(('severity', None), 'plan')} severity.criteria[{row}]"
        raise BadInput(Words(f"编号 {name!r} 用了两次", f"the id {name!r} is used twice"), where=where)


def _repeated(rows: tuple[Any, ...], attribute: str) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for row, value in enumerate(rows):
        name = getattr(value, attribute)
        if name in seen:
            yield row, name
        seen.add(name)


def _lean(value: Any) -> Any:
    """Structs as dictionaries without the fields that hold their default."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        pairs = ((field, getattr(value, field.name)) for field in fields)
        return {field.encode_name: _lean(held) for field, held in pairs if held != field.default}
    if isinstance(value, tuple):
        return [_lean(item) for item in value]
    return value

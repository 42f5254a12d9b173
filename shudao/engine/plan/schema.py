"""格式 (schemas): the JSON schemas of a plan folder's content, made from the structs of model.py.

*Draft*: anything may be missing except id, title, version and status. *Signed*: the parts a plan cannot be run
without are required too; what no schema can say (references, limits, soundness) is lint's.
"""

from typing import Any

import msgspec

from shudao.engine.plan.model import Plan

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SIGNED_PARTS = (
    "approved_by", "effective_from", "basis", "levels", "units", "posts", "severity", "steps", "ladders", "documents",
    "routes", "channels", "superiors", "demands", "ending", "drills",
)  # fmt: skip


def draft_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a plan in any state."""
    return {"$schema": DIALECT, "title": "plan (draft)", **msgspec.json.schema(Plan)}


def signed_schema() -> dict[str, Any]:
    """JSON schema (2020-12) of a plan that may be signed: every working part present and not empty."""
    schema = {**draft_schema(), "title": "plan (signed)"}
    schema["$defs"] = {**schema["$defs"], "Plan": _signed_plan(schema["$defs"]["Plan"])}
    return schema


def _signed_plan(plan: dict[str, Any]) -> dict[str, Any]:
    fields = dict(plan["properties"])
    fields["status"] = {"const": "signed"}
    for name in SIGNED_PARTS:
        fields[name] = _present({key: value for key, value in fields[name].items() if key != "default"})
    fields["levels"] = {**fields["levels"], "minItems": 2, "maxItems": 5}
    return {**plan, "properties": fields, "required": [*plan["required"], *SIGNED_PARTS]}


def _present(field: dict[str, Any]) -> dict[str, Any]:
    """The same field, no longer allowed to be null or empty."""
    if "anyOf" in field:
        kept = [choice for choice in field["anyOf"] if choice.get("type") != "null"]
        return _present(kept[0]) if len(kept) == 1 else {**field, "anyOf": kept}
    empty = {"array": {"minItems": 1}, "string": {"minLength": 1}}.get(field.get("type", ""), {})
    return {**field, **empty}

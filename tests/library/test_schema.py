"""The schemas that editors use are the model's own, and the shipped plans have every part a signed plan needs."""

import json

import msgspec
import pytest

from shudao.engine.plan.load import load_plan
from shudao.engine.plan.schema import SIGNED_PARTS, draft_schema, signed_schema
from shudao.library import folders, path_of, read_folder


@pytest.mark.parametrize(("name", "make"), [("draft", draft_schema), ("signed", signed_schema)])
def test_the_file_is_what_the_model_says(name, make):
    """After a change of the model write the file anew: json.dumps(make(), ensure_ascii=False, indent=2) and a newline."""
    kept = path_of("schema", f"plan.{name}.json").read_text(encoding="utf-8")
    assert kept == json.dumps(make(), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("kind", folders("plans", "zh"))
def test_shipped_plans_are_whole(kind):
    plan = load_plan(read_folder(path_of("plans", "zh", kind)))
    whole = msgspec.to_builtins(plan)
    assert (plan.status, [name for name in SIGNED_PARTS if not whole[name]]) == ("signed", [])

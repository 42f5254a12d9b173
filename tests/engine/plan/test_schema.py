"""The two schemas are made from the model and differ exactly where a signed plan must be whole."""

from shudao.engine.plan.schema import SIGNED_PARTS, draft_schema, signed_schema


def test_a_draft_needs_four_words() -> None:
    assert draft_schema()["$defs"]["Plan"]["required"] == ["id", "title", "version", "status"]


def test_no_part_of_a_plan_takes_unknown_keys() -> None:
    assert all(part.get("additionalProperties") is False for part in draft_schema()["$defs"].values())


def test_a_signed_plan_needs_every_working_part_not_empty() -> None:
    plan = signed_schema()["$defs"]["Plan"]
    assert set(SIGNED_PARTS) < set(plan["required"])
    assert plan["properties"]["status"] == {"const": "signed"}
    assert plan["properties"]["steps"]["minItems"] == 1
    assert (plan["properties"]["levels"]["minItems"], plan["properties"]["levels"]["maxItems"]) == (2, 5)
    assert plan["properties"]["approved_by"] == {"type": "string", "minLength": 1}
    assert plan["properties"]["demands"] == {"$ref": "#/$defs/Demands"}

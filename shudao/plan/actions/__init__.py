"""Verbs of the written plan."""

from shudao.plan.actions.drafts import discard_plan, draft_plan, name_parts
from shudao.plan.actions.editions import acknowledge_not_executable, adopt_plan, retire_plan, sign_plan
from shudao.plan.actions.signing import approve_plan, return_plan, submit_plan, tell_plan_late
from shudao.plan.actions.uploads import claim_upload, discard_upload, keep_fault, keep_reading, upload_plan

__all__ = [
    "acknowledge_not_executable",
    "adopt_plan",
    "approve_plan",
    "claim_upload",
    "discard_plan",
    "discard_upload",
    "draft_plan",
    "keep_fault",
    "keep_reading",
    "name_parts",
    "retire_plan",
    "return_plan",
    "sign_plan",
    "submit_plan",
    "tell_plan_late",
    "upload_plan",
]

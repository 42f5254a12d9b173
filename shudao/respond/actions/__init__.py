"""The writes of the response, one file per noun. Every verb has one name: here, in the ledger, in URLs and tests."""

from shudao.respond.actions.alarm import clear_alarm
from shudao.respond.actions.approval import approve_statement, confirm_oral_approval, return_statement
from shudao.respond.actions.briefing import send_briefing
from shudao.respond.actions.deadline import fire_due, pass_deadline
from shudao.respond.actions.demand import add_demand, answer_demand, decline_demand
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.fact import add_fact
from shudao.respond.actions.grade import confirm_level, propose_level
from shudao.respond.actions.incident import (
    attach_items,
    destroy_key,
    mark_closed,
    mark_settled,
    open_incident,
    reach_milestone,
)
from shudao.respond.actions.meeting import hold_meeting
from shudao.respond.actions.statement import draft_statement, publish_statement
from shudao.respond.actions.superior import tell_superior
from shudao.respond.actions.task import acknowledge_task, finish_task, return_task, skip_task, submit_task

__all__ = [
    "acknowledge_task", "add_demand", "add_fact", "answer_demand", "approve_statement", "attach_items", "clear_alarm",
    "confirm_level", "confirm_oral_approval", "decline_demand", "destroy_key", "draft_statement", "drive", "finish_task",
    "fire_due", "hold_meeting", "lock", "mark_closed", "mark_settled", "open_incident", "pass_deadline",
    "propose_level", "publish_statement", "reach_milestone", "return_statement", "return_task", "send_briefing",
    "skip_task", "submit_task", "tell_superior",
]  # fmt: skip

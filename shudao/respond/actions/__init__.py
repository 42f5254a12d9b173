"""The writes of the response, one file per noun. Every verb has one name: here, in the ledger, in URLs and tests."""

from shudao.respond.actions.alarm import clear_alarm
from shudao.respond.actions.approval import approve_statement, confirm_oral_approval, return_statement
from shudao.respond.actions.briefing import approve_briefing, draft_briefing, report, return_briefing, send_briefing
from shudao.respond.actions.contact import erase_contact, keep_contact
from shudao.respond.actions.deadline import fire_due, pass_deadline
from shudao.respond.actions.demand import (
    add_demand,
    answer_demand,
    decline_demand,
    follow_up_demand,
    link_demand,
    pass_demand,
    receive_demand,
    tell_demand_late,
)
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.edition import change_plan
from shudao.respond.actions.fact import add_fact
from shudao.respond.actions.given import add_task, reply_instruction, tell_task_late
from shudao.respond.actions.grade import confirm_level, contest_level, propose_level
from shudao.respond.actions.incident import (
    attach_items,
    destroy_key,
    mark_closed,
    mark_settled,
    open_incident,
    reach_milestone,
)
from shudao.respond.actions.joining import link_incidents, merge_incidents, unlink_incidents
from shudao.respond.actions.meeting import call_meeting, hold_meeting, join_meeting, write_minutes
from shudao.respond.actions.oral import BY_PHONE, confirm_oral, dispute_oral, record_oral
from shudao.respond.actions.role import hand_over_role
from shudao.respond.actions.statement import draft_statement, publish_statement
from shudao.respond.actions.superior import tell_superior
from shudao.respond.actions.task import acknowledge_task, call_next, finish_task, return_task, skip_task, submit_task

__all__ = [
    "BY_PHONE", "acknowledge_task", "add_demand", "add_fact", "add_task", "answer_demand", "approve_briefing", "approve_statement",
    "attach_items", "call_meeting", "call_next", "change_plan", "clear_alarm", "confirm_level", "confirm_oral", "confirm_oral_approval",
    "contest_level", "decline_demand", "destroy_key", "dispute_oral", "draft_briefing", "draft_statement", "drive",
    "erase_contact", "finish_task", "fire_due", "follow_up_demand", "hand_over_role", "hold_meeting", "join_meeting",
    "keep_contact", "link_demand", "link_incidents", "lock", "mark_closed", "mark_settled", "merge_incidents", "open_incident", "pass_deadline",
    "pass_demand", "propose_level", "publish_statement", "reach_milestone", "receive_demand", "record_oral",
    "reply_instruction", "report", "return_briefing", "return_statement", "return_task", "send_briefing", "skip_task", "submit_task",
    "tell_demand_late", "tell_superior", "tell_task_late", "unlink_incidents", "write_minutes",
]  # fmt: skip

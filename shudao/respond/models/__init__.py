"""Rows of the response, one file per noun."""

from shudao.respond.models.alarm import Alarm
from shudao.respond.models.deadline import Deadline
from shudao.respond.models.demand import Demand
from shudao.respond.models.document import Document
from shudao.respond.models.fact import Fact
from shudao.respond.models.grade import Grade, LevelProposal
from shudao.respond.models.incident import Attachment, Incident, IncidentKey, Milestone, PlanCopy
from shudao.respond.models.meeting import Meeting
from shudao.respond.models.statement import ApprovalStep, PublicationRecord, Statement, StatementVersion
from shudao.respond.models.task import Call, Task

__all__ = [
    "Alarm", "ApprovalStep", "Attachment", "Call", "Deadline", "Demand", "Document", "Fact", "Grade", "Incident",
    "IncidentKey", "LevelProposal", "Meeting", "Milestone", "PlanCopy", "PublicationRecord", "Statement",
    "StatementVersion", "Task",
]  # fmt: skip

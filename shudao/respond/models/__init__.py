"""Rows of the response, one file per noun."""

from shudao.respond.models.alarm import Alarm
from shudao.respond.models.deadline import Deadline
from shudao.respond.models.demand import Demand, DemandContact, DemandMove
from shudao.respond.models.document import Document
from shudao.respond.models.fact import Fact
from shudao.respond.models.grade import Grade, LevelContest, LevelProposal
from shudao.respond.models.incident import (
    Attachment,
    Incident,
    IncidentKey,
    Milestone,
    PlanCopy,
    plan_of_digest,
    warm_plans,
)
from shudao.respond.models.joined import Carried, IncidentLink, Merger, PlanChange
from shudao.respond.models.meeting import Meeting
from shudao.respond.models.oral import OralAct
from shudao.respond.models.role import RoleHolding
from shudao.respond.models.statement import ApprovalStep, PublicationRecord, Statement, StatementVersion
from shudao.respond.models.task import Call, Task

__all__ = [
    "Alarm", "ApprovalStep", "Attachment", "Call", "Carried", "Deadline", "Demand", "DemandContact", "DemandMove", "Document",
    "Fact", "Grade", "Incident", "IncidentKey", "IncidentLink", "LevelContest", "LevelProposal", "Meeting", "Merger", "Milestone", "OralAct",
    "PlanChange", "PlanCopy", "PublicationRecord", "RoleHolding", "Statement", "StatementVersion", "Task", "plan_of_digest", "warm_plans",
]  # fmt: skip

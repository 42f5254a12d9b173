"""Who was in charge: roles, level and edition of an incident as they stood at a moment."""

from dataclasses import dataclass
from datetime import datetime

from shudao.engine.plan.model import Plan
from shudao.org.queries import who_holds
from shudao.respond.models import Grade, Incident, RoleHolding
from shudao.respond.queries.editions import changes_of


@dataclass(frozen=True)
class Charge:
    """任职 (charge): a role, the post that had it at the moment, who answered for the post then, since when until when.

    `is_usual`: nobody had handed the role over; the post has it by the plan or because it confirmed the level.
    """

    role: str
    post: str
    people: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    is_usual: bool


def plan_at(incident: Incident, at: datetime) -> Plan:
    """The edition the incident ran under at a moment."""
    left = next((row for row in changes_of(incident) if row.at > at), None)
    return left.plan_before if left else incident.plan


def grade_at(incident: Incident, at: datetime) -> Grade | None:
    """The level confirmed last by that moment."""
    return Grade.objects.filter(incident=incident, at__lte=at).order_by("at", "pk").last()


def in_charge_at(incident: Incident, at: datetime) -> list[Charge]:
    """Every role that somebody had at a moment, the lead first."""
    plan, grade = plan_at(incident, at), grade_at(incident, at)
    confirm_by = plan.severity.confirm_by if plan.severity else ()
    usual = {
        RoleHolding.Role.LEAD: grade.post if grade else next(iter(confirm_by), ""),
        RoleHolding.Role.SPOKESPERSON: plan.spokesperson or "",
    }
    held = {row.role: row for row in RoleHolding.objects.filter(incident=incident, from_at__lte=at) if _had(row, at)}
    found = []
    for role in RoleHolding.Role:
        row = held.get(role)
        post = row.post if row else usual.get(role, "")
        if post:
            found.append(_charge(incident, role, post, row, at))
    return found


def _had(row: RoleHolding, at: datetime) -> bool:
    return row.to_at is None or at < row.to_at


def _charge(incident: Incident, role: str, post: str, row: RoleHolding | None, at: datetime) -> Charge:
    named = (row.person,) if row and row.person else ()
    answering = tuple(staff.name for staff in who_holds(post, at)) if incident.scene_value.is_live else ()
    return Charge(
        role=role, post=post, people=named or answering, since=row.from_at if row else None,
        until=row.to_at if row else None, is_usual=row is None,
    )  # fmt: skip

"""Putting an incident on another edition: who may, what stands against it, and what it would do, tried without writing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q

from shudao.base.scene import Scene
from shudao.engine.plan.load import plan_digest
from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond.advance import advance
from shudao.engine.respond.orders import AnyOrder
from shudao.engine.respond.replan import shift_of
from shudao.engine.respond.state import OPEN
from shudao.engine.words import Words
from shudao.org.queries import post_names
from shudao.org.queries.holidays import holiday_calendar
from shudao.plan.models import Edition
from shudao.respond.models import ApprovalStep, Demand, Document, Incident, PlanChange, RoleHolding, Statement, Task
from shudao.respond.queries.limits import names_of
from shudao.respond.queries.room import staffed_posts
from shudao.respond.queries.signing import JOINS


class Against(msgspec.Struct, frozen=True):
    """障碍 (obstacle): why an incident cannot be put on an edition, with a code and how to mend it."""

    code: str
    words: Words


def editions_for(incident: Incident) -> list[Edition]:
    """Signed editions of the incident's plan other than its own, the newest first."""
    rows = Edition.objects.filter(state="signed", code=incident.plan_copy.plan_id).order_by("-signed_at", "-pk")
    return [row for row in rows[:20] if plan_digest(row.plan) != incident.plan_copy_id]


def changes_of(incident: Incident) -> list[PlanChange]:
    """The editions it was put on, earliest first."""
    return list(PlanChange.objects.filter(incident=incident).select_related("before", "after"))


def names_in(incident: Incident) -> dict[str, str]:
    """Everything that has a code, by its name; also what only an edition had that the incident has left."""
    before: dict[str, str] = {}
    for change in changes_of(incident):
        before |= names_of(change.plan_before)
    return {**before, **names_of(incident.plan)}


def changers_of(plan: Plan) -> set[str]:
    """Posts that may put a running incident on another edition: those that confirm its level and those that end it."""
    heads = set(plan.severity.confirm_by) if plan.severity else set()
    return heads | {post.id for post in plan.posts if post.authority.grade_max or post.authority.close}


def may_lead(plan: Plan) -> set[str]:
    """Posts that lead an incident: those that confirm its level, those that end it."""
    return {*(plan.severity.confirm_by if plan.severity else ()), *(plan.ending.by if plan.ending else ())}


def why_not_change(scene: Scene, incident: Incident, plan: Plan) -> list[Against]:
    """Everything that stands against it, in the order one would mend it; empty when it can be done."""
    return list(_against(scene, incident, plan))


def _against(scene: Scene, incident: Incident, plan: Plan) -> Iterator[Against]:
    own = incident.plan
    if not scene.is_live:
        yield _no("drill", "演练按开始时的版次评分，中途不能换版", "a drill is scored by the edition it began with")
    if plan.status != "signed":
        yield _no("plan", "这一版尚未签发", "that edition is not signed")
    if plan.id != own.id:
        yield _no(
            "other_plan", "这是另一部预案；请按那部预案另开事件，再把本事件并入",
            "that is another plan: open an incident under it and merge this one into it",
        )  # fmt: skip
        return
    if plan_digest(plan) == incident.plan_copy_id:
        yield _no("same", "本事件已按这一版办理", "the incident runs under that edition already")
    if incident.level and incident.level not in {row.code for row in plan.levels}:
        name = next((row.name for row in own.levels if row.code == incident.level), incident.level)
        yield _no(
            "level", f"新版没有现行级别“{name}”；请先把级别改为两版都有的一级",
            f"it has no level “{name}”: confirm a level first that both editions have",
        )  # fmt: skip
    yield from _homeless(incident, plan)


def _no(code: str, zh: str, en: str) -> Against:
    return Against(code, Words(zh, en))


def _homeless(incident: Incident, plan: Plan) -> Iterator[Against]:
    """Open work of a post that neither the new edition nor the organisation has: nobody could end it."""
    known = {post.id for post in plan.posts} | set(post_names())
    names = names_of(incident.plan)
    for post, zh, en in _holding(incident):
        if post and post not in known:
            name = names.get(post, post)
            yield _no(
                "post_gone", f"新版没有岗位“{name}”，它还有{zh}：先办完或转给别的岗位",
                f"it has no post “{name}”, which still has {en}: finish it or pass it on first",
            )  # fmt: skip


def _holding(incident: Incident) -> Iterator[tuple[str, str, str]]:
    for demand in Demand.objects.filter(incident=incident, state=Demand.State.OPEN):
        yield demand.owner, f"诉求 {demand.code}", f"demand {demand.code}"
    for task in Task.objects.filter(incident=incident, step="", status__in=OPEN):
        yield task.post, f"任务 {task.code}", f"task {task.code}"
    for role in RoleHolding.objects.filter(incident=incident, to_at=None):
        yield role.post, f"角色“{role.get_role_display()}”", f"the role “{role.role}”"
    asked = Q(version__statement__incident=incident, version__statement__state=Statement.State.WAITING)
    asked |= Q(document__incident=incident, document__state=Document.State.WAITING)
    for stage in ApprovalStep.objects.filter(asked, state=ApprovalStep.State.WAITING).select_related(*JOINS):
        yield stage.post, f"“{stage.subject}”的审签", f"the approval of “{stage.subject}”"


def change_fields(incident: Incident, plan: Plan, at: datetime) -> dict[str, Any]:
    """What the event of a change says, for the run as it stands."""
    staffed = tuple(sorted(staffed_posts(incident.scene_value, plan, at)))
    return {"staffed": staffed, **msgspec.structs.asdict(shift_of(incident.plan, plan, incident.state))}


def rehearse_change(incident: Incident, plan: Plan, at: datetime) -> tuple[AnyOrder, ...]:
    """What a run would order if it were put on that edition now. Nothing is written."""
    state = incident.state
    moment = max(at, state.now) if state.now else at
    event = ev.PlanChanged(at=moment, id="rehearsal", post="", **change_fields(incident, plan, at))
    return advance(plan, state, event, holiday_calendar())[1]

"""Posts: which there are to be named, and who may act for whom in a task or a demand."""

from collections.abc import Iterable
from datetime import datetime

from shudao.base.scene import Scene
from shudao.org.queries import deputies_of, post_names, who_holds
from shudao.org.queries.units import post_answering, posts_of_unit
from shudao.respond.models import Demand, Incident, Task


def known_posts(scene: Scene, incident: Incident | None = None) -> dict[str, str]:
    """Posts that something may be given to: the organisation's and those of the incident's plan; in a drill its plan's."""
    planned = {post.id: post.name for post in incident.plan.posts} if incident else {}
    return planned if planned and not scene.is_live else {**planned, **post_names()}


def concerned_posts(task: Task) -> set[str]:
    """Posts that may act on a task: its owner with the deputies, whoever has it, whoever was called, and every post of
    the department it was given to."""
    called = task.calls.values_list("post", flat=True)
    unit = posts_of_unit(task.unit) if task.unit else []
    return {task.post, task.by, *stand_ins(task.post, task.incident), *called, *unit} - {""}


def owners_of(demand: Demand) -> set[str]:
    """Posts to which a demand is given: its owner and the deputies."""
    return {demand.owner, *stand_ins(demand.owner, demand.incident)}


def answerers_of(demand: Demand) -> set[str]:
    """Posts that may end a demand: its owners, whoever took it up, and those that lead its incident."""
    plan = demand.incident.plan if demand.incident else None
    heads = {
        *(plan.severity.confirm_by if plan and plan.severity else ()),
        *(plan.ending.by if plan and plan.ending else ()),
    }
    return (owners_of(demand) | heads | {demand.raised_by}) - {""}


def stand_ins(post: str, incident: Incident | None) -> tuple[str, ...]:
    """Deputies of a post: as the incident's plan has them, else as the organisation does."""
    planned = next((row for row in incident.plan.posts if row.id == post), None) if incident else None
    return planned.deputies if planned else tuple(deputies_of(post))


def holders_of(posts: Iterable[str], at: datetime) -> dict[str, list[str]]:
    """Post -> names of those who answer for it at a moment; for the handful of posts that have a role."""
    return {code: [staff.name for staff in who_holds(code, at)] for code in sorted(set(posts))}


def post_of_unit(scene: Scene, incident: Incident | None, unit: str, at: datetime) -> str:
    """The post that answers for a department: the first of its posts that somebody holds now, else the first; "" when
    it has none. In a drill the first of the plan's."""
    if scene.is_live:
        return post_answering(unit, at)
    planned = incident.plan.posts if incident else ()
    return next((post.id for post in planned if post.unit == unit), "")

"""新闻发言人 (spokesperson) of an incident: who it is, who may name one, and who may publish."""

from shudao.engine.plan.model import Plan
from shudao.engine.plan.route import signers_of
from shudao.respond.models import Incident, RoleHolding


def speaker_of(incident: Incident) -> str:
    """The post that speaks: whoever was named for this incident, else the plan's; "" where neither says."""
    role = RoleHolding.Role.SPOKESPERSON
    named = RoleHolding.objects.filter(incident=incident, role=role, to_at=None).values_list("post", flat=True).first()
    return named or incident.plan.spokesperson or ""


def speakers_of(plan: Plan, speaker: str) -> tuple[str, ...]:
    """Posts that may publish. Where the plan names a spokesperson only the one in office and the deputies; else every
    post with the authority, and whoever was named."""
    if plan.spokesperson:
        return signers_of(plan, speaker or plan.spokesperson, deputies_ok=True)
    able = [post.id for post in plan.posts if post.authority.publish]
    return tuple(dict.fromkeys([*([speaker] if speaker else []), *able]))


def namers_of(plan: Plan) -> frozenset[str]:
    """Posts that may name the spokesperson: those that confirm levels or end the response."""
    leading = {post.id for post in plan.posts if post.authority.close}
    leading |= set(plan.severity.confirm_by if plan.severity else ()) | set(plan.ending.by if plan.ending else ())
    return frozenset(leading)

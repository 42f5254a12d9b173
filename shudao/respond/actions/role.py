"""Roles of an incident, handed over with the time and what is still open."""

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.respond.actions.drive import lock, need_post_of_plan
from shudao.respond.models import Incident, RoleHolding
from shudao.respond.queries import namers_of


@verb(zh="交接角色", en="hand over role")
def hand_over_role(
    act: Act, incident: Incident, *, role: str, post: str, person: str = "", note: str = ""
) -> RoleHolding:
    """Give a role of the incident to a post, from now (or the stated time) on; whoever had it has it no longer.

    Refused for an unknown role or post, when that post has it already, and where a spokesperson is named by a post
    that neither leads nor has the role.
    """
    row = lock(act, incident)
    need_post_of_plan(act, row)
    if role not in RoleHolding.Role.values:
        raise refuse(f"没有角色 {role}", f"there is no role {role}", code="role")
    if post not in {known.id for known in row.plan.posts}:
        raise refuse(f"预案没有岗位 {post}", f"the plan has no post {post}", code="post")
    before = RoleHolding.objects.filter(incident=row, role=role, to_at=None).first()
    if role == RoleHolding.Role.SPOKESPERSON and act.post not in {*namers_of(row.plan), before.post if before else ""}:
        raise refuse("新闻发言人由领导岗位指定", "the spokesperson is named by a leading post", code="authority")
    if before and before.post == post and before.person == person:
        raise refuse("这个角色已由该岗位担任", "that post has the role already", code="same")
    at = max(act.moment, before.from_at) if before else act.moment
    if before:
        before.to_at = at
        before.save(update_fields=["to_at"])
    holding = RoleHolding.objects.create(
        incident=row, role=role, post=post, person=person, from_at=at, note=note, by=act.post
    )
    said = {"person": Erasable(person)} if person else {}
    act.note(role=role, post=post, before=before.post if before else "", note=Erasable(note) if note else "", **said)
    _tell(act, row, holding)
    return holding


def _tell(act: Act, incident: Incident, holding: RoleHolding) -> None:
    if holding.post == act.post:
        return
    name = holding.get_role_display()
    chinese = incident.plan.language == "zh"
    text = (
        f"【{incident.number}】{incident.title}：由您担任“{name}”" if chinese
        else f"[{incident.number}] {incident.title}: you now have the role “{holding.role}”"
    )  # fmt: skip
    put_message(act, holding.post, text, kind="role", matter=f"{incident.number}/{holding.role}")

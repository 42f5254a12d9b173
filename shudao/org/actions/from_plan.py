"""Units and posts taken over from a plan, so that a fresh office need not type what its plan already names."""

from collections.abc import Mapping

from shudao.base.refusal import refuse
from shudao.engine.plan.model import Plan
from shudao.engine.plan.model import Post as PlanPost
from shudao.ledger.verbs import Act, verb
from shudao.org.models import Deputy, Post, PostRight, Right, Unit

SETTERS = (
    Right.PEOPLE,
    Right.REGISTERS,
    Right.SOURCES,
    Right.TOPICS,
    Right.PLAN,
    Right.CHANNELS,
    Right.DRILL,
)
"""What the heads of the plan's office may set up. Raw evidence, erasing and care are given by hand, never by a plan."""


@verb(zh="按预案设岗", en="add posts from plan")
def add_posts_from_plan(act: Act, plan: Plan, *, bindings: Mapping[str, str]) -> list[Post]:
    """Make the units and posts of a plan that the organisation has not; returns the posts made.

    `bindings`: post of the plan -> code of a post that the organisation has already. Such a post of the plan becomes
    a name for that one: whoever answers for it answers for both, and plan, drills and records go on as written.
    """
    missing = [row for row in plan.posts if not Post.objects.filter(code=row.id).exists()]
    if not missing:
        raise refuse("预案的岗位本单位都有了", "the organisation has all posts of the plan", code="same")
    units = _units(plan)
    made = [_post(act, row, units[row.unit], bindings.get(row.id, "")) for row in missing]
    own = [row for row, post in zip(missing, made, strict=True) if post.replaced_by is None]
    _deputies(own)
    _rights(plan, own)
    act.note(
        plan=plan.id,
        posts=[row.code for row in made],
        bound={row.id: bindings[row.id] for row in missing if bindings.get(row.id)},
    )
    return made


def _units(plan: Plan) -> dict[str, Unit]:
    """The plan's units by its ids: those the organisation has (by code, else by name), the others made."""
    found: dict[str, Unit] = {}
    for row in plan.units:
        known = Unit.objects.filter(code=row.id).first() or Unit.objects.filter(name=row.name).first()
        found[row.id] = known or Unit.objects.create(code=row.id[:60], name=row.name[:120], kind=row.kind)
    for row in plan.units:
        unit, parent = found[row.id], found.get(row.parent or "")
        if parent and parent != unit and unit.parent is None and not _above(unit, parent):
            unit.parent = parent
            unit.save(update_fields=["parent"])
    loose = [row.unit for row in plan.posts if row.unit not in found]
    if loose:
        rest = Unit.objects.order_by("pk").first() or Unit.objects.create(code="office", name="办公室")
        found |= dict.fromkeys(loose, rest)
    return found


def _above(unit: Unit, other: Unit) -> bool:
    """Whether `unit` already stands above `other`."""
    seen: Unit | None = other
    while seen is not None:
        if seen.pk == unit.pk:
            return True
        seen = seen.parent
    return False


def _post(act: Act, row: PlanPost, unit: Unit, bound: str) -> Post:
    told = {"code": row.id[:60], "name": row.name[:120], "unit": unit, "is_all_hours": row.all_hours}
    if not bound:
        return Post.objects.create(**told)
    own = Post.objects.filter(code=bound, retired_at=None).first()
    if own is None:
        raise refuse(f"本单位没有在用的岗位“{bound}”", f"the organisation has no post “{bound}” in use", code="post")
    return Post.objects.create(**told, replaced_by=own, retired_at=act.now)


def _deputies(rows: list[PlanPost]) -> None:
    for row in rows:
        post = Post.objects.get(code=row.id)
        for order, code in enumerate(row.deputies, 1):
            deputy = Post.objects.filter(code=code).first()
            deputy = deputy.replaced_by or deputy if deputy else None
            if deputy and deputy.pk != post.pk:
                Deputy.objects.get_or_create(post=post, deputy=deputy, defaults={"order": order})


def _rights(plan: Plan, rows: list[PlanPost]) -> None:
    """Every post watches; those on duty at all hours or with a say over levels take things up; the office sets up."""
    graders = set(plan.severity.confirm_by) if plan.severity else set()
    offices = {unit.id for unit in plan.units if unit.kind == "office"}
    for row in rows:
        rights = [Right.WATCH]
        if row.all_hours or row.authority.grade_max or row.id in graders:
            rights.append(Right.RECEIVE)
        if row.unit in offices and row.authority.grade_max:
            rights += SETTERS
        post = Post.objects.get(code=row.id)
        PostRight.objects.bulk_create(PostRight(post=post, right=right) for right in rights)

"""The organisation, its units and posts. What history refers to is retired, never deleted."""

from collections.abc import Sequence

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, verb
from shudao.org.actions.changes import free_code, named, take_over
from shudao.org.actions.ending import end_holdings_of, end_shifts_of
from shudao.org.claims import claims_on
from shudao.org.models import Deputy, Organisation, Post, PostRight, Right, Unit

MOST_CLAIMS = 3


@verb(zh="修改组织信息", en="change organisation")
def change_organisation(
    act: Act, row: Organisation, *, name: str, short_name: str = "", parent: str = ""
) -> Organisation:
    """Name, short name and parent unit. The papers written from now on say so."""
    wanted = {"name": named(name), "short_name": short_name.strip(), "parent": parent.strip()}
    act.note(**take_over(row, **wanted), **wanted)
    return row


@verb(zh="增设单位", en="add unit")
def add_unit(act: Act, *, name: str, kind: str = "department", parent: Unit | None = None, code: str = "") -> Unit:
    """A department, group or outside body. Refused under a retired unit, and for a code that is taken."""
    _refuse_retired(parent)
    code = free_code(Unit.objects.all(), code, "unit")
    row = Unit.objects.create(code=code, name=named(name), kind=kind, parent=parent)
    act.note(unit=row.code, name=row.name, kind=kind, parent=parent.code if parent else "")
    return row


@verb(zh="修改单位", en="change unit")
def change_unit(act: Act, row: Unit, *, name: str, kind: str, parent: Unit | None = None) -> Unit:
    """Name, kind, place. Refused where a unit would stand above itself."""
    _refuse_circle(row, parent)
    if parent != row.parent:
        _refuse_retired(parent)
    before = take_over(row, name=named(name), kind=kind, parent=parent)
    act.note(unit=row.code, name=row.name, **before)
    return row


@verb(zh="停用单位", en="retire unit")
def retire_unit(act: Act, row: Unit) -> Unit:
    """It is offered nowhere any more. Refused while posts or units in service stand under it."""
    _refuse_again(row)
    posts, units = row.posts.filter(retired_at=None).count(), row.unit_set.filter(retired_at=None).count()
    if posts or units:
        raise refuse(
            f"其下还有 {posts} 个岗位、{units} 个单位，请先移走或停用",
            f"{posts} posts and {units} units still stand under it; move or retire them first",
            code="used",
        )
    row.retired_at = act.now
    row.save(update_fields=["retired_at"])
    act.note(unit=row.code, name=row.name)
    return row


@verb(zh="恢复单位", en="restore unit")
def restore_unit(act: Act, row: Unit) -> Unit:
    """In service again. Refused under a retired unit."""
    _refuse_retired(row.parent)
    take_over(row, retired_at=None)
    act.note(unit=row.code, name=row.name)
    return row


@verb(zh="增设岗位", en="add post")
def add_post(
    act: Act, *, name: str, unit: Unit, code: str = "", is_all_hours: bool = False, deputies: Sequence[Post] = ()
) -> Post:
    """A post that plans may name by its code; it may see, and nothing more until it is given rights."""
    _refuse_retired(unit)
    code = free_code(Post.objects.all(), code, "post")
    row = Post.objects.create(code=code, name=named(name), unit=unit, is_all_hours=is_all_hours)
    PostRight.objects.create(post=row, right=Right.WATCH)
    _put_deputies(row, deputies)
    act.note(post=code, name=row.name, unit=unit.code, deputies=[post.code for post in deputies])
    return row


@verb(zh="修改岗位", en="change post")
def change_post(act: Act, row: Post, *, name: str, unit: Unit, is_all_hours: bool = False) -> Post:
    """Name, unit, and whether somebody must be on duty day and night. The code stays: plans and records name it."""
    if unit != row.unit:
        _refuse_retired(unit)
    before = take_over(row, name=named(name), unit=unit, is_all_hours=is_all_hours)
    act.note(post=row.code, name=row.name, unit=unit.code, **before)
    return row


@verb(zh="指定副岗", en="set deputies")
def set_deputies(act: Act, row: Post, deputies: Sequence[Post]) -> Post:
    """Who is called next, in that order. Refused for the post itself, one named twice, one out of service."""
    before = [deputy.deputy.code for deputy in row.deputies.select_related("deputy")]
    if before == [post.code for post in deputies]:
        raise refuse("没有改动", "nothing was changed", code="same")
    _put_deputies(row, deputies)
    act.note(post=row.code, deputies=[post.code for post in deputies], was_deputies=before)
    return row


@verb(zh="停用岗位", en="retire post")
def retire_post(act: Act, row: Post, *, replaced_by: Post | None = None) -> Post:
    """Its holdings and coming shifts end. With another post in its place that one's people answer for it from now on.

    Without one it is refused while the plan in force or an open incident names the post.
    """
    _refuse_again(row)
    if replaced_by is None:
        _refuse_claimed(row)
    elif replaced_by == row or replaced_by.retired_at:
        raise refuse("接替的岗位要另选一个在用的", "choose another post that is in service", code="replaced")
    ended = end_holdings_of(act, post=row)
    dropped = end_shifts_of(act, post=row)
    row.retired_at, row.replaced_by = act.now, replaced_by
    row.save(update_fields=["retired_at", "replaced_by"])
    Post.objects.filter(replaced_by=row).update(replaced_by=replaced_by or row)
    _pass_on_deputies(row, replaced_by)
    act.note(post=row.code, replaced_by=replaced_by.code if replaced_by else "", holdings=ended, shifts=dropped)
    return row


@verb(zh="恢复岗位", en="restore post")
def restore_post(act: Act, row: Post) -> Post:
    """In service again, vacant. Refused in a retired unit."""
    _refuse_retired(row.unit)
    take_over(row, retired_at=None, replaced_by=None)
    act.note(post=row.code, name=row.name)
    return row


def _put_deputies(row: Post, deputies: Sequence[Post]) -> None:
    if row in deputies:
        raise refuse("岗位不能做自己的副岗", "a post is no deputy of itself", code="self")
    if len(set(deputies)) != len(deputies):
        raise refuse("同一个副岗写了两次", "a deputy is named twice", code="twice")
    if retired := next((post for post in deputies if post.retired_at), None):
        raise refuse(f"{retired.name} 已停用，不能做副岗", f"{retired.name} is out of service", code="retired")
    row.deputies.all().delete()
    Deputy.objects.bulk_create(Deputy(post=row, deputy=post, order=order) for order, post in enumerate(deputies, 1))


def _pass_on_deputies(row: Post, to: Post | None) -> None:
    """Where the retired post was deputy, its replacement is, unless that would be itself or twice."""
    for place in Deputy.objects.filter(deputy=row):
        taken = to is None or place.post_id == to.pk or Deputy.objects.filter(post=place.post_id, deputy=to).exists()
        if taken:
            place.delete()
        else:
            Deputy.objects.filter(pk=place.pk).update(deputy=to)


def _refuse_claimed(row: Post) -> None:
    places = claims_on(row.code)
    if places:
        shown = places[:MOST_CLAIMS]
        more = len(places) - len(shown)
        raise refuse(
            f"还用着这个岗位：{'；'.join(p.zh for p in shown)}{f'；等 {len(places)} 处' if more else ''}。"
            "请选接替它的岗位，或先改预案",
            f"the post is still needed: {'; '.join(p.en for p in shown)}{f'; {len(places)} places' if more else ''}. "
            "Choose a post in its place, or change the plan first",
            code="claimed",
        )


def _refuse_circle(row: Unit, parent: Unit | None) -> None:
    above = dict(Unit.objects.values_list("pk", "parent"))
    at = parent.pk if parent else None
    for _step in range(len(above) + 1):
        if at == row.pk:
            raise refuse("单位不能在自己或自己的下级之下", "a unit cannot stand under itself", code="circle")
        at = above.get(at) if at else None


def _refuse_retired(unit: Unit | None) -> None:
    if unit and unit.retired_at:
        raise refuse(f"{unit.name} 已停用", f"{unit.name} is out of service", code="retired")


def _refuse_again(row: Unit | Post) -> None:
    if row.retired_at:
        raise refuse("已经停用", "it is out of service already", code="retired")

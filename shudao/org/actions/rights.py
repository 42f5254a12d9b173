"""Rights: what a post may do on this site. Persons have them only through posts."""

from datetime import datetime

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, verb
from shudao.org.models import Post, PostRight, Right, Staff
from shudao.org.queries import posts_of
from shudao.org.queries.rights import managers

TRUSTED = (Right.EVIDENCE, Right.ERASE, Right.CARE)
"""What nobody gives to a post of his own while somebody else could."""


@verb(zh="授予权限", en="grant right")
def grant_right(act: Act, post: Post, right: str, *, giver: Staff | None = None) -> PostRight:
    """That post may do that from now on. Refused when it may already, and for one's own post where trust is asked."""
    if PostRight.objects.filter(post=post, right=right).exists():
        raise refuse("这个岗位已有此权限", "the post has this right already", code="has")
    if giver and right in TRUSTED and _own(giver, post, act.now) and _others_could(giver, act.now):
        raise refuse(
            "原始证据、清除和关怀权限不能授予自己的岗位，请另一位管理员办理",
            "evidence, erasing and care are not given to one's own post; ask another administrator",
            code="own",
        )
    act.note(to=post.code, right=right)
    return PostRight.objects.create(post=post, right=Right(right))


@verb(zh="收回权限", en="withdraw right")
def withdraw_right(act: Act, post: Post, right: str) -> None:
    """That post may no longer do that. Refused for the last who manage people while no administrator remains."""
    row = PostRight.objects.select_for_update().filter(post=post, right=right).first()
    if row is None:
        raise refuse("这个岗位没有此权限", "the post has no such right", code="none")
    row.delete()
    if right == Right.PEOPLE and not managers(act.now):
        raise refuse(
            "这样就没有人能管理人员和权限了；请先授予别的岗位，或设一名管理员",
            "nobody would manage people and rights; give it to another post or name an administrator first",
            code="last",
        )
    act.note(to=post.code, right=right)


def _own(giver: Staff, post: Post, now: datetime) -> bool:
    return post.pk in {row.pk for row in posts_of(giver, now)}


def _others_could(giver: Staff, now: datetime) -> bool:
    return bool(managers(now) - {giver.pk})

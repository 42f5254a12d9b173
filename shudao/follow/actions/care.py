"""Verbs of care. Their entries say that something was done, never what about: a count in the site stream, nothing more."""

import uuid
from datetime import datetime, timedelta

from django.db.models import QuerySet

from shudao.base.refusal import refuse
from shudao.base.retention import Kind, retained
from shudao.engine.words import Words
from shudao.follow.care import nameless, seal
from shudao.follow.models import CareReferral
from shudao.ledger.queries import period_of
from shudao.ledger.verbs import Act, Actor, verb
from shudao.listen.actions import scrub_traces
from shudao.notify.actions import put_message
from shudao.org.models import PostRight, Right

MOST = 500  # characters of a note
REMIND_BEFORE = timedelta(days=3)
ANYONE = "staff"
"""The post that the entry of handing over names: which of us it was is nobody's business."""


def handing(actor: Actor) -> Actor:
    """Whoever hands over, without post and name."""
    return Actor(actor.scene, ANYONE)


@verb(zh="转交关怀", en="hand to care")
def hand_to_care(act: Act, *, token: uuid.UUID, note: str, link: str = "") -> None:
    """Hand what was seen to the posts of care, once. The entry counts; who handed it over is not kept: see `handing`.

    Refused without words, in a drill, and where no post has the right of care. The same token again changes nothing.
    """
    words = nameless(note[:MOST], link)
    if not words.note:
        raise refuse("请写一两句看到了什么", "say in a sentence or two what you saw", code="note")
    if not act.scene.is_live:
        raise refuse("演练不转交关怀", "a drill hands nothing to care", code="drill")
    posts = care_posts()
    if not posts:
        raise refuse("还没有岗位受理关怀转介", "no post receives care referrals yet", code="nobody")
    if CareReferral.objects.filter(token=token).exists():
        raise refuse("已经转交过", "it was handed over before", code="known")
    CareReferral.objects.create(token=token, sealed=seal(words), posts=posts, handed_at=act.now)
    act.note(referrals=1)
    _tell(act, posts, "有一条关怀转介，请在关怀页查看")


@verb(zh="处理关怀转介", en="settle care")
def settle_care(act: Act, referral: CareReferral, *, state: str) -> CareReferral:
    """Say what was done. Once somebody was reached, or it proved unneeded, the words go at once.

    Refused when it is settled already, and for a state there is not.
    """
    row = CareReferral.objects.select_for_update().get(pk=referral.pk)
    wanted = {CareReferral.State.RECEIVED, CareReferral.State.CONTACTED, CareReferral.State.NOT_NEEDED}
    if state not in wanted:
        raise refuse("没有这种处理结果", "there is no such outcome", code="state")
    if not row.is_open or row.state == state:
        raise refuse("这条转介已处理", "this referral is settled already", code="settled")
    row.state, row.settled_at = state, act.now
    if not row.is_open:
        row.sealed = b""
        act.after(scrub_traces)
    row.save(update_fields=["state", "settled_at", "sealed"])
    act.note(referrals=1)
    return row


@verb(zh="提醒关怀转介", en="remind of care")
def remind_of_care(act: Act) -> int:
    """Tell the posts of care how many referrals nobody has looked at will soon be deleted; each is told of once."""
    rows = CareReferral.objects.filter(pk__in=[row.pk for row in to_remind(act.now)])
    posts = sorted({post for row in rows for post in row.posts})
    count = rows.update(reminded_at=act.now)
    if not count:
        raise refuse("没有要提醒的", "there is nothing to remind of", code="nothing")
    act.note(referrals=count)
    _tell(act, posts, f"有 {count} 条关怀转介还没有查看，即将按期删除")
    return count


def care_posts() -> list[str]:
    """Codes of the posts that receive care referrals."""
    rows = PostRight.objects.filter(right=Right.CARE, post__retired_at=None)
    return list(rows.order_by("post__code").values_list("post__code", flat=True))


def kept_days() -> int:
    """Days until a referral is deleted, read or not."""
    return period_of(CARE).days or CARE.days or 0


def to_remind(now: datetime) -> list[CareReferral]:
    """Referrals nobody has looked at whose last days have begun."""
    after = max(timedelta(days=kept_days()) - REMIND_BEFORE, timedelta(days=kept_days()) / 2)
    rows = CareReferral.objects.filter(state=CareReferral.State.WAITING, reminded_at=None, handed_at__lte=now - after)
    return list(rows)


def _tell(act: Act, posts: list[str], text: str) -> None:
    """A message without content."""
    for post in posts:
        put_message(act, post, text, kind="care", matter="care")


def _due(before: datetime) -> QuerySet[CareReferral]:
    return CareReferral.objects.filter(handed_at__lt=before)


def _erase(keys: list[int], _now: datetime) -> object:
    CareReferral.objects.filter(pk__in=keys).delete()
    return scrub_traces


CARE = retained(
    Kind(
        code="care",
        place=8,
        words=Words("关怀转介", "care referrals"),
        what=Words(
            "转交给值守岗的所见，加密保存；处理完即删内容",
            "what was handed to the post of care, encrypted; the words go once it is settled",
        ),
        why=Words("够值守岗联系一次，不留档案", "long enough to reach somebody once; no file is kept"),
        days=14,
        moment="handed_at",
        rows=_due,
        erase=_erase,
        is_sure=True,
    )
)

"""Retention: how long a class is kept, and the erasing itself, each time one signed record."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from shudao.base.refusal import refuse
from shudao.base.retention import Kind, portion, retained
from shudao.engine.deletion import digest_of, sign
from shudao.engine.words import Words
from shudao.ledger.models import Entry, Retention, SideRecord, stamp
from shudao.ledger.queries import published_key
from shudao.ledger.signing import public_key, signing_key
from shudao.ledger.verbs import Act, Actor, Erasable, verb

AT_ONCE = 2000  # rows of one record: short enough a write for those who wait
LONGEST = 100 * 366


@verb(zh="设定留存期", en="set retention")
def set_retention(act: Act, kind: Kind, *, days: int | None, is_on: bool, reason: str = "") -> Retention:
    """Say how long a class is kept (None: for good) and whether the daily job applies it.

    Refused for a period shorter than the class allows, longer than a century, and for a change without a reason.
    """
    if days is not None and not kind.least <= days <= LONGEST:
        raise refuse(
            f"这一类至少留存 {kind.least} 天", f"this class is kept for {kind.least} days at least", code="days"
        )
    if is_on and days is None:
        raise refuse("长期留存的类别不能按期清除", "a class that is kept for good is not erased in time", code="days")
    if days != kind.days and not reason.strip():
        raise refuse("改动期限请写明理由", "say why the period is changed", code="reason")
    told = {"days": days, "is_on": is_on, "reason": reason.strip()[:200], "set_at": act.now, "set_by": act.post}
    row, _ = Retention.objects.update_or_create(kind=kind.code, defaults=told)
    act.note(kind=kind.code, days=days, is_on=is_on, reason=Erasable(reason.strip()))
    return row


@verb(zh="公布站点公钥", en="publish site key")
def publish_site_key(act: Act) -> str:
    """Write the public half of the site's signing key into the site stream."""
    key = public_key()
    act.note(public_key=key)
    return key


@verb(zh="按期清除", en="erase old")
def erase_old(act: Act, kind: Kind, *, before: datetime) -> int:
    """Erase the oldest rows of a class that a moment takes, at most AT_ONCE; the record is signed by the site.

    Refused when nothing is due: an empty record would say nothing.
    """
    if before > act.now:
        raise refuse("日期不能在将来", "the day may not lie ahead", code="future")
    rows = portion(kind, before, AT_ONCE)
    if not rows:
        raise refuse("没有到期的内容", "nothing is due", code="nothing")
    after = kind.erase([key for key, _ in rows], act.now)
    if after is not None:
        act.after(after)
    stated = {
        "kind": kind.code,
        "before": stamp(before),
        "count": len(rows),
        "oldest": stamp(rows[0][1]),
        "newest": stamp(rows[-1][1]),
        "digest": digest_of(rows),
        "public_key": public_key(),
    }
    act.note(**stated, signature=sign(signing_key(), stated, at=stamp(act.now), post=act.post))
    return len(rows)


def erase_class(actor: Actor, kind: Kind, before: datetime, *, most: int | None = None) -> int:
    """Erase what a moment takes of a class, record by record, at most `most` records; returns the number of rows."""
    if published_key() != public_key():
        publish_site_key(actor)
    total, records = 0, 0
    while (most is None or records < most) and portion(kind, before, 1):
        total += erase_old(actor, kind, before=before)
        records += 1
    return total


LOOKS = ("look_at_evidence",)
"""Verbs that only note that somebody looked."""


def _looks(before: datetime) -> QuerySet[SideRecord]:
    """Names beside entries that only note a look; the post and the moment stay in the entry."""
    seen = Entry.objects.filter(stream="site", verb__in=LOOKS, at__lt=before, seq=OuterRef("seq"))
    return SideRecord.objects.filter(Exists(seen), stream="site", path="by").annotate(
        at=Subquery(seen.values("at")[:1])
    )


def _erase_looks(keys: list[int], _now: datetime) -> None:
    SideRecord.objects.filter(pk__in=keys).delete()


retained(
    Kind(
        code="looks",
        place=11,
        words=Words("查看记录中的姓名", "names in the record of looks"),
        what=Words(
            "谁看过原始证据；岗位与时间仍在留痕中", "who looked at raw evidence; post and moment stay in the record"
        ),
        why=Words(
            "网络安全法第二十一条：日志留存不少于六个月",
            "logs are kept for six months at least (Cybersecurity Law, art. 21)",
        ),
        days=365,
        moment="at",
        rows=_looks,
        erase=_erase_looks,
        least=183,
    )
)

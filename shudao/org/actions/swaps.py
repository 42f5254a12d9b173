"""Swaps of shifts, and the note that goes from one shift to the next."""

from datetime import timedelta

from django.db.models import Q

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.actions.ending import withdraw_swaps
from shudao.org.actions.shifts import hand_on, refuse_idle
from shudao.org.models import HandOver, Post, Shift, ShiftSwap, Staff

NOTE_LIVES = timedelta(hours=72)
"""A note nobody acknowledged is shown no longer."""


@verb(zh="申请换班", en="ask swap")
def ask_swap(
    act: Act, shift: Shift, *, asker: Staff, asked: Staff, back: Shift | None = None, reason: str = ""
) -> ShiftSwap:
    """Ask another to take one's shift, perhaps against one of his. Refused for a shift that is not one's own or is over,
    for oneself, and while it is asked for already."""
    if shift.staff_id != asker.pk:
        raise refuse("这不是您的班", "this is not your shift", code="own")
    if asked == asker:
        raise refuse("请选另一个人", "choose another person", code="self")
    refuse_idle(shift.post, asked)
    _refuse_over(act, shift)
    if back and (back.staff_id != asked.pk or back.post_id != shift.post_id):
        raise refuse("换回的须是对方在同一岗位的班", "the shift in return must be his, in the same post", code="back")
    if back:
        _refuse_over(act, back)
    if ShiftSwap.objects.filter(shift=shift, state=ShiftSwap.State.ASKED).exists():
        raise refuse("这个班已在申请换班，请先撤回", "a swap is asked for already; withdraw it first", code="asked")
    row = ShiftSwap.objects.create(
        shift=shift, back=back, asker=asker, asked=asked, reason=reason.strip(), asked_at=act.now
    )
    act.note(**_values(row), reason=Erasable(row.reason))
    return row


@verb(zh="同意换班", en="accept swap")
def accept_swap(act: Act, row: ShiftSwap, *, by: Staff) -> ShiftSwap:
    """The one who was asked takes the shift. Refused for anybody else."""
    row = _open(row)
    if row.asked_id != by.pk:
        raise refuse("只有被请的人能同意；负责人请用“批准换班”", "only the one who was asked may accept", code="own")
    return _done(act, row)


@verb(zh="批准换班", en="approve swap")
def approve_swap(act: Act, row: ShiftSwap) -> ShiftSwap:
    """Whoever manages the shifts settles it in their place."""
    return _done(act, _open(row))


@verb(zh="不同意换班", en="decline swap")
def decline_swap(act: Act, row: ShiftSwap, *, reason: str = "") -> ShiftSwap:
    """The shift stays where it is."""
    row = _settle(act, _open(row), ShiftSwap.State.DECLINED)
    act.note(**_values(row), reason=Erasable(reason.strip()))
    return row


@verb(zh="撤回换班申请", en="withdraw swap")
def withdraw_swap(act: Act, row: ShiftSwap, *, by: Staff) -> ShiftSwap:
    """The asker thinks better of it. Refused for anybody else."""
    row = _open(row)
    if row.asker_id != by.pk:
        raise refuse("只有申请人能撤回", "only the one who asked may withdraw it", code="own")
    row = _settle(act, row, ShiftSwap.State.WITHDRAWN)
    act.note(**_values(row))
    return row


@verb(zh="写交班记录", en="write hand over")
def write_hand_over(act: Act, *, post: Post, writer: Staff, text: str) -> HandOver:
    """What the next shift must know; it stands on top for whoever comes. Refused without words, and for who is neither
    on this duty nor was within the last day."""
    if not text.strip():
        raise refuse("请写明要交接的事", "say what is handed over", code="text")
    was_on = Shift.objects.between(act.now - timedelta(days=1), act.now + timedelta(seconds=1))
    if not was_on.filter(post=post, staff=writer).exists():
        raise refuse("您不在这个岗位值班", "you are not on this duty", code="own")
    row = HandOver.objects.create(post=post, writer=writer, text=text.strip(), written_at=act.now)
    act.note(post=post.code, text=Erasable(row.text))
    return row


@verb(zh="接班确认", en="acknowledge hand over")
def acknowledge_hand_over(act: Act, row: HandOver, *, reader: Staff) -> HandOver:
    """Who comes has read it. Refused for the writer and when it was acknowledged."""
    row = HandOver.objects.select_for_update(of=("self",)).select_related("post").get(pk=row.pk)
    if row.acknowledged_at:
        raise refuse("已经有人接班确认", "it was acknowledged already", code="done")
    if row.writer_id == reader.pk:
        raise refuse("自己写的交班记录要由接班人确认", "who comes acknowledges it, not the writer", code="own")
    row.reader, row.acknowledged_at = reader, act.now
    row.save(update_fields=["reader", "acknowledged_at"])
    act.note(post=row.post.code, written_at=row.written_at, reader=Erasable(reader.name))
    return row


def _done(act: Act, row: ShiftSwap) -> ShiftSwap:
    for shift in filter(None, (row.shift, row.back)):
        _refuse_over(act, shift)
    refuse_idle(row.shift.post, row.asked)
    if row.back:
        refuse_idle(row.shift.post, row.asker)
        _give(act, row.back, row.asker)
    _give(act, row.shift, row.asked)
    row = _settle(act, row, ShiftSwap.State.ACCEPTED)
    moved = [shift.pk for shift in (row.shift, row.back) if shift]
    withdraw_swaps(Q(shift__in=moved) | Q(back__in=moved), act.now, act.post)
    act.note(**_values(row))
    return row


def _give(act: Act, shift: Shift, to: Staff) -> None:
    if shift.start_at <= act.now:
        hand_on(act, shift, to)
        return
    shift.staff, shift.is_changed = to, True
    shift.save(update_fields=["staff", "is_changed"])


def _open(row: ShiftSwap) -> ShiftSwap:
    rows = ShiftSwap.objects.select_for_update(of=("self",))
    row = rows.select_related("shift__post", "shift__staff", "back", "asker", "asked").get(pk=row.pk)
    if row.state != ShiftSwap.State.ASKED:
        raise refuse("这个申请已经办结", "this swap is settled already", code="settled")
    return row


def _settle(act: Act, row: ShiftSwap, state: str) -> ShiftSwap:
    row.state, row.settled_at, row.settled_by = state, act.now, act.post
    row.save(update_fields=["state", "settled_at", "settled_by"])
    return row


def _refuse_over(act: Act, shift: Shift) -> None:
    if shift.dropped_at or shift.end_at <= act.now:
        raise refuse("这个班已经值完或取消", "this shift is over or was dropped", code="over")


def _values(row: ShiftSwap) -> dict[str, object]:
    return {
        "post": row.shift.post.code, "start_at": row.shift.start_at, "back_at": row.back.start_at if row.back else "",
        "staff": Erasable(row.asker.name), "to": Erasable(row.asked.name),
    }  # fmt: skip

"""Outlets and the corrections asked of them. A record of what was said and answered: nothing here bars an outlet."""

from datetime import date

from django.utils import timezone

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.actions.changes import named, take_over
from shudao.org.models import Correction, Outlet


@verb(zh="登记媒体", en="add outlet")
def add_outlet(act: Act, *, name: str, kind: str = Outlet.Kind.NEWS, tier: int = Outlet.Tier.LOCAL) -> Outlet:
    """A medium the office deals with. Refused when it is registered already."""
    name = named(name)
    if Outlet.objects.filter(name=name).exists():
        raise refuse(f"{name} 已经登记", f"{name} is registered already", code="twice")
    row = Outlet.objects.create(name=name, kind=kind, tier=tier)
    act.note(outlet=name, kind=kind, tier=tier)
    return row


@verb(zh="修改媒体", en="change outlet")
def change_outlet(act: Act, row: Outlet, *, name: str, kind: str, tier: int) -> Outlet:
    """Name, kind and how far its word carries; also takes a retired one into use again."""
    name = named(name)
    if Outlet.objects.filter(name=name).exclude(pk=row.pk).exists():
        raise refuse(f"{name} 已经登记", f"{name} is registered already", code="twice")
    act.note(**take_over(row, name=name, kind=kind, tier=tier, retired_on=None), outlet=name)
    return row


@verb(zh="停用媒体", en="retire outlet")
def retire_outlet(act: Act, row: Outlet) -> Outlet:
    """It has closed or is no longer dealt with; its record stays."""
    if row.retired_on:
        raise refuse("已经停用", "it is out of use already", code="retired")
    row.retired_on = timezone.localdate(act.now)
    row.save(update_fields=["retired_on"])
    act.note(outlet=row.name)
    return row


@verb(zh="登记更正请求", en="add correction")
def add_correction(
    act: Act, outlet: Outlet, *, claim: str, evidence: str, asked_on: date, review_on: date, reply: str = ""
) -> Correction:
    """What was reported, what shows otherwise, when it was asked. Refused without evidence or a day of review."""
    if not claim.strip() or not evidence.strip():
        raise refuse("请写明说法与依据", "say what was claimed and what shows otherwise", code="evidence")
    if review_on <= asked_on:
        raise refuse("复核日期要晚于提出日期", "the review comes after the request", code="order")
    outcome = Correction.Outcome.EXPLAINED if reply.strip() else Correction.Outcome.OPEN
    row = Correction.objects.create(
        outlet=outlet, claim=claim.strip(), evidence=evidence.strip(), asked_on=asked_on, review_on=review_on,
        reply=reply.strip(), outcome=outcome,
    )  # fmt: skip
    said = {"claim": Erasable(row.claim), "evidence": Erasable(row.evidence)}
    act.note(outlet=outlet.name, asked_on=asked_on.isoformat(), review_on=review_on.isoformat(), **said)
    return row


@verb(zh="登记更正答复", en="answer correction")
def answer_correction(act: Act, row: Correction, *, reply: str, outcome: str) -> Correction:
    """What the outlet said and what became of it; it may have been right. Refused without words."""
    if not reply.strip():
        raise refuse("请写明答复", "say what was answered", code="text")
    take_over(row, reply=reply.strip(), outcome=outcome)
    act.note(outlet=row.outlet.name, asked_on=row.asked_on.isoformat(), outcome=outcome, reply=Erasable(row.reply))
    return row


@verb(zh="复核更正记录", en="review correction")
def review_correction(act: Act, row: Correction, *, review_on: date, note: str = "") -> Correction:
    """Looked at again: the record still stands as it is written, until the next day of review."""
    today = timezone.localdate(act.now)
    if review_on <= today:
        raise refuse("下次复核要在今天之后", "the next review comes after today", code="order")
    row.reviewed_on, row.review_on = today, review_on
    row.save(update_fields=["reviewed_on", "review_on"])
    days = {"asked_on": row.asked_on.isoformat(), "review_on": review_on.isoformat()}
    act.note(outlet=row.outlet.name, **days, note=Erasable(note.strip()))
    return row

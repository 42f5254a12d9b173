"""Reading what is too large for a page's own time."""

import logging

from shudao.base import clock
from shudao.base.jobs import job
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.plan.read.reader import read_plan
from shudao.engine.words import BadInput, Words
from shudao.ledger.verbs import Actor
from shudao.plan.actions import claim_upload, keep_fault, keep_reading, tell_plan_late
from shudao.plan.queries import late_signatures, waiting_uploads

log = logging.getLogger("shudao.plan")


@job(every=3, waits=lambda: bool(waiting_uploads()), apart=True)
def read_uploads() -> None:
    """Read the written plans that wait, one after the other."""
    for key in waiting_uploads():
        read_upload(key)


@job(every=30, waits=lambda: bool(late_signatures(clock.now(LIVE))))
def tell_late_signatures() -> None:
    """Tell whose signature under an edition is overdue; each is told once."""
    for row in late_signatures(clock.now(LIVE)):
        try:
            tell_plan_late(Actor(LIVE, "system"), row)
        except Refused:  # signed between the look and the act
            continue


def read_upload(key: int) -> None:
    """Read one written plan and keep what was understood, or why it could not be read."""
    upload = claim_upload(key, clock.now(LIVE))
    if upload is None:
        return
    try:
        reading = read_plan(bytes(upload.data), upload.name)
    except BadInput as fault:
        keep_fault(upload, _told(fault), clock.now(LIVE))
    except Exception:
        log.exception("a written plan could not be read")
        said = Words("读这份文件时出了意外，已记入日志", "something unexpected happened; it stands in the log")
        keep_fault(upload, said, clock.now(LIVE))
    else:
        keep_reading(upload, reading, clock.now(LIVE))


def _told(fault: BadInput) -> Words:
    """What is wrong and how to mend it, in both languages."""
    zh = "：".join(part for part in (fault.what.zh, fault.mend.zh if fault.mend else "") if part)
    en = "; ".join(part for part in (fault.what.en, fault.mend.en if fault.mend else "") if part)
    return Words(zh=zh, en=en)

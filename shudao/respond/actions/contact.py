"""How to reach whoever asked: kept encrypted, only where an answer needs it; erased by hand or by its retention."""

from shudao.base.refusal import refuse
from shudao.base.sealing import seal
from shudao.ledger.verbs import Act, verb
from shudao.respond.models import Demand, DemandContact
from shudao.respond.queries import owners_of

PURPOSE = "demand contact"


@verb(zh="登记联系方式", en="keep contact")
def keep_contact(act: Act, demand: Demand, *, text: str) -> DemandContact:
    """Keep how to reach whoever asked, because the answer has to reach him. The entry says only that there is one.

    Refused without any, and for a post that neither owns the demand nor took it up.
    """
    if not text.strip():
        raise refuse("请写明联系方式", "say how to reach the person", code="text")
    if act.post not in owners_of(demand) | {demand.raised_by}:
        raise refuse("只有责任岗位和登记岗位可以登记", "only its owner and whoever took it up may", code="not_yours")
    fresh = {"sealed": seal(text.strip(), PURPOSE), "kept_at": act.now, "erased_at": None}
    row, _ = DemandContact.objects.update_or_create(demand=demand, defaults=fresh)
    act.note(demand=demand.code)
    return row


@verb(zh="删除联系方式", en="erase contact")
def erase_contact(act: Act, demand: Demand) -> DemandContact:
    """Erase it. Refused when there is none."""
    row = DemandContact.objects.select_for_update().filter(demand=demand, erased_at=None).first()
    if row is None:
        raise refuse("没有在存的联系方式", "there is no contact to erase", code="none")
    row.sealed, row.erased_at = "", act.now
    row.save()
    act.note(demand=demand.code)
    return row

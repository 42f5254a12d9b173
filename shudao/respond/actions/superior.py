"""Telling the superior unit."""

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.ledger.verbs import Act, verb
from shudao.respond.actions.drive import drive, lock
from shudao.respond.models import Incident

MANNERS = ("oral", "phone", "written")


@verb(zh="报告上级", en="tell superior")
def tell_superior(act: Act, incident: Incident, *, unit: str = "", manner: str = "oral") -> Incident:
    """Record that the superior unit was told: orally, by telephone or in writing. `happened_at` says when.

    The unit is the plan's first superior unless given. Refused for an unknown manner, or with no superior to tell.
    """
    row = lock(act, incident)
    if manner not in MANNERS:
        raise refuse(f"没有方式 {manner}", f"there is no manner {manner}", code="manner")
    unit = unit or next((superior.unit for superior in row.plan.superiors), "")
    if not unit:
        raise refuse("请写明上级单位", "name the superior unit", code="unit")
    act.note(unit=unit, manner=manner)
    return drive(act, incident, ev.Acted, act=f"tell_superior:{manner}", post=act.post, happened_at=act.happened_at)

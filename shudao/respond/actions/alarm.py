"""Alarms that were dealt with."""

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, verb
from shudao.respond.actions.drive import lock
from shudao.respond.models import Alarm


@verb(zh="解除告警", en="clear alarm")
def clear_alarm(act: Act, alarm: Alarm) -> Alarm:
    """Say that an alarm was dealt with. Refused when it is cleared already."""
    lock(act, alarm.incident, even_closed=True)
    alarm.refresh_from_db()
    if alarm.cleared_at:
        raise refuse("告警已经解除", "the alarm is cleared already", code="state")
    alarm.cleared_at = act.now
    alarm.save()
    act.note(reason=alarm.reason, step=alarm.step, post=alarm.post)
    return alarm

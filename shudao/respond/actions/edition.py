"""换版 (change of plan): a running incident goes on under another signed edition, by a signed act that lists what differs."""

from collections import defaultdict
from datetime import datetime

from shudao.base.refusal import Refused, refuse
from shudao.engine.plan.compare import compare_plans
from shudao.engine.plan.load import plan_digest
from shudao.engine.plan.model import Plan
from shudao.engine.respond.duty import due_after
from shudao.engine.respond.index import index_of
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.org.queries.holidays import holiday_calendar
from shudao.respond.actions.drive import change_run, lock
from shudao.respond.actions.incident import keep_copy
from shudao.respond.actions.orders import set_deadline
from shudao.respond.models import Alarm, Demand, Incident, PlanChange
from shudao.respond.queries import changers_of, why_not_change


@verb(zh="更换预案版次", en="change plan")
def change_plan(act: Act, incident: Incident, plan: Plan, *, reason: str) -> PlanChange:
    """Put a running incident on another signed edition of its plan. Finished work stays, what is new is called for, what
    is gone is cancelled, limits are counted anew; the entry lists every difference by its code.

    Refused without a reason, by a post that neither confirms levels nor ends the response, and with all that
    `why_not_change` finds: a drill, an edition not signed, another plan, no such level, work of a post that is gone.
    """
    row = lock(act, incident)
    if against := why_not_change(act.scene, row, plan):
        zh, en = "；".join(one.words.zh for one in against), "; ".join(one.words.en for one in against)
        raise Refused(Words(f"不能换版：{zh}", f"the edition cannot be changed: {en}"), code=against[0].code)
    if act.post not in changers_of(row.plan):
        raise refuse(
            "换版由有权定级或结束响应的岗位签署",
            "a post that confirms levels or ends the response signs it",
            code="authority",
        )
    if not reason.strip():
        raise refuse("请写明换版的理由", "give a reason", code="reason")
    before, old = row.plan_copy, row.plan
    change = PlanChange.objects.create(
        incident=row, before=before, after=keep_copy(plan), reason=reason.strip(), post=act.post, at=act.now
    )
    act.note(
        incident=row.number, edition_before=before.edition, edition=plan.version, digest_before=before.digest,
        digest=plan_digest(plan), differences=_coded(old, plan), reason=Erasable(reason.strip()),
    )  # fmt: skip
    change_run(act, incident, change.after)
    _move_answers(row, old, plan)
    _clear_alarms(act, incident)
    _tell(act, incident, plan)
    return change


def _coded(old: Plan, new: Plan) -> dict[str, list[str]]:
    """The differences as plain codes: `step_added` → its ids. The words are made from both editions, which are kept."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in compare_plans(old, new):
        codes = found[f"{row.part}_{row.how}"]
        if row.code not in codes:
            codes.append(row.code)
    return dict(found)


def _move_answers(incident: Incident, old: Plan, new: Plan) -> None:
    """Limits of open demands that came from the old edition follow the new one; those given by hand stay."""
    was, now = (plan.demands.answer_due if plan.demands else None for plan in (old, new))
    if was is None or now is None or (was.within, was.of, was.clock) == (now.within, now.of, now.clock):
        return
    calendar = holiday_calendar()
    before, after = index_of(old, calendar).clock, index_of(new, calendar).clock
    for demand in Demand.objects.filter(incident=incident, state=Demand.State.OPEN):
        start = _counted_from(demand, incident.state.milestones.get(was.of), lambda at: due_after(before, was, at)[0])
        if start is not None:
            start = incident.state.milestones.get(now.of, start)
            demand.due_at, demand.due_source = due_after(after, now, start)[0], now.source[:200]
            demand.save()
            set_deadline(incident, f"demand:{demand.code}", demand.due_at)


def _counted_from(demand: Demand, milestone: datetime | None, due: object) -> datetime | None:
    """The moment a demand's limit was counted from; None when it was given by hand."""
    starts = [at for at in (milestone, demand.raised_at) if at is not None]
    return next((at for at in starts if due(at) == demand.due_at), None)  # type: ignore[operator]


def _clear_alarms(act: Act, incident: Incident) -> None:
    """Alarms that say what does not hold any more: of steps that are gone, of limits that lie ahead again."""
    state = incident.state
    runs = {run.step: run for run in state.steps}
    for alarm in Alarm.objects.filter(incident=incident, cleared_at=None).exclude(step=""):
        run = runs.get(alarm.step)
        is_gone = run is None and any(gone.step == alarm.step for gone in state.gone)
        is_ahead = alarm.reason == "overdue" and run is not None and not run.is_overdue(act.now)
        if is_gone or is_ahead:
            alarm.cleared_at = act.now
            alarm.save(update_fields=["cleared_at"])


def _tell(act: Act, incident: Incident, plan: Plan) -> None:
    words = Words(
        f"【{incident.number}】{incident.title}：改按预案 {plan.version} 版办理",
        f"[{incident.number}] {incident.title}: goes on under edition {plan.version}",
    )
    for post in sorted((changers_of(plan) | {incident.opened_by}) - {act.post}):
        put_message(act, post, words.say(plan.language), kind="plan", matter=f"{incident.number}/plan")

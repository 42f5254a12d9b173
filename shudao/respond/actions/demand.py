"""What the public asks, and the answers."""

from datetime import datetime

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.engine.respond.duty import due_after
from shudao.engine.respond.index import index_of
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.respond.actions.drive import ANSWERING, drive, lock
from shudao.respond.actions.numbering import next_code
from shudao.respond.actions.orders import cancel_deadline, set_deadline
from shudao.respond.models import Demand, Incident


@verb(zh="登记诉求", en="add demand")
def add_demand(
    act: Act, incident: Incident, *, text: str, owner: str = "", due_at: datetime | None = None, ref: str = ""
) -> Demand:
    """Take up a demand. Owner and limit are the plan's unless given; a limit already past counts from now.

    Refused without words, or for an owner the plan does not know.
    """
    row = lock(act, incident)
    if not text.strip():
        raise refuse("请写明诉求内容", "say what is asked", code="text")
    owner = owner or (row.plan.demands.owner if row.plan.demands else "")
    if owner not in {post.id for post in row.plan.posts}:
        raise refuse("请指定责任岗位", "name the post that owns it", code="owner")
    due_at = due_at or _due(act, row)
    demand = Demand.objects.create(
        incident=row, code=next_code(row, Demand, "D"), text=text, owner=owner, due_at=due_at, ref=ref,
        raised_at=act.now,
    )  # fmt: skip
    set_deadline(row, f"demand:{demand.code}", due_at)
    extra = {"ref": ref} if ref else {}
    act.note(demand=demand.code, owner=owner, due_at=due_at, text=Erasable(text), **extra)
    return demand


def _due(act: Act, incident: Incident) -> datetime:
    demands = incident.plan.demands
    if demands is None:
        raise refuse("预案没有答复时限, 请给出期限", "the plan has no limit for answers: give one", code="due")
    clock = index_of(incident.plan).clock
    start = incident.state.milestones.get(demands.answer_due.of, act.now)
    at, _ = due_after(clock, demands.answer_due, start)
    return at if at > act.now else due_after(clock, demands.answer_due, act.now)[0]


@verb(zh="答复诉求", en="answer demand")
def answer_demand(act: Act, demand: Demand, *, text: str) -> Demand:
    """Answer a demand. Refused without words, or when it is answered or declined already."""
    if not text.strip():
        raise refuse("请写明答复", "write the answer", code="text")
    demand = _end(act, demand, Demand.State.ANSWERED, text)
    act.note(demand=demand.code, post=act.post, text=Erasable(text))
    _tell_when_all(act, demand)
    return demand


@verb(zh="不予采纳诉求", en="decline demand")
def decline_demand(act: Act, demand: Demand, *, reason: str) -> Demand:
    """Decline a demand with the reason that is given to those who asked. Refused without one, or when it is ended."""
    if not reason.strip():
        raise refuse("请写明理由", "give a reason", code="reason")
    demand = _end(act, demand, Demand.State.DECLINED, reason)
    act.note(demand=demand.code, reason=Erasable(reason))
    _tell_when_all(act, demand)
    return demand


def _end(act: Act, demand: Demand, state: str, words: str) -> Demand:
    incident = lock(act, demand.incident)
    demand.refresh_from_db()
    if demand.state != Demand.State.OPEN:
        raise refuse("诉求已经答复或已说明理由", "the demand is answered or declined already", code="state")
    demand.state, demand.answer, demand.answered_at, demand.answered_by = state, words, act.moment, act.post
    demand.save()
    cancel_deadline(incident, f"demand:{demand.code}", act.now)
    return demand


def _tell_when_all(act: Act, demand: Demand) -> None:
    """The last open demand is dealt with: the step that waits for it is done; a plan without one has the milestone."""
    incident = demand.incident
    if Demand.objects.filter(incident=incident, state=Demand.State.OPEN).exists():
        return
    state = lock(act, incident).state
    steps = [step.id for step in incident.plan.steps if step.act == ANSWERING]
    if any(state.run(step).status in OPEN for step in steps):
        drive(act, incident, ev.Acted, act=ANSWERING, post=act.post, happened_at=act.happened_at)
    elif not steps:
        drive(act, incident, ev.MilestoneReached, milestone="demands_answered", happened_at=act.happened_at)

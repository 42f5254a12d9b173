"""What the public asks: taken up, passed on, joined to an incident, answered, looked after."""

from datetime import date, datetime

from shudao.base.refusal import refuse
from shudao.engine.pseudonym import nameless
from shudao.engine.respond import events as ev
from shudao.engine.respond.duty import due_after
from shudao.engine.respond.index import index_of
from shudao.engine.respond.state import OPEN
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.org.queries.holidays import holiday_calendar
from shudao.respond.actions.drive import ANSWERING, drive, lock
from shudao.respond.actions.limits import answer_limit
from shudao.respond.actions.numbering import next_code, next_own_code
from shudao.respond.actions.orders import cancel_deadline, set_deadline
from shudao.respond.models import Demand, DemandMove, Incident
from shudao.respond.queries import answerers_of, known_posts, owners_of


@verb(zh="登记诉求", en="add demand")
def add_demand(
    act: Act,
    incident: Incident,
    *,
    text: str,
    owner: str = "",
    due_at: datetime | None = None,
    ref: str = "",
    channel: str = Demand.Channel.NET,
) -> Demand:
    """Take up a demand. Owner and limit are the plan's unless given; a limit already past counts from now.

    Refused without words, or for an owner the plan does not know.
    """
    row = lock(act, incident)
    text = _words(text)
    channel = channel or Demand.Channel.NET
    _need_channel(channel)
    owner = owner or (row.plan.demands.owner if row.plan.demands else "")
    if owner not in {post.id for post in row.plan.posts}:
        raise refuse("请指定责任岗位", "name the post that owns it", code="owner")
    source = "" if due_at else row.plan.demands.answer_due.source if row.plan.demands else ""
    due_at = due_at or _due(act, row)
    demand = Demand.objects.create(
        scene=row.scene, incident=row, code=next_code(row, Demand, "D"), text=text, owner=owner, due_at=due_at, ref=ref,
        due_source=source[:200], channel=channel, asked_at=act.happened_at, raised_at=act.now, raised_by=act.post,
    )  # fmt: skip
    set_deadline(row, f"demand:{demand.code}", due_at)
    act.note(**_taken_up(demand))
    return demand


def _taken_up(demand: Demand) -> dict[str, object]:
    """What the entry of a demand in an incident says."""
    said = {"demand": demand.code, "owner": demand.owner, "due_at": demand.due_at, "text": Erasable(demand.text)}
    channel = {"channel": demand.channel} if demand.channel != Demand.Channel.NET else {}
    return {**said, **channel, **({"ref": demand.ref} if demand.ref else {})}


def _due(act: Act, incident: Incident) -> datetime:
    demands = incident.plan.demands
    if demands is None:
        raise refuse("预案没有答复时限, 请给出期限", "the plan has no limit for answers: give one", code="due")
    clock = index_of(incident.plan, holiday_calendar()).clock
    start = incident.state.milestones.get(demands.answer_due.of, act.now)
    at, _ = due_after(clock, demands.answer_due, start)
    return at if at > act.now else due_after(clock, demands.answer_due, act.now)[0]


@verb(zh="受理诉求", en="receive demand")
def receive_demand(
    act: Act,
    *,
    text: str,
    owner: str,
    channel: str,
    due_at: datetime | None = None,
    ref: str = "",
    has_contact: bool = False,
) -> Demand:
    """Take up a demand that belongs to no incident: from hotline, mailbox, petition, window. It is numbered and given
    to the post that can solve it; the limit is the plan's in force, else an assumed one, unless given.

    Refused without words, for an unknown channel or owner, and for a limit that is past.
    """
    text = _words(text)
    _need_channel(channel)
    if owner not in known_posts(act.scene):
        raise refuse("请指定责任岗位", "name the post that owns it", code="owner")
    if due_at and due_at <= act.now:
        raise refuse("期限应在将来", "the limit must lie ahead", code="due")
    limit_at, source = answer_limit(act.now)
    demand = Demand.objects.create(
        scene=act.scene.key, code=next_own_code(act, Demand, "D"), text=text, owner=owner, channel=channel, ref=ref,
        due_at=due_at or limit_at, due_source="" if due_at else source, asked_at=act.happened_at, raised_at=act.now,
        raised_by=act.post,
    )  # fmt: skip
    act.note(
        demand=demand.code, channel=channel, owner=owner, due_at=demand.due_at, text=Erasable(text),
        has_contact=has_contact, **({"ref": ref} if ref else {}),
    )  # fmt: skip
    _tell(act, demand, owner, "有一条诉求请答复", "a demand waits for your answer")
    return demand


@verb(zh="转办诉求", en="pass demand")
def pass_demand(act: Act, demand: Demand, *, to: str, reason: str) -> Demand:
    """Give an open demand to another post, which can solve it; its limit stays. Refused without a reason, to an unknown
    post or the one that has it, and by a post that neither has it nor took it up."""
    if not reason.strip():
        raise refuse("请写明转办理由", "give a reason", code="reason")
    demand = _locked(act, demand)
    if act.post not in owners_of(demand) | {demand.raised_by}:
        raise refuse(
            "只有责任岗位和登记岗位可以转办", "only its owner and whoever took it up may pass it", code="not_yours"
        )
    if to not in known_posts(act.scene, demand.incident) or to == demand.owner:
        raise refuse("请指定另一个责任岗位", "name another post", code="owner")
    DemandMove.objects.create(
        demand=demand, from_post=demand.owner, to_post=to, reason=reason, by=act.post, at=act.moment
    )
    before, demand.owner = demand.owner, to
    demand.save()
    act.note(demand=demand.code, before=before, owner=to, reason=Erasable(reason))
    _tell(act, demand, to, "有一条诉求转给您答复", "a demand was passed on to you")
    return demand


@verb(zh="诉求并入事件", en="link demand")
def link_demand(act: Act, demand: Demand, *, incident: Incident) -> Demand:
    """Join a demand of ordinary days to an open incident: it keeps number, owner and limit, and stands against closing
    until it is answered. Refused when it belongs to one already, or was answered."""
    row = lock(act, incident)
    demand = _locked(act, demand)
    if demand.incident_id:
        raise refuse("已在事件之中", "it belongs to an incident already", code="linked")
    demand.incident, demand.linked_at = row, act.now
    demand.save()
    act.use(row.stream)
    set_deadline(row, f"demand:{demand.code}", demand.due_at)
    act.note(demand=demand.code, incident=row.number)
    act.also("add_demand", **_taken_up(demand))
    return demand


@verb(zh="答复诉求", en="answer demand")
def answer_demand(act: Act, demand: Demand, *, text: str, proof: str = "", follow_up_on: date | None = None) -> Demand:
    """Answer a demand; `proof`: what shows that it was done; `follow_up_on`: the day one looks whether it holds.

    Refused without words, by a post that neither owns it, took it up nor leads, and when it was ended already.
    """
    if not text.strip():
        raise refuse("请写明答复", "write the answer", code="text")
    demand = _end(act, demand, Demand.State.ANSWERED, text, proof=proof, follow_up_on=follow_up_on)
    more = {"proof": Erasable(proof)} if proof else {}
    day = {"follow_up_on": follow_up_on.isoformat()} if follow_up_on else {}
    act.note(demand=demand.code, post=act.post, text=Erasable(text), **more, **day)
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


@verb(zh="回访诉求", en="follow up demand")
def follow_up_demand(act: Act, demand: Demand, *, text: str) -> Demand:
    """Look whether the answer holds, and write down what was found. Possible after closing too. Refused for a demand
    that was not answered, without words, and a second time."""
    if not text.strip():
        raise refuse("请写明回访结果", "say what was found", code="text")
    demand = _locked(act, demand, open_only=False, even_closed=True)
    if demand.state != Demand.State.ANSWERED or demand.followed_up_at:
        raise refuse("没有待回访的答复", "no answer waits to be followed up", code="state")
    demand.follow_up, demand.followed_up_at = text, act.moment
    demand.save()
    act.note(demand=demand.code, text=Erasable(text))
    return demand


@verb(zh="提醒诉求超时", en="tell demand late")
def tell_demand_late(act: Act, demand: Demand) -> Demand:
    """The limit of a demand outside any incident has passed: its owner and whoever took it up are told, once."""
    demand = _locked(act, demand)
    if demand.late_told_at or demand.due_at > act.now or demand.incident_id:
        raise refuse("不需要提醒", "there is nothing to tell", code="told")
    demand.late_told_at = act.now
    demand.save()
    act.note(demand=demand.code, owner=demand.owner)
    for post in dict.fromkeys([demand.owner, demand.raised_by]):
        if post:
            _tell(act, demand, post, "诉求答复已超时", "the answer to a demand is late", kind="demand_late")
    return demand


def _words(text: str) -> str:
    """What is asked, without numbers, handles and voices that lead to a person."""
    if not text.strip():
        raise refuse("请写明诉求内容", "say what is asked", code="text")
    return nameless(text.strip())


def _need_channel(channel: str) -> None:
    if channel not in Demand.Channel.values:
        raise refuse(f"没有来路 {channel}", f"there is no channel {channel}", code="channel")


def _locked(act: Act, demand: Demand, *, open_only: bool = True, even_closed: bool = False) -> Demand:
    """The demand as it stands now, its incident locked too; what is done goes into the stream it belongs to now."""
    row = Demand.objects.select_for_update(of=("self",)).select_related("incident").get(pk=demand.pk)
    if row.scene != act.scene.key:
        raise refuse("不属于这个场景", "it belongs to another scene", code="scene")
    if row.incident:
        row.incident = lock(act, row.incident, even_closed=even_closed)
    act.use(row.stream)
    if open_only and not row.is_open:
        raise refuse("诉求已经答复或已说明理由", "the demand is answered or declined already", code="state")
    return row


def _end(act: Act, demand: Demand, state: str, words: str, **more: object) -> Demand:
    row = _locked(act, demand)
    if act.post not in answerers_of(row):
        raise refuse(
            "由责任岗位、登记岗位或牵头岗位答复", "its owner, whoever took it up or who leads", code="not_yours"
        )
    row.state, row.answer, row.answered_at, row.answered_by = state, words, act.moment, act.post
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    if row.incident:
        cancel_deadline(row.incident, f"demand:{row.code}", act.now)
    return row


def _tell(act: Act, demand: Demand, post: str, zh: str, en: str, *, kind: str = "demand") -> None:
    chinese = demand.incident.plan.language == "zh" if demand.incident else True
    text = f"【{demand.code}】{zh}" if chinese else f"[{demand.code}] {en}"
    matter = f"{demand.incident.number}/{demand.code}" if demand.incident else demand.code
    put_message(act, post, text, kind=kind, matter=matter)


def _tell_when_all(act: Act, demand: Demand) -> None:
    """The last open demand is dealt with: the step that waits for it is done; a plan without one has the milestone."""
    incident = demand.incident
    if incident is None or Demand.objects.filter(incident=incident, state=Demand.State.OPEN).exists():
        return
    state = lock(act, incident).state
    steps = [step.id for step in incident.plan.steps if step.act == ANSWERING]
    if any(state.run(step).status in OPEN for step in steps):
        drive(act, incident, ev.Acted, act=ANSWERING, post=act.post, happened_at=act.happened_at)
    elif not steps:
        drive(act, incident, ev.MilestoneReached, milestone="demands_answered", happened_at=act.happened_at)

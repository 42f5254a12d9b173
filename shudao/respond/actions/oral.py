"""By telephone: what a post did is recorded by another at once, with its real time, and confirmed by that post later."""

from collections.abc import Callable
from datetime import timedelta

from shudao.base.refusal import refuse
from shudao.engine.plan.model import Plan
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable, verb, verbs
from shudao.notify.actions import put_message
from shudao.respond.actions.drive import lock
from shudao.respond.actions.numbering import next_code
from shudao.respond.actions.orders import Desk, cancel_deadline, raise_alarm, set_deadline
from shudao.respond.models import Incident, OralAct

BY_PHONE = frozenset(
    {
        "acknowledge_task", "submit_task", "return_task", "finish_task", "skip_task", "reply_instruction",
        "confirm_level", "contest_level", "add_fact", "answer_demand", "decline_demand", "pass_demand",
        "return_statement", "publish_statement", "tell_superior", "hand_over_role", "join_meeting", "hold_meeting",
        "add_task", "give_view", "decide_on_meeting", "change_plan",
    }
)  # fmt: skip
"""Verbs that may be recorded for a post that did them by telephone. Approvals have the urgent path of their route."""

ASSUMED_WITHIN = 120
"""Minutes until it is to be confirmed where the plan has no urgent path to take the limit from: assumed."""


@verb(zh="代录口头办理", en="record oral act")
def record_oral(
    act: Act, incident: Incident, *, done: str, post: str, do: Callable[[Act], object], told: str = "", about: str = ""
) -> OralAct:
    """Record a verb (`done`) that a post did by telephone; `do` is that verb, called inside this act for that post.

    `told` says who told whom. Everything that would refuse the post refuses this too. Refused as well: a verb that
    cannot be done by telephone, one's own post, and where either post is none of the plan's.
    """
    row = lock(act, incident)
    _check(act, row, done, post)
    minutes, is_assumed = oral_within(row.plan)
    oral = OralAct.objects.create(
        incident=row, code=next_code(row, OralAct, "O"), verb=done, about=about, post=post, recorder=act.post,
        told=told, happened_at=act.moment, recorded_at=act.now, confirm_by_at=act.now + timedelta(minutes=minutes),
        is_limit_assumed=is_assumed,
    )  # fmt: skip
    act.note(
        oral=oral.code, done=done, post=post, confirm_by_at=oral.confirm_by_at, told=Erasable(told) if told else ""
    )
    set_deadline(row, _key(oral), oral.confirm_by_at)
    inner = act.within(done, post)
    do(inner)
    act.join(inner, oral=oral.code)
    _ask(act, oral, oral.post)
    return oral


@verb(zh="补认口头办理", en="confirm oral act")
def confirm_oral(act: Act, oral: OralAct) -> OralAct:
    """The post that did it by telephone says so. Refused for another post and when it was answered already."""
    _own(act, oral)
    oral.confirmed_at = act.now
    oral.save()
    cancel_deadline(oral.incident, _key(oral), act.now)
    act.note(oral=oral.code, done=oral.verb, post=act.post)
    return oral


@verb(zh="否认口头办理", en="dispute oral act")
def dispute_oral(act: Act, oral: OralAct, *, reason: str) -> OralAct:
    """The post says that it was not so. The entries stay, an alarm is raised, people put it right. Refused without a
    reason, for another post, and when it was answered already."""
    if not reason.strip():
        raise refuse("请写明哪里不符", "say what was not so", code="reason")
    _own(act, oral)
    oral.disputed_at, oral.reason = act.now, reason
    oral.save()
    cancel_deadline(oral.incident, _key(oral), act.now)
    act.note(oral=oral.code, done=oral.verb, post=act.post, reason=Erasable(reason))
    raise_alarm(Desk(act, oral.incident, own=("", "")), "oral_disputed", oral.code, oral.recorder)
    return oral


def oral_within(plan: Plan) -> tuple[int, bool]:
    """Minutes until an oral act is to be confirmed, and whether they are assumed: the tightest urgent path's limit."""
    limits = [route.urgent.written_within for route in plan.routes if route.urgent]
    return (min(limits), False) if limits else (ASSUMED_WITHIN, True)


def oral_late(desk: Desk, key: str) -> None:
    """Nobody confirmed in time: `oral:O3`."""
    code = key.partition(":")[2]
    for row in OralAct.objects.filter(incident=desk.incident, code=code, confirmed_at=None, disputed_at=None):
        raise_alarm(desk, "oral_late", code, row.post)
        for post in (row.post, row.recorder):
            _ask(desk.act, row, post, late=True)


def _check(act: Act, incident: Incident, done: str, post: str) -> None:
    if done not in BY_PHONE:
        raise refuse("这件事不能代录", "this cannot be recorded for somebody else", code="verb")
    if post == act.post:
        raise refuse("自己的岗位请直接办理", "for your own post, do it yourself", code="own")
    known = {row.id for row in incident.plan.posts}
    if post not in known:
        raise refuse(f"预案没有岗位 {post}", f"the plan has no post {post}", code="post")
    if act.post not in known:
        raise refuse("只有预案里的岗位可以代录", "only a post of the plan may record for another", code="recorder")


def _own(act: Act, oral: OralAct) -> None:
    oral.incident = lock(act, oral.incident, even_closed=True)
    oral.refresh_from_db(fields=["confirmed_at", "disputed_at"])
    if not oral.is_open:
        raise refuse("已经补认或提出异议", "it was confirmed or disputed already", code="state")
    if act.post != oral.post:
        raise refuse("只能由办理的岗位补认", "only the post that did it may confirm it", code="not_yours")


def _ask(act: Act, oral: OralAct, post: str, *, late: bool = False) -> None:
    """Ask for the confirmation; once it is late, whoever recorded it hears of it too. The same matter, said again."""
    incident = oral.incident
    declared = verbs().get(oral.verb)
    what = declared.words if declared else Words(oral.verb, oral.verb)
    if not late:
        words = Words(
            f"您在电话里办理的“{what.zh}”已代录，请补认",
            f"“{what.en}”, done by you by telephone, was recorded: please confirm",
        )
    elif post == oral.post:
        words = Words(
            f"您在电话里办理的“{what.zh}”逾期未补认，请立即补认或提出异议",
            f"“{what.en}”, done by you by telephone, is not confirmed in time: confirm or dispute it now",
        )
    else:
        words = Words(
            f"您代录的“{what.zh}”对方逾期未补认，请催办",
            f"“{what.en}”, recorded by you, is not confirmed in time: please press for it",
        )
    text = words.say(incident.plan.language)
    number = f"【{incident.number}】" if incident.plan.language == "zh" else f"[{incident.number}] "
    put_message(act, post, number + text, kind="oral", matter=f"{incident.number}/{oral.code}")


def _key(oral: OralAct) -> str:
    return f"oral:{oral.code}"

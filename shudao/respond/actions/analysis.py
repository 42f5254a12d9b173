"""Joint analysis: heads are asked what they make of a matter; then it is decided whether to meet."""

from collections.abc import Iterable
from datetime import datetime

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.grade import may_contest
from shudao.respond.actions.numbering import next_code
from shudao.respond.actions.orders import Desk, cancel_deadline, raise_alarm, set_deadline
from shudao.respond.models import Incident
from shudao.respond.models.meeting import Analysis, View


@verb(zh="发起会同研判", en="ask for views")
def ask_views(
    act: Act, incident: Incident, *, posts: Iterable[str], question: str = "", due_at: datetime | None = None
) -> Analysis:
    """Ask posts what they make of the matter and whether to meet.

    Refused with nobody asked, for unknown posts, for a limit that is past, and while an earlier one is undecided.
    """
    row = lock(act, incident)
    asked = list(dict.fromkeys(posts))
    if not asked:
        raise refuse("请选择会同研判的岗位", "choose whom to ask", code="post")
    unknown = set(asked) - {post.id for post in row.plan.posts}
    if unknown:
        raise refuse(f"预案没有岗位 {min(unknown)}", f"the plan has no post {min(unknown)}", code="post")
    if due_at and due_at <= act.now:
        raise refuse("期限应在将来", "the limit must lie ahead", code="due")
    if Analysis.objects.filter(incident=row, decided_at=None).exists():
        raise refuse("上一次会同研判还没有决定", "an earlier analysis waits for its decision", code="open")
    analysis = Analysis.objects.create(
        incident=row, code=next_code(row, Analysis, "A"), asked=asked, question=question.strip(), post=act.post,
        asked_at=act.now, due_at=due_at,
    )  # fmt: skip
    act.note(analysis=analysis.code, posts=asked, due_at=due_at, question=Erasable(question) if question else "")
    if due_at:
        set_deadline(row, _key(analysis), due_at)
    for post in asked:
        if post != act.post:
            _tell(
                act,
                analysis,
                post,
                Words("请会同研判：事态如何、是否开会商", "your view, please: what is it, and do we meet?"),
            )
    return analysis


@verb(zh="提出研判意见", en="give view")
def give_view(act: Act, analysis: Analysis, *, text: str, level: str = "", wants_meeting: bool | None = None) -> View:
    """Say what one makes of it; said again, it takes the place of what one said before.

    Refused without words, for a post that was not asked, for an unknown level, and once it is decided.
    """
    row = _fresh(act, analysis)
    if not text.strip():
        raise refuse("请写明看法", "write your view", code="text")
    if act.post not in {*row.asked, row.post}:
        raise refuse("没有征询这个岗位", "this post was not asked", code="not_yours")
    if level and level not in {known.code for known in row.incident.plan.levels}:
        raise refuse(f"预案没有级别 {level}", f"the plan has no level {level}", code="level")
    given = {"text": text.strip(), "level": level, "wants_meeting": wants_meeting, "at": act.moment}
    view, _ = View.objects.update_or_create(analysis=row, post=act.post, defaults=given)
    act.note(analysis=row.code, post=act.post, level=level, meet=wants_meeting, text=Erasable(text))
    if not missing_views(row):
        cancel_deadline(row.incident, _key(row), act.now)
        _tell(
            act, row, row.post, Words("会同研判意见已齐，请决定是否开会商", "all views are in: decide whether to meet")
        )
    return view


@verb(zh="决定是否会商", en="decide on meeting")
def decide_on_meeting(act: Act, analysis: Analysis, *, meet: bool, reason: str) -> Analysis:
    """Decide, upon the views given, whether a meeting follows; whose view was missing stands in the entry.

    Refused without a reason, before anybody has given a view, for a post that neither asked nor has a say in the level,
    and when it was decided.
    """
    row = _fresh(act, analysis)
    if not reason.strip():
        raise refuse("请写明理由", "give a reason", code="reason")
    if act.post not in {row.post, *may_contest(row.incident.plan)}:
        raise refuse("这个岗位不能决定是否会商", "this post does not decide whether to meet", code="authority")
    if not row.views.exists():
        raise refuse("还没有人提出研判意见", "nobody has given a view yet", code="views")
    row.meets, row.reason, row.decided_by, row.decided_at = meet, reason.strip(), act.post, act.moment
    row.save()
    cancel_deadline(row.incident, _key(row), act.now)
    act.note(analysis=row.code, meet=meet, missing=missing_views(row), reason=Erasable(reason))
    drive(act, row.incident, ev.Acted, act="decide_on_meeting", post=act.post, happened_at=act.happened_at)
    words = (
        Words("会同研判已决定：开会商", "decided: we meet")
        if meet
        else Words("会同研判已决定：暂不开会商", "decided: no meeting now")
    )
    for post in row.asked:
        if post != act.post:
            _tell(act, row, post, words)
    return row


def missing_views(analysis: Analysis) -> list[str]:
    """Posts that were asked and have not said anything."""
    there = set(analysis.views.values_list("post", flat=True))
    return [post for post in analysis.asked if post not in there]


def views_late(desk: Desk, key: str) -> None:
    """The limit for views has passed: `views:A1`. Each who is silent is an alarm and is asked again."""
    code = key.partition(":")[2]
    for row in Analysis.objects.filter(incident=desk.incident, code=code, decided_at=None):
        row.incident = desk.incident
        for post in missing_views(row):
            raise_alarm(desk, "views_late", code, post)
            _tell(
                desk.act, row, post, Words("会同研判意见已超时，请立即提出", "your view is overdue: please give it now")
            )


def _fresh(act: Act, analysis: Analysis) -> Analysis:
    incident = lock(act, analysis.incident)
    row = Analysis.objects.get(pk=analysis.pk)
    row.incident = incident
    if not row.is_open:
        raise refuse("这次会同研判已经决定", "it was decided already", code="state")
    return row


def _tell(act: Act, analysis: Analysis, post: str, words: Words) -> None:
    incident = analysis.incident
    chinese = incident.plan.language == "zh"
    head = f"【{incident.number}】{incident.title}：" if chinese else f"[{incident.number}] {incident.title}: "
    text = head + words.say(incident.plan.language)
    put_message(
        act, post, text, kind="meeting", matter=f"{incident.number}/{analysis.code}", colour=incident.level_colour
    )


def _key(analysis: Analysis) -> str:
    return f"views:{analysis.code}"

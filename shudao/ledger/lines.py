"""行 (lines): entries as people read them. Nothing is written here, only said: the verb, who, when, what it states."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shudao.engine.ledger import canonical
from shudao.engine.papers.phrases import MILESTONE_NAMES
from shudao.engine.words import Words
from shudao.ledger.models import Entry, SideRecord
from shudao.ledger.verbs import verbs

LATE = timedelta(minutes=2)
SHOWN: dict[str, tuple[str, ...]] = {
    "read_batch": ("source", "count"),
    "add_source": ("source",),
    "raise_alert": ("topic", "level_hint"),
    "acknowledge_alert": (),
    "dismiss_alert": (),
    "open_incident": ("origin",),
    "attach_items": ("count",),
    "propose_level": ("level",),
    "confirm_level": ("level", "clause"),
    "reach_milestone": ("milestone",),
    "start_task": ("step", "post"),
    "call_post": ("step", "post"),
    "raise_alarm": ("reason", "step", "post"),
    "add_demand": ("owner",),
    "draft_statement": ("kind",),
    "approve_statement": ("statement",),
    "return_statement": ("statement",),
    "publish_statement": ("statement", "channel"),
    "tell_superior": ("unit", "manner"),
    "send_briefing": ("kind", "to"),
    "start_run": ("team",),
    "send_inject": ("channel", "to"),
    "write_after_action": ("document", "total"),
    "settle_incident": (),
    "close_incident": (),
    "watch_incident": (),
    "seal_incident": (),
    "call_next": ("step",),
    "add_task": ("origin", "post"),
    "reply_instruction": ("task", "post"),
    "receive_demand": ("demand", "channel", "owner"),
    "pass_demand": ("demand", "before", "owner"),
    "link_demand": ("demand",),
    "call_meeting": (),
    "join_meeting": ("post",),
    "hand_over_role": ("role", "post"),
    "ask_views": (),
    "give_view": ("post", "level"),
    "decide_on_meeting": (),
    "record_oral": ("done", "post"),
    "confirm_oral": ("done",),
    "dispute_oral": ("done",),
    "contest_level": ("before", "level"),
    "change_plan": ("edition_before", "edition"),
    "link_incidents": ("incident", "other"),
    "unlink_incidents": ("incident", "other"),
    "merge_incidents": ("incident", "into"),
}
"""What a line says of an entry's data; of other verbs the step, the status, the level and the like (`COMMON`)."""
COMMON = ("step", "status", "level", "milestone", "kind", "reason", "answer", "demand", "total", "speed")
OFFICES = {
    "staff": Words("本单位人员", "a member of staff"),
    "system": Words("系统", "system"),
    "controller": Words("导调", "controller"),
    "administrator": Words("管理员", "administrator"),
}
COUNTED = "count"
NAMED = frozenset({"post", "owner", "to", "before", "step"})
"""What names a post, a unit or a step: its code may also be a word of its own (leader, spokesperson)."""
MORE_VERBS = {
    "reach_milestone": Words("到达", "reached"),
    "start_task": Words("下达任务", "started task"),
    "cancel_task": Words("取消任务", "cancelled task"),
    "call_post": Words("呼叫岗位", "called post"),
    "raise_alarm": Words("告警", "raised alarm"),
    "propose_level": Words("建议级别", "proposed level"),
}
VALUES = {
    "posts": Words("网上信息", "public posts"),
    "observer": Words("信息员", "observer"),
    "superior": Words("上级", "superior"),
    "press": Words("媒体", "press"),
    "inside": Words("内部", "inside"),
    "oral": Words("当面", "in person"),
    "phone": Words("电话", "by telephone"),
    "written": Words("书面", "in writing"),
    "people": Words("由人参演", "played by people"),
    "scripted": Words("脚本队伍", "scripted team"),
    "ideal": Words("理想队伍", "ideal team"),
    "approval_late": Words("审签超时", "an approval is late"),
    "demand_late": Words("诉求答复超时", "the answer to a demand is late"),
    "known": Words("已核实", "known"),
    "not_known": Words("尚不清楚", "not known"),
    "false": Words("不实", "false"),
    "alert": Words("由预警", "from an alert"),
    "hotline": Words("热线来电", "hotline call"),
    "security": Words("安保报告", "security officer"),
    "leader": Words("领导交办", "a leader"),
    "other": Words("其他", "other"),
    "first": Words("首报", "first report"),
    "follow_up": Words("续报", "follow-up report"),
    "final": Words("终报", "final report"),
    "field": Words("模拟公众", "the simulated public"),
    "level": Words("本级别不再需要", "not wanted at this level"),
    "plan": Words("新版预案不再有", "not in the new edition"),
    "merged": Words("已并入另一事件", "merged into another incident"),
    "holding": Words("临时口径", "holding statement"),
    "full": Words("情况通报", "full statement"),
    "overdue": Words("已超时限", "the limit has passed"),
    "vacant": Words("岗位无人", "nobody holds the post"),
    "unanswered": Words("规定时间内无人应答", "nobody answered in time"),
    "ladder_exhausted": Words("呼叫梯次已到头", "the ladder has ended"),
    "level_assumed": Words("暂按默认级别", "the default level holds"),
    "task_late": Words("交办事项超时", "a task that was given is late"),
    "oral_late": Words("口头办理逾期未补认", "done by telephone, not confirmed in time"),
    "oral_disputed": Words("口头办理被否认", "done by telephone, disputed"),
    "views_late": Words("会同研判意见超时", "a view that was asked for is late"),
    "level_contested": Words("级别有异议", "the level is contested"),
    "meeting": Words("会商", "meeting"),
    "instruction": Words("上级指示", "the superior's instruction"),
    "net": Words("网上信息", "online"),
    "mailbox": Words("信箱", "mailbox"),
    "petition": Words("信访", "petition"),
    "window": Words("窗口", "counter"),
    "media": Words("媒体", "media"),
    "lead": Words("牵头", "lead"),
    "spokesperson": Words("新闻发言人", "spokesperson"),
    "liaison": Words("上级联络", "liaison"),
    "minutes": Words("会商纪要", "minutes"),
}


PER_PAGE = 20
MOST_PAGES = 1_000_000


class Line(NamedTuple):
    """一行 (line): number, verb and its words, moment, posts, what it states, the quoted text, entry's own time."""

    seq: int
    verb: str
    said: Words
    at: datetime
    post: str | Words
    person: str
    details: tuple[str | Words, ...]
    quote: str
    written_later: datetime | None

    @property
    def is_milestone(self) -> bool:
        """A milestone stands out in the timeline."""
        return self.verb == "reach_milestone"


def words_of(verb: str) -> Words:
    """The verb's sentence in both languages; its bare name when nobody declared it."""
    declared = verbs().get(verb)
    return declared.words if declared else MORE_VERBS.get(verb, Words(verb, verb))


def lines(
    stream: str,
    names: Mapping[str, str],
    *,
    quiet: Iterable[str] = (),
    only: Iterable[str] = (),
    first: int = 0,
    most: int = 50,
    since: datetime | None = None,
) -> list[Line]:
    """The newest lines of a stream, newest first, `first` of them passed over; `names`: posts and steps by code.

    `quiet` verbs are left out, unless `only` some are asked for; what was written before `since` is left out too.
    """
    rows = Entry.objects.filter(stream=stream)
    if since:
        rows = rows.filter(at__gte=since)
    wanted = list(only)
    rows = rows.filter(verb__in=wanted) if wanted else rows.exclude(verb__in=list(quiet))
    rows = rows.order_by("-seq")[first : first + most]
    found = list(rows)
    sides = SideRecord.objects.filter(stream=stream, seq__in=[row.seq for row in found])
    texts: dict[int, dict[str, str]] = {}
    for side in sides:
        texts.setdefault(side.seq, {})[side.path] = side.text
    return [line_of(row, texts.get(row.seq, {}), names) for row in found]


def entry_page(stream: str, seq: int, names: Mapping[str, str]) -> dict[str, Any] | None:
    """What the page of one entry shows: the line, the entry, and the canonical text that was hashed; None if absent."""
    row = Entry.objects.filter(stream=stream, seq=seq).first()
    if row is None:
        return None
    texts = dict(SideRecord.objects.filter(stream=stream, seq=seq).values_list("path", "text"))
    return {"entry": row, "line": line_of(row, texts, names), "canonical": canonical(row.as_value()).decode()}


def line_of(row: Entry, texts: Mapping[str, str], names: Mapping[str, str]) -> Line:
    """One entry as a line; a text that was erased is simply not there."""
    data = row.as_value()["data"]
    late = row.happened_at is not None and row.at - row.happened_at > LATE
    return Line(
        seq=row.seq,
        verb=row.verb,
        said=words_of(row.verb),
        at=row.happened_at or row.at,
        post=OFFICES.get(row.post) or names.get(row.post, row.post),
        person=texts.get("by", ""),
        details=tuple(_details(row.verb, data, names)),
        quote=" ".join(text for path, text in texts.items() if path != "by"),
        written_later=row.at if late else None,
    )


def _details(verb: str, data: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[str | Words]:
    for key in SHOWN.get(verb, COMMON):
        value = data.get(key)
        if isinstance(value, dict | list | bool) or value in ("", None):
            continue
        if key == COUNTED:
            yield Words(f"{value} 条", f"{value} items" if value != 1 else "1 item")
        elif key == "done":
            yield words_of(str(value))
        elif key == "milestone":
            yield MILESTONE_NAMES.get(str(value)) or names.get(str(value), str(value))
        elif key in NAMED:
            yield OFFICES.get(str(value)) or names.get(str(value), str(value))
        else:
            yield VALUES.get(str(value)) or names.get(str(value), str(value))


class Turning:
    """翻页 (turning pages) of a record: what a screen with a `timeline` of at most `PER_PAGE` lines offers beside it."""

    timeline: list[Line]
    page: int = 1

    @property
    def older(self) -> int | None:
        """Number of the page with older lines."""
        return self.page + 1 if len(self.timeline) == PER_PAGE and self.timeline[-1].seq > 1 else None

    @property
    def newer(self) -> int | None:
        """Number of the page with newer lines."""
        return self.page - 1 if self.page > 1 else None

    @property
    def skipped(self) -> int:
        """Lines before the page."""
        return (self.page - 1) * PER_PAGE


def page_number(text: str) -> int:
    """The page an address asks for; the first when it asks for none that can be."""
    return min(max(int(text), 1), MOST_PAGES) if text.isdecimal() and len(text) < 9 else 1

"""停电备用册 (power-cut pack) of the office or of one incident: read from posts, shifts, the run and the ledger."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import cached_property

from shudao.base.scene import LIVE
from shudao.engine.papers.model import Lang, Paper, Stamp
from shudao.engine.papers.power_cut import (
    Deed,
    Done,
    Due,
    Matter,
    OnDuty,
    PowerCut,
    Reach,
    Record,
    power_cut_paper,
)
from shudao.engine.respond.index import index_of
from shudao.engine.words import Words
from shudao.ledger.lines import Line, lines, words_of
from shudao.ledger.queries import head_of
from shudao.org.models import Post
from shudao.org.queries import organisation, post_names
from shudao.org.queries.answering import answering, deputies_of_all
from shudao.org.queries.shifts import shifts_between
from shudao.respond import queries
from shudao.respond.actions.oral import BY_PHONE, oral_within
from shudao.respond.models import ApprovalStep, Grade, Incident, RoleHolding, Task

AHEAD, BACK = timedelta(days=3), timedelta(hours=24)
MOST_LINES, MOST_COUNTED, MOST_MATTERS, MOST_ROWS = 200, 2_000, 20, 40
NOISE = ("record_heads", "call_post", "pass_deadline")
"""Entries of an incident that nobody needs on paper: each follows from another line."""
OFFICE = (
    "raise_alert", "acknowledge_alert", "dismiss_alert", "pass_alert", "warn_department",
    "acknowledge_warning", "answer_warning", "tell_warning_late", "add_task",
    "acknowledge_task", "submit_task", "return_task", "finish_task", "skip_task", "reply_instruction", "tell_task_late",
    "receive_demand", "answer_demand", "decline_demand", "pass_demand", "follow_up_demand", "tell_demand_late",
    "write_hand_over", "acknowledge_hand_over", "add_shift", "change_shift", "drop_shift", "approve_swap",
    "start_reach_test", "end_reach_test", "report_channel_fault", "pause_source", "report_sighting",
)  # fmt: skip
"""Entries of the site's own stream that tell of the office's work; whoever watches may read them."""
ALSO: dict[str, Words] = {
    "acknowledge_task": Words("任务编号", "number of the task"),
    "submit_task": Words("任务编号", "number of the task"),
    "return_task": Words("任务编号、退回理由", "number of the task, why it was returned"),
    "finish_task": Words("任务编号", "number of the task"),
    "skip_task": Words("任务编号、跳过理由", "number of the task, why it is left out"),
    "reply_instruction": Words("任务编号、回复全文", "number of the task, the reply in full"),
    "confirm_level": Words("级别、依据条款、理由", "level, clause, reason"),
    "contest_level": Words("应为哪一级、理由", "which level, reason"),
    "add_fact": Words("已核实、待核实或不实，事实原话，数字", "known, not known or false; the words; figures"),
    "answer_demand": Words("诉求编号、答复全文", "number of the demand, the answer in full"),
    "decline_demand": Words("诉求编号、理由", "number of the demand, reason"),
    "pass_demand": Words("诉求编号、转给哪个岗位、理由", "number of the demand, to which post, reason"),
    "approve_statement": Words("声明编号、环节", "number of the statement, stage"),
    "return_statement": Words("声明编号、退回意见", "number of the statement, what to change"),
    "publish_statement": Words("声明编号、渠道、发布时间", "number of the statement, channel, when"),
    "tell_superior": Words("上级单位、接听人职务、方式", "superior unit, who took it, manner"),
    "hand_over_role": Words("哪个角色、交给谁、交接事项", "which role, to whom, what is open"),
    "join_meeting": Words("会商编号", "number of the meeting"),
    "hold_meeting": Words("到会岗位、决定、逐项议决", "who was there, the decision, each ruling"),
    "add_task": Words("办什么、交给谁、期限、来由", "what, to whom, until when, from where"),
    "give_view": Words("研判编号、看法、是否要会商", "number of the analysis, the view, whether to meet"),
    "change_plan": Words("换到哪一版、理由", "to which edition, reason"),
    "decide_on_meeting": Words("研判编号、开会或不开、理由", "number of the analysis, meet or not, reason"),
}
"""What the form of each verb asks for besides the post, the moment and who told whom."""


class PowerCutScreen:
    """The pack for one reader. `incident`: for that one alone; else for the office with `matters`, where he may watch.

    `with_numbers`: the reader may see people's telephone numbers.
    """

    def __init__(
        self, now: datetime, lang: str, *, incident: Incident | None = None, sees_matters: bool = True,
        with_numbers: bool = True,
    ) -> None:  # fmt: skip
        self.now, self.incident = now, incident
        self.lang: Lang = "zh" if lang.startswith("zh") else "en"
        self.sees_matters, self.with_numbers = sees_matters, with_numbers

    @cached_property
    def matters(self) -> list[Incident]:
        """The incidents it is about, the newest first."""
        if self.incident:
            return [self.incident]
        rows = queries.open_incidents(LIVE).select_related("plan_copy").order_by("-pk")
        return list(rows[:MOST_MATTERS]) if self.sees_matters else []

    @property
    def paper(self) -> Paper:
        """The pack as a paper."""
        return power_cut_paper(self.data)

    @property
    def data(self) -> PowerCut:
        """Everything that stands in it."""
        found, local = organisation(), timezone.localtime(self.now)
        one = self.incident
        parent = found.parent if found else ""
        units = {name for row in self.matters for name in _superiors(row)} | ({parent} - {""})
        limits = [oral_within(row.plan)[0] for row in self.matters]
        return PowerCut(
            organisation=found.name if found else "", at=self.now, reach=tuple(self._reach()),
            shifts=tuple(self._shifts()), superiors=tuple(sorted(units)),
            matters=tuple(self._matter(row) for row in self.matters),
            office=None if one or not self.sees_matters else self._record("site", post_names(), OFFICE),
            deeds=tuple(self._deeds()), confirm_within=min(limits, default=None),
            subject=one.title if one else "", layout="gbt9704" if self.lang == "zh" else "plain", lang=self.lang, utc_offset=f"{local:%z}"[:3] + ":" + f"{local:%z}"[3:],
            drill=(one.scene_value.run_code or "") if one else "",
        )  # fmt: skip

    def _deeds(self) -> Iterator[Deed]:
        for verb, also in ALSO.items():
            if verb in BY_PHONE or verb == "approve_statement":
                yield Deed(name=words_of(verb).say(self.lang), also=also.say(self.lang))

    def _posts(self) -> list[Post]:
        rows = Post.objects.filter(retired_at=None).select_related("unit").order_by("unit__pk", "pk")
        if self.incident:
            known = {post.id for post in self.incident.plan.posts}
            return [row for row in rows if row.code in known]
        return list(rows)

    def _reach(self) -> Iterator[Reach]:
        rows = self._posts()
        answers, deputies = answering(rows, self.now), deputies_of_all(rows)
        for row in rows:
            people = answers[row.pk].people if row.pk in answers else []
            yield Reach(
                post=row.name,
                people=tuple((one.name, one.phone if self.with_numbers else "") for one in people),
                deputies=tuple(one.name for one in deputies[row.pk]),
            )

    def _shifts(self) -> Iterator[OnDuty]:
        for row in shifts_between(self.now, self.now + AHEAD).order_by("start_at", "post__pk"):
            phone = row.staff.phone if self.with_numbers else ""
            yield OnDuty(start=row.start_at, end=row.end_at, post=row.post.name, who=row.staff.name, phone=phone)

    def _matter(self, row: Incident) -> Matter:
        names = queries.names_of(row.plan)
        level = next((one.name for one in row.plan.levels if one.code == row.level), "")
        lead = self._leads.get(row.pk, "")
        people = self._holders.get(lead, []) if row.scene_value.is_live else []
        return Matter(
            number=row.number, title=row.title, level=level,
            lead=" ".join([names.get(lead, lead), *people]).strip(), record=self._record(row.stream, names),
            tasks=tuple(self._task(row, task, names) for task in queries.open_tasks(row)[:MOST_ROWS]),
            limits=tuple(sorted(self._limits(row, names), key=lambda due: due.due_at or self.now)[:MOST_ROWS]),
        )  # fmt: skip

    @cached_property
    def _leads(self) -> dict[int, str]:
        """Key of a matter -> who leads: the role as handed over, else who confirmed the level, else who confirms levels."""
        rows = {row.pk: row for row in self.matters}
        found = {
            key: next(iter(row.plan.severity.confirm_by if row.plan.severity else ()), "") for key, row in rows.items()
        }
        grades = Grade.objects.filter(incident__in=rows).order_by("at", "pk")
        held = RoleHolding.objects.filter(incident__in=rows, role=RoleHolding.Role.LEAD, to_at=None).order_by("-pk")
        return found | dict(grades.values_list("incident", "post")) | dict(held.values_list("incident", "post"))

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        """Post -> names of those who answer for it now, of the posts that lead."""
        return queries.holders_of(set(self._leads.values()) - {""}, self.now)

    def _limits(self, row: Incident, names: Mapping[str, str]) -> Iterator[Due]:
        """What has a limit and is no task: milestones, demands, stages that wait for a signature."""
        for limit in queries.limits_of(row):
            if limit.done_at is None:
                yield Due(what=limit.name.say(self.lang), post=names.get(limit.owner, limit.owner), due_at=limit.due_at)
        for demand in queries.open_demands(row)[:MOST_ROWS]:
            what = Words(f"答复诉求 {demand.code} {demand.text[:40]}", f"Answer {demand.code} {demand.text[:40]}")
            yield Due(what=what.say(self.lang), post=names.get(demand.owner, demand.owner), due_at=demand.due_at)
        waiting = ApprovalStep.objects.filter(
            version__statement__incident=row, state=ApprovalStep.State.WAITING, since__isnull=False
        )
        for step in waiting.select_related("version__statement"):
            code = step.version.statement.code
            due = step.since + timedelta(minutes=step.within) if step.since and step.within else None
            what = Words(f"审签声明 {code} 第 {step.stage} 环节", f"Sign statement {code}, stage {step.stage}")
            yield Due(what=what.say(self.lang), post=names.get(step.post, step.post), due_at=due)

    def _task(self, row: Incident, task: Task, names: Mapping[str, str]) -> Due:
        post = task.by or task.post
        return Due(
            what=f"{task.code} {task.title}", post=names.get(post, post), due_at=task.due_at,
            ladder=tuple(self._ladder(row, task, names)),
        )  # fmt: skip

    def _ladder(self, row: Incident, task: Task, names: Mapping[str, str]) -> Iterator[str]:
        """Who is called in which minute after the task was given; of a typed-in task the post and its deputies."""
        place = index_of(row.plan).at.get(task.step)
        if place is None:
            yield from (names.get(code, code) for code in (task.post, *queries.stand_ins(task.post, row)))
            return
        rungs, minutes, comma = index_of(row.plan).ladders[place], 0, "、" if self.lang == "zh" else ", "
        for wait, rung in zip(rungs.waits, rungs.rungs, strict=False):
            minutes += int(wait.total_seconds() // 60)
            yield self._rung(minutes, comma.join(names.get(code, code) for code in rung.posts))
        if rungs.final:
            last = names.get(rungs.final, rungs.final)
            yield Words(f"最后 {last}", f"at last {last}").say(self.lang)

    def _rung(self, minutes: int, whom: str) -> str:
        if not minutes:
            return Words(f"立即 {whom}", f"at once {whom}").say(self.lang)
        return Words(f"{minutes}分钟 {whom}", f"{minutes} min {whom}").say(self.lang)

    def _record(self, stream: str, names: Mapping[str, str], only: Iterable[str] = ()) -> Record:
        begin = self.now - BACK
        rows = lines(stream, names, quiet=NOISE, only=only, since=begin, most=MOST_LINES + 1)
        head, shown = head_of(stream), rows[:MOST_LINES][::-1]
        earlier = (
            len(lines(stream, names, quiet=NOISE, only=only, since=begin, first=MOST_LINES, most=MOST_COUNTED))
            if len(rows) > MOST_LINES
            else 0
        )
        return Record(
            stamp=Stamp(stream=stream, length=head.length, head=head.hash),
            lines=tuple(self._line(row) for row in shown), left_out=earlier,
        )  # fmt: skip

    def _line(self, row: Line) -> Done:
        colon, comma = ("：", "，") if self.lang == "zh" else (": ", ", ")
        details = comma.join(_say(part, self.lang) for part in row.details)
        what = colon.join(part for part in (row.said.say(self.lang), details) if part)
        quote = " ".join(row.quote.split())[:120]
        return Done(seq=row.seq, at=row.at, post=_say(row.post, self.lang), what=f"{what} {quote}".strip())


def _say(text: str | Words, lang: Lang) -> str:
    return str(text.say(lang)) if isinstance(text, Words) else str(text)


def _superiors(row: Incident) -> Iterable[str]:
    names = {unit.id: unit.name for unit in row.plan.units}
    return [names.get(one.unit, one.unit) for one in row.plan.superiors]

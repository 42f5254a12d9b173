"""未决事项 (open questions) of an incident: what a meeting would have to talk about, in the plan's language."""

from datetime import datetime

from shudao.engine.words import Words
from shudao.respond.models import Demand, Fact, Incident, LevelContest, Statement
from shudao.respond.queries.limits import limits_of
from shudao.respond.queries.room import facts_of, open_demands, open_tasks

MOST = 3
"""Of a kind."""


def open_questions(incident: Incident, now: datetime) -> list[str]:
    """Level, limits that were missed, what is not known yet, late tasks and demands, statements that wait."""
    found = [
        *_level(incident),
        *_limits(incident, now),
        *_facts(incident),
        *_owed(incident, now),
        *_statements(incident),
    ]
    language = incident.plan.language
    return [words.say(language) for words in found]


def _level(incident: Incident) -> list[Words]:
    contests = LevelContest.objects.filter(incident=incident, answered_at=None)
    names = {row.code: row.name for row in incident.plan.levels}
    asked = [
        Words(
            f"级别有异议：{names.get(row.level, '未定级')}改为{names.get(row.wanted, row.wanted)}",
            f"The level is contested: {names.get(row.wanted, row.wanted)} instead of {names.get(row.level, 'none')}",
        )
        for row in contests
    ]
    if not incident.level or incident.is_level_assumed:
        asked.append(Words("确认响应级别", "Confirm the level"))
    return asked


def _limits(incident: Incident, now: datetime) -> list[Words]:
    late = [row for row in limits_of(incident) if row.is_late(now)][:MOST]
    return [Words(f"“{row.name.zh}”已超时，如何补救", f"“{row.name.en}” is late: how to mend it") for row in late]


def _facts(incident: Incident) -> list[Words]:
    rows = facts_of(incident).filter(status=Fact.Status.NOT_KNOWN)[:MOST]
    return [Words(f"尚待核实：{row.text}", f"Not known yet: {row.text}") for row in rows]


def _owed(incident: Incident, now: datetime) -> list[Words]:
    tasks = [row for row in open_tasks(incident)[: MOST * 4] if row.is_late(now)][:MOST]
    demands = [row for row in open_demands(incident)[: MOST * 4] if row.state == Demand.State.OPEN][:MOST]
    return [
        *(Words(f"任务超时：{row.title}", f"Late task: {row.title}") for row in tasks),
        *(Words(f"诉求待答复：{row.text[:60]}", f"Demand to answer: {row.text[:60]}") for row in demands),
    ]


def _statements(incident: Incident) -> list[Words]:
    waiting = (Statement.State.WAITING, Statement.State.RETURNED)
    rows = Statement.objects.filter(incident=incident, state__in=waiting)[:MOST]
    return [Words(f"声明 {row.code} 是否发布", f"Whether statement {row.code} goes out") for row in rows]

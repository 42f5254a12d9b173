"""读评分 (reviewing): the data of an after-action report out of ledger, plan, scenario and score."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec

from shudao.engine.drill.model import Scenario
from shudao.engine.papers.after_action import AfterAction, Aim, Correction, Moment, Problem, Taker
from shudao.engine.papers.doings import say_doing, say_post
from shudao.engine.papers.limits import targets_of
from shudao.engine.papers.model import Lang, Stamp
from shudao.engine.papers.phrases import picker
from shudao.engine.papers.reading import Texts, level_name
from shudao.engine.papers.spans import spans_of
from shudao.engine.plan.model import Plan
from shudao.engine.review.milestones import milestones_of
from shudao.engine.review.rating import Rated
from shudao.engine.review.score import Score
from shudao.engine.review.timeline import QUIET
from shudao.engine.review.trace import Mark, Trace, read_trace
from shudao.engine.words import Words

GRADE_NAMES: dict[str, Words] = {
    "excellent": Words(zh="优", en="excellent"),
    "good": Words(zh="良", en="good"),
    "fair": Words(zh="中", en="fair"),
    "pass": Words(zh="合格", en="pass"),
    "fail": Words(zh="不合格", en="fail"),
}

HARD_FAIL_NAMES: dict[str, Words] = {
    "published_without_approval": Words(zh="未经审签即发布", en="published without approval"),
    "false_figure": Words(zh="公开了与事实清单不符的数字", en="a figure made public differs from the fact sheet"),
    "superior_not_told": Words(zh="未报告上级", en="the superior was not told"),
    "person_named": Words(zh="公开了个人姓名", en="a private person was named"),
    "drill_unstamped": Words(zh="演练文字未加演练标记", en="drill text without its mark"),
}

TEAM_NAMES: dict[str, Words] = {
    "scripted": Words(zh="脚本队伍（无人参演）", en="scripted team (no people)"),
    "none": Words(zh="无人应对（对照）", en="nobody acts (for comparison)"),
    "ideal": Words(zh="理想时点（对照）", en="ideal timing (for comparison)"),
    "file": Words(zh="文件给定的队伍", en="team given by a file"),
    "people": Words(zh="人员参演", en="people"),
}

NOT_IN_TIMELINE = QUIET | {"start_task", "submit_task", "propose_level", "attach_items", "acknowledge_task"} | {
    "add_source", "rotate_door_key", "pass_deadline", "confirm_message",
}  # fmt: skip
"""Consequences and many small steps; each stands in the ledger and, where it matters, in a rating."""


def read_after_action(
    entries: Iterable[Mapping[str, Any]],
    plan: Plan,
    score: Score,
    *,
    stamp: Stamp,
    matter: str,
    scenario: Scenario | None = None,
    texts: Texts | None = None,
    lang: Lang | None = None,
    evaluators: Sequence[str] = (),
    corrections: Sequence[Correction] | None = None,
    forecast: Sequence[str] = (),
    field: Sequence[str] = (),
) -> AfterAction:
    """The report's data. A scenario makes it a drill's. `corrections` default to the stream's `add_lesson` entries.

    `matter` is the incident's or the scenario's title; `lang` the plan's when not given. BadInput without entries.
    """
    trace = read_trace(entries)
    language: Lang = lang or plan.language
    beside = texts or {}
    known = _corrections(trace, beside, plan) if corrections is None else tuple(corrections)
    data = _recorded(trace, beside, plan, scenario, language, stamp)
    return msgspec.structs.replace(
        data,
        matter=matter,
        evaluators=tuple(evaluators),
        corrections=known,
        forecast=tuple(forecast),
        field=tuple(field),
        **_scored(score, trace, plan, language),
    )


def _recorded(
    trace: Trace, texts: Texts, plan: Plan, scenario: Scenario | None, lang: Lang, stamp: Stamp
) -> AfterAction:
    """What the record and the plan say, before any rating."""
    started, opened = trace.first("start_run"), trace.first("open_incident")
    code = str((started.data.get("run") if started else "") or (opened.data.get("incident") if opened else ""))
    drilled, level = bool(scenario or started), _confirmed(trace)
    return AfterAction(
        kind="drill" if drilled else "incident",
        matter="",
        code=code or stamp.stream.partition("/")[2],
        organisation=plan.organisation,
        plan=plan.title,
        edition=plan.version,
        lang=lang,
        layout="gbt9704" if lang == "zh" else "plain",
        utc_offset=plan.utc_offset,
        began_at=trace.marks[0].moment,
        ended_at=trace.end,
        level=level_name(plan, level, lang),
        team=_team(started, lang),
        summary=scenario.summary if scenario else "",
        aims_set=tuple(aim.title for aim in scenario.objectives) if scenario else (),
        takers=_takers(trace, plan),
        timeline=_timeline(trace, texts, plan, scenario, lang),
        targets=targets_of(plan, level, milestones_of(trace)),
        stamp=stamp,
        drill=(code or stamp.stream.partition("/")[2]) if drilled else "",
    )


def _scored(score: Score, trace: Trace, plan: Plan, lang: Lang) -> dict[str, Any]:
    """The parts of the report that the score brings."""
    return {
        "speed": _figure(score.clock.get("speed")),
        "aims": _aims(score, plan),
        "rated": _named(score.expectations, plan),
        "worst": score.worst,
        "total": score.total if any(row.rating for row in score.expectations) else None,
        "grade": GRADE_NAMES[score.grade].say(lang) if score.grade in GRADE_NAMES else score.grade,
        "coverage": score.coverage,
        "hard_fails": tuple(_fail(row.id, row.note, lang) for row in score.hard_fails),
        "problems": _problems(score, trace, plan, lang),
        "assumed": _assumed(score, lang),
        "spans": spans_of(score.lengths, plan, lang),
    }


def _confirmed(trace: Trace) -> str:
    levels = [str(mark.data.get("level", "")) for mark in trace.all("confirm_level")]
    return levels[-1] if levels else ""


def _team(started: Mark | None, lang: Lang) -> str:
    if started is None:
        return ""
    team = str(started.data.get("team") or "people")
    return TEAM_NAMES[team].say(lang) if team in TEAM_NAMES else team


def _takers(trace: Trace, plan: Plan) -> tuple[Taker, ...]:
    units = {unit.id: unit.name for unit in plan.units}
    found: dict[str, Taker] = {}
    for mark in trace.marks:
        post = next((row for row in plan.posts if row.id == mark.post), None)
        if post is None:
            continue
        before = found.get(post.id, Taker(post=post.name, unit=units.get(post.unit, ""), first_at=mark.moment))
        found[post.id] = msgspec.structs.replace(before, acts=before.acts + 1)
    return tuple(found.values())


def _timeline(trace: Trace, texts: Texts, plan: Plan, scenario: Scenario | None, lang: Lang) -> tuple[Moment, ...]:
    due = {str(m.data.get("step")): _moment(m.data.get("due_at")) for m in trace.all("start_task")}
    injects = {row.id: row for row in scenario.injects} if scenario else {}
    begun = trace.marks[0].at
    rows = []
    for mark in trace.marks:
        if mark.verb in NOT_IN_TIMELINE or _follows(mark, plan):
            continue
        planned = due.get(str(mark.data.get("step"))) if mark.verb == "finish_task" else None
        text = say_doing(mark.verb, mark.data, lang, plan)
        inject = injects.get(str(mark.data.get("inject")))
        if inject:
            planned = begun + timedelta(minutes=inject.at)
            text += f"：{inject.text}" if inject.text and lang == "zh" else (f": {inject.text}" if inject.text else "")
        said = next((texts[key] for key in ((mark.seq, "decision"), (mark.seq, "text")) if texts.get(key)), "")
        text += _cut(said, lang)
        rows.append((mark.moment, mark.seq, planned, text, say_post(_whose(mark), plan, lang)))
    return tuple(_folded(sorted(rows, key=lambda row: row[:2])))


def _whose(mark: Mark) -> str:
    """The post an entry is about: the called or missing one for calls and alarms, else the one that acted."""
    about = mark.data.get("post") if mark.verb in ("raise_alarm", "call_post") else None
    return str(about or mark.post)


def _folded(rows: Iterable[tuple[datetime, int, datetime | None, str, str]]) -> Iterator[Moment]:
    """Rows one after another that say the same at the same moment become one, with all their posts and entries."""
    for (at, planned, text), same in groupby(rows, key=lambda row: (row[0], row[2], row[3])):
        group = list(same)
        first, last = group[0][1], group[-1][1]
        posts = "、".join(dict.fromkeys(row[4] for row in group if row[4]))
        entries = str(first) if first == last else f"{first}-{last}"
        yield Moment(text=text, planned_at=planned, actual_at=at, post=posts, entries=entries)


def _follows(mark: Mark, plan: Plan) -> bool:
    """Whether the entry only repeats another: a milestone that a step sets, next to that step's completion."""
    if mark.verb != "reach_milestone":
        return False
    return any(step.sets == mark.data.get("milestone") for step in plan.steps)


def _cut(text: str, lang: Lang, most: int = 60) -> str:
    """A quoted text, shortened with an ellipsis after `most` characters."""
    if not text:
        return ""
    short = " ".join(text.split())
    short = short if len(short) <= most else short[: most - 1] + "…"
    return f"（{short}）" if lang == "zh" else f" ({short})"


def _aims(score: Score, plan: Plan) -> tuple[Aim, ...]:
    return tuple(
        Aim(
            id=row.id,
            title=PHASE_NAMES[row.title].say(plan.language) if row.title in PHASE_NAMES else row.title,
            rating=row.rating,
            value=row.value,
            evidence=row.evidence,
        )
        for row in score.objectives
    )


PHASE_NAMES: dict[str, Words] = {
    "detect": Words(zh="监测与发现", en="Detect"),
    "report": Words(zh="信息报告", en="Report"),
    "grade": Words(zh="研判定级", en="Grade"),
    "grading": Words(zh="研判定级", en="Grade"),
    "respond": Words(zh="响应处置", en="Respond"),
    "publish": Words(zh="信息发布", en="Publish"),
    "demands": Words(zh="诉求答复", en="Demands"),
    "close": Words(zh="结束响应", en="Close"),
    "follow": Words(zh="跟踪", en="Follow"),
    "record": Words(zh="记录", en="Record"),
    "written": Words(zh="场景专设期望", en="Expectations of the scenario"),
}


def _named(rated: Iterable[Rated], plan: Plan) -> tuple[Rated, ...]:
    return tuple(msgspec.structs.replace(row, post=say_post(row.post, plan)) for row in rated)


def _fail(name: str, note: str, lang: Lang) -> str:
    words = HARD_FAIL_NAMES[name].say(lang) if name in HARD_FAIL_NAMES else name
    return words + (picker(lang)(f"（{note}）", f" ({note})") if note else "")


def _problems(score: Score, trace: Trace, plan: Plan, lang: Lang) -> tuple[Problem, ...]:
    """One problem for each expectation rated M or U, worst first; hard fails before them."""
    fails = tuple(Problem(problem=_fail(row.id, row.note, lang), evidence=row.evidence) for row in score.hard_fails)
    poor = [row for row in score.expectations if row.rating in ("M", "U")]
    poor.sort(key=lambda row: (row.value or 0.0, -row.weight))
    return fails + tuple(_problem(row, trace, plan, lang) for row in poor)


def _problem(row: Rated, trace: Trace, plan: Plan, lang: Lang) -> Problem:
    pick = picker(lang)
    what = row.title
    if row.minutes is None:
        what += pick("：没有完成记录", ": no entry says it was done")
    elif row.limit:
        what += pick(
            f"：用时{row.minutes:.0f}分钟，时限{row.limit:.0f}分钟", f": {row.minutes:.0f} of {row.limit:.0f} min"
        )
    cause, advice = _why(row, trace, lang)
    if row.step:
        clause = plan.step(row.step).clause
        advice += pick(f"，对照预案第{clause}条", f" (clause {clause})")
    return Problem(problem=what, cause=cause, advice=advice, evidence=row.evidence)


def _why(row: Rated, trace: Trace, lang: Lang) -> tuple[str, str]:
    """What the record itself shows of the cause, and the advice that goes with it."""
    pick = picker(lang)
    calls = list(trace.all("call_post", step=row.step)) if row.step else []
    returns = list(trace.all("return_task", step=row.step)) if row.step else []
    opened = trace.first("start_task", step=row.step) if row.step else None
    if row.step and opened is None:
        cause = pick("前置动作未完成，任务没有下达", "what comes before was not done, so the task was never given")
        return cause, pick("先解决前置动作", "mend what comes before it")
    if len({mark.data.get("rung") for mark in calls}) > 1:
        cause = pick(f"首呼无应答，先后呼叫{len(calls)}次", f"no answer at first; {len(calls)} calls were made")
        return cause, pick("增设副岗或缩短呼叫梯次间隔", "add a deputy or shorten the ladder's steps")
    if returns:
        cause = pick(f"提交后被退回{len(returns)}次", f"returned {len(returns)} times")
        return cause, pick("统一要件清单，退回时写明缺项", "agree on a checklist; say what is missing when returning")
    if row.column == "quality":
        return row.note, pick("按核对清单复核后再提交", "check against the list before handing in")
    return "", pick("复核该动作的时限、岗位和人手", "review limit, post and hands for this step")


def _corrections(trace: Trace, texts: Texts, plan: Plan) -> tuple[Correction, ...]:
    return tuple(
        Correction(
            what=texts.get((mark.seq, "text")) or str(mark.data.get("lesson", "")),
            post=say_post(str(mark.data.get("post", "")), plan),
            due_at=_moment(mark.data.get("due_at")),
            proof=texts.get((mark.seq, "proof"), ""),
        )
        for mark in trace.all("add_lesson")
    )


def _assumed(score: Score, lang: Lang) -> tuple[str, ...]:
    pick = picker(lang)
    lines = [pick(
        "评级折算 P=1、S=0.8、M=0.4、U=0，必须项权重2、应当项权重1，等次界限90/80/70/60",
        "letters count P 1, S .8, M .4, U 0; a must weighs 2, a should 1; grades begin at 90/80/70/60",
    )]  # fmt: skip
    if not score.clock.get("minutes_rated", True):
        lines.append(pick("时钟倍速不为1，分钟数不参与评级", "the clock did not run at 1, so minutes are not rated"))
    if score.not_checked:
        names = [_fail(name, "", lang) for name in score.not_checked]
        lines.append(
            pick(f"记录无法判断、须由评估员核对：{'、'.join(names)}", f"not seen by the record: {', '.join(names)}")
        )
    return tuple(lines)


def _figure(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else "1"


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None

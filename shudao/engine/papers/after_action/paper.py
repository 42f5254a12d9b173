"""复盘报告 (after-action report): the paper out of its data, section by section."""

from collections.abc import Iterator
from datetime import datetime, timezone

from shudao.engine.papers.after_action.data import AfterAction
from shudao.engine.papers.after_action.ratings import rated_table, ratings, strengths
from shudao.engine.papers.limits import targets_table
from shudao.engine.papers.model import Block, Heading, Note, Paper, Para, Table
from shudao.engine.papers.phrases import picker, say_date, say_moment, zone_of
from shudao.engine.papers.spans import spans_table


def after_action_paper(data: AfterAction, at: datetime) -> Paper:
    """The report as of `at`."""
    zone = zone_of(data.utc_offset)
    pick = picker(data.lang)
    what = (
        pick("演练复盘报告", "After-action report of the drill")
        if data.kind == "drill"
        else pick("处置复盘报告", "After-action report")
    )
    title = f"{data.matter}{what}" if data.lang == "zh" else f"{what}: {data.matter}"
    return Paper(
        title=title,
        blocks=tuple(_blocks(data, at, zone)),
        lang=data.lang,
        layout=data.layout,
        signed_by=data.organisation,
        date=say_date(at, data.lang, zone),
        stamp=data.stamp,
        drill=data.drill,
    )


def _blocks(data: AfterAction, at: datetime, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    yield from _worst_first(data)
    yield Heading(text=pick("概况", "Overview"))
    yield from _overview(data, zone)
    yield Heading(text=pick("目标与情景", "Objectives and scenario"))
    yield from _aims_set(data)
    yield Heading(
        text=pick("参演与评估组织" if data.kind == "drill" else "参与与评估组织", "Who took part and who rated")
    )
    yield from _takers(data, zone)
    yield Heading(text=pick("时间线（计划与实际）", "Timeline, planned and actual"))
    yield from _timeline(data, zone)
    yield from targets_table(data.targets, data.lang, zone, at, caption=pick("时限对照", "Limits and actual times"))
    if data.spans:
        yield Heading(text=pick("历时", "How long it took"))
        yield from spans_table(data.spans, data.lang)
    yield Heading(text=pick("各目标评级与证据", "Ratings and their evidence"))
    yield from ratings(data)
    yield Heading(text=pick("优点", "Strengths"))
    yield from strengths(data)
    yield Heading(text=pick("问题、原因与建议", "Problems, causes, advice"))
    yield from _problems(data)
    yield Heading(text=pick("整改清单", "Corrections"))
    yield from _corrections(data, zone)
    yield Heading(text=pick("结论", "Conclusion"))
    yield from _conclusion(data)


def _worst_first(data: AfterAction) -> Iterator[Block]:
    pick = picker(data.lang)
    by_id = {row.id: row for row in data.rated}
    rows = [by_id[name] for name in data.worst if name in by_id]
    if not rows:
        nothing = pick("到期的期望中没有评级低于P的。", "No expectation that was due is rated below P.")
        if not any(row.rating for row in data.rated):
            nothing = pick("没有到期的期望，无从评级。", "No expectation was due, so nothing is rated.")
        yield Para(lead=pick("最需改进：", "Worst first. "), text=nothing)
        return
    lead = pick(f"最需改进的{len(rows)}项如下。", f"The {len(rows)} worst expectations come first.")
    yield Para(lead=lead, text="")
    yield rated_table(data, rows)


def _overview(data: AfterAction, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    began = say_moment(data.began_at, data.lang, zone, year=True)
    ended = say_moment(data.ended_at, data.lang, zone, year=True)
    yield Table(
        head=(pick("项目", "Item"), pick("内容", "Content")),
        rows=tuple(
            (name, value)
            for name, value in (
                (pick("编号", "Code"), data.code),
                (pick("单位", "Organisation"), data.organisation),
                (pick("预案及版次", "Plan and edition"), " ".join(part for part in (data.plan, data.edition) if part)),
                (pick("起止时间", "From and to"), pick(f"{began} 至 {ended}", f"{began} to {ended}")),
                (pick("响应级别（本单位自定）", "Level (own scale)"), data.level),
                (pick("参演方式", "Team"), data.team),
                (pick("时钟倍速", "Clock speed"), data.speed if data.kind == "drill" else ""),
            )
            if value
        ),
        widths=(1, 3),
    )
    yield Para(text=_score_line(data))


def _score_line(data: AfterAction) -> str:
    if data.total is None:
        return picker(data.lang)("没有到期的期望，不计分。", "Nothing was due: no score is given.")
    covered = f"{round(100 * data.coverage)}%" if data.coverage is not None else "—"
    if data.lang == "zh":
        grade = f"，等次{data.grade}" if data.grade else ""
        line = f"总分{data.total:g}分{grade}；到期期望占全部期望的{covered}（未到期的不计入）。"
        return line + (f"触发否决项：{'；'.join(data.hard_fails)}。" if data.hard_fails else "")
    grade = f", grade {data.grade}" if data.grade else ""
    line = f"Total {data.total:g}{grade}; {covered} of all expectations were due (what was not due is left out)."
    return line + (f" Hard fails: {'; '.join(data.hard_fails)}." if data.hard_fails else "")


def _aims_set(data: AfterAction) -> Iterator[Block]:
    pick = picker(data.lang)
    nothing = pick("没有情景说明记录。", "No description of the scenario is on record.")
    if data.kind == "incident":
        nothing = pick(
            "本次为真实事件，目标取自预案各阶段的规定动作。",
            "A real incident: its objectives are the phases of the plan.",
        )
    yield Para(text=data.summary or nothing)
    titles = data.aims_set or tuple(aim.title for aim in data.aims)
    for number, title in enumerate(titles, 1):
        yield Para(text=f"{number}. {title}")
    if not titles:
        yield Para(text=pick("没有设定目标。", "No objective was set."))


def _takers(data: AfterAction, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    if data.takers:
        head = (pick("岗位", "Post"), pick("单位", "Unit"), pick("动作数", "Acts"), pick("首次动作", "First act"))
        rows = tuple(
            (row.post, row.unit or "—", str(row.acts), say_moment(row.first_at, data.lang, zone)) for row in data.takers
        )
        yield Table(head=head, rows=rows, widths=(2, 2, 1, 1.6))
    else:
        yield Para(text=pick("记录中没有岗位的动作。", "No post acted in the record."))
    named = pick("、", ", ").join(data.evaluators)
    by_rule = pick(
        "评级由系统依据预案时限和记录自动得出。", "Ratings are derived from the plan's limits and the record."
    )
    yield Para(text=pick(f"评估：{named}。", f"Evaluators: {named}. ") + by_rule if named else by_rule)


def _timeline(data: AfterAction, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.timeline:
        yield Para(text=pick("没有时间线记录。", "The timeline is empty."))
        return
    head = (
        pick("计划", "Planned"),
        pick("实际", "Actual"),
        pick("事项", "What"),
        pick("岗位", "Post"),
        pick("记录", "Entry"),
    )
    rows, day = [], ""
    for row in data.timeline:
        planned, actual = (say_moment(at, data.lang, zone) for at in (row.planned_at, row.actual_at))
        date, _, clock = actual.rpartition(" ")
        rows.append(
            (_short(planned, date), clock if date == day else actual, row.text, row.post or "—", row.entries or "—")
        )
        day = date
    yield Table(head=head, rows=tuple(rows), widths=(1.4, 1.4, 4.1, 1.7, 0.9))


def _short(planned: str, date: str) -> str:
    """A planned time without the day that stands beside it."""
    return planned.removeprefix(f"{date} ") if date else planned


def _problems(data: AfterAction) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.problems:
        yield Para(text=pick("没有评级低于S的期望。", "No expectation is rated below S."))
        return
    head = (pick("问题", "Problem"), pick("原因", "Cause"), pick("建议", "Advice"), pick("证据", "Entries"))
    unknown = pick("记录不足以认定，待会商查明", "the record does not show it; to be found at the review")
    rows = tuple(
        (row.problem, row.cause or unknown, row.advice or "—", ", ".join(map(str, row.evidence)) or "—")
        for row in data.problems
    )
    yield Table(head=head, rows=rows, widths=(2.6, 2.4, 2.6, 1.1))
    yield Note(text=pick(
        "原因取自记录；建议由系统按规则提出，以会商结论为准。",
        "Causes are read from the record; advice follows rules of the system and gives way to the review meeting.",
    ))  # fmt: skip


def _corrections(data: AfterAction, zone: timezone) -> Iterator[Block]:
    pick = picker(data.lang)
    if not data.corrections:
        yield Para(text=pick("尚未登记整改项。", "No correction has been entered yet."))
        return
    head = (pick("整改项", "Correction"), pick("责任岗位", "Post"), pick("期限", "By"), pick("验收", "Proof"))
    rows = tuple(
        (row.what, row.post, say_moment(row.due_at, data.lang, zone), row.proof or "—") for row in data.corrections
    )
    yield Table(head=head, rows=rows, widths=(3, 1.4, 1.6, 2))


def _conclusion(data: AfterAction) -> Iterator[Block]:
    pick = picker(data.lang)
    yield Para(text=_score_line(data))
    late = [row for row in data.rated if row.rating in ("M", "U")]
    yield Para(text=pick(
        f"评级为M或U的期望共{len(late)}项，登记整改{len(data.corrections)}项。",
        f"Expectations rated M or U: {len(late)}; corrections entered: {len(data.corrections)}.",
    ))  # fmt: skip
    for line in (*data.forecast, *data.field):
        yield Para(text=line)

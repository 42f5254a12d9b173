"""PL11-PL14, PL16, PL26: limits that cannot start, cannot be kept, are looser than allowed, or are missing."""

from collections.abc import Iterator

from shudao.engine.plan.lint.finding import Finding, at, error, quoted, warning
from shudao.engine.plan.lint.view import BY_EVENTS, View
from shudao.engine.plan.model import Ladder, Limit, Step
from shudao.engine.plan.read.times import holes
from shudao.engine.words import Words

FIRST_PERCENTILE = 2.326 / 1.2816
"""Standard normal quantile of 1 % over that of 90 %: from median and p90 to the shortest time worth hoping for."""

HOPEFUL = 0.4
"""Above this share of a limit taken by medians alone, even chances are slim (research response.md, PL13)."""


def pl11_starts(view: View) -> Iterator[Finding]:
    """Every limit counts from a milestone that something sets."""
    for where, clause, limit in view.limits():
        if not limit.of:
            said = Words(f"{limit.within} 分钟没有说从何时算起", f"{limit.within} minutes, but from when?")
        elif limit.of not in view.milestones:
            said = Words(f"起算点“{limit.of}”没有定义", f"its start “{limit.of}” is not defined")
        elif limit.of not in BY_EVENTS and not any(limit.of in view.reach(level).milestones for level in view.levels):
            said = Words(f"没有动作能到达起算点“{limit.of}”", f"no step ever reaches its start “{limit.of}”")
        else:
            continue
        yield error("PL11", where, said, Words("写明起算的里程碑", "name the milestone it counts from"), clause)


def pl12_order(view: View) -> Iterator[Finding]:
    """A step is not due before what it waits for."""
    for step in view.plan.steps:
        for name in step.after:
            before = view.steps.get(name)
            if before is None or not step.due or not before.due or _differs(step.due, before.due):
                continue
            if step.due.within < before.due.within:
                said = Words(
                    f"{quoted(step)}限 {step.due.within} 分钟，它等待的{quoted(before)}却限 {before.due.within} 分钟",
                    f"{quoted(step)} is due in {step.due.within} min, {quoted(before)} before it in {before.due.within}",
                )
                yield error("PL12", at(step, "due"), said, Words("调整两个时限", "adjust the two limits"), step.clause)


def _differs(one: Limit, other: Limit) -> bool:
    return one.of != other.of or one.clock != other.clock


def pl13_possible(view: View) -> Iterator[Finding]:
    """The work before a limit fits into it."""
    for step in view.plan.steps:
        if not step.due or step.due.clock != "wall" or step.due.within <= 0:
            continue
        paths = [_path(view, step, step.due.of, level) for level in view.levels if view.claims(step, level)]
        medians, least = max((path for path in paths if path), default=(0.0, 0.0))
        if least > step.due.within:
            said = Words(
                f"{quoted(step)}限 {step.due.within} 分钟，前面的工作最快也要 {least:.0f} 分钟",
                f"{quoted(step)} is due in {step.due.within} min; the work before it takes {least:.0f} at best",
            )
            mend = Words("放宽时限，或让前面的动作并行", "loosen the limit, or let steps run side by side")
            yield error("PL13", at(step, "due"), said, mend, step.clause)
        elif medians > HOPEFUL * step.due.within:
            said = Words(
                f"{quoted(step)}：各步中位时间合计 {medians:.0f} 分钟，超过时限 {step.due.within} 分钟的四成",
                f"{quoted(step)}: median times add up to {medians:.0f} min, over 40 % of {step.due.within}",
            )
            mend = Words("做一次压力测试再定", "run a stress test before you sign")
            yield warning("PL13", at(step, "due"), said, mend, step.clause)


def _path(view: View, step: Step, start: str, level: str | None) -> tuple[float, float] | None:
    """(median, shortest) minutes of the longest path to a step's end from the start of its limit, at one level."""
    wanted = view.ancestors.get(step.id, frozenset()) | {step.id}
    starters = {row.id for row in view.setters(start)}
    if start not in BY_EVENTS and not starters & wanted:
        return None
    totals: dict[str, tuple[float, float]] = {}
    for step_id in view.in_order:
        if step_id not in wanted or not view.claims(view.steps[step_id], level):
            continue
        row = view.steps[step_id]
        before = [totals[name] for name in row.after if name in totals]
        any_of = [totals[name] for name in row.after_any if name in totals]
        latest = max([*before, *([min(any_of)] if any_of else [])], default=(0.0, 0.0))
        own = _effort(row)
        is_start = step_id in starters and step_id != step.id
        totals[step_id] = (0.0, 0.0) if is_start else (latest[0] + own[0], latest[1] + own[1])
    return totals.get(step.id)


def _effort(step: Step) -> tuple[float, float]:
    if step.kind == "wait" and step.due:
        return float(step.due.within), float(step.due.within)
    if step.effort is None or step.effort.median <= 0:
        return 0.0, 0.0
    spread = max(step.effort.p90 / step.effort.median, 1.0)
    return step.effort.median, step.effort.median * float(spread**-FIRST_PERCENTILE)


def pl14_ladders(view: View) -> Iterator[Finding]:
    """A ladder reaches its last rung while an answer still helps; no rung is empty without a way past it."""
    for step in view.plan.steps:
        ladder = view.ladders.get(step.ladder or "")
        if ladder is None or step.ack_within is None or not ladder.rungs:
            continue
        last = ladder.rungs[-1].after_min
        if last >= step.ack_within:
            said = Words(
                f"{quoted(step)}要求 {step.ack_within} 分钟内应答，梯次“{ladder.id}”最后一级第 {last} 分钟才呼叫",
                f"{quoted(step)} wants an answer in {step.ack_within} min; ladder “{ladder.id}” calls its last at {last}",
            )
            yield error("PL14", at(step, "ladder"), said, Words("缩短各级间隔", "shorten the rungs"), step.clause)
    for ladder in view.plan.ladders:
        empty = [place for place, rung in enumerate(ladder.rungs, 1) if not rung.posts]
        times = [rung.after_min for rung in ladder.rungs]
        if not ladder.rungs or (empty and not ladder.skip_if_empty):
            said = Words(f"梯次“{ladder.id}”有空的一级", f"the ladder “{ladder.id}” has an empty rung")
            yield error("PL14", f"ladder {ladder.id}", said, Words("填上岗位", "fill in posts"))
        yield from _quorums(ladder)
        if times != sorted(times):
            said = Words(f"梯次“{ladder.id}”的时间没有递增", f"the rungs of “{ladder.id}” do not rise in time")
            yield error("PL14", f"ladder {ladder.id}", said, Words("按先后排列", "put them in order"))


def _quorums(ladder: Ladder) -> Iterator[Finding]:
    """No rung wants more answers than posts have been called by then."""
    for place, rung in enumerate(ladder.rungs, 1):
        called = {post for row in ladder.rungs[:place] for post in row.posts}
        if isinstance(rung.need, int) and rung.need > len(called):
            said = Words(
                f"梯次“{ladder.id}”第 {place} 级要 {rung.need} 个岗位应答，到这一级只呼叫 {len(called)} 个",
                f"rung {place} of “{ladder.id}” wants {rung.need} answers; by then only {len(called)} posts are called",
            )
            yield error(
                "PL14", f"ladder {ladder.id}", said, Words("减少应答数或增加岗位", "ask for fewer, or call more")
            )


def pl16_superiors(view: View) -> Iterator[Finding]:
    """The plan's own limits are no looser than the superior's."""
    for row in view.plan.superiors:
        for milestone, theirs in (("superior_told", row.first_oral), ("superior_written", row.first_written)):
            if theirs is None:
                continue
            for step in view.setters(milestone):
                if step.due and not _differs(step.due, theirs) and step.due.within > theirs.within:
                    said = Words(
                        f"{quoted(step)}限 {step.due.within} 分钟，上级只给 {theirs.within} 分钟（{theirs.source}）",
                        f"{quoted(step)}: {step.due.within} min, but the superior allows {theirs.within} ({theirs.source})",
                    )
                    yield error("PL16", at(step, "due"), said, Words("改为不晚于上级时限", "keep to it"), step.clause)


def pl26_missing(view: View) -> Iterator[Finding]:
    """Every must step and every report to a superior has a limit; 及时 is none."""
    mend = Words("给出分钟数和起算点，并注明出处", "give minutes, their start and their source")
    for step in view.plan.steps:
        if step.must and step.due is None and step.kind not in ("auto", "wait"):
            wish = next(iter(holes(step.title, [])), None)
            said = Words(f"必做动作{quoted(step)}没有时限", f"the must step {quoted(step)} has no limit")
            if wish:
                said = Words(f"{said.zh}，“{wish.word}”不是时限", f"{said.en}; “{wish.word}” is none")
            yield error("PL26", at(step, "due"), said, mend, step.clause)
    for row in view.plan.superiors:
        if row.first_oral is None and row.first_written is None:
            name = view.units[row.unit].name if row.unit in view.units else row.unit
            said = Words(f"向“{name}”报告没有时限", f"reporting to “{name}” has no limit")
            yield error("PL26", f"superior {row.unit}", said, mend)

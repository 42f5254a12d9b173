"""PL24, PL25: what keeps a plan alive, and what Shudao does not do."""

from collections.abc import Iterator
from datetime import date

import msgspec

from shudao.engine.plan.lint.finding import Finding, error, note, warning
from shudao.engine.plan.lint.view import View
from shudao.engine.plan.model import NotExecutable, Plan
from shudao.engine.plan.read.boundary import Outside, leads_ban, outside
from shudao.engine.words import Words

SET_APART = "not_executable"
"""A section whose key begins so holds lines that were set apart as text when the plan was adopted."""


def pl24_upkeep(view: View, today: date | None = None) -> Iterator[Finding]:
    """The plan says when it is over, watches on, is drilled, is reviewed, and rests on rules in force."""
    plan = view.plan
    rows: list[tuple[bool, str, Words, Words]] = [
        (plan.ending is None or not plan.ending.criteria, "ending: criteria",
         Words("没有写明何时终止响应", "nothing says when the response ends"), Words("写明终止条件", "say when")),
        (plan.ending is None or plan.ending.watch_days <= 0, "ending: watch_days",
         Words("终止后没有跟踪天数", "no days of watching after the end"), Words("写明跟踪几天", "say how many")),
        (plan.demands is None or not plan.demands.owner, "demands: owner",
         Words("公众诉求没有责任岗位", "nobody owns the public's demands"), Words("指定岗位和答复时限", "name a post")),
        (plan.drills is None or plan.drills.every_months <= 0, "drills: every_months",
         Words("没有写明多久演练一次", "nothing says how often it is drilled"), Words("写明演练间隔", "say how often")),
        (not plan.review_months, "plan: review_months",
         Words("没有写明多久评审一次", "nothing says how often it is reviewed"), Words("写明评审间隔", "say how often")),
        (not plan.basis, "plan: basis",
         Words("没有写明依据", "it names no basis"), Words("列出依据的规定", "list the rules it rests on")),
    ]  # fmt: skip
    yield from (warning("PL24", where, said, mend) for missing, where, said, mend in rows if missing)
    yield from _dates(view, today)


def _dates(view: View, today: date | None) -> Iterator[Finding]:
    since = _day(view.plan.effective_from)
    for row in view.plan.basis:
        if any(word in row.status for word in ("废止", "失效", "repealed")):
            said = Words(f"依据“{row.name}”已废止", f"the basis “{row.name}” is repealed")
            yield warning("PL24", "plan: basis", said, Words("换成现行规定", "replace it by the rule in force"))
        issued = _day(row.date)
        if since and issued and issued > since:
            said = Words(f"依据“{row.name}”晚于本预案施行日", f"the basis “{row.name}” is younger than this plan")
            yield warning("PL24", "plan: basis", said, Words("按新规定评审预案", "review the plan against it"))
    if today and since and view.plan.review_months:
        months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
        if months >= view.plan.review_months:
            said = Words(
                f"已过评审期（每 {view.plan.review_months} 个月）",
                f"its review is overdue ({view.plan.review_months} months)",
            )
            yield warning(
                "PL24", "plan: effective_from", said, Words("评审并换新版次", "review it and issue an edition")
            )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def pl25_boundary(view: View) -> Iterator[Finding]:
    """Nothing outside the boundary is a step or a duty; where it stands as text, a post has taken note of it."""
    mend = Words("删去该动作；此类要求不会执行", "remove it; such a request is never carried out")
    for step in view.plan.steps:
        for one in outside(step.title):
            yield error("PL25", f"step {step.id}: title", _said(one), mend, step.clause)
    for unit in view.plan.units:
        for duty in unit.duties:
            yield from (error("PL25", f"unit {unit.id}: duties", _said(one), mend) for one in outside(duty))
    taken = {row.text for row in view.plan.not_executable if row.acknowledged_by}
    open_still = {row.text for row in view.plan.not_executable if not row.acknowledged_by}
    sources = {row.text: row.src for row in view.plan.not_executable}
    found = set()
    for where, clause, apart, one in _in_text(view):
        found.add(one.span.text)
        said = _said(one, sources.get(one.span.text))
        known = one.span.text in taken or (apart and one.span.text not in open_still)
        yield _in_section(where, clause, said, known=known)
    for row in view.plan.not_executable:
        if not row.acknowledged_by and row.text not in found:
            said = Words(f"“{row.text}”：{row.why}，不可执行", f"“{row.text}”: {row.why}; not executable here")
            yield error("PL25", "not_executable", said, _ACKNOWLEDGE)


def set_apart(plan: Plan) -> Plan:
    """The plan with a line of its own for everything in its text that lies outside the boundary, so that a post can
    take note of each; lines that stand already are kept as they are."""
    held = {row.text for row in plan.not_executable}
    found = {one.span.text: one.why for _, _, _, one in _in_text(View(plan)) if one.span.text not in held}
    more = tuple(NotExecutable(text=text, why=why.say(plan.language)) for text, why in found.items())
    return msgspec.structs.replace(plan, not_executable=(*plan.not_executable, *more)) if more else plan


_ACKNOWLEDGE = Words("由一个岗位签认“不执行”（acknowledged_by）", "let a post take note of it (acknowledged_by)")


def _in_section(where: str, clause: str, said: Words, *, known: bool) -> Finding:
    if known:
        return note("PL25", where, said, Words("已作为原文留存，不执行", "kept as text, not carried out"), clause)
    return error("PL25", where, said, _ACKNOWLEDGE, clause)


def _said(one: Outside, src: int | None = None) -> Words:
    text = f"“{one.span.text}”" + (f"[{src}]" if src else "")
    return Words(f"{text}{one.why.zh}，在这里不可执行", f"{text} {one.why.en}: not executable here")


def _in_text(view: View) -> Iterator[tuple[str, str, bool, Outside]]:
    """(where, clause, whether set apart, what) of everything outside the boundary in the plan's sections."""
    for section in view.plan.sections:
        banned = False
        for line in (section.title, *section.text.splitlines()):
            for one in outside(line, forbidden=banned):
                yield f"section {section.key}", section.number, section.key.startswith(SET_APART), one
            banned = banned or leads_ban(line)

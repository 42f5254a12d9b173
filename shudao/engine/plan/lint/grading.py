"""PL17-PL20: gaps and overlaps of levels, words that measure nothing, levels nobody may confirm or nobody leaves."""

import re
from collections.abc import Iterator
from itertools import islice, product

from shudao.engine.plan.expr import Facts
from shudao.engine.plan.lint.finding import Finding, error, warning
from shudao.engine.plan.lint.flow import fact_values
from shudao.engine.plan.lint.view import View, parsed
from shudao.engine.plan.model import Criterion, Severity
from shudao.engine.words import Words

MOST_POINTS = 20_000
"""Points of the grid tried for one criterion."""

COLLECTED = frozenset(
    ("posts_1h", "posts_total", "sources", "media_tier", "growth", "duration_h", "harm", "offline", "credible",
     "superior_attention", "first_handling_failed")
)  # fmt: skip
"""What the system measures or asks a person for (library README, grading measures)."""

_FUZZY = re.compile(
    r"较大影响|重大影响|一定影响|不良影响|广泛关注|高度关注|严重后果|影响恶劣|大量|较多|迅速扩散|significant|widespread"
)


def pl17_grid(view: View) -> Iterator[Finding]:
    """Every level can be proposed, none is hidden behind a graver one, and something holds when nothing fits."""
    severity = view.plan.severity
    if severity is None or not view.plan.levels:
        said = Words(
            "没有分级：级别、启动条件、默认级别都要写明", "there is no grading: levels, criteria and a default"
        )
        yield error("PL17", "severity", said, Words("写明 2 至 5 级及其条件", "give 2 to 5 levels with criteria"))
        return
    if severity.default not in view.rank:
        said = Words(
            "条件都不满足时没有级别可用（default 不是本预案的级别）", "when no criterion holds there is no level"
        )
        yield error(
            "PL17", "severity: default", said, Words("把 default 设为最低级", "set default to the lowest level")
        )
    for level in view.plan.levels:
        criteria = [row for row in severity.criteria if row.level == level.code]
        if level.code == severity.default:
            continue
        if not criteria:
            said = Words(f"级别 {level.code} 没有任何条件，永远不会被建议", f"level {level.code} has no criterion")
            yield error("PL17", f"level {level.code}", said, Words("补上条件", "add criteria"))
        elif not any(_proposable(view, row, severity) for row in criteria):
            said = Words(
                f"级别 {level.code} 的条件总被更高一级盖住", f"level {level.code} always hides behind a graver one"
            )
            yield error(
                "PL17", f"level {level.code}", said, Words("改写条件，分出界限", "redraw the line between them")
            )
    yield from _same_words(severity)


def _proposable(view: View, row: Criterion, severity: Severity) -> bool:
    """Whether some situation meets this criterion and no graver one. Facts it does not name stay unknown."""
    expr = parsed(row.expr)
    if expr is None:
        return True
    place = view.rank.get(row.level, 0)
    graver = [parsed(other.expr) for other in severity.criteria if view.rank.get(other.level, 0) < place]
    facts = fact_values([row.expr])
    for values in islice(product(*facts.values()), MOST_POINTS):
        known = Facts(values=dict(zip(facts, values, strict=True)), rank=view.rank)
        if expr.holds(known) and not any(other is not None and other.holds(known) for other in graver):
            return True
    return False


def _same_words(severity: Severity) -> Iterator[Finding]:
    seen: dict[str, Criterion] = {}
    for row in severity.criteria:
        text = " ".join(row.expr.split())
        first = seen.setdefault(text, row)
        if first.level != row.level:
            said = Words(
                f"条件“{row.text}”在级别 {first.level} 和 {row.level} 各写了一次",
                f"the criterion “{row.text}” stands at levels {first.level} and {row.level}",
            )
            yield error("PL17", f"criterion {row.id}", said, Words("只留一处", "keep it at one level"), row.clause)


def pl18_measures(view: View) -> Iterator[Finding]:
    """Every criterion asks for something that is measured or judged, in words that say how much."""
    severity = view.plan.severity
    if severity is None:
        return
    for row in severity.criteria:
        expr = parsed(row.expr)
        named = expr.facts if expr else ()
        for fact in named:
            if fact not in severity.measures and fact not in COLLECTED:
                said = Words(
                    f"条件“{row.text}”用到没有来源的量“{fact}”", f"“{row.text}” asks for “{fact}”, which nothing gives"
                )
                mend = Words("列入 measures 并写明由谁给出", "list it in measures and say who gives it")
                yield warning("PL18", f"criterion {row.id}: expr", said, mend, row.clause)
        fuzzy = _FUZZY.search(row.text)
        if fuzzy and not re.search(r"\d|[一二三四五六七八九十百]", row.text):
            said = Words(
                f"条件“{row.text}”的“{fuzzy.group()}”没有数", f"“{row.text}”: “{fuzzy.group()}” names no number"
            )
            yield warning(
                "PL18",
                f"criterion {row.id}: text",
                said,
                Words("写明数值或由谁判断", "give a number or a judge"),
                row.clause,
            )


def pl19_confirmation(view: View) -> Iterator[Finding]:
    """For each level some post may confirm it, and a default holds when nobody does."""
    severity = view.plan.severity
    if severity is None:
        return
    for place, level in enumerate(view.plan.levels):
        if not any(_may_confirm(view, post_id, place) for post_id in severity.confirm_by):
            said = Words(f"没有岗位有权确认级别 {level.code}", f"no post may confirm level {level.code}")
            mend = Words("在 confirm_by 中加入有权的岗位", "add a post with the authority to confirm_by")
            yield error("PL19", "severity: confirm_by", said, mend)
    if not severity.default:
        said = Words("无人确认时按哪一级，没有写明", "nothing says which level holds when nobody confirms")
        yield error("PL19", "severity: default", said, Words("写明 default", "set default"))


def _may_confirm(view: View, post_id: str, place: int) -> bool:
    post = view.posts.get(post_id)
    highest = view.rank.get(post.authority.grade_max or "") if post else None
    return highest is not None and highest <= place


def pl20_levels(view: View) -> Iterator[Finding]:
    """Each level asks for steps of its own, and there is a rule to go down."""
    before: tuple[str, frozenset[str]] | None = None
    for level in view.plan.levels:
        steps = frozenset(step.id for step in view.at_level(level.code))
        if not steps:
            said = Words(f"级别 {level.code} 没有任何动作", f"level {level.code} has no steps")
            yield warning("PL20", f"level {level.code}", said, Words("写明该级别做什么", "say what is done at it"))
        elif before is not None and steps == before[1]:
            said = Words(
                f"级别 {before[0]} 与 {level.code} 的动作完全相同",
                f"levels {before[0]} and {level.code} ask for the same",
            )
            yield warning(
                "PL20", f"level {level.code}", said, Words("合并两级，或写出差别", "merge them or tell them apart")
            )
        before = (level.code, steps)
    if view.plan.severity and not view.plan.severity.downgrade.strip():
        said = Words("没有写明何时降级", "nothing says when to go down a level")
        yield warning("PL20", "severity: downgrade", said, Words("写明降级条件和确认人", "say when, and who confirms"))

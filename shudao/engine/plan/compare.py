"""版次比较 (comparison): what one edition of a plan says otherwise than another, in words and with codes.

Parts are matched by their code, so a step that only moved is no change. Order of the differences: steps, limits, posts,
levels, then the rest. The same words stand on the page where a change is signed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from shudao.engine.papers.phrases import MILESTONE_NAMES
from shudao.engine.plan.model import Limit, Plan
from shudao.engine.words import Words

Part = Literal["step", "limit", "post", "level", "criterion", "ladder", "route", "other"]
How = Literal["added", "removed", "changed"]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """差异 (difference) between two editions: of which part, added, removed or changed, and the sentence."""

    part: Part
    how: How
    code: str
    words: Words


class _Names:
    """Names of posts, levels and steps, of either edition."""

    def __init__(self, old: Plan, new: Plan) -> None:
        self.known: dict[str, str] = {}
        for plan in (old, new):
            self.known |= {row.id: row.name for row in plan.units} | {row.id: row.name for row in plan.channels}
            self.known |= {row.id: row.name for row in plan.posts}
            self.known |= {row.code: row.name for row in plan.levels}
            self.known |= {row.id: row.title for row in plan.steps}

    def say(self, value: Any) -> Words:
        """A value as people read it."""
        if isinstance(value, Limit):
            return _limit(value)
        if isinstance(value, bool):
            return Words("是", "yes") if value else Words("否", "no")
        if isinstance(value, list | tuple):
            rows = [self.say(row) for row in value]
            return Words("、".join(row.zh for row in rows) or "无", ", ".join(row.en for row in rows) or "none")
        if value is None or value == "":
            return Words("无", "none")
        text = self.known.get(str(value), str(value))
        return Words(text, text)


def _limit(limit: Limit) -> Words:
    start = MILESTONE_NAMES.get(limit.of, Words(limit.of, limit.of))
    duty = limit.clock == "duty"
    return Words(
        f"自{start.zh}起 {limit.within} {'个工作分钟' if duty else '分钟'}",
        f"{limit.within} {'working ' if duty else ''}minutes from {start.en}",
    )


STEP_FIELDS: dict[str, Words] = {
    "title": Words("名称", "title"),
    "owner": Words("责任岗位", "owner"),
    "levels": Words("适用级别", "levels"),
    "must": Words("必办", "must"),
    "after": Words("前置（全部）", "waits for all of"),
    "after_any": Words("前置（任一）", "waits for one of"),
    "when": Words("条件", "condition"),
    "act": Words("完成方式", "completed by"),
    "ack_within": Words("应答时限（分钟）", "minutes to answer"),
    "ladder": Words("呼叫梯次", "ladder"),
    "sets": Words("达到的里程碑", "milestone it reaches"),
    "kind": Words("种类", "kind"),
    "clause": Words("条款", "clause"),
}
POST_FIELDS: dict[str, Words] = {
    "name": Words("名称", "name"),
    "unit": Words("单位", "unit"),
    "deputies": Words("副岗", "deputies"),
}
AUTHORITY_FIELDS: dict[str, Words] = {
    "grade_max": Words("可确认的最高级别", "highest level it may confirm"),
    "approve": Words("可审签", "may approve"),
    "publish": Words("可发布", "may publish"),
    "close": Words("可结束响应", "may end the response"),
}


def compare_plans(old: Plan, new: Plan) -> tuple[Difference, ...]:
    """Everything that differs and that somebody acts upon. Wording of chapters is not among it."""
    names = _Names(old, new)
    rows = [*_steps(old, new, names), *_limits(old, new, names), *_posts(old, new, names), *_levels(old, new)]
    return (*rows, *_criteria(old, new), *_ladders(old, new, names), *_routes(old, new, names), *_rest(old, new, names))


def _pairs(old: Iterable[Any], new: Iterable[Any], key: str = "id") -> Iterator[tuple[str, Any, Any]]:
    """Code, the row before, the row after; what is new comes in the new edition's order, then what is gone."""
    before = {getattr(row, key): row for row in old}
    after = {getattr(row, key): row for row in new}
    for code, row in after.items():
        yield code, before.get(code), row
    for code, row in before.items():
        if code not in after:
            yield code, row, None


def _came_or_went(part: Part, code: str, was: Any, now: Any, kind: Words, name: str) -> Iterator[Difference]:
    if was is None:
        words = Words(f"新增{kind.zh}“{name}”", f"new {kind.en}: “{name}”")
        yield Difference(part=part, how="added", code=code, words=words)
    elif now is None:
        words = Words(f"删去{kind.zh}“{name}”", f"{kind.en} removed: “{name}”")
        yield Difference(part=part, how="removed", code=code, words=words)


def _changed(part: Part, code: str, name: str, what: Words, was: Words, now: Words) -> Difference:
    words = Words(
        f"“{name}”的{what.zh}：{was.zh or '无'} → {now.zh or '无'}",
        f"“{name}”, {what.en}: {was.en or 'none'} → {now.en or 'none'}",
    )
    return Difference(part=part, how="changed", code=code, words=words)


def _fields(
    part: Part, code: str, name: str, was: Any, now: Any, fields: dict[str, Words], names: _Names
) -> Iterator[Difference]:
    for field, what in fields.items():
        one, other = getattr(was, field), getattr(now, field)
        if one != other:
            yield _changed(part, code, name, what, names.say(one), names.say(other))


def _steps(old: Plan, new: Plan, names: _Names) -> Iterator[Difference]:
    kind = Words("动作", "step")
    for code, was, now in _pairs(old.steps, new.steps):
        yield from _came_or_went("step", code, was, now, kind, (now or was).title)
        if was is None or now is None:
            continue
        yield from _fields("step", code, now.title, was, now, STEP_FIELDS, names)
        if was.next != now.next:
            yield _changed(
                "step", code, now.title, Words("分支", "branches"), *(_ways(row, names) for row in (was, now))
            )
        if was.repeat != now.repeat:
            yield _changed("step", code, now.title, Words("重复", "repetition"), _again(was), _again(now))


def _ways(step: Any, names: _Names) -> Words:
    rows = [(way.if_, names.say(way.to).zh) for way in step.next]
    return Words(
        "；".join(f"{test} 则“{to}”" for test, to in rows), "; ".join(f"if {test}: “{to}”" for test, to in rows)
    )


def _again(step: Any) -> Words:
    if step.repeat is None:
        return Words("不重复", "not repeated")
    every, until = step.repeat.every, step.repeat.until
    return Words(f"每 {every} 分钟，直到 {until}", f"every {every} minutes until {until}")


def _limits(old: Plan, new: Plan, names: _Names) -> Iterator[Difference]:
    """Limits of steps that both have, of telling superiors, of answers to demands."""
    what = Words("时限", "limit")
    for code, was, now in _pairs(old.steps, new.steps):
        if was is not None and now is not None:
            yield from _one_limit(code, now.title, what, was.due, now.due)
    for code, was, now in _pairs(old.superiors, new.superiors, "unit"):
        for field, which in (
            ("first_oral", Words("口头报告时限", "limit of telling")),
            ("first_written", Words("书面报告时限", "limit of writing")),
        ):
            yield from _one_limit(code, names.say(code).zh, which, getattr(was, field, None), getattr(now, field, None))
    answers = [plan.demands.answer_due if plan.demands else None for plan in (old, new)]
    yield from _one_limit("demands", "诉求", Words("答复时限", "limit of answers"), *answers)


def _one_limit(code: str, name: str, what: Words, was: Limit | None, now: Limit | None) -> Iterator[Difference]:
    one, other = [(row.within, row.of, row.clock) if row else None for row in (was, now)]
    if one == other:
        return
    how: How = "added" if was is None else "removed" if now is None else "changed"
    none = Words("无", "none")
    row = _changed("limit", code, name, what, _limit(was) if was else none, _limit(now) if now else none)
    yield msgspec.structs.replace(row, how=how)


def _posts(old: Plan, new: Plan, names: _Names) -> Iterator[Difference]:
    for code, was, now in _pairs(old.posts, new.posts):
        yield from _came_or_went("post", code, was, now, Words("岗位", "post"), (now or was).name)
        if was is not None and now is not None:
            yield from _fields("post", code, now.name, was, now, POST_FIELDS, names)
            yield from _fields("post", code, now.name, was.authority, now.authority, AUTHORITY_FIELDS, names)


def _levels(old: Plan, new: Plan) -> Iterator[Difference]:
    for code, was, now in _pairs(old.levels, new.levels, "code"):
        yield from _came_or_went("level", code, was, now, Words("级别", "level"), (now or was).name)
        if was is not None and now is not None and was.name != now.name:
            yield _changed(
                "level", code, now.name, Words("名称", "name"), Words(was.name, was.name), Words(now.name, now.name)
            )


def _criteria(old: Plan, new: Plan) -> Iterator[Difference]:
    rows = [plan.severity.criteria if plan.severity else () for plan in (old, new)]
    for code, was, now in _pairs(rows[0], rows[1]):
        yield from _came_or_went("criterion", code, was, now, Words("定级条件", "criterion"), (now or was).text)
        if was is not None and now is not None and (was.expr, was.level) != (now.expr, now.level):
            texts = [Words(f"{row.level} {row.expr}", f"{row.level} {row.expr}") for row in (was, now)]
            yield _changed("criterion", code, now.text, Words("条件", "test"), *texts)
    heads = [plan.severity.confirm_by if plan.severity else () for plan in (old, new)]
    if heads[0] != heads[1]:
        said = [_Names(old, new).say(row) for row in heads]
        yield _changed("criterion", "confirm_by", "定级", Words("确认岗位", "posts that confirm"), *said)


def _ladders(old: Plan, new: Plan, names: _Names) -> Iterator[Difference]:
    yield from _whole("ladder", old.ladders, new.ladders, Words("呼叫梯次", "ladder"), lambda row: _rungs(row, names))


def _rungs(ladder: Any, names: _Names) -> Words:
    rows = [(rung.after_min, names.say(rung.posts), rung.need) for rung in ladder.rungs]
    needs = {"any": Words("", ""), "all": Words("（都要应答）", " (all)")}
    said = [(at, who, needs.get(need) or Words(f"（{need} 个应答）", f" ({need} of them)")) for at, who, need in rows]
    return Words(
        "；".join(f"{at} 分 {who.zh}{need.zh}" for at, who, need in said),
        "; ".join(f"{at} min {who.en}{need.en}" for at, who, need in said),
    )


def _routes(old: Plan, new: Plan, names: _Names) -> Iterator[Difference]:
    def stages(row: Any) -> Words:
        return names.say([post for stage in row.stages for post in stage.posts])

    yield from _whole("route", old.routes, new.routes, Words("审签路线", "approval route"), stages)


def _whole(
    part: Part, old: Sequence[Any], new: Sequence[Any], kind: Words, say: Callable[[Any], Words]
) -> Iterator[Difference]:
    """Parts that are compared whole: one sentence for each."""
    for code, was, now in _pairs(old, new):
        yield from _came_or_went(part, code, was, now, kind, code)
        if was is not None and now is not None and was != now:
            yield _changed(part, code, code, kind, say(was), say(now))


def _rest(old: Plan, new: Plan, names: _Names) -> Iterator[Difference]:
    owners = [plan.demands.owner if plan.demands else "" for plan in (old, new)]
    if owners[0] != owners[1]:
        yield _changed("other", "demands", "诉求", Words("责任岗位", "owner"), *(names.say(row) for row in owners))
    ends = [plan.ending.by if plan.ending else () for plan in (old, new)]
    if ends[0] != ends[1]:
        yield _changed("other", "ending", "结束响应", Words("岗位", "posts"), *(names.say(row) for row in ends))
    days = [str(plan.ending.watch_days) if plan.ending else "" for plan in (old, new)]
    if days[0] != days[1]:
        yield _changed(
            "other", "ending", "结束响应", Words("跟踪天数", "days of watch"), *(Words(row, row) for row in days)
        )
    hours = [plan.duty_hours for plan in (old, new)]
    if hours[0] != hours[1]:
        yield _changed("other", "duty_hours", "工作时间", Words("时段", "hours"), *(Words(row, row) for row in hours))

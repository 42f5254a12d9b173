"""PL21-PL23: papers without recipient or source, words that go out unsigned, channels that may fail together."""

from collections.abc import Iterator

from shudao.engine.plan.lint.finding import Finding, at, error, quoted, warning
from shudao.engine.plan.lint.view import View
from shudao.engine.plan.model import Document, Route
from shudao.engine.words import Words


def pl21_documents(view: View) -> Iterator[Finding]:
    """Must documents have fields with sources and a recipient; there is a first report and a holding statement."""
    wanted = {name for step in view.plan.steps if step.must for name in step.outputs}
    for document in view.plan.documents:
        if document.id in wanted:
            yield from _document(document)
    if not view.setters("superior_told") and not view.setters("superior_written"):
        said = Words("没有向上级首次报告的动作", "no step makes the first report to the superior")
        yield error("PL21", "steps", said, Words("加一个 tell_superior 或 send_briefing:first 动作", "add such a step"))
    if not view.plan.superiors:
        said = Words("没有写明上级单位", "no superior unit is named")
        yield error("PL21", "superiors", said, Words("写明上级单位和报告时限", "name it and its limits"))
    if not any(document.kind == "holding" for document in view.plan.documents):
        said = Words("没有临时口径（holding）文书", "there is no holding statement")
        yield error("PL21", "documents", said, Words("加一份 kind: holding 的文书", "add a document of kind holding"))


def _document(document: Document) -> Iterator[Finding]:
    place = f"document {document.id}"
    if not document.fields:
        said = Words(f"文书“{document.title}”没有字段", f"“{document.title}” has no fields")
        yield error("PL21", f"{place}: fields", said, Words("写明字段及来源", "list its fields and their sources"))
    if not document.to:
        said = Words(f"文书“{document.title}”没有送达对象", f"“{document.title}” has no recipient")
        yield error("PL21", f"{place}: to", said, Words("写明送给谁", "say who receives it"))
    for field in document.fields:
        if field.required and not field.source:
            said = Words(
                f"“{document.title}”的必填字段 {field.key} 没有来源", f"“{document.title}”: {field.key} has no source"
            )
            yield error(
                "PL21", f"{place}: {field.key}", said, Words("写明由谁或从哪里给出", "say who or what gives it")
            )


def pl22_approval(view: View) -> Iterator[Finding]:
    """Nothing is published that was not approved, and no signature hangs on one reachable person."""
    for step in view.plan.steps:
        if not (step.act or "").startswith("publish_statement"):
            continue
        for level in view.levels:
            if view.claims(step, level) and not _approved_before(view, step.id, level):
                said = Words(
                    f"{quoted(step)}之前没有审签（级别 {level or '—'}）", f"{quoted(step)}: no approval before it"
                )
                yield error(
                    "PL22",
                    at(step, "after"),
                    said,
                    Words("让它等待审签动作", "let it wait for the approval"),
                    step.clause,
                )
                break
    for document in view.plan.documents:
        if document.kind in ("holding", "full", "statement") and not document.route:
            said = Words(f"“{document.title}”没有审签路线", f"“{document.title}” has no approval route")
            yield error("PL22", f"document {document.id}: route", said, Words("指定审签路线", "name its route"))
    for route in view.plan.routes:
        yield from _route(view, route)


def _approved_before(view: View, step_id: str, level: str | None) -> bool:
    """Whether every way to the step at this level passes an approval."""
    step = view.steps[step_id]
    if step_id not in view.ancestors:
        return False
    waiting, seen = [step], {step.id}
    while waiting:
        row = waiting.pop()
        for name in row.after:
            before = view.steps.get(name)
            if before is None or name in seen or not view.claims(before, level):
                continue
            if (before.act or "").startswith("approve_statement"):
                return True
            seen.add(name)
            waiting.append(before)
    ways = [view.steps[name] for name in step.after_any if name in view.steps and view.claims(view.steps[name], level)]
    return bool(ways) and all((row.act or "").startswith("approve_statement") for row in ways)


def _route(view: View, route: Route) -> Iterator[Finding]:
    if not route.stages:
        said = Words(f"审签路线“{route.id}”没有环节", f"the route “{route.id}” has no stage")
        yield error("PL22", f"route {route.id}: stages", said, Words("写明谁审签", "say who signs"))
    for stage in route.stages:
        post = view.posts.get(stage.post)
        if (stage.need == "any" and len(stage.posts) > 1) or route.id == view.plan.sign_route:
            continue  # another may sign as well; the plan itself can wait for the one who signs it
        if post and route.urgent is None and not (stage.deputies_ok and post.deputies):
            said = Words(
                f"审签人“{post.name}”没有副岗，也没有紧急路径", f"“{post.name}” signs alone: no deputy, no urgent path"
            )
            mend = Words("设副岗，或写明紧急口头审签", "name a deputy, or an urgent path")
            yield error("PL22", f"route {route.id}: {stage.post}", said, mend)


def pl23_channels(view: View) -> Iterator[Finding]:
    """More than one way out to the public and one way in that still works when the usual is down."""
    public = [row for row in view.plan.channels if row.public]
    if len(public) < 2:
        said = Words("对外渠道不足两个", "fewer than two public channels")
        yield warning("PL23", "channels", said, Words("至少备两个对外渠道", "keep at least two"))
    outside = {row.id for row in view.plan.channels if row.out_of_band and not row.public}
    if not outside:
        said = Words("没有不依赖本单位网络的内部渠道", "no internal channel works when the own network is down")
        yield warning(
            "PL23", "channels", said, Words("设一个带外渠道，如电话", "add one out of band, such as telephone")
        )
        return
    for ladder in view.plan.ladders:
        used = {name for rung in ladder.rungs for name in rung.channels}
        if used and not used & outside:
            said = Words(f"梯次“{ladder.id}”只用可能同时中断的渠道", f"ladder “{ladder.id}” uses only what may be down")
            yield warning(
                "PL23", f"ladder {ladder.id}", said, Words("至少一级改用带外渠道", "put one out of band in a rung")
            )

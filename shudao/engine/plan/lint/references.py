"""PL01, PL05-PL08: names that mean nothing, steps nobody owns, posts nobody stands in for, hands that should differ."""

from collections.abc import Iterable, Iterator

from shudao.engine.plan.expr import parse_expr
from shudao.engine.plan.lint.finding import Finding, at, error, quoted, warning
from shudao.engine.plan.lint.view import View
from shudao.engine.plan.model import Plan, Step
from shudao.engine.words import BadInput, Words

_DEFINE = Words("补上定义，或改正名称", "define it, or correct the name")
OWNER = "owner"
"""The word in a ladder's rung that stands for the step's own owner."""


def pl01_references(view: View) -> Iterator[Finding]:
    """Whatever is referred to is defined, whatever is defined is used, every expression can be read."""
    for where, clause, kind, name in _references(view):
        known = _known(view, kind)
        if name and name not in known:
            said = Words(f"引用了没有定义的{_ZH[kind]}“{name}”", f"refers to the {kind} “{name}”, which is not defined")
            yield error("PL01", where, said, _DEFINE, clause)
    for where, clause, text in _expressions(view.plan):
        try:
            parse_expr(text)
        except BadInput as fault:
            said = Words(f"条件式读不懂：{fault.line('zh')}", f"an expression cannot be read: {fault.line('en')}")
            yield error("PL01", where, said, Words("改正条件式", "correct the expression"), clause)
    yield from _unused(view)


_ZH = {
    "step": "动作", "post": "岗位", "ladder": "梯次", "document": "文书", "route": "审签路线", "channel": "渠道",
    "unit": "单位", "level": "级别", "milestone": "里程碑", "unit or post": "单位或岗位",
}  # fmt: skip


def _known(view: View, kind: str) -> Iterable[str]:
    tables: dict[str, Iterable[str]] = {
        "step": view.steps, "post": view.posts, "ladder": view.ladders, "document": view.documents,
        "route": view.routes, "channel": view.channels, "unit": view.units, "level": view.rank,
        "milestone": view.milestones, "unit or post": {*view.units, *view.posts},
    }  # fmt: skip
    return tables[kind]


def _references(view: View) -> Iterator[tuple[str, str, str, str]]:
    """(where, clause, kind, name) of everything a plan refers to; step owners are PL05's."""
    for step in view.plan.steps:
        for kind, field, names in (
            ("step", "after", step.after), ("step", "after_any", step.after_any), ("level", "levels", step.levels),
            ("step", "next", [b.to for b in step.next]), ("ladder", "ladder", [step.ladder or ""]),
            ("document", "outputs", step.outputs), ("milestone", "sets", [step.sets or ""]),
        ):  # fmt: skip
            yield from ((at(step, field), step.clause, kind, name) for name in names)
    yield from ((where, "", kind, name) for where, kind, name in _organisation(view.plan))
    yield from ((where, "", kind, name) for where, kind, name in _papers(view.plan))


def _organisation(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for unit in plan.units:
        yield f"unit {unit.id}: parent", "unit", unit.parent or ""
    for post in plan.posts:
        yield f"post {post.id}: unit", "unit", post.unit
        yield f"post {post.id}: authority", "level", post.authority.grade_max or ""
        yield from ((f"post {post.id}: authority", "document", name) for name in post.authority.approve)
        yield from ((f"post {post.id}: deputies", "post", name) for name in post.deputies)
        yield from ((f"post {post.id}: not_same_as", "post", name) for name in post.not_same_as)
    for ladder in plan.ladders:
        for rung in ladder.rungs:
            yield from ((f"ladder {ladder.id}", "post", name) for name in rung.posts if name != OWNER)
            yield from ((f"ladder {ladder.id}", "channel", name) for name in rung.channels)
        yield f"ladder {ladder.id}: final", "post", "" if ladder.final == OWNER else ladder.final or ""
    if plan.severity:
        yield from (("severity: confirm_by", "post", name) for name in plan.severity.confirm_by)
        yield from ((f"criterion {row.id}: level", "level", row.level) for row in plan.severity.criteria)
    for channel in plan.channels:
        yield f"channel {channel.id}: fallback", "channel", channel.fallback or ""


def _papers(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for document in plan.documents:
        yield f"document {document.id}: route", "route", document.route or ""
        yield from ((f"document {document.id}: to", "unit or post", name) for name in document.to)
    for route in plan.routes:
        yield from ((f"route {route.id}", "post", post) for stage in route.stages for post in stage.posts)
    for row in plan.superiors:
        yield "superiors: unit", "unit", row.unit
    if plan.demands:
        yield "demands: owner", "post", plan.demands.owner
        yield from (("demands: channels", "channel", name) for name in plan.demands.channels)
    if plan.ending:
        yield from (("ending: by", "post", name) for name in plan.ending.by)
        yield from (("ending: archive", "document", name) for name in plan.ending.archive)
    yield "plan: approved_by", "post", plan.approved_by or ""
    yield "plan: spokesperson", "post", plan.spokesperson or ""
    yield "plan: sign_route", "route", plan.sign_route or ""


def _expressions(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for step in plan.steps:
        yield at(step, "when"), step.clause, step.when
        yield from ((at(step, "next"), step.clause, branch.if_) for branch in step.next)
        if step.repeat:
            yield at(step, "repeat"), step.clause, step.repeat.until
    if plan.severity:
        yield from ((f"criterion {row.id}: expr", row.clause, row.expr) for row in plan.severity.criteria)
        yield from (("severity: upgrade_if", "", text) for text in plan.severity.upgrade_if)


def _unused(view: View) -> Iterator[Finding]:
    """Ladders, routes, documents, channels that nothing refers to."""
    used: dict[str, set[str]] = {"ladder": set(), "route": set(), "document": set(), "channel": set()}
    for _, _, kind, name in _references(view):
        used.setdefault(kind, set()).add(name)
    for kind in ("ladder", "route", "document"):
        for name in _known(view, kind):
            if name not in used[kind]:
                said = Words(f"{_ZH[kind]}“{name}”没有用到", f"the {kind} “{name}” is never used")
                yield warning("PL01", f"{kind} {name}", said, Words("用上它，或删去", "use it, or remove it"))


def pl05_owners(view: View) -> Iterator[Finding]:
    """Every step is owned by a post: not by nobody, not by a unit, not by 有关部门."""
    mend = Words("指定一个岗位", "name a post")
    for step in view.plan.steps:
        name = quoted(step)
        if not step.owner.strip():
            said = Words(f"{name}没有责任岗位", f"{name} has no owner")
        elif step.owner in view.units:
            unit = view.units[step.owner].name
            said = Words(
                f"{name}的责任方“{unit}”是单位，夜里叫不到人", f"{name}: its owner “{unit}” is a unit; call a post"
            )
        elif step.owner not in view.posts:
            said = Words(
                f"{name}的责任方“{step.owner}”不是本预案的岗位", f"{name}: its owner “{step.owner}” is no post"
            )
        else:
            continue
        yield error("PL05", at(step, "owner"), said, mend, step.clause)
    for post in view.plan.posts:
        if not post.unit:
            said = Words(f"岗位“{post.name}”没有所属单位", f"the post “{post.name}” belongs to no unit")
            yield warning("PL05", f"post {post.id}: unit", said, Words("写明所属单位", "say which unit it belongs to"))


def pl06_deputies(view: View) -> Iterator[Finding]:
    """A post that owns a must step has a deputy."""
    for post_id, step in _must_owners(view).items():
        post = view.posts[post_id]
        if not post.deputies:
            said = Words(
                f"“{post.name}”负责必做动作{quoted(step)}，却没有副岗", f"“{post.name}” owns {quoted(step)}, no deputy"
            )
            mend = Words("至少设一个副岗", "name at least one deputy")
            yield error("PL06", f"post {post.id}: deputies", said, mend, step.clause)


def pl07_rings(view: View) -> Iterator[Finding]:
    """No post is its own deputy, and deputies do not lead back in a ring."""
    for post in view.plan.posts:
        seen, turn = {post.id}, post
        while turn.deputies and turn.deputies[0] in view.posts:
            turn = view.posts[turn.deputies[0]]
            if turn.id in seen:
                break
            seen.add(turn.id)
        else:
            continue
        if turn.id == post.id:
            said = Words(f"“{post.name}”的副岗绕回它自己", f"the deputies of “{post.name}” lead back to it")
            mend = Words("换一个副岗，打开这个环", "choose another deputy and open the ring")
            yield warning("PL07", f"post {post.id}: deputies", said, mend)


def pl08_separation(view: View) -> Iterator[Finding]:
    """Who drafts does not alone approve; who checks the facts does not alone sign."""
    drafters = _owners_of(view, ("draft_statement", "send_briefing"))
    checkers = _owners_of(view, ("add_fact",))
    for route in view.plan.routes:
        signers = {post for stage in route.stages for post in stage.posts}
        if not signers or len(signers) > 1:
            continue
        signer = next(iter(signers))
        name = view.posts[signer].name if signer in view.posts else signer
        public = any(
            row.route == route.id and row.kind in ("holding", "full", "statement") for row in view.plan.documents
        )
        for step in (*(drafters.get(signer, ()) if public else ()), *(checkers.get(signer, ()) if public else ())):
            said = Words(
                f"“{name}”既办{quoted(step)}，又是唯一审签人", f"“{name}” does {quoted(step)} and is the only signer"
            )
            mend = Words("加一个审签环节，由别的岗位承担", "add a stage with another post")
            yield error("PL08", f"route {route.id}: stages", said, mend, step.clause)
    yield from _self_approval(view, drafters)


def _self_approval(view: View, drafters: dict[str, list[Step]]) -> Iterator[Finding]:
    for step in view.plan.steps:
        if not (step.act or "").startswith("approve_statement"):
            continue
        drafted = [row for row in drafters.get(step.owner, ()) if row.id in view.ancestors.get(step.id, ())]
        for row in drafted:
            said = Words(
                f"{quoted(row)}与{quoted(step)}由同一岗位承担", f"{quoted(row)} and {quoted(step)}: one post does both"
            )
            yield error(
                "PL08", at(step, "owner"), said, Words("改由别的岗位审签", "let another post approve"), step.clause
            )


def _owners_of(view: View, acts: tuple[str, ...]) -> dict[str, list[Step]]:
    owners: dict[str, list[Step]] = {}
    for step in view.plan.steps:
        if step.act and step.act.partition(":")[0] in acts:
            owners.setdefault(step.owner, []).append(step)
    return owners


def _must_owners(view: View) -> dict[str, Step]:
    owners: dict[str, Step] = {}
    for step in view.plan.steps:
        if step.must and step.owner in view.posts and step.kind not in ("auto", "wait"):
            owners.setdefault(step.owner, step)
    return owners

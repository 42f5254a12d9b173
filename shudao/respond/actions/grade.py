"""Levels: proposed by the plan's criteria, confirmed by an authorised post."""

from collections.abc import Mapping

import msgspec

from shudao.base.refusal import refuse
from shudao.engine.plan.expr import Value
from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond.grade import propose_level as propose
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.orders import Desk, raise_alarm
from shudao.respond.models import Alarm, Grade, Incident, LevelContest, LevelProposal
from shudao.respond.queries import latest_proposal


@verb(zh="建议级别", en="propose level")
def propose_level(
    act: Act, incident: Incident, *, facts: Mapping[str, Value], bases: Mapping[str, str] | None = None
) -> LevelProposal:
    """Ask the plan's criteria with what is known; new values are joined with those known before. BadInput when the
    plan has no grading part.

    `bases`: measure -> what its value rests on: `posts` (counted from the attached posts) or `fact:12`. Where a value
    comes from is kept beside the proposal, with the post and the moment.
    """
    row = lock(act, incident)
    known = {**row.state.facts, **facts}
    found = propose(row.plan, known)
    before = latest_proposal(row)
    proposal = LevelProposal.objects.create(
        incident=row, level=found.level, rule=found.rule, is_upgraded=found.upgraded, clauses=list(found.clauses),
        evidence=msgspec.to_builtins(found.evidence), missing=list(found.missing), at=act.now,
        sources=_sources(act, facts, bases or {}, before),
    )  # fmt: skip
    act.note(level=found.level, clauses=list(found.clauses))
    drive(act, incident, ev.FactsKnown, values=dict(facts))
    return proposal


def _sources(
    act: Act, facts: Mapping[str, Value], bases: Mapping[str, str], before: LevelProposal | None
) -> dict[str, dict[str, str]]:
    """Where each value comes from; a value that was given before and has not changed keeps its own."""
    kept: dict[str, dict[str, str]] = dict(before.sources) if before else {}
    for name, value in facts.items():
        old, basis = kept.get(name), bases.get(name, "")
        if old is None or old.get("value") != str(value) or (basis and basis != old.get("of")):
            kept[name] = {"value": str(value), "of": basis, "by": act.post, "at": act.moment.isoformat()}
    return kept


@verb(zh="确认级别", en="confirm level")
def confirm_level(act: Act, incident: Incident, *, level: str, clause: str = "", reason: str = "") -> Grade:
    """Confirm or change the level, up or down. Refused for a level the plan does not have, for a post without the
    authority, and without a reason where it differs from what the criteria propose, or from the level in force while
    they propose nothing."""
    row = lock(act, incident)
    plan = row.plan
    if level not in {known.code for known in plan.levels}:
        raise refuse(f"预案没有级别 {level}", f"the plan has no level {level}", code="level")
    if not may_confirm(plan, act.post, level):
        raise refuse("这个岗位无权确认该级别", "this post may not confirm that level", code="authority")
    proposal = latest_proposal(row)
    if proposal and proposal.level != level and not reason.strip() and act.scene.is_live:
        raise refuse("与建议级别不同, 请写明理由", "it differs from the proposal: give a reason", code="reason")
    in_force = "" if row.is_level_assumed else row.level
    if not proposal and in_force and in_force != level and not reason.strip() and act.scene.is_live:
        raise refuse("调整级别请写明理由", "to change the level give a reason", code="reason")
    clause = clause or _clause_for(plan, level, proposal)
    grade = Grade.objects.create(incident=row, level=level, clause=clause, reason=reason, post=act.post, at=act.moment)
    act.note(level=level, clause=clause, reason=Erasable(reason) if reason else "")
    _answer_contests(act, row, grade)
    drive(act, incident, ev.LevelConfirmed, level=level, post=act.post, happened_at=act.happened_at)
    return grade


@verb(zh="对级别提出异议", en="contest level")
def contest_level(act: Act, incident: Incident, *, level: str, reason: str) -> LevelContest:
    """Say that the level in force is wrong, which one it should be and why; the next confirmed level answers it.

    Refused without a reason, for an unknown level or the one in force, and for a post with no say in the level.
    """
    row = lock(act, incident)
    if not reason.strip():
        raise refuse("请写明理由", "give a reason", code="reason")
    if level not in {known.code for known in row.plan.levels}:
        raise refuse(f"预案没有级别 {level}", f"the plan has no level {level}", code="level")
    if level == row.level:
        raise refuse("现行级别就是这一级", "that is the level in force", code="same")
    if act.post not in may_contest(row.plan):
        raise refuse("这个岗位不能对级别提出异议", "this post has no say in the level", code="authority")
    contest = LevelContest.objects.create(
        incident=row, level=row.level, wanted=level, reason=reason, post=act.post, at=act.moment
    )
    act.note(level=level, before=row.level, reason=Erasable(reason))
    desk = Desk(act, row, own=("", ""))
    raise_alarm(desk, "level_contested", level, act.post)
    text = desk.say(
        f"【{row.number}】级别有异议，请确认或调整", f"[{row.number}] the level is contested: please decide"
    )
    for post in sorted(may_contest(row.plan) - {act.post}):
        put_message(act, post, text, kind="contest", matter=f"{row.number}/level")
    return contest


def may_contest(plan: Plan) -> set[str]:
    """Posts with a say in the level: those that confirm one, that may go up to some level, or that end the response."""
    heads = {*(plan.severity.confirm_by if plan.severity else ()), *(plan.ending.by if plan.ending else ())}
    return heads | {post.id for post in plan.posts if post.authority.grade_max or post.authority.close}


def _answer_contests(act: Act, incident: Incident, grade: Grade) -> None:
    """A confirmed level answers every open contest, whether it changes anything or not."""
    rows = LevelContest.objects.filter(incident=incident, answered_at=None)
    if rows.update(answered_at=act.now, answer=grade):
        Alarm.objects.filter(incident=incident, reason="level_contested", cleared_at=None).update(cleared_at=act.now)


def may_confirm(plan: Plan, post: str, level: str) -> bool:
    """Whether a post may confirm a level: up to its `grade_max`; without one, when the plan lists it as confirming."""
    authority = next((row.authority for row in plan.posts if row.id == post), None)
    if authority is None:
        return False
    ranks = {row.code: place for place, row in enumerate(plan.levels)}
    if authority.grade_max in ranks:
        return ranks[level] >= ranks[authority.grade_max]
    return plan.severity is not None and post in plan.severity.confirm_by


def _clause_for(plan: Plan, level: str, proposal: LevelProposal | None) -> str:
    """The clause a level rests on: the proposal's, else the first criterion of that level."""
    if proposal and proposal.level == level and proposal.clauses:
        return str(proposal.clauses[0])
    criteria = plan.severity.criteria if plan.severity else ()
    return next((row.clause for row in criteria if row.level == level), "")

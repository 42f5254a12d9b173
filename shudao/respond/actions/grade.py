"""Levels: proposed by the plan's criteria, confirmed by an authorised post."""

from collections.abc import Mapping

import msgspec

from shudao.base.refusal import refuse
from shudao.engine.plan.expr import Value
from shudao.engine.plan.model import Plan
from shudao.engine.respond import events as ev
from shudao.engine.respond.grade import propose_level as propose
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.respond.actions.drive import drive, lock
from shudao.respond.models import Grade, Incident, LevelProposal
from shudao.respond.queries import latest_proposal


@verb(zh="建议级别", en="propose level")
def propose_level(act: Act, incident: Incident, *, facts: Mapping[str, Value]) -> LevelProposal:
    """Ask the plan's criteria with what is known; new values are joined with those known before. BadInput when the
    plan has no grading part."""
    row = lock(act, incident)
    known = {**row.state.facts, **facts}
    found = propose(row.plan, known)
    proposal = LevelProposal.objects.create(
        incident=row, level=found.level, rule=found.rule, is_upgraded=found.upgraded, clauses=list(found.clauses),
        evidence=msgspec.to_builtins(found.evidence), missing=list(found.missing), at=act.now,
    )  # fmt: skip
    act.note(level=found.level, clauses=list(found.clauses))
    drive(act, incident, ev.FactsKnown, values=dict(facts))
    return proposal


@verb(zh="确认级别", en="confirm level")
def confirm_level(act: Act, incident: Incident, *, level: str, clause: str = "", reason: str = "") -> Grade:
    """Confirm or change the level. Refused for a level the plan does not have, for a post without the authority,
    and without a reason where it differs from what the criteria propose."""
    row = lock(act, incident)
    plan = row.plan
    if level not in {known.code for known in plan.levels}:
        raise refuse(f"预案没有级别 {level}", f"the plan has no level {level}", code="level")
    if not may_confirm(plan, act.post, level):
        raise refuse("这个岗位无权确认该级别", "this post may not confirm that level", code="authority")
    proposal = latest_proposal(row)
    if proposal and proposal.level != level and not reason.strip() and act.scene.is_live:
        raise refuse("与建议级别不同, 请写明理由", "it differs from the proposal: give a reason", code="reason")
    clause = clause or _clause_for(plan, level, proposal)
    grade = Grade.objects.create(incident=row, level=level, clause=clause, reason=reason, post=act.post, at=act.moment)
    act.note(level=level, clause=clause, reason=Erasable(reason) if reason else "")
    drive(act, incident, ev.LevelConfirmed, level=level, post=act.post, happened_at=act.happened_at)
    return grade


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

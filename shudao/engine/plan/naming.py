"""提名 (naming): where a plan names a post, in words for whoever would take that post away."""

from collections.abc import Iterator

from shudao.engine.plan.model import Plan
from shudao.engine.words import Words


def places_of(plan: Plan, post: str) -> tuple[Words, ...]:
    """Every place of the plan that needs the post: steps first, then calls, approvals, levels, demands, the ending."""
    found = [*_steps(plan, post), *_ladders(plan, post), *_routes(plan, post), *_others(plan, post)]
    return tuple(_in(plan, place) for place in found)


def _in(plan: Plan, place: Words) -> Words:
    return Words(f"预案《{plan.title}》{place.zh}", f"the plan “{plan.title}”: {place.en}")


def _steps(plan: Plan, post: str) -> Iterator[Words]:
    for step in plan.steps:
        if step.owner == post:
            yield Words(f"的规定动作“{step.title}”由它负责", f"the step “{step.title}” is its business")


def _ladders(plan: Plan, post: str) -> Iterator[Words]:
    for ladder in plan.ladders:
        if ladder.final == post or any(post in rung.posts for rung in ladder.rungs):
            yield Words(f"的呼叫梯次 {ladder.id} 要呼叫它", f"the ladder {ladder.id} calls it")


def _routes(plan: Plan, post: str) -> Iterator[Words]:
    for route in plan.routes:
        if any(post in stage.posts for stage in route.stages):
            yield Words(f"的审签路线 {route.id} 要它签", f"the approval route {route.id} needs its yes")


def _others(plan: Plan, post: str) -> Iterator[Words]:
    if plan.severity and post in plan.severity.confirm_by:
        yield Words("由它确认级别", "it confirms the level")
    if plan.demands and plan.demands.owner == post:
        yield Words("由它承办诉求", "it owns the demands")
    if plan.ending and post in plan.ending.by:
        yield Words("由它决定结束", "it decides on the ending")
    for channel in plan.channels:
        if channel.owner == post:
            yield Words(f"的渠道“{channel.name}”由它管", f"the channel “{channel.name}” is its business")

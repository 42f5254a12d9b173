"""Why a post cannot simply go: an open incident runs by a plan that names it."""

from shudao.base.scene import LIVE
from shudao.engine.plan.naming import places_of
from shudao.engine.words import Words
from shudao.org.claims import claim
from shudao.respond.queries import open_incidents


@claim
def named_by_open_incidents(post: str) -> list[Words]:
    """The open incidents whose own copy of the plan needs the post; one line each."""
    rows = (row for row in open_incidents(LIVE).select_related("plan_copy") if places_of(row.plan, post))
    return [Words(f"未结束的事件 {row.number}", f"the open incident {row.number}") for row in rows]

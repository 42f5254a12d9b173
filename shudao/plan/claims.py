"""Why a post cannot simply go: the plan in force names it."""

from shudao.engine.plan.naming import places_of
from shudao.engine.words import Words
from shudao.org.claims import claim
from shudao.plan.queries import edition_in_force


@claim
def named_by_the_plan(post: str) -> list[Words]:
    """The places of the plan in force that need the post."""
    edition = edition_in_force()
    return list(places_of(edition.plan, post)) if edition else []

"""牵涉 (claims): why a post cannot simply go. The stages above that name posts (plans, open incidents) say so here when
the site starts; this stage knows none of them.
"""

from collections.abc import Callable

from shudao.engine.words import Words

Asked = Callable[[str], list[Words]]
_asked: list[Asked] = []


def claim(ask: Asked) -> Asked:
    """Register who is to be asked: a function from a post's code to the places that need it."""
    _asked.append(ask)
    return ask


def claims_on(post: str) -> list[Words]:
    """Every place that needs the post, in words."""
    return [place for ask in _asked for place in ask(post)]

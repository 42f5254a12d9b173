"""Questions about people, posts, shifts and registers, a module for each noun."""

from shudao.org.queries.posts import (
    deputies_of,
    organisation,
    post_names,
    posts_of,
    reachable_posts,
    rights_of,
    who_holds,
)

__all__ = [
    "deputies_of",
    "organisation",
    "post_names",
    "posts_of",
    "reachable_posts",
    "rights_of",
    "who_holds",
]

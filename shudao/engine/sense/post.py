"""研判帖 (sense post): what the engine needs of a post: no author, no counts, no address."""

from datetime import datetime

import msgspec

from shudao.engine.post import Post


class SensePost(msgspec.Struct, frozen=True, kw_only=True):
    """研判帖 (sense post): `at` is aware; at least one of title and text says something."""

    id: str
    at: datetime
    source: str = "unknown"
    kind: str = "web"
    title: str = ""
    text: str = ""

    @classmethod
    def of(cls, post: Post) -> "SensePost":
        """The same post without what the engine does not look at."""
        return cls(
            id=post.id,
            at=post.published_at,
            source=post.source,
            kind=post.kind,
            title=post.title or "",
            text=post.text or "",
        )

"""接入器 (connectors): one folder a kind. A connector turns what a source offers into posts and rejects; it writes nothing.

A folder `connectors/<kind>/` has a `connector` object with `words` and `collect(source, now)`.
"""

import pkgutil
from datetime import datetime, timedelta
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from shudao.engine.post import Post, Reject
from shudao.engine.words import BadInput, Words
from shudao.listen.models import Source


class Collected(NamedTuple):
    """取得 (collected): what one reading brought, and the validators for the next. Unchanged: nothing was sent.

    `pause`: the least time the site asks for until the next visit.
    """

    results: tuple[Post | Reject, ...]
    etag: str = ""
    last_modified: str = ""
    is_unchanged: bool = False
    pause: timedelta = timedelta()


class Connector(Protocol):
    """接入器 (connector) of one kind of source."""

    words: Words

    def collect(self, source: Source, now: datetime) -> Collected:
        """Read the source once. FetchError or BadInput when it cannot be read."""
        ...


def kinds() -> list[str]:
    """Names of the connectors at hand."""
    return sorted(info.name for info in pkgutil.iter_modules(__path__) if info.ispkg)


def connector_of(kind: str) -> Connector:
    """The connector of a kind. BadInput when there is none."""
    if kind not in kinds():
        raise BadInput(Words(f"没有接入器“{kind}”", f"no connector “{kind}”"))
    return cast(Connector, import_module(f"{__name__}.{kind}").connector)

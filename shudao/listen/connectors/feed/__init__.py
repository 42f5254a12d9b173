"""订阅源接入 (feed connector): RSS, Atom, RDF and JSON Feed over HTTP, asked conditionally."""

from datetime import datetime

from shudao.engine.intake.feed import read_feed
from shudao.engine.intake.setting import Setting
from shudao.engine.words import Words
from shudao.listen.connectors import Collected
from shudao.listen.fetch import fetch
from shudao.listen.models import Source
from shudao.listen.robots import require_allowed

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.9, */*;q=0.5"
)


class FeedConnector:
    """Reads `source.address`."""

    words = Words("订阅源", "feed")

    def collect(self, source: Source, now: datetime) -> Collected:
        """The feed's posts, or unchanged when the server says so."""
        pause = require_allowed(source.address, now)
        answer = fetch(source.address, now=now, etag=source.etag, last_modified=source.last_modified, accept=ACCEPT)
        if answer.status == 304:
            return Collected((), source.etag, source.last_modified, is_unchanged=True, pause=pause)
        setting = Setting(source=source.name, at=now, now=now, kind=source.kind)
        headers = {"content-location": answer.url}
        headers |= {
            name: answer.headers[name] for name in ("content-type", "content-language") if name in answer.headers
        }
        reading = read_feed(answer.body, setting, headers=headers, where=source.code)
        etag, last_modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
        return Collected(reading.results, etag, last_modified, pause=pause)


connector = FeedConnector()

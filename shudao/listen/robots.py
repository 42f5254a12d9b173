"""爬虫协议 (robots): what a site lets machines read (RFC 9309). Asked once a day a site, kept by the process."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from shudao.base.outgoing import ALL_WITHIN
from shudao.engine.words import Words
from shudao.listen.fetch import FetchError, fetch, site_of

AGENT = "Shudao"
KEPT = timedelta(days=1)
AGAIN = timedelta(hours=1)
"""A site whose rules cannot be read is left alone so long (RFC 9309, 2.3.1.4)."""

_known: dict[str, tuple[datetime, Protego]] = {}


def require_allowed(url: str, now: datetime, seconds: float = ALL_WITHIN) -> timedelta:
    """The pause the site asks for between two visits (zero when it asks for none). FetchError `robots` when it says no."""
    rules = _rules(url, now, seconds)
    if not rules.can_fetch(url, AGENT):
        raise FetchError("robots", Words("网站的 robots.txt 不允许读取", "the site's robots.txt says no"), wait=KEPT)
    return timedelta(seconds=min(rules.crawl_delay(AGENT) or 0, KEPT.total_seconds()))


def forget() -> None:
    """Forget every site's rules."""
    _known.clear()


def _rules(url: str, now: datetime, seconds: float) -> Protego:
    site = site_of(url)
    until, rules = _known.get(site, (now, None))
    if rules is None or until <= now:
        rules = _ask(url, now, seconds)
        _known[site] = (now + KEPT, rules)
    return rules


def _ask(url: str, now: datetime, seconds: float) -> Protego:
    """A site without rules allows everything; one that fails to answer allows nothing for now."""
    parts = urlsplit(url)
    try:
        answer = fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", now=now, accept="text/plain", seconds=seconds)
    except FetchError as error:
        if error.code == "status" and 400 <= error.status < 500:
            return Protego.parse("")
        if error.code == "address":
            raise
        why = Words("读不到网站的 robots.txt，暂不读取", "the site's robots.txt cannot be read; left alone for now")
        raise FetchError("robots", why, wait=AGAIN) from error
    return Protego.parse(answer.body.decode("utf-8", "replace"))

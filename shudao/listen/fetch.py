"""取回 (fetch): reading what a source offers, over `shudao.base.outgoing`: conditional, and with the wait it asks for."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from shudao.base.outgoing import ALL_WITHIN, Answer, OutgoingError, ask
from shudao.engine.words import Words

LONGEST_WAIT = timedelta(days=1)
__all__ = ["Answer", "FetchError", "code_of", "fetch", "site_of"]


class FetchError(Exception):
    """Nothing usable came back. `code`: as of OutgoingError, or status, or robots. `wait`: as they asked."""

    def __init__(self, code: str, why: Words, *, status: int = 0, wait: timedelta | None = None) -> None:
        self.code, self.why, self.status, self.wait = code, why, status, wait
        super().__init__(f"{why.zh} / {why.en}")


def fetch(
    url: str,
    *,
    now: datetime,
    etag: str = "",
    last_modified: str = "",
    accept: str = "*/*",
    seconds: float = ALL_WITHIN,
) -> Answer:
    """GET an address, following redirects; with validators of the last reading it may answer 304. FetchError.

    `seconds` for everything: less where a person waits.
    """
    headers = {"Accept": accept}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    try:
        answer = ask(url, headers=headers, seconds=seconds)
    except OutgoingError as error:
        raise FetchError(error.code, error.why) from None
    if answer.status in (200, 304):
        return answer
    why = Words(f"对方应答 {answer.status}", f"the other side answered {answer.status}")
    raise FetchError("status", why, status=answer.status, wait=retry_after(answer.headers.get("retry-after", ""), now))


def code_of(error: FetchError) -> str:
    """The kind of a fault as a source keeps it: what lay behind unreadable rules, and the status that was answered."""
    behind = error.__cause__
    if error.code == "robots" and isinstance(behind, FetchError):
        return code_of(behind) if behind.code != "status" else f"robots:{code_of(behind)}"
    return f"status:{error.status}" if error.code == "status" else error.code


def site_of(url: str) -> str:
    """Host and port of an address, for politeness per site; "" for what is no address."""
    try:
        return urlsplit(url).netloc.casefold().rpartition("@")[2]
    except ValueError:
        return ""


def retry_after(stated: str, now: datetime) -> timedelta | None:
    """Retry-After as seconds or as a date; at most a day, None when it is not given or makes no sense."""
    stated = stated.strip()
    if stated.isdecimal():
        return min(timedelta(seconds=int(stated[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(stated)
        until = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(until - now, timedelta()), LONGEST_WAIT)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None

"""渠道种类 (kind of channel): the one interface of all ways out. A kind is told what to send and says what came back.

A kind knows nothing of rows: `settings` are the channel's fields with the secrets opened, a `Letter` is one part of one
parcel. It never raises: whatever happens is an `Answer` with the other side's own words in it.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Literal, NamedTuple, Protocol

from django.utils.functional import Promise

from shudao.base.outgoing import Answer as Came
from shudao.base.outgoing import OutgoingError, ask
from shudao.engine.text.parts import in_bytes

SAID_AT_MOST = 500  # characters kept of what the other side answered
SEND_WITHIN = 12.0  # seconds
LEAST_SECRET = 6  # characters: what is shorter cannot be blotted out without blotting out words

logging.getLogger("urllib3").setLevel(logging.INFO)  # at DEBUG it writes addresses, which hold tokens

Settings = Mapping[str, str]
Text = str | Promise


@dataclass(frozen=True)
class Field:
    """设置项 (field) of a kind's form. A secret one is kept sealed and never shown again."""

    name: str
    label: Text
    hint: Text = ""
    form: Literal["text", "address", "password", "number", "choice", "lines"] = "text"
    is_secret: bool = False
    is_needed: bool = True
    start: str = ""
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True)
class Letter:
    """一封 (letter): one part of a parcel on its way. `key` is the same whenever this part is tried again; `before` are
    the keys of what was sent earlier in its thread.
    """

    key: str
    subject: str
    text: str
    at: datetime
    address: str = ""
    mentions: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


class Answer(NamedTuple):
    """应答 (answer): whether the other side took it, its words and code, and the pause it asks of the whole channel.
    `is_whole`: a failure that every letter would meet; False when only this address was refused.
    """

    ok: bool
    said: str
    code: str = ""
    retry_after: timedelta | None = None
    is_whole: bool = True


class Kind(Protocol):
    """What a kind of channel declares and does. `by_phone`: mentions people by their mobile numbers. `pace`: at most so many letters in so many seconds, each pair kept."""

    code: ClassVar[str]
    name: ClassVar[Text]
    about: ClassVar[Text]
    is_group: ClassVar[bool]
    by_phone: ClassVar[bool]
    fields: ClassVar[tuple[Field, ...]]
    contact: ClassVar[Text]
    room: ClassVar[int]
    pace: ClassVar[tuple[tuple[int, float], ...]]

    def size(self, text: str) -> int:
        """Room a text takes, against `room`."""
        ...

    def hosts(self, settings: Settings) -> list[str]:
        """Host and port of every server it speaks to, as `outgoing` names them."""
        ...

    def fault(self, settings: Settings) -> Text:
        """What is wrong with the settings as a whole; "" when nothing is."""
        ...

    def send(self, settings: Settings, letter: Letter) -> Answer:
        """Hand one letter over."""
        ...


def in_json(text: str) -> int:
    """Room in bytes of a text inside a JSON body."""
    return in_bytes(json.dumps(text, ensure_ascii=False)) - 2


def post(
    url: str,
    body: bytes,
    read: Callable[[Came], Answer],
    *,
    secrets: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """POST a JSON body; `read` makes an answer of what came. What is secret is blotted out of what was said."""
    given = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    try:
        came = ask(url, method="POST", headers=given, body=body, seconds=SEND_WITHIN, most_bytes=64 * 1024)
    except OutgoingError as error:
        return Answer(False, f"{error.why.zh} / {error.why.en}", error.code)
    answer = read(came)
    return answer._replace(said=blotted(answer.said, [url, *secrets]))


def json_bytes(value: object) -> bytes:
    """A body."""
    return json.dumps(value, ensure_ascii=False).encode()


def excerpt(came: Came) -> str:
    """What the other side answered, word for word, as far as it is worth keeping; Chinese that it wrote as numbers is
    written as signs.
    """
    body = came.body.decode("utf-8", "replace")
    if "\\u" in body and (value := object_of(came)):
        body = json.dumps(value, ensure_ascii=False)
    return f"HTTP {came.status} {' '.join(body.split())}".strip()[:SAID_AT_MOST]


def object_of(came: Came) -> dict[str, object]:
    """The JSON object of an answer; empty when it is none."""
    try:
        value = json.loads(came.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def blotted(said: str, secrets: Iterable[str]) -> str:
    """The words without the secrets that the other side repeated, longest first."""
    for secret in sorted({text for text in secrets if len(text) >= LEAST_SECRET}, key=len, reverse=True):
        said = said.replace(secret, "…")
    return said

"""专题文件 (topic file): YAML `topics: [{id, name, query, sources?, languages?, owner_post?}]` read into topics."""

import msgspec
import yaml

from shudao.engine.sense.query import QueryError, Topic
from shudao.engine.sense.query import parse as parse_query
from shudao.engine.words import BadInput, Words

MAX_FILE = 8 << 20  # bytes
LANGUAGES = ("zh", "en", "ja", "ko")


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    topics: tuple[Topic, ...]


def load_topics(data: bytes, where: str = "") -> tuple[Topic, ...]:
    """The topics of one file, each with a query that parses, or `BadInput` naming the topic and the place."""
    if len(data) > MAX_FILE:
        raise BadInput(Words(zh=f"专题文件超过 {MAX_FILE} 字节", en=f"topic file over {MAX_FILE} bytes"), where=where)
    try:
        raw = yaml.load(data.decode("utf-8-sig"), Loader=_PlainLoader)  # noqa: S506 - plain values only
        topics = msgspec.convert(raw, _File, strict=False).topics
    except UnicodeDecodeError:
        raise BadInput(Words(zh="不是 UTF-8 编码", en="not UTF-8"), where=where) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadInput(
            Words(zh=f"不是专题文件：{_short(error)}", en=f"no topic file: {_short(error)}"),
            where=where,
            mend=Words(zh="写法：topics: [{id, name, query}]", en="write topics: [{id, name, query}]"),
        ) from None
    for topic in topics:
        check_topic(topic, where)
    _check_ids(topics, where)
    return topics


class _PlainLoader(yaml.BaseLoader):
    """YAML with every scalar a text (a query may be 110 or no) and without aliases, which could unfold without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*) are not used here; quote a query that begins with *")
        return super().compose_node(parent, index)


def check_topic(topic: Topic, where: str = "") -> None:
    """`BadInput` for an empty id or name, an unknown language, or a query that cannot be read."""
    place = f"{where} {topic.id}".strip()
    if not topic.id.strip() or not topic.name.strip():
        raise BadInput(Words(zh="专题要有 id 和 name", en="a topic needs id and name"), where=place)
    unknown = [language for language in topic.languages if language not in LANGUAGES]
    if unknown:
        known = ", ".join(LANGUAGES)
        raise BadInput(
            Words(zh=f"语言 {unknown[0]} 不认识（可用 {known}）", en=f"unknown language {unknown[0]} (use {known})"),
            where=place,
        )
    try:
        parse_query(topic.query)
    except QueryError as error:
        raise BadInput(error.what, where=f"{place} {error.where}", mend=error.mend) from error


def _check_ids(topics: tuple[Topic, ...], where: str) -> None:
    seen: set[str] = set()
    for topic in topics:
        if topic.id in seen:
            raise BadInput(Words(zh=f"专题 id {topic.id} 重复", en=f"topic id {topic.id} twice"), where=where)
        seen.add(topic.id)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]

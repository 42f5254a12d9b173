"""What a file of topics would change: which are new, which get a new version, which stand as they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base.scene import LIVE
from shudao.engine.sense.check import TopicFinding, check_topics
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.words import Words
from shudao.org.queries import post_names
from shudao.sense.queries import topics_in_force
from shudao.sense.screens.topics import watched

STATES = {
    "new": Words("新增", "new"),
    "changed": Words("换新版", "new version"),
    "same": Words("不变", "unchanged"),
}


@dataclass(frozen=True)
class Change:
    """改动 (change) that a topic of the file makes."""

    topic: Watched
    state: str
    findings: list[TopicFinding]
    is_owner_missing: bool

    @property
    def words(self) -> Words:
        """What it does."""
        return STATES[self.state]


class ImportScreen:
    """A file of topics before it is taken in. `text`: the file, carried along until somebody says yes."""

    def __init__(self, topics: Sequence[Watched], text: str) -> None:
        self.topics, self.text = topics, text

    @cached_property
    def changes(self) -> list[Change]:
        """One a topic, in the order of the file."""
        known = {row.code: watched(row) for row in topics_in_force(LIVE)}
        posts = post_names()
        faults = check_topics(self.topics)
        return [
            Change(
                topic=topic,
                state="new" if topic.id not in known else "same" if known[topic.id] == topic else "changed",
                findings=[row for row in faults if row.topic == topic.id],
                is_owner_missing=bool(topic.owner_post) and topic.owner_post not in posts,
            )
            for topic in self.topics
        ]

    @property
    def moving(self) -> int:
        """How many would change anything."""
        return sum(row.state != "same" for row in self.changes)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if not self.moving:
            return gettext("这些专题都已在用，没有变化")
        return ngettext("一个专题会改变", "%(n)d 个专题会改变", self.moving) % {"n": self.moving}

"""Topics: a change is a new version; what an older version caught stays with it."""

from collections.abc import Iterable

from shudao.base.refusal import refuse
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.sense.topics import check_topic
from shudao.ledger.verbs import Act, Actor, verb
from shudao.sense.models import Topic
from shudao.sense.queries import topic_in_force

LONGEST, LONGEST_NAME = 60, 200


@verb(zh="启用专题", en="add topic")
def add_topic(act: Act, topic: Watched) -> Topic:
    """Put a topic, or a new version of it, in force. BadInput when its query cannot be read."""
    check_topic(topic)
    _refuse_odd(topic)
    known = topic_in_force(act.scene, topic.id)
    if known and _same(known, topic):
        raise refuse("专题没有变化", "the topic is unchanged", code="same")
    if known:
        known.retired_at = act.now
        known.save(update_fields=["retired_at"])
    version = Topic.objects.in_scene(act.scene).filter(code=topic.id).count() + 1
    row = Topic.objects.create(
        scene=act.scene.key,
        code=topic.id,
        version=version,
        name=topic.name,
        query=topic.query,
        sources=list(topic.sources),
        languages=list(topic.languages),
        owner_post=topic.owner_post,
        added_at=act.now,
        added_by=act.post,
    )
    act.note(topic=row.code, version=version)
    return row


def add_topics(actor: Actor, topics: Iterable[Watched]) -> list[Topic]:
    """Put the topics of a file in force; those that stand unchanged are passed over."""
    added = []
    for topic in topics:
        known = topic_in_force(actor.scene, topic.id)
        if not (known and _same(known, topic)):
            added.append(add_topic(actor, topic))
    return added


@verb(zh="停用专题", en="retire topic")
def retire_topic(act: Act, topic: Topic) -> Topic:
    """Take a topic out of force; its matches and alerts stay."""
    if topic.retired_at:
        raise refuse("专题已停用", "the topic is retired already", code="state")
    topic.retired_at = act.now
    topic.save(update_fields=["retired_at"])
    act.note(topic=topic.code, version=topic.version)
    return topic


def _refuse_odd(topic: Watched) -> None:
    """An id stands in addresses and in a column of the table."""
    if len(topic.id) > LONGEST or set(topic.id) & set("/\\?#%"):
        raise refuse(
            f"专题代码“{topic.id[:20]}”太长，或有 / \\ ? # %", f"the topic id “{topic.id[:20]}” is too long or has / \\ ? # %",
            code="id",
        )  # fmt: skip
    if len(topic.name) > LONGEST_NAME:
        raise refuse("专题名称太长", "the topic's name is too long", code="name")


def _same(row: Topic, topic: Watched) -> bool:
    ours = (row.name, row.query, row.sources, row.languages, row.owner_post)
    return ours == (topic.name, topic.query, list(topic.sources), list(topic.languages), topic.owner_post)

"""`shudao topic check | try`: what is wrong with topics, and what they catch in a file of posts."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shudao.engine.words import BadInput, Words

if TYPE_CHECKING:
    from shudao.engine.sense.match import TopicMatch
    from shudao.engine.sense.post import SensePost
    from shudao.engine.sense.query import Topic

KEPT = 1000  # matches of one topic listed in the JSON document; all are counted
AROUND = 12  # characters shown on both sides of a hit


@click.group("topic")
def command() -> None:
    """专题 · check topics, try them on posts."""


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="findings as one JSON document")
def check(file: Path, as_json: bool) -> None:
    """检查专题文件 · dead, contradictory and runaway clauses; exit 1 when there are faults."""
    from shudao.engine.sense.check import check_topics
    from shudao.project.cli import language

    findings = check_topics(_topics(file))
    if as_json:
        _dump(findings)
    lang = language()
    for finding in [] if as_json else findings:
        line = f"{finding.topic} [{finding.severity}] {finding.rule} {finding.clause}: {finding.message.say(lang)}"
        click.echo(f"{line} → {finding.mend.say(lang)}")
    if any(finding.severity == "fault" for finding in findings):
        raise click.exceptions.Exit(1)
    if not as_json:
        click.echo(Words(zh="没有发现错误", en="no faults found").say(lang))


@command.command("try")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("posts", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="matches as one JSON document")
def attempt(file: Path, posts: Path, as_json: bool) -> None:
    """试用专题 · what each topic catches, with clause and character offsets."""
    from shudao.engine.sense.match import TopicSet

    topics = _topics(file)
    counts = {topic.id: 0 for topic in topics}
    kept: dict[str, list[dict[str, Any]]] = {topic.id: [] for topic in topics}
    compiled = TopicSet.compile(topics)
    for post in _posts(posts):
        for match in compiled.match(post):
            counts[match.topic] += 1
            if not as_json:
                _show(post, match)
            elif len(kept[match.topic]) < KEPT:
                kept[match.topic].append({"id": post.id, "clauses": match.clauses, "spans": match.spans})
    if as_json:
        _dump({"topics": [{"topic": key, "count": counts[key], "posts": kept[key]} for key in counts]})
    for key, count in ({} if as_json else counts).items():
        click.echo(f"{key}: {count}")


def _topics(file: Path) -> "tuple[Topic, ...]":
    from shudao.engine.sense.topics import load_topics
    from shudao.project.commands.sense import read_input

    return load_topics(read_input(file), str(file))


def _posts(path: Path) -> "Iterator[SensePost]":
    from shudao.engine.post import Reject, read_posts
    from shudao.engine.sense.post import SensePost
    from shudao.project.sense_run import PostLines, reading

    if not path.exists() or path.is_dir():
        raise BadInput(Words(zh="没有这个文件", en="no such file"), where=str(path))
    with reading(path):
        for row in read_posts(PostLines(path)):
            if isinstance(row, Reject):
                click.echo(f"{path} line {row.line}: {row.why.en}", err=True)
            else:
                yield SensePost.of(row)


def _show(post: "SensePost", match: "TopicMatch") -> None:
    fields = {"title": post.title, "text": post.text, "source": post.source}
    for place in match.spans:
        text = fields[place.field]
        before, found = text[max(0, place.start - AROUND) : place.start], text[place.start : place.end]
        after = text[place.end : place.end + AROUND]
        shown = " ".join(f"{before}[{found}]{after}".split())
        click.echo(f"{match.topic}\t{post.id}\t{place.clause}\t{place.field}:{place.start}-{place.end}\t{shown}")


def _dump(value: object) -> None:
    import msgspec

    click.echo(msgspec.json.encode(value).decode())

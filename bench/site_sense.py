"""A site that takes in a file of posts: CPU seconds of listening and of sensing, for `pipeline`. Its own process."""

import sys
import time
from pathlib import Path


def main(folder: Path, lines: Path) -> None:
    """Listen, then sense; prints both."""
    from shudao.project.site import prepare, use_folder

    use_folder(folder)
    prepare(pages=False)
    from bench.stream import query, topics
    from shudao.base.scene import LIVE
    from shudao.engine.post import Post, read_posts
    from shudao.engine.sense.query import Topic
    from shudao.ledger.verbs import Actor
    from shudao.listen.actions import add_source, read_batch
    from shudao.sense.actions import add_topics, pull_scene

    add_topics(
        Actor(LIVE, "duty_officer"),
        [Topic(id=name, name=name, query=query((name, *rest))) for name, *rest in topics(200)],
    )
    system = Actor(LIVE, "system")
    source = add_source(system, "all", name="all", kind="web", connector="file")
    rows = [row for row in read_posts(lines.read_bytes().splitlines()) if isinstance(row, Post)]
    begun = time.process_time()
    for start in range(0, len(rows), 1000):
        read_batch(system, source, rows[start : start + 1000])
    heard = time.process_time()
    pull_scene(LIVE)
    print(heard - begun, time.process_time() - heard)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

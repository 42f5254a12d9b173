"""Time passing in the demo: the clock is moved, the public talks, and the worker's own jobs do what they do."""

from datetime import datetime, timedelta

from shudao.base import clock
from shudao.base.deadlines import next_due
from shudao.base.jobs import run_due
from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.project.sample import read_stream
from shudao.respond.models import Deadline

SLOT = timedelta(minutes=30)
BATCH = 8
"""The sources are read every half hour, or as soon as so many posts wait."""


class Life:
    """The site's real time on a manual clock, with the posts that will still be published, in time order."""

    def __init__(self, start: datetime, posts: list[Post]) -> None:
        self.clock = clock.ManualClock(start)
        self.posts = posts
        clock.install(self.clock)

    @property
    def now(self) -> datetime:
        """The demo's present."""
        return self.clock.now()

    def go_on(self, **length: float) -> None:
        """Live for a timedelta's keywords, stopping at every slot with news and at every deadline."""
        until = self.now + timedelta(**length)
        while self.now < until:
            self.stop_before(until)

    def stop_before(self, until: datetime) -> None:
        """Live on to the next news, the next deadline or `until`, whichever comes first."""
        self.clock.set(self._next(until))
        self._hear()
        run_due()

    def _next(self, until: datetime) -> datetime:
        ahead = [until]
        if self.posts:
            waiting = self.posts[: BATCH + 1]
            ahead.append(max(waiting[0].published_at, min(self.now + SLOT, waiting[-1].published_at)))
        if due := next_due(Deadline, LIVE):
            ahead.append(due)
        return max(min(ahead), self.now + timedelta(seconds=1))

    def _hear(self) -> None:
        count = next((place for place, post in enumerate(self.posts) if post.published_at > self.now), len(self.posts))
        heard, self.posts = self.posts[:count], self.posts[count:]
        if heard:
            read_stream(heard)

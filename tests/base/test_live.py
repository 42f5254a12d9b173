"""Live pages: one poller for all, each told in its turn, nothing told of what one does not watch, nothing left behind."""

import asyncio
import json

import pytest

from shudao.base import live
from shudao.base.live import Hub, News, Sources, Watcher


class Stages:
    """What the hub asks, told by the test."""

    def __init__(self):
        self.place, self.moved, self.unread, self.looks = 10, {}, None, 0
        self.still = None
        self.broken = False

    def look(self, place):
        self.looks += 1
        if self.broken:
            raise OSError("the database is away")
        fresh = frozenset(key for at, key in self.moved.items() if place is not None and at > place)
        return News(max([self.place, *self.moved]), fresh, self.unread)

    def still_in(self, marks):
        return set(marks) if self.still is None else self.still

    def move(self, key):
        self.moved[max([self.place, *self.moved]) + 1] = key


@pytest.fixture
def stages(monkeypatch):
    for name, value in {"LOOK_EVERY": 0.001, "SPREAD": 0.0, "BEAT": 0.05, "CHECK_EVERY": 1}.items():
        monkeypatch.setattr(live, name, value)
    return Stages()


def watcher(*keys, user=1, posts=()):
    return Watcher(
        user=user, session=f"s{user}", mark="m", keys=frozenset(keys), boxes=frozenset(posts), is_first=bool(posts)
    )


def events(lines):
    """(event, data) of what was sent, heartbeats left out."""
    for block in lines.decode().split("\n\n"):
        rows = dict(row.split(": ", 1) for row in block.splitlines() if row and not row.startswith(":"))
        if "event" in rows:
            yield rows["event"], json.loads(rows["data"])


async def until(stream, name):
    """Everything up to the first event of that name."""
    seen = []
    async for lines in stream:
        seen += [one for one, _ in events(lines)]
        if name in seen:
            return seen
    return seen


def in_loop(stages, play):
    """Play with a hub in a loop of its own."""

    async def go():
        hub = Hub(Sources(stages.look, stages.still_in))
        try:
            return await asyncio.wait_for(play(hub), 20)
        finally:
            hub.close()

    return asyncio.run(go())


def test_who_watches_is_told_and_nobody_else(stages):
    async def play(hub):
        mine, other = hub.watch(watcher("run/1")), hub.watch(watcher("live", user=2))
        await until(mine, "hello"), await until(other, "hello")
        stages.move("run/1")
        told = await until(mine, "moved")
        stages.move("live")
        return told, await until(other, "moved")

    told, other = in_loop(stages, play)
    assert told.count("moved") == 1 and other.count("moved") == 1


def test_many_connections_ask_the_database_no_more_often_than_one(stages, monkeypatch):
    monkeypatch.setattr(live, "LOOK_EVERY", 3600.0)

    async def play(hub):
        streams = [hub.watch(watcher("live", user=n)) for n in range(50)]
        for stream in streams:
            await until(stream, "hello")
        return len(hub)

    assert in_loop(stages, play) == 50 and stages.looks == 1


def test_unread_messages_are_counted_for_ones_own_posts(stages):
    async def play(hub):
        stream = hub.watch(watcher("live", posts=("duty_officer",)))
        await until(stream, "hello")
        stages.unread = {"duty_officer": 3, "lawyer": 5}
        async for lines in stream:
            for name, data in events(lines):
                if name == "unread":
                    return data["unread"]
        return None

    assert in_loop(stages, play) == 3


@pytest.mark.parametrize(("last", "moved"), [(3, True), (10, False), (None, False)])
def test_who_comes_again_hears_what_he_missed(stages, last, moved):
    async def play(hub):
        stream = hub.watch(watcher("live"), last)
        await until(stream, "hello")
        stages.still = set()  # ends the connection at the next check, whether or not anything was said before
        return await until(stream, "bye")

    assert ("moved" in in_loop(stages, play)) == moved


def test_a_connection_ends_with_its_session(stages):
    async def play(hub):
        kept, gone = watcher("live", user=1), watcher("live", user=2)
        streams = [hub.watch(kept), hub.watch(gone)]
        for stream in streams:
            await until(stream, "hello")
        stages.still = {(1, "s1", "m")}
        seen = await until(streams[1], "bye")
        await streams[1].aclose()
        return seen[-1], hub.count_of(1), hub.count_of(2)

    assert in_loop(stages, play) == ("bye", 1, 0)


def test_told_to_stop_every_connection_ends(stages):
    async def play(hub):
        stream = hub.watch(watcher("live"))
        await until(stream, "hello")
        hub.close()
        return await until(stream, "bye")

    assert in_loop(stages, play) == ["bye"]


def test_a_database_that_is_away_ends_no_connection(stages):
    async def play(hub):
        stream = hub.watch(watcher("live"))
        await until(stream, "hello")
        stages.broken, before = True, stages.looks
        while stages.looks < before + 3:
            await asyncio.sleep(0)
        stages.broken = False
        stages.move("live")
        return await until(stream, "moved")

    assert in_loop(stages, play)[-1] == "moved"


def test_nobody_watching_nothing_is_asked(stages):
    async def play(hub):
        stream = hub.watch(watcher("live"))
        await until(stream, "hello")
        await stream.aclose()
        return len(hub), hub._poller

    assert in_loop(stages, play) == (0, None)


def test_whoever_answers_for_a_post_is_told_first(stages, monkeypatch):
    async def play(hub):
        onlooker, duty = watcher("live", user=1), watcher("live", user=2, posts=("duty_officer",))
        streams = [hub.watch(onlooker), hub.watch(duty)]
        for stream in streams:
            await until(stream, "hello")
        hub._poller.cancel()
        monkeypatch.setattr(live, "SPREAD", 5.0)
        hub._take(News(11, frozenset({"live"})))
        return onlooker.turn - duty.turn

    assert in_loop(stages, play) == pytest.approx(5.0)

"""示例 (sample): furnish a fresh site with an invented organisation, its plan, topics, sources and what was said.

Everything is done by the stages' own verbs, so the sample site has the same ledger as a real one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

import msgspec

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.post import Post, read_posts
from shudao.engine.sense.topics import load_topics
from shudao.engine.words import BadInput
from shudao.ledger.verbs import Actor
from shudao.library import path_of, read_folder
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import Item
from shudao.listen.queries import source_of, unread
from shudao.org.actions import make_entry_link, set_up_organisation
from shudao.org.models import Staff
from shudao.org.models.structure import UNNAMED
from shudao.org.queries import organisation, who_holds
from shudao.org.queries.sign_in import can_sign_in
from shudao.org.roster import PostRow, Roster, StaffRow, UnitRow, load_roster
from shudao.plan.actions import adopt_plan
from shudao.sense.actions import add_topics, pull_scene

SYSTEM = Actor(LIVE, "system")
SHIPPED = ("power", "university")
SLOT = timedelta(minutes=10)
"""How often the sample's sources are read in its past."""


def furnish(*, empty: bool = False, name: str = "power") -> None:
    """Set up a site that has no organisation yet; harmless on one that has.

    The sample's past is lived through slot by slot on a clock of its own, up to the moment the roster calls now.
    """
    if organisation() is not None:
        return
    if empty:
        set_up_organisation(SYSTEM, _bare())
        return
    roster = sample_roster(name)
    posts = shifted(roster, clock.now(LIVE))
    past = clock.ManualClock(posts[0].published_at - SLOT)
    present = clock.install(past)
    try:
        set_up_sample(roster)
        live_through(posts, past, until=present.now())
    finally:
        clock.install(present)


def set_up_sample(roster: Roster) -> None:
    """The organisation, the shipped plans (its own in force last), its topics and sources."""
    set_up_organisation(SYSTEM, roster, is_sample=True)
    for folder in sorted((f"plans/zh/{kind}" for kind in SHIPPED), key=lambda row: row == roster.plan):
        adopt_plan(SYSTEM, read_folder(path_of(*folder.split("/"))), kind=folder.rsplit("/", 1)[1])
    add_topics(SYSTEM, load_topics(path_of(*roster.topics.split("/")).read_bytes(), roster.topics))
    for row in roster.registers.sources:
        add_source(SYSTEM, row.code, name=row.name, kind=row.kind, connector=row.connector, address=row.address)


def live_through(posts: list[Post], past: clock.ManualClock, *, until: datetime) -> None:
    """Read the posts up to `until` as their sources brought them, sensing as they come."""
    while past.now() < until:
        before = past.now()
        past.set(min(before + SLOT, until))
        if read_stream([post for post in posts if before < post.published_at <= past.now()]):
            pull_scene(LIVE)


def read_stream(posts: list[Post]) -> int:
    """Read posts in, a batch for each of their sources; returns how many were new."""
    count = 0
    for code in dict.fromkeys(post.source for post in posts):
        source = source_of(LIVE, code) or add_source(SYSTEM, code, name=code, kind="web", connector="file")
        if fresh := unread(source, [post for post in posts if post.source == code]):
            count += len(read_batch(SYSTEM, source, fresh).items)
    return count


def go_on(name: str = "power") -> int:
    """The sample's public goes on: read what has been published since. Called by the worker in a sample site."""
    roster = sample_roster(name)
    first = Item.objects.in_scene(LIVE).order_by("pk").first()
    return read_stream(_up_to_now(list(stream(roster.stream)), first)) if first else 0


def _up_to_now(posts: list[Post], first: Item) -> list[Post]:
    begun = next((post.published_at for post in posts if post.id == first.ext_id), None)
    if begun is None:
        return []
    by, now = first.published_at - begun, clock.now(LIVE)
    moved = (msgspec.structs.replace(post, published_at=post.published_at + by) for post in posts)
    return [post for post in moved if post.published_at <= now]


def first_staff() -> str:
    """A one-time token for the administrator, or in a sample site for whoever is on duty now."""
    staff = Staff.objects.filter(is_administrator=True).first()
    staff = staff or next(iter(who_holds("duty_officer", clock.now(LIVE))), None) or Staff.objects.first()
    return make_entry_link(SYSTEM, staff)


def needs_first_link() -> bool:
    """Whether a start prints a way in: always in a sample site, else only while no administrator has one of his own."""
    row = organisation()
    return row is None or row.is_sample or not can_sign_in(Staff.objects.filter(is_administrator=True))


def sample_roster(name: str) -> Roster:
    """The roster of a sample organisation of the library."""
    return load_roster(path_of("organisations", f"{name}.yaml").read_bytes(), f"{name}.yaml")


def stream(name: str) -> Iterator[Post]:
    """The posts of a stream of the library; they hold no rejects."""
    for row in read_posts(BytesIO(path_of(*name.split("/")).read_bytes())):
        if not isinstance(row, Post):
            raise BadInput(row.why, where=f"{name}:{row.line}")
        yield row


def shifted(roster: Roster, now: datetime) -> list[Post]:
    """The stream of the roster in time order, moved so that the moment it calls now is `now`."""
    rows = sorted(stream(roster.stream), key=lambda post: post.published_at)
    by = now - (roster.now or rows[-1].published_at)
    return [msgspec.structs.replace(post, published_at=post.published_at + by) for post in rows]


def _bare() -> Roster:
    """An organisation with nothing but an administrator, to be set up by him."""
    return Roster(
        id="new",
        name=UNNAMED,
        units=(UnitRow(code="office", name="办公室"),),
        posts=(PostRow(code="duty_officer", name="值班员", unit="office"),),
        staff=(StaffRow(id="administrator", name="管理员", administrator=True),),
    )

"""围观站 (crowded site): the sample site with one open incident, people who watch it and people who write in it.

`python -m bench.live_site DIR WATCHERS WRITERS` prints as JSON: the incident's number, a session for each person,
and the post of each who writes.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

FACTS, DEMANDS = 12, 20
WRITERS_POSTS = (
    "duty_officer", "duty_backup", "office_head", "office_deputy", "recorder", "dispatch_head", "repair_head",
    "spokesperson", "service_head", "legal",
)  # fmt: skip


def build(folder: Path, watchers: int, writers: int) -> dict[str, object]:
    """Furnish the site, open the incident, let it grow to the size of an evening."""
    from shudao.project.site import prepare, use_folder

    use_folder(folder)
    prepare()
    from shudao.project.sample import furnish

    furnish()
    number = _incident()
    return {"number": number, "watchers": _watchers(watchers), "writers": _writers(writers)}


def _incident() -> str:
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor
    from shudao.plan.queries import edition_in_force
    from shudao.respond.actions import add_demand, add_fact, confirm_level, open_incident
    from shudao.respond.actions.grade import may_confirm

    actor = Actor(LIVE, "duty_officer", "陈立")
    plan = edition_in_force("power_county").plan
    row = open_incident(actor, plan, title="城南片区大面积停电", origin="hotline")
    for place in range(FACTS):
        add_fact(actor, row, text=f"第 {place + 1} 条已核实：城南片区抢修进展", status="known")
    for place in range(DEMANDS):
        add_demand(actor, row, text=f"第 {place + 1} 户问什么时候来电", channel="hotline", owner="service_head")
    level = plan.levels[0].code
    head = next(post.id for post in plan.posts if may_confirm(plan, post.id, level))
    confirm_level(Actor(LIVE, head), row, level=level, clause="1", reason="停电户数")
    return row.number


def _watchers(count: int) -> list[str]:
    """People of a post of their own that may look at everything."""
    from shudao.org.models import Post, PostRight, Right, Unit

    unit = Unit.objects.get(code="lead_office")
    posts = [Post.objects.create(code=f"seat{n}", name=f"观察席{n}", unit=unit) for n in range(20)]
    PostRight.objects.bulk_create([PostRight(post=post, right=Right.WATCH) for post in posts])
    return [_person(f"watcher{n}", posts[n % len(posts)]) for n in range(count)]


def _writers(count: int) -> list[tuple[str, str]]:
    """More holders of the plan's own posts, each with the post he acts in."""
    from shudao.org.models import Post, PostRight, Right

    posts = [Post.objects.get(code=code) for code in WRITERS_POSTS]
    for post in posts:
        PostRight.objects.get_or_create(post=post, right=Right.WATCH)
    return [(_person(f"writer{n}", post), post.code) for n in range(count) if (post := posts[n % len(posts)])]


def _person(name: str, post) -> str:
    """A person who holds that post and is signed in; his session."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.org.models import Holding, Staff

    now = clock.now(LIVE)
    user = get_user_model().objects.create_user(username=name)
    staff = Staff.objects.create(user=user, name=name)
    Holding.objects.create(post=post, staff=staff, from_at=now - timedelta(days=1))
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["shudao.since"] = session["shudao.seen"] = int(now.timestamp())
    session.set_expiry(12 * 3600)
    session.save()
    return session.session_key


if __name__ == "__main__":
    sys.stdout.write(json.dumps(build(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))

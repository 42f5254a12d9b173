"""联通测试 (reachability test): before a holiday or a drill, everyone who holds a post is asked to answer with one tap."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings as site
from django.utils.translation import gettext, ngettext, override

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Act, Actor, verb
from shudao.notify.actions.messages import only_live, put_message
from shudao.notify.models import Message, ReachCall, ReachTest
from shudao.notify.proposals import unproposed_test
from shudao.notify.queries.reach import call_of_token, overdue_tests
from shudao.org.models import Post, PostRight, Right, Staff
from shudao.org.queries import who_holds

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=3)


@verb(zh="开始联通测试", en="start reach test")
def start_reach_test(
    act: Act, *, reason: str, within: timedelta, units: Iterable[str] = (), address: str = ""
) -> ReachTest:
    """Ask everyone who answers for a post now (of these units, else of all) to say that he is there.

    Refused in a drill, for a limit under a minute or over three days, and when nobody would be called. `address`: the
    site's own, for the links.
    """
    only_live(act.scene)
    if not SHORTEST <= within <= LONGEST:
        raise refuse("时限应在 1 分钟到 3 天之间", "the limit must be between a minute and three days", code="limit")
    people = _people(list(units), act.now)
    if not people:
        raise refuse("所选单位现在没有人任职", "nobody holds a post in these units now", code="nobody")
    test = ReachTest.objects.create(
        reason=reason, started_at=act.now, started_by=act.post, ends_at=act.now + within, address=address
    )
    with override(site.LANGUAGE_CODE):
        text = gettext("联通测试：%(reason)s。看到请按一下，确认能联系到您。") % {"reason": reason}
    for staff, post in people:
        ReachCall.objects.create(test=test, staff=staff, post=post.code, post_name=post.name, unit=post.unit.name)
        put_message(
            act, post.code, text, kind="reach", matter=f"reach/{test.number}/{staff.pk}",
            thread=f"reach/{test.number}", staff=staff,
        )  # fmt: skip
    act.note(test=test.number, called=len(people), minutes=int(within.total_seconds() // 60), units=sorted(units))
    return test


@verb(zh="提议联通测试", en="propose reach test")
def propose_reach_test(act: Act) -> int:
    """A holiday of the table comes near and nobody was tested: whoever may start a test is told, once a holiday; returns
    how many posts. Refused when there is nothing to propose."""
    only_live(act.scene)
    coming = unproposed_test(act.now)
    if coming is None:
        raise refuse("现在不需要提议", "there is nothing to propose", code="state")
    rights = PostRight.objects.filter(right__in=[Right.PEOPLE, Right.DRILL], post__retired_at=None)
    posts = sorted(set(rights.values_list("post__code", flat=True)))
    with override(site.LANGUAGE_CODE):
        text = ngettext(
            "%(name)s将至，连休 %(n)d 天（%(first)s起）。节前请做一次联通测试。",
            "%(name)s将至，连休 %(n)d 天（%(first)s起）。节前请做一次联通测试。", coming.days,
        ) % {"name": coming.name or gettext("假期"), "n": coming.days, "first": f"{coming.first:%m-%d}"}  # fmt: skip
    for post in posts:
        put_message(act, post, text, kind="other", matter=coming.matter, thread=coming.matter)
    act.note(first=coming.first.isoformat(), days=coming.days, posts=len(posts))
    return len(posts)


def _people(units: list[str], now: datetime) -> list[tuple[Staff, Post]]:
    """Everybody once, with the first of his posts."""
    posts = Post.objects.select_related("unit").order_by("code")
    found: dict[int, tuple[Staff, Post]] = {}
    for post in posts.filter(unit__code__in=units) if units else posts:
        for staff in who_holds(post.code, now):
            found.setdefault(staff.pk, (staff, post))
    return list(found.values())


@verb(zh="应答联通测试", en="answer reach test")
def answer_reach_test(act: Act, call: ReachCall, *, via: str) -> ReachCall:
    """Say that one is there. Refused when the test has ended, or when one has answered before."""
    if call.test.ended_at or call.test.ends_at <= act.now:
        raise refuse("这次联通测试已经结束", "this reachability test has ended", code="ended")
    if call.answered_at:
        raise refuse("您已经应答过了", "you have answered already", code="twice")
    call.answered_at, call.via = act.now, via
    call.save()
    matter = f"reach/{call.test.number}/{call.staff_id}"
    Message.objects.filter(scene=LIVE.key, kind="reach", matter=matter).update(
        confirmed_at=act.now, confirmed_by=call.post
    )
    act.note(
        test=call.test.number, post=call.post, via=via, seconds=int((act.now - call.test.started_at).total_seconds())
    )
    return call


def answer_by_link(token: str) -> ReachCall:
    """Answer with a personal link, not signed in: good for this and nothing else. Refused for a link not made here."""
    call = call_of_token(token)
    if call is None:
        raise refuse("链接无效", "the link is not valid", code="link")
    return answer_reach_test(Actor(LIVE, call.post, call.staff.name), call, via="link")


@verb(zh="结束联通测试", en="end reach test")
def end_reach_test(act: Act, test: ReachTest) -> ReachTest:
    """End it; who has not answered stays named. Refused when it has ended already."""
    if test.ended_at:
        raise refuse("这次联通测试已经结束", "this reachability test has ended", code="ended")
    test.ended_at, test.ended_by = act.now, act.post
    test.save()
    Message.objects.filter(scene=LIVE.key, kind="reach", thread=f"reach/{test.number}", confirmed_at=None).update(
        confirmed_at=act.now, confirmed_by="system"
    )
    calls = test.calls.all()
    answered = sum(call.answered_at is not None for call in calls)
    act.note(test=test.number, called=len(calls), answered=answered)
    return test


def end_due_tests() -> int:
    """End every test whose limit has passed."""
    due = list(overdue_tests(clock.now(LIVE)))
    for test in due:
        end_reach_test(Actor(LIVE, "system"), test)
    return len(due)

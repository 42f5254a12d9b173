"""Posts taken over from a plan: made once, bound to what is there, with rights that a plan may give."""

import pytest

from shudao.base import clock
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.plan.load import load_plan
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.library import HERE, read_folder
from shudao.org.actions.from_plan import add_posts_from_plan
from shudao.org.models import Holding, Post, PostRight, Right, Staff, Unit
from shudao.org.queries import reachable_posts, who_holds
from shudao.project.sample import furnish

pytestmark = pytest.mark.django_db(transaction=True)
WHO = Actor(LIVE, "administrator", "管理员")


@pytest.fixture
def plan(standing):
    furnish(empty=True)
    return load_plan(read_folder(HERE / "plans" / "zh" / "power"))


def rights(code):
    return set(PostRight.objects.filter(post__code=code).values_list("right", flat=True))


def test_an_empty_site_gets_every_post_unit_and_deputy(plan):
    made = add_posts_from_plan(WHO, plan, bindings={})
    codes = set(Post.objects.values_list("code", flat=True))
    assert {post.id for post in plan.posts} <= codes and len(made) == len(plan.posts) - 1
    assert {unit.name for unit in plan.units} <= set(Unit.objects.values_list("name", flat=True))
    leader = Post.objects.get(code="leader")
    assert [row.deputy.code for row in leader.deputies.all()] == list(plan.post("leader").deputies)
    assert Post.objects.get(code="dispatch_head").is_all_hours
    assert Entry.objects.filter(verb="add_posts_from_plan", post="administrator").count() == 1


def test_a_plan_gives_rights_but_never_those_over_evidence(plan):
    add_posts_from_plan(WHO, plan, bindings={})
    assert rights("drafter") == {Right.WATCH}
    assert rights("duty_backup") == {Right.WATCH, Right.RECEIVE}
    assert {Right.RECEIVE, Right.PLAN, Right.PEOPLE} <= rights("office_head")
    given = set(PostRight.objects.values_list("right", flat=True))
    assert not given & {Right.EVIDENCE, Right.ERASE, Right.CARE, Right.SITE}


def test_a_post_of_the_plan_may_stand_for_one_that_is_there(plan):
    own = Post.objects.create(code="zhuren", name="综合部主任", unit=Unit.objects.first())
    person = Staff.objects.first()
    Holding.objects.create(post=own, staff=person, from_at=clock.now(LIVE))
    add_posts_from_plan(WHO, plan, bindings={"office_head": "zhuren"})
    row = Post.objects.get(code="office_head")
    assert row.replaced_by == own and row.retired_at
    assert who_holds("office_head", clock.now(LIVE)) == [person]
    assert reachable_posts(clock.now(LIVE))["office_head"] and not rights("office_head")


def test_what_it_cannot_bind_to_is_refused_and_nothing_is_made(plan):
    with pytest.raises(Refused):
        add_posts_from_plan(WHO, plan, bindings={"office_head": "nobody"})
    assert Post.objects.count() == 1


def test_twice_is_refused(plan):
    add_posts_from_plan(WHO, plan, bindings={})
    with pytest.raises(Refused):
        add_posts_from_plan(WHO, plan, bindings={})

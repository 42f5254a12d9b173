"""Rights come through posts; an administrator has those of setting up; every view says what it needs."""

import pytest
from django.urls import URLPattern, get_resolver

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.org.models import SETTING_UP, PostRight, Right, Staff
from shudao.org.queries import rights_of, who_holds
from tests.site import furnished, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def standing(transactional_db):
    furnished(None)


def every_view(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.callback
        else:
            yield from every_view(pattern.url_patterns)


def test_every_view_of_ours_says_what_it_needs():
    for view in every_view(get_resolver().url_patterns):
        if view.__module__.startswith("shudao.") and view.__name__ != "sign_out":
            assert hasattr(view, "needs") or not getattr(view, "login_required", True), (view.__module__, view.__name__)


def test_a_person_has_the_rights_of_the_posts_he_answers_for(standing):
    now = clock.now(LIVE)
    duty = who_holds("duty_officer", now)[0]
    assert {Right.WATCH, Right.RECEIVE} <= rights_of(duty, now)
    PostRight.objects.filter(post__code="duty_officer").delete()
    assert Right.RECEIVE not in rights_of(duty, now) or duty.is_administrator


def test_an_administrator_without_a_post_sets_up_and_sees_nothing_else(standing):
    staff = Staff.objects.filter(is_administrator=True).first()
    staff.holdings.all().delete()
    staff.shifts.all().delete()
    assert rights_of(staff, clock.now(LIVE)) == SETTING_UP
    assert not SETTING_UP & {Right.EVIDENCE, Right.ERASE, Right.CARE, Right.WATCH}


def test_without_the_right_an_address_is_not_there(standing):
    client = signed_in("drafter")
    assert client.get("/respond/open_incident/").status_code == 404
    assert signed_in("duty_officer").get("/respond/open_incident/").status_code == 200


@pytest.fixture
def head(standing):
    """Somebody who manages people, on a real site."""
    from shudao.org.models import Organisation

    Organisation.objects.update(is_sample=False)
    return signed_in("office_head")


def the(post):
    return {"post": post}


def test_a_right_is_given_and_taken_back_on_the_page(head):
    from shudao.ledger.queries import entries_of

    page = head.get("/org/rights/").content.decode()
    assert "舆情值班员" in page and "查看原始证据" in page
    head.post("/org/rights/grant_right/", {"post": "drafter", "right": "receive"})
    assert PostRight.objects.filter(post__code="drafter", right="receive").exists()
    assert signed_in("drafter").get("/respond/open_incident/").status_code == 200
    head.post("/org/rights/withdraw_right/", {"post": "drafter", "right": "receive"})
    assert signed_in("drafter").get("/respond/open_incident/").status_code == 404
    kept = [row["data"] for row in entries_of("site") if row["verb"] in {"grant_right", "withdraw_right"}]
    assert [(row["to"], row["right"]) for row in kept] == [("drafter", "receive")] * 2


@pytest.mark.parametrize(
    "given", [{}, {"post": "nobody", "right": "watch"}, {"post": "drafter", "right": "everything"}]
)
def test_what_is_no_post_or_no_right_is_not_there(head, given):
    assert head.post("/org/rights/grant_right/", given).status_code == 404


def test_twice_is_refused_in_words(head):
    answer = head.post(
        "/org/rights/grant_right/", {"post": "duty_officer", "right": "watch", "back": "q=x"}, follow=True
    )
    assert "已有此权限" in answer.content.decode()
    assert (
        "没有此权限"
        in head.post("/org/rights/withdraw_right/", {"post": "legal", "right": "site"}, follow=True).content.decode()
    )


def test_the_last_who_manage_people_stay_while_no_administrator_remains(head):
    from shudao.base.refusal import Refused
    from shudao.ledger.verbs import Actor
    from shudao.org.actions import withdraw_right
    from shudao.org.models import Post

    Staff.objects.update(is_administrator=False)
    PostRight.objects.filter(right="people").exclude(post__code="office_head").delete()
    answer = head.post("/org/rights/withdraw_right/", {"post": "office_head", "right": "people"}, follow=True)
    assert "没有人能管理人员" in answer.content.decode()
    assert PostRight.objects.filter(post__code="office_head", right="people").exists()
    post = Post.objects.get(code="office_head")
    who = who_holds("office_head", clock.now(LIVE))[0]
    who.holdings.all().delete()
    PostRight.objects.create(post=Post.objects.get(code="leader"), right="people")
    withdraw_right(Actor(LIVE, "leader"), post, "people")
    with pytest.raises(Refused):
        withdraw_right(Actor(LIVE, "leader"), Post.objects.get(code="leader"), "people")


@pytest.mark.parametrize("right", ["evidence", "erase", "care"])
def test_nobody_gives_himself_what_wants_trust_while_another_could(head, right):
    PostRight.objects.filter(right=right).delete()
    give = {"post": "office_head", "right": right}
    assert "另一位管理员" in head.post("/org/rights/grant_right/", give, follow=True).content.decode()
    assert not PostRight.objects.filter(right=right).exists()
    assert (
        "已授予"
        in head.post("/org/rights/grant_right/", {"post": "legal", "right": right}, follow=True).content.decode()
    )
    PostRight.objects.filter(right="people").exclude(post__code="office_head").delete()
    Staff.objects.exclude(pk=who_holds("office_head", clock.now(LIVE))[0].pk).update(is_administrator=False)
    assert "已授予" in head.post("/org/rights/grant_right/", give, follow=True).content.decode()


def test_the_page_says_who_has_a_right_and_through_which_post(head):
    page = head.get("/org/rights/").content.decode()
    names = [staff.name for staff in who_holds("recorder", clock.now(LIVE))]
    part = page.split("查看原始证据</dt>")[1].split("</dd>")[0]
    assert all(name in part for name in names) and "记录员" in part


def test_the_number_of_questions_does_not_grow_with_the_posts(head):
    from shudao.org.models import Post, Unit
    from tests.site import queries_of

    first = queries_of(head, "/org/rights/?q=岗")
    unit = Unit.objects.first()
    Post.objects.bulk_create(Post(code=f"more-{n}", name=f"岗位{n}", unit=unit) for n in range(300))
    assert queries_of(head, "/org/rights/?q=岗") <= first + 2
    assert head.get("/org/rights/").content.decode().count("<tbody>") == 1

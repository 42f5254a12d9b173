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

"""Units, posts and people: what may be changed, what is refused, and that nothing history refers to is lost."""

from datetime import timedelta

import pytest

from shudao.base import clock
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.claims import claims_on
from shudao.org.models import Holding, Organisation, Post, PostRight, Right, Shift, Staff, Unit
from shudao.org.queries import deputies_of, posts_of, reachable_posts, rights_of, who_holds
from shudao.org.roster import load_roster
from tests.org.test_org import SMALL

pytestmark = pytest.mark.django_db
HEAD = Actor(LIVE, "head", "丙")


@pytest.fixture
def office(duty):
    actions.set_up_organisation(duty, load_roster(SMALL.encode(), "small.yaml"))
    return Unit.objects.get(code="office")


def person(name):
    return Staff.objects.get(name=name)


def post(code):
    return Post.objects.get(code=code)


def last():
    return list(entries_of("site"))[-1]


def refused(verb, *args, code=None, **kwargs):
    before = len(list(entries_of("site")))
    with pytest.raises(Refused) as caught:
        verb(HEAD, *args, **kwargs)
    assert code is None or caught.value.code == code, caught.value
    assert len(list(entries_of("site"))) == before
    return caught.value


def test_units_are_added_moved_retired_and_restored(office):
    one = actions.add_unit(HEAD, name=" 外联  组 ", parent=office)
    assert (one.name, one.code) == ("外联 组", "unit_1") and last()["data"]["parent"] == "office"
    actions.change_unit(HEAD, one, name="外联科", kind="department", parent=None)
    assert last()["data"]["was_name"] == "外联 组" and last()["data"]["was_parent"] == "office"
    actions.retire_unit(HEAD, one)
    refused(actions.retire_unit, one, code="retired")
    with pytest.raises(Refused):
        actions.add_post(HEAD, name="联络员", unit=one)
    actions.restore_unit(HEAD, one)
    assert Unit.objects.get(pk=one.pk).retired_at is None


def test_a_unit_never_stands_under_itself(office):
    low = actions.add_unit(HEAD, name="组", parent=office)
    lower = actions.add_unit(HEAD, name="小组", parent=low)
    for parent in (office, low, lower):
        refused(actions.change_unit, office, name="宣传部", kind="department", parent=parent)
    assert Unit.objects.get(pk=office.pk).parent is None


def test_a_unit_in_use_is_not_retired(office):
    assert "3 个岗位" in refused(actions.retire_unit, office, code="used").why.zh


@pytest.mark.parametrize("given", ["含空格 的", "中文", "a/b", "x" * 61])
def test_a_code_is_plain_and_free(office, given):
    with pytest.raises(Refused):
        actions.add_unit(HEAD, name="甲", code=given)
    with pytest.raises(Refused):
        actions.add_unit(HEAD, name="甲", code="office")


def test_nothing_changed_is_refused_and_leaves_no_entry(office):
    refused(actions.change_unit, office, name=office.name, kind=office.kind, parent=None)
    refused(actions.set_deputies, post("duty_officer"), [post("head")])
    refused(actions.change_post, post("head"), name="部长", unit=office)


def test_a_new_post_may_see_and_nothing_more(office):
    row = actions.add_post(HEAD, name="联络员", unit=office, deputies=[post("head"), post("lawyer")])
    assert deputies_of(row.code) == ["head", "lawyer"]
    assert list(row.rights.values_list("right", flat=True)) == [Right.WATCH]


def test_deputies_are_others_in_order_and_once(office):
    row = post("duty_officer")
    actions.set_deputies(HEAD, row, [post("lawyer"), post("head")])
    assert deputies_of("duty_officer") == ["lawyer", "head"] and last()["data"]["was_deputies"] == ["head"]
    for wrong in ([row], [post("head"), post("head")]):
        refused(actions.set_deputies, row, wrong)
    assert deputies_of("duty_officer") == ["lawyer", "head"]


def test_a_retired_post_is_answered_for_by_its_replacement(office, standing):
    before = standing.now()
    standing.advance(hours=1)
    PostRight.objects.create(post=post("duty_officer"), right=Right.ERASE)
    actions.set_deputies(HEAD, post("lawyer"), [post("duty_officer")])
    actions.retire_post(HEAD, post("duty_officer"), replaced_by=post("head"))
    now = standing.now()
    assert [row.name for row in who_holds("duty_officer", now)] == ["丙"]
    assert [row.name for row in who_holds("duty_officer", before)] == ["甲"]
    assert {row.code for row in posts_of(person("丙"), now)} == {"head", "duty_officer"}
    assert reachable_posts(now)["duty_officer"] and deputies_of("lawyer") == ["head"]
    assert Right.ERASE not in rights_of(person("丙"), now)
    assert not Shift.objects.standing().filter(post__code="duty_officer", end_at__gt=now).exists()
    actions.retire_post(HEAD, post("head"), replaced_by=post("lawyer"))
    assert Post.objects.get(code="duty_officer").replaced_by == post("lawyer")
    actions.restore_post(HEAD, post("duty_officer"))
    assert who_holds("duty_officer", now) == []


def test_a_post_that_somebody_needs_goes_only_with_another_in_its_place(office, monkeypatch):
    from shudao.engine.words import Words
    from shudao.org import claims

    monkeypatch.setattr(
        claims, "_asked", [lambda code: [Words("预案的“首报”由它负责", "the first report")] if code == "head" else []]
    )
    assert "首报" in refused(actions.retire_post, post("head"), code="claimed").why.zh
    refused(actions.retire_post, post("head"), replaced_by=post("head"), code="replaced")
    actions.retire_post(HEAD, post("head"), replaced_by=post("lawyer"))
    assert claims_on("lawyer") == []


def test_a_person_comes_leaves_and_comes_back(office, standing):
    row = actions.add_staff(HEAD, name="丁", phone="139")
    assert row.user.username == "u0004" and not row.user.has_usable_password() and "丁" not in str(last())
    actions.start_holding(HEAD, post=post("lawyer"), staff=row)
    standing.advance(hours=2)
    moment = standing.now() - timedelta(hours=1)
    actions.retire_staff(HEAD, row)
    row.refresh_from_db()
    assert not row.user.is_active and who_holds("lawyer", standing.now()) == []
    assert [one.name for one in who_holds("lawyer", moment)] == ["丁"], "who was in charge then is still known"
    refused(actions.retire_staff, row, code="left")
    refused(actions.start_holding, post=post("lawyer"), staff=row)
    actions.restore_staff(HEAD, row)
    assert Staff.objects.get(pk=row.pk).user.is_active and posts_of(row, standing.now()) == []


def test_who_leaves_has_no_shift_any_more(office, standing):
    leaving = person("甲")
    assert [row.name for row in who_holds("duty_officer", standing.now())] == ["甲"]
    actions.retire_staff(HEAD, leaving)
    now = standing.now()
    assert not Shift.objects.standing().filter(staff=leaving, end_at__gt=now).exists()
    assert not leaving.rules.filter(to_on=None).exists()
    assert Shift.objects.filter(staff=leaving, start_at__lt=now).exists()


def test_accounts_are_free_and_plain(office):
    actions.add_staff(HEAD, name="丁", account="ding")
    for account in ("ding", "DING", "有 空格", "a/b"):
        with pytest.raises(Refused):
            actions.add_staff(HEAD, name="戊", account=account)
    with pytest.raises(Refused):
        actions.add_staff(HEAD, name="  ")


def test_the_last_administrator_stays(office):
    only = actions.add_staff(HEAD, name="管", is_administrator=True)
    refused(actions.retire_staff, only, code="last")
    with pytest.raises(Refused):
        actions.change_staff(HEAD, only, name="管", is_administrator=False)
    other = actions.add_staff(HEAD, name="另", is_administrator=True)
    actions.change_staff(HEAD, only, name="管", is_administrator=False)
    with pytest.raises(Refused):
        actions.retire_staff(HEAD, other)


def test_numbers_never_stand_in_an_entry(office):
    row = actions.add_staff(HEAD, name="丁", phone="13900000000", mail="ding@example.cn")
    actions.change_staff(HEAD, row, name="丁一", phone="13911111111", mail="d@example.cn")
    text = str(list(entries_of("site")))
    assert not any(word in text for word in ("1390", "1391", "@example", "丁"))
    assert last()["data"]["changed"] == ["mail", "name", "phone"]


def test_holdings_begin_end_and_are_corrected(office, standing):
    row = actions.start_holding(HEAD, post=post("lawyer"), staff=person("乙"))
    with pytest.raises(Refused, match="已任此职"):
        actions.start_holding(HEAD, post=post("lawyer"), staff=person("乙"), from_at=standing.now() + timedelta(days=3))
    with pytest.raises(Refused, match="缘由"):
        actions.change_holding(HEAD, row, from_at=row.from_at - timedelta(days=9), reason=" ")
    actions.change_holding(HEAD, row, from_at=row.from_at - timedelta(days=9), reason="当时写错")
    assert [one.name for one in who_holds("lawyer", standing.now() - timedelta(days=8))] == ["乙"]
    standing.advance(days=1)
    actions.end_holding(HEAD, row)
    refused(actions.end_holding, row, code="ended")
    assert Holding.objects.get(pk=row.pk).to_at == standing.now() and who_holds("lawyer", standing.now()) == []
    with pytest.raises(Refused, match="晚于"):
        actions.start_holding(
            HEAD, post=post("lawyer"), staff=person("乙"), from_at=standing.now(), to_at=standing.now()
        )


def test_the_organisation_has_a_name_and_a_parent(office):
    row = Organisation.objects.get()
    actions.change_organisation(HEAD, row, name="青岚学院新闻办", short_name="青岚", parent="市教育局")
    assert Organisation.objects.get().parent == "市教育局" and clock.now(LIVE)
    with pytest.raises(Refused):
        actions.change_organisation(HEAD, row, name=" ")

"""Setting up, shifts, and the one-time link."""

from datetime import timedelta

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.words import BadInput
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.org.actions import make_entry_link, set_up_organisation, switch_person, use_entry_link
from shudao.org.models import EntryLink, Organisation, Staff
from shudao.org.queries import deputies_of, posts_of, reachable_posts, who_holds
from shudao.org.roster import load_roster

pytestmark = pytest.mark.django_db
SMALL = """
id: small
name: 青岚学院
units: [{code: office, name: 宣传部}]
posts:
  - {code: duty_officer, name: 值班员, unit: office, deputies: [head]}
  - {code: head, name: 部长, unit: office}
  - {code: lawyer, name: 法务, unit: office}
staff: [{id: a, name: 甲}, {id: b, name: 乙}, {id: c, name: 丙}]
holdings: [{post: duty_officer, staff: a, from: "2026-01-01"}, {post: head, staff: c, from: "2026-01-01"}]
shifts:
  - {post: duty_officer, staff: a, weekdays: [1, 2, 3, 4, 5], from: "08:00", to: "20:00"}
  - {post: duty_officer, staff: b, weekdays: [1, 2, 3, 4, 5, 6, 7], from: "20:00", to: "08:00"}
registers:
  outlets:
    - {code: x, name: 晚报, corrections: [{on: "2026-05-01", claim: 说, evidence: 记录, review_on: "2027-05-01"}]}
"""


@pytest.fixture
def office(duty):
    set_up_organisation(duty, load_roster(SMALL.encode(), "small.yaml"), is_sample=True)
    return duty


def test_who_is_on_duty_follows_the_shift(office, standing):
    assert [s.name for s in who_holds("duty_officer", standing.now())] == ["甲"]
    night = standing.now() + timedelta(hours=12)
    assert [s.name for s in who_holds("duty_officer", night)] == ["乙"]
    assert [p.code for p in posts_of(Staff.objects.get(name="乙"), night)] == ["duty_officer"]


def test_outside_shifts_the_holder_answers_and_nobody_means_unresolved(office, standing):
    assert [s.name for s in who_holds("head", standing.now())] == ["丙"]
    assert who_holds("lawyer", standing.now()) == []
    assert reachable_posts(standing.now()) == {"duty_officer": True, "head": True, "lawyer": False}
    assert deputies_of("duty_officer") == ["head"]


def test_names_of_staff_are_not_in_the_entry(office):
    text = str(list(entries_of("site")))
    assert "甲" not in text and "陈立" not in text


def test_a_second_organisation_is_refused(office):
    with pytest.raises(Refused):
        set_up_organisation(office, load_roster(SMALL.encode(), "small.yaml"))
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    "bad", ["units: [", "id: x", SMALL.replace("unit: office", "unit: nowhere"), SMALL + "extra: 1\n", "a: &a [*a]"]
)
def test_a_bad_roster_is_refused_in_words(bad):
    with pytest.raises(BadInput) as caught:
        load_roster(bad.encode(), "bad.yaml")
    assert "bad.yaml" in caught.value.line("zh")


def test_a_link_lets_in_once_and_not_for_long(office, standing):
    staff = Staff.objects.get(name="甲")
    system = Actor(LIVE, "system")
    token = make_entry_link(system, staff)
    assert not EntryLink.objects.filter(digest__contains=token).exists()
    assert use_entry_link(system, token) == staff
    for wrong in (token, "unknown"):
        with pytest.raises(Refused):
            use_entry_link(system, wrong)
    late = make_entry_link(system, staff)
    standing.advance(hours=13)
    with pytest.raises(Refused):
        use_entry_link(system, late)


def test_only_a_sample_organisation_lets_one_switch(office):
    staff = Staff.objects.get(name="乙")
    assert switch_person(office, staff) == staff
    Organisation.objects.update(is_sample=False)
    with pytest.raises(Refused):
        switch_person(office, staff)

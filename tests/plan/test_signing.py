"""An edition whose plan names a route for itself is signed stage by stage; the last yes puts it in force."""

from datetime import timedelta

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.library import path_of, read_folder
from shudao.notify.queries import inbox
from shudao.plan.actions import adopt_plan, approve_plan, name_parts, return_plan, sign_plan, submit_plan
from shudao.plan.jobs import tell_late_signatures
from shudao.plan.queries import edition_in_force, waiting_for
from tests.plan.test_editions import draft
from tests.site import acting, furnished, signed_in, text_of

pytestmark = pytest.mark.django_db
ROUTE = b"""
  - id: edition
    stages:
      - {post: legal, also: [office_deputy], need: any, within: 60}
      - {post: leader, deputies_ok: false, within: 120}
"""


@pytest.fixture(autouse=True)
def site(standing):
    furnished(standing)


@pytest.fixture
def edition():
    folder = draft(read_folder(path_of("plans", "zh", "power")))
    head = folder["plan.yaml"].replace(b'version: "2026.1"', b'version: "2026.9"\nsign_route: edition', 1)
    routes = folder["routes.yaml"] + ROUTE.lstrip(b"\n")
    return adopt_plan(acting("office_head"), {**folder, "plan.yaml": head, "routes.yaml": routes}, kind="power")


def code_of(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.code


def asked(edition):
    return [row.post for row in waiting_for(edition)]


def test_it_is_signed_stage_by_stage_and_the_last_yes_puts_it_in_force(edition):
    assert code_of(sign_plan, acting("office_head"), edition) == "route"
    submit_plan(acting("office_head"), edition)
    assert (edition.state, asked(edition)) == ("review", ["legal", "office_deputy"])
    assert [row.kind for row in inbox(LIVE, ["office_deputy"])] == ["approval"]
    assert code_of(approve_plan, acting("leader"), edition) == "not_yours"
    assert code_of(submit_plan, acting("office_head"), edition) == "review"
    approve_plan(acting("office_deputy"), edition)
    assert asked(edition) == ["leader"] and edition_in_force("power_county").version == "2026.1"
    assert code_of(approve_plan, acting("deputy_leader"), edition) == "not_yours"
    approve_plan(acting("leader"), edition)
    assert edition_in_force("power_county") == edition and edition.signed_by == "leader"
    assert [row.verb for row in Entry.objects.filter(verb__in=("submit_plan", "approve_plan", "sign_plan")).order_by("pk")] == [
        "submit_plan", "approve_plan", "approve_plan", "sign_plan",
    ]  # fmt: skip
    assert code_of(approve_plan, acting("leader"), edition) == "state"


def test_whoever_sent_it_does_not_sign_it_and_nobody_twice(edition):
    submit_plan(acting("legal"), edition)
    assert code_of(approve_plan, acting("legal"), edition) == "separation"
    assert code_of(approve_plan, Actor(LIVE, "office_deputy", acting("legal").name), edition) == "separation"
    approve_plan(acting("office_deputy"), edition)
    assert code_of(approve_plan, Actor(LIVE, "leader", acting("office_deputy").name), edition) == "twice"


def test_under_approval_it_is_not_changed_and_returned_it_is_a_draft_again(edition):
    submit_plan(acting("office_head"), edition)
    named = {"title": "改名", "doc_no": "", "effective_from": "", "parent": "", "units": {}, "posts": {}}
    assert code_of(name_parts, acting("office_head"), edition, **named) == "review"
    assert code_of(return_plan, acting("legal"), edition, reason=" ") == "reason"
    return_plan(acting("legal"), edition, reason="权限写得不清")
    assert edition.state == "draft" and asked(edition) == []
    assert [row.kind for row in inbox(LIVE, ["office_head"])] == ["approval"]
    submit_plan(acting("office_head"), edition)
    assert asked(edition) == ["legal", "office_deputy"] and edition.signatures.count() == 6


def test_an_overdue_signature_is_told_once(edition, standing):
    submit_plan(acting("office_head"), edition)
    tell_late_signatures()
    assert not Entry.objects.filter(verb="tell_plan_late").exists()
    standing.advance(minutes=61)
    tell_late_signatures()
    tell_late_signatures()
    assert Entry.objects.filter(verb="tell_plan_late").count() == 2
    assert [row.kind for row in inbox(LIVE, ["second_legal"])] == ["approval"]


def test_on_the_pages_it_is_sent_signed_and_hidden_from_the_rest(edition, standing):
    place = f"/plan/editions/{edition.pk}/"
    head, lawyer, drafter = (signed_in(post) for post in ("office_head", "legal", "drafter"))
    assert "送审" in text_of(head.get(place)) and lawyer.get(place).status_code == 404
    assert head.post(f"{place}submit_plan/").status_code == 302
    assert "审签中" in text_of(head.get(place)) and drafter.get(place).status_code == 404
    page = text_of(lawyer.get(place))
    assert "同意" in page and "最后一个环节同意" in page
    for post in ("drafter", "leader", "office_head"):
        assert signed_in(post).post(f"{place}approve_plan/").status_code == 404
    assert lawyer.get(f"{place}return_plan/").status_code == 200
    assert lawyer.post(f"{place}return_plan/", {"reason": ""}).status_code == 422
    assert lawyer.post(f"{place}approve_plan/").status_code == 302
    assert signed_in("leader").post(f"{place}approve_plan/").status_code == 302
    assert edition_in_force("power_county").pk == edition.pk


def test_a_limit_runs_from_the_moment_it_was_sent(edition, standing):
    submit_plan(acting("office_head"), edition)
    (row, _) = waiting_for(edition)
    assert row.due_at == standing.now() + timedelta(minutes=60)

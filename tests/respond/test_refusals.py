"""Who may not see, sign, call, close: one table of verbs and roles of the sample office, tried in the pages themselves.

Whoever is not named in a row is refused, and the refusal leaves no entry; whoever is named may.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.listen.actions import invite_observer
from shudao.org.models import Holding, Observer, Post, Staff, Unit
from shudao.respond import actions
from shudao.respond.models import Task
from shudao.respond.queries import prepare_briefing
from tests.conftest import START
from tests.site import acting, furnished, opened, signed_in

pytestmark = pytest.mark.django_db

ROLES = ("duty_officer", "office_head", "deputy_leader", "leader", "legal", "drafter", "spokesperson", "service_head")
STRANGERS = ("nobody", "observer", "without_post", "without_right")
DONE, REFUSED, HIDDEN, SENT_AWAY = 302, 409, 404, "/org/sign-in/"


@pytest.fixture(autouse=True)
def site(standing):
    furnished(standing)


@pytest.fixture
def incident():
    return opened()


@pytest.fixture
def come_in():
    """A browser of somebody in that role."""

    def go(role: str) -> Client:
        if role in ROLES or role == "repair_head":
            return signed_in(role)
        client = Client()
        if role == "observer":
            token = invite_observer(acting("office_head"), Observer.objects.earliest("pk"))
            client.post(f"/listen/observer/{token}/")
        elif role != "nobody":
            client.force_login(_someone(role))
        return client

    return go


def _someone(role: str) -> Any:
    """A member of staff who holds no post, or one whose post sees nothing."""
    user, is_new = get_user_model().objects.get_or_create(username=role)
    staff, _ = Staff.objects.get_or_create(user=user, defaults={"name": role})
    if role == "without_right" and is_new:
        post = Post.objects.create(code="canteen", name="食堂", unit=Unit.objects.first())
        Holding.objects.create(post=post, staff=staff, from_at=START - timedelta(days=1))
    return user


class Row(NamedTuple):
    """A verb: who may, what is sent, and what must be there before. `follow`: its address is of the ending."""

    verb: str
    may: frozenset[str]
    given: Mapping[str, str]
    before: str = ""
    follow: bool = False


def row(verb: str, may: str, before: str = "", *, follow: bool = False, **given: str) -> Row:
    return Row(verb, frozenset(may.split()), given, before, follow)


TABLE = [
    # sign
    row("approve_statement", "office_head", "draft", statement="S1"),
    row("return_statement", "office_head", "draft", statement="S1", reason="数字未核"),
    row("approve_statement", "deputy_leader", "half", statement="S1"),
    row("publish_statement", "spokesperson", "signed", statement="S1", channel="account"),
    row("approve_briefing", "deputy_leader", "report", document="2026-0001-final-1.docx"),
    row("return_briefing", "deputy_leader", "report", document="2026-0001-final-1.docx", reason="缺附件"),
    row("confirm_oral_approval", "office_head", "oral", statement="S1"),
    # the level, the spokesperson
    row("confirm_level", "deputy_leader leader", level="I", clause="3.2", reason="多人受伤"),
    row("confirm_level", "deputy_leader leader office_head", level="III", clause="3.4", reason="上级已过问"),
    row("hand_over_role", "office_head deputy_leader leader", role="spokesperson", to="deputy_spokesperson"),
    # call, take, leave out
    row("acknowledge_task", "duty_officer", task="report_head"),
    row("finish_task", "duty_officer", task="report_head"),
    row("skip_task", "duty_officer office_head deputy_leader leader", task="report_head", reason="已当面报告"),
    row("answer_demand", "service_head duty_officer office_head deputy_leader leader", "demand", demand="D1", text="今晚"),
    # close
    row("settle_incident", "office_head deputy_leader leader", follow=True),
    row("close_incident", "deputy_leader leader", follow=True, override_reason="上级接手"),
]  # fmt: skip
IDS = [f"{one.verb}-{one.before or next(iter(one.given.values()), '')}" for one in TABLE]


def draft(incident):
    return actions.draft_statement(acting("drafter"), incident, text="正在抢修", kind="holding")


def half(incident):
    row = draft(incident)
    actions.approve_statement(acting("office_head"), row)
    return row


def signed(incident):
    actions.approve_statement(acting("deputy_leader"), half(incident))


def oral(incident):
    actions.approve_statement(acting("duty_officer"), draft(incident), oral_of="office_head")


def report(incident):
    actions.report(acting("office_head"), incident, paper=prepare_briefing(incident, START, kind="final"))


def demand(incident):
    actions.add_demand(acting("duty_officer"), incident, text="何时来电", owner="service_head")


BEFORE = {"draft": draft, "half": half, "signed": signed, "oral": oral, "report": report, "demand": demand}


def address(one: Row, incident) -> str:
    return f"/{'follow' if one.follow else 'respond'}/incidents/{incident.number}/{one.verb}/"


def filled(one: Row, incident, role: str) -> dict[str, str]:
    given = dict(one.given)
    if "task" in given:
        given["task"] = Task.objects.get(incident=incident, step=given["task"]).code
    return {**given, "post": role}


def ask(come_in, one: Row, incident, role: str):
    """What came of it, and how many entries it left."""
    before = Entry.objects.filter(stream=incident.stream).count()
    answer = come_in(role).post(address(one, incident), filled(one, incident, role))
    return answer, Entry.objects.filter(stream=incident.stream).count() - before


@pytest.mark.parametrize("one", TABLE, ids=IDS)
def test_whoever_is_not_named_is_refused_and_nothing_is_written(one, incident, come_in):
    if one.before:
        BEFORE[one.before](incident)
    for role in ROLES:
        if role not in one.may:
            answer, entries = ask(come_in, one, incident, role)
            assert (answer.status_code, entries) == (REFUSED, 0), (one.verb, role)
    for role in STRANGERS:
        answer, entries = ask(come_in, one, incident, role)
        away = answer.status_code == DONE and SENT_AWAY in answer["Location"]
        assert (away or answer.status_code == HIDDEN, entries) == (True, 0), (one.verb, role)


@pytest.mark.parametrize(("one", "role"), [(one, role) for one in TABLE for role in sorted(one.may)])
def test_whoever_is_named_may(one, role, incident, come_in):
    if one.before:
        BEFORE[one.before](incident)
    answer, entries = ask(come_in, one, incident, role)
    assert answer.status_code == DONE and entries >= 1, (one.verb, role, answer.status_code)


def test_who_may_see_and_who_may_not(incident, come_in):
    draft(incident)
    report(incident)
    room = f"/respond/incidents/{incident.number}/"
    parts = ("", "statements/S1/", "plan/", f"documents/{incident.number}-final-1.docx", "entries/1/")
    for role in STRANGERS:
        client = come_in(role)
        for place in (*(room + part for part in parts), f"/follow/incidents/{incident.number}/"):
            answer = client.get(place)
            away = answer.status_code == DONE and SENT_AWAY in answer["Location"]
            assert away or answer.status_code == HIDDEN, (role, place)
            assert incident.title not in answer.content.decode()
    for role in ROLES:
        assert come_in(role).get(room).status_code == 200


def test_nobody_acts_in_a_post_that_is_not_his(incident, come_in):
    draft(incident)
    answer = come_in("legal").post(
        f"/respond/incidents/{incident.number}/approve_statement/", {"statement": "S1", "post": "office_head"}
    )
    assert answer.status_code in {HIDDEN, 422} and not Entry.objects.filter(verb="approve_statement").exists()


@pytest.mark.parametrize("verb", ["call_next", "call_meeting", "draft_statement"])
def test_a_post_outside_the_plan_may_not_call_nor_draft(verb, incident, come_in):
    """It may see, when it has the right; it does not wake anybody."""
    outside = Actor(LIVE, "canteen", "某某")
    task = Task.objects.get(incident=incident, step="report_head")
    asked = {
        "call_next": lambda: actions.call_next(outside, task),
        "call_meeting": lambda: actions.call_meeting(outside, incident, posts=["legal"]),
        "draft_statement": lambda: actions.draft_statement(outside, incident, text="x", kind="holding"),
    }
    before = Entry.objects.filter(stream=incident.stream).count()
    with pytest.raises(Refused) as caught:
        asked[verb]()
    assert caught.value.code in {"outside", "post"} and Entry.objects.filter(stream=incident.stream).count() == before

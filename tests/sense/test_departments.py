"""Warnings to departments: passed on by people and by rules, acknowledged and answered there, pressed for when late."""

from datetime import timedelta

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.engine.sense.alerts import AlertDraft
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.words import Words
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import Item
from shudao.listen.queries import source_of
from shudao.notify.models import Message
from shudao.org.models import PostRight
from shudao.sense.actions import (
    acknowledge_alert,
    acknowledge_warning,
    add_topic,
    add_warning_rule,
    answer_warning,
    dismiss_alert,
    end_warning_rule,
    pass_alert,
    pull_items,
    raise_alert,
    warn_department,
    warn_due,
)
from shudao.sense.departments import anything_due
from shudao.sense.models import Alert, UnitWarning
from shudao.sense.queries import topics_in_force
from tests.site import acting, furnished, signed_in, text_of

pytestmark = pytest.mark.django_db
UNIT, HEAD = "service_group", "service_head"


@pytest.fixture
def topic(standing):
    furnished(standing)
    return next(row for row in topics_in_force(LIVE) if row.code == "outage")


@pytest.fixture
def alert(topic, standing):
    return Alert.objects.create(
        scene=LIVE.key, number=1, kind="burst", topic=topic, level_hint="III", why_zh="一小时 30 条", why_en="30 in an hour",
        at=standing.now(), raised_at=standing.now(),
    )  # fmt: skip


def code_of(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.code


def told(standing, count):
    """So many posts of the topic, read and placed."""
    source = source_of(LIVE, "smoke") or add_source(
        acting("duty_officer"), "smoke", name="本地论坛", kind="social", connector="file"
    )
    place = Item.objects.count()
    posts = [
        Post(id=f"s{place + n}", source="smoke", kind="social", text=f"变电站第 {place + n} 次冒烟了", author=f"甲{n}",
             published_at=standing.now() - timedelta(minutes=n))
        for n in range(count)
    ]  # fmt: skip
    read_batch(Actor(LIVE, "system"), source, posts)
    pull_items(LIVE)


def last(verb):
    return Entry.objects.filter(verb=verb).latest("pk").as_value()["data"]


class TestPassing:
    def test_the_department_is_told_takes_it_and_answers(self, alert, standing):
        row = pass_alert(acting("duty_officer"), alert, unit=UNIT, note="请核实受影响户数")
        assert (row.unit, row.post, row.passed_by) == (UNIT, HEAD, "duty_officer")
        assert last("pass_alert")["unit"] == UNIT and "请核实" not in str(last("pass_alert"))
        assert Message.objects.filter(post=HEAD, matter=f"warning/{row.pk}", text="一小时 30 条").exists()
        acknowledge_warning(acting(HEAD), row)
        answer_warning(acting(HEAD), row, text="约三千户，正在抢修")
        row.refresh_from_db()
        assert (row.answered_by, row.answer, row.is_open) == (HEAD, "约三千户，正在抢修", False)
        assert "已答复" in Message.objects.get(post="duty_officer", matter=f"warning/{row.pk}").text
        assert "约三千户" not in str(last("answer_warning"))

    def test_what_is_refused(self, alert, standing):
        duty = acting("duty_officer")
        row = pass_alert(duty, alert, unit=UNIT)
        assert code_of(pass_alert, duty, alert, unit=UNIT) == "twice"
        assert code_of(pass_alert, duty, alert, unit="nowhere") == "unit"
        assert code_of(pass_alert, duty, alert, unit="fact_group", due_at=standing.now()) == "due"
        assert code_of(acknowledge_warning, acting("legal"), row) == "not_yours"
        assert code_of(answer_warning, acting(HEAD), row, text=" ") == "text"
        acknowledge_warning(acting(HEAD), row)
        assert code_of(acknowledge_warning, acting(HEAD), row) == "state"
        answer_warning(acting(HEAD), row, text="已办")
        assert code_of(answer_warning, acting(HEAD), row, text="再答") == "state"
        acknowledge_alert(duty, alert)
        dismiss_alert(duty, alert, reason="与本单位无关")
        alert.refresh_from_db()
        assert code_of(pass_alert, duty, alert, unit="fact_group") == "state"

    def test_a_late_answer_is_pressed_for_once(self, alert, standing):
        row = pass_alert(acting("duty_officer"), alert, unit=UNIT, due_at=standing.now() + timedelta(hours=1))
        assert not anything_due(standing.now())
        standing.advance(minutes=61)
        assert anything_due(standing.now()) and warn_due(standing.now()) == 1
        told = {one.post: one.text for one in Message.objects.filter(matter=f"warning/{row.pk}")}
        assert "逾期未答复" in told[HEAD] and "逾期未答复" in told["duty_officer"]
        assert not anything_due(standing.now()) and warn_due(standing.now()) == 0


class TestRules:
    def test_a_rule_passes_every_alert_of_its_topic_and_no_other(self, topic, standing):
        add_warning_rule(acting(HEAD), unit=UNIT, topic="outage")
        other = next(row for row in topics_in_force(LIVE) if row.code != "outage")

        def raised(about):
            draft = AlertDraft(
                kind="burst", topic=about.code, story=None, level_hint="III", why=Words("突增", "burst"), items=(),
                at=standing.now(),
            )  # fmt: skip
            return raise_alert(Actor(LIVE, "system"), [draft], {about.code: about}, lambda: None)[0]

        assert not UnitWarning.objects.filter(alert=raised(other)).exists()
        row = UnitWarning.objects.get(alert=raised(topic))
        assert (row.unit, row.passed_by, row.post) == (UNIT, "system", HEAD)
        assert last("pass_alert")["rule"] == row.rule_id

    def test_a_number_is_told_when_reached_and_once_in_its_hours(self, topic, standing):
        add_topic(acting("duty_officer"), Watched(id="smoke", name="冒烟", query="冒烟"))
        rule = add_warning_rule(acting(HEAD), unit=UNIT, topic="smoke", at_least=3, hours=2)
        told(standing, 2)
        assert not anything_due(standing.now())
        assert code_of(warn_department, Actor(LIVE, "system"), rule) == "state"
        told(standing, 2)
        assert anything_due(standing.now()) and warn_due(standing.now()) == 1
        row = UnitWarning.objects.get(rule=rule)
        assert "2 小时内 4 条" in row.why and row.post == HEAD and last("warn_department")["posts"] == 4
        assert not anything_due(standing.now()) and warn_due(standing.now()) == 0
        standing.advance(hours=2)
        assert not anything_due(standing.now())
        told(standing, 3)
        assert warn_due(standing.now()) == 1 and UnitWarning.objects.count() == 2

    def test_what_is_refused(self, topic):
        head = acting(HEAD)
        row = add_warning_rule(head, unit=UNIT, topic="outage")
        assert code_of(add_warning_rule, head, unit=UNIT, topic="outage") == "twice"
        assert code_of(add_warning_rule, head, unit="nowhere") == "unit"
        assert code_of(add_warning_rule, head, unit=UNIT, topic="none") == "topic"
        assert code_of(add_warning_rule, head, unit=UNIT, at_least=5, hours=0) == "hours"
        end_warning_rule(head, row)
        row.refresh_from_db()
        assert code_of(end_warning_rule, head, row) == "state"
        assert add_warning_rule(head, unit=UNIT, topic="outage").pk != row.pk


def test_pages_pass_answer_and_keep_to_rights(alert):
    officer, head, other = signed_in("duty_officer"), signed_in(HEAD), signed_in("legal")
    assert officer.get("/sense/alerts/1/pass_alert/").status_code == 200
    given = {"unit": UNIT, "note": "请核实"}
    assert officer.post("/sense/alerts/1/pass_alert/", given).status_code == 302
    assert officer.post("/sense/alerts/1/pass_alert/", given).status_code == 409
    row = UnitWarning.objects.get()
    place = f"/sense/warnings/{row.pk}/"
    assert place in text_of(officer.get("/sense/alerts/1/"))
    PostRight.objects.filter(post__code__in=[HEAD, "service_shift", "legal", "second_legal"]).delete()
    assert other.get(place).status_code == 404 and head.get(place).status_code == 200
    assert place in text_of(head.get(f"/respond/units/{UNIT}/"))
    assert officer.post(f"{place}acknowledge_warning/").status_code == 404
    assert head.post(f"{place}acknowledge_warning/").status_code == 302
    assert head.get(f"{place}answer_warning/").status_code == 200
    assert head.post(f"{place}answer_warning/", {"text": ""}).status_code == 422
    assert head.post(f"{place}answer_warning/", {"text": "约三千户"}).status_code == 302
    assert "约三千户" in text_of(officer.get("/sense/alerts/1/"))


def test_a_department_sets_its_own_rules_and_no_others(topic):
    head = signed_in(HEAD)
    PostRight.objects.filter(post__code__in=[HEAD, "service_shift"]).delete()
    rule = {"unit": UNIT, "topic": "outage", "at_least": "20", "hours": "2"}
    assert head.get("/sense/rules/add_warning_rule/").status_code == 200
    assert head.post("/sense/rules/add_warning_rule/", rule).status_code == 302
    assert head.post("/sense/rules/add_warning_rule/", {**rule, "unit": "fact_group"}).status_code == 422
    page = text_of(head.get(f"/respond/units/{UNIT}/"))
    assert "2 小时内满 20 条" in page and "end_warning_rule" in page
    key = page.split("/sense/rules/")[1].split("/")[0]
    assert head.post(f"/sense/rules/{key}/end_warning_rule/").status_code == 302
    other = signed_in("legal")
    PostRight.objects.filter(post__code__in=["legal", "second_legal"]).delete()
    assert other.post(f"/sense/rules/{key}/end_warning_rule/").status_code == 404

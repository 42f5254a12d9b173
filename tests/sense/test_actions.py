"""Topics in versions; alerts taken up or dismissed."""

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.words import BadInput
from shudao.ledger.models import Entry
from shudao.sense.actions import acknowledge_alert, add_topic, add_topics, dismiss_alert, retire_topic
from shudao.sense.models import Alert, Topic
from shudao.sense.queries import open_alerts, topics_in_force

OUTAGE = Watched(id="outage", name="停电", query="停电 OR 断电")


@pytest.fixture
def alert(duty, transactional_db):
    topic = add_topic(duty, OUTAGE)
    now = topic.added_at
    return Alert.objects.create(
        scene=LIVE.key,
        number=1,
        kind="burst",
        topic=topic,
        level_hint="III",
        why_zh="理由",
        why_en="why",
        at=now,
        raised_at=now,
    )


def test_a_changed_topic_is_a_new_version_and_the_old_one_stays(duty, transactional_db):
    add_topic(duty, OUTAGE)
    second = add_topic(duty, Watched(id="outage", name="停电", query="停电"))
    assert (second.version, second.query) == (2, "停电")
    assert [row.query for row in topics_in_force(LIVE)] == ["停电"]
    assert Topic.objects.count() == 2


def test_a_file_of_topics_adds_only_what_changed(duty, transactional_db):
    other = Watched(id="bills", name="电费", query="电费")
    assert len(add_topics(duty, [OUTAGE, other])) == 2
    assert [row.code for row in add_topics(duty, [OUTAGE, Watched(id="bills", name="电费", query="电费|电表")])] == [
        "bills"
    ]


def test_a_query_that_cannot_be_read_is_refused_and_nothing_is_written(duty, transactional_db):
    with pytest.raises(BadInput):
        add_topic(duty, Watched(id="x", name="坏", query="停电 AND"))
    assert not Topic.objects.exists() and not Entry.objects.exists()


def test_the_same_topic_twice_and_retiring_twice_are_refused(duty, transactional_db):
    row = add_topic(duty, OUTAGE)
    with pytest.raises(Refused):
        add_topic(duty, OUTAGE)
    retire_topic(duty, row)
    with pytest.raises(Refused):
        retire_topic(duty, row)
    assert topics_in_force(LIVE) == []


def test_an_alert_is_acknowledged_once(duty, alert):
    acknowledge_alert(duty, alert)
    assert alert.acknowledged_by == "duty_officer" and not open_alerts(LIVE).exists()
    with pytest.raises(Refused):
        acknowledge_alert(duty, alert)
    assert Entry.objects.get(verb="acknowledge_alert").as_value()["data"]["alert"] == "1"


def test_dismissing_needs_a_reason_which_is_no_plain_value_of_the_ledger(duty, alert):
    with pytest.raises(Refused):
        dismiss_alert(duty, alert, reason=" ")
    dismiss_alert(duty, alert, reason="与本公司无关")
    data = Entry.objects.get(verb="dismiss_alert").as_value()["data"]
    assert data["alert"] == "1" and set(data["reason"]) == {"commitment"}
    assert not open_alerts(LIVE).exists()
    with pytest.raises(Refused):
        acknowledge_alert(duty, alert)

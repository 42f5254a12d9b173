"""The way out: once per matter and person, updates gathered, paces kept, nothing forgotten, nothing real from a drill."""

import json
from datetime import time, timedelta
from itertools import pairwise

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.notify.actions import (
    add_channel,
    change_channel,
    confirm_message,
    deliver_due,
    pack_due,
    pause_channel,
    remove_channel,
    resume_channel,
    send_due,
    send_test,
    set_heartbeat,
    start_reach_test,
)  # fmt: skip
from shudao.notify.channels import KINDS
from shudao.notify.models import Attempt, Channel, Contact, Delivery, Habit, Message, Parcel
from shudao.notify.queries import inbox, ways_of
from shudao.org.models import Shift
from tests.notify.conftest import ADMIN, ROBOTS, pass_time, shout, sweep

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_second_message_of_the_same_matter_updates_the_first(duty):
    shout(duty, "head", "一")
    shout(duty, "head", "二")
    assert [(m.text, m.times) for m in inbox(LIVE, ["head"])] == [("二", 2)]


def test_a_confirmed_message_leaves_the_inbox(duty):
    confirm_message(duty, shout(duty, "head", "一"))
    assert not inbox(LIVE, ["head"])


def test_a_storm_is_one_message_and_one_update(robot_of, standing):
    peer, _channel = robot_of("dingtalk")
    for place in range(20):
        shout(ADMIN, "duty_officer", f"预警 {place}", kind="alert", matter=f"alert/{place}", thread="topic/power")
        standing.advance(seconds=3)
        sweep()
    pass_time(standing, 10)
    assert len(peer.texts) == 2
    assert "预警 0" in peer.texts[0] and all(f"预警 {place}" in peer.texts[1] for place in range(1, 20))
    assert peer.texts[1].startswith("【更新】")


def test_calls_of_one_matter_that_come_at_once_are_one_message(robot_of, standing):
    peer, _channel = robot_of("wecom")
    for place in range(5):
        shout(ADMIN, "duty_officer", f"请办理 {place}", matter=f"2026-001/T{place}")
    sweep()
    shout(ADMIN, "duty_officer", "请办理 5", matter="2026-001/T5")
    pass_time(standing, 0.5, 0.1)
    assert len(peer.texts) == 2 and "请办理 4" in peer.texts[0] and "请办理 5" in peer.texts[1]


def test_other_matters_do_not_wait_for_each_other(robot_of, standing):
    peer, _channel = robot_of("wecom")
    for place in range(4):
        shout(ADMIN, "duty_officer", f"预警 {place}", kind="alert", matter=f"alert/{place}", thread=f"topic/{place}")
    sweep()
    assert len(peer.texts) == 4


def test_a_group_hears_once_and_everybody_meant_is_mentioned(robot_of, standing):
    peer, _channel = robot_of("dingtalk")
    shout(ADMIN, "duty_officer", "同一件事", kind="alert", matter="alert/1")
    shout(ADMIN, "dispatch", "同一件事", kind="alert", matter="alert/1")
    sweep()
    assert len(peer.took) == 1 and peer.texts[0].count("同一件事") == 1
    assert peer.took[0]["at"]["atMobiles"] == ["13800001111", "13900002222"]


def test_what_is_confirmed_before_it_leaves_leaves_no_more(robot_of, standing, office):
    peer, channel = robot_of("wecom")
    pause_channel(ADMIN, channel)
    row = shout(ADMIN, "duty_officer", "一")
    sweep()
    resume_channel(ADMIN, Channel.objects.get())
    Message.objects.update(done_at=None, due_at=standing.now())
    deliver_due(LIVE, standing.now(), holder="w")
    confirm_message(Actor(LIVE, "duty_officer"), row)
    sweep()
    assert peer.took == [] and Delivery.objects.get().why == "confirmed"


@pytest.mark.parametrize(("kind", "count"), [("dingtalk", 60), ("wecom", 60), ("feishu", 60)])
def test_the_pace_of_the_other_side_is_kept(robot_of, standing, kind, count):
    """Sixty matters at once: nobody is ever silenced, and all of them arrive."""
    peer, channel = robot_of(kind)
    for place in range(count):
        shout(ADMIN, "duty_officer", f"第{place}件", matter=f"m{place}")
    for _turn in range(600):
        sweep()
        standing.advance(seconds=0.5)
    assert len(peer.texts) == count == len(set(peer.texts)) and not channel.attempts.filter(ok=False).exists()


def test_whoever_was_silenced_waits_as_long_as_it_takes(robot_of, standing):
    peer, channel = robot_of("dingtalk")
    peer.silenced_until = standing.now() + timedelta(minutes=10)
    shout(ADMIN, "duty_officer", "一")
    sweep()
    pass_time(standing, 9.5)
    assert peer.asked == 1
    pass_time(standing, 2)
    assert peer.texts and channel.attempts.filter(ok=True).count() == 1


def test_a_failure_is_tried_again_later_and_later_then_told_and_given_up(robot_of, standing):
    peer, _channel = robot_of("wecom")
    peer.trouble = json_answer(errcode=93000, errmsg="invalid webhook url")
    shout(ADMIN, "duty_officer", "一")
    pass_time(standing, 30, 0.1)
    tries = list(Attempt.objects.filter(parcel__thread="2026-001").order_by("began_at"))
    gaps = [b.began_at - a.began_at for a, b in pairwise(tries)]
    assert 4 <= len(tries) <= 8 and gaps == sorted(gaps)
    told = inbox(LIVE, ["leader"]).filter(kind="channel")
    assert told.count() == 1 and "invalid webhook url" in told[0].text
    assert Entry.objects.filter(verb="report_channel_fault").count() == 1
    pass_time(standing, 26 * 60, 10)
    lost = Parcel.objects.get(thread="2026-001")
    assert lost.lost_at and lost.done_at is None and Entry.objects.filter(verb="give_up_parcel").count() >= 1


def json_answer(**value):
    from tests.notify.peers import answer

    return answer(**value)


def test_mending_a_channel_sends_what_waited_at_once(robot_of, standing):
    peer, _channel = robot_of("wecom")
    peer.trouble = json_answer(errcode=93000, errmsg="invalid webhook url")
    shout(ADMIN, "duty_officer", "一")
    pass_time(standing, 30)
    peer.trouble = None
    change_channel(ADMIN, Channel.objects.get(), name="群", given={"url": ""}, is_inside=True)
    sweep()
    assert any("一" in text for text in peer.texts)
    assert Channel.objects.get().fault_told_at is None


def test_a_crash_between_the_steps_repeats_nothing_that_was_kept(robot_of, standing, monkeypatch):
    peer, _channel = robot_of("wecom")
    shout(ADMIN, "duty_officer", "一二三四五六七八九十" * 300)
    sweep()
    assert len(peer.texts) > 3 and [text[: text.index(")") + 1] for text in peer.texts] == [
        f"({n}/{len(peer.texts)})" for n in range(1, len(peer.texts) + 1)
    ]
    for _turn in range(5):
        pass_time(standing, 2)
    assert len(set(peer.texts)) == len(peer.texts) and Parcel.objects.get().sent == len(peer.texts)


def test_a_try_that_never_ended_is_in_doubt_and_sent_again(robot_of, standing, monkeypatch):
    peer, channel = robot_of("wecom")
    shout(ADMIN, "duty_officer", "一")
    deliver_due(LIVE, standing.now(), holder="w")
    pack_due(standing.now())

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("shudao.notify.actions.sending._keep", die)
    with pytest.raises(KeyboardInterrupt):
        send_due(channel, holder="w")
    monkeypatch.undo()
    sweep()
    assert len(peer.texts) == 1
    pass_time(standing, 2)
    assert len(peer.texts) == 2 and Attempt.objects.filter(ended_at=None).count() == 1


def test_two_workers_never_send_the_same(robot_of, standing, monkeypatch):
    peer, channel = robot_of("wecom")
    shout(ADMIN, "duty_officer", "一")
    deliver_due(LIVE, standing.now(), holder="a")
    deliver_due(LIVE, standing.now(), holder="b")
    pack_due(standing.now())
    pack_due(standing.now())
    kind = KINDS["wecom"]
    inner = type(kind).send
    monkeypatch.setattr(
        type(kind), "send", lambda self, given, letter: send_due(channel, holder="b") or inner(self, given, letter)
    )
    send_due(channel, holder="a")
    assert len(peer.texts) == 1


def test_quiet_hours_put_off_all_but_calls_and_whoever_is_on_shift_is_on_duty(robot_of, standing, office):
    peer, _channel = robot_of("wecom")
    standing.set(standing.now().replace(hour=17))  # one o'clock at night in China
    Habit.objects.create(staff=office["duty_officer"], quiet_from=time(22), quiet_to=time(7))
    shout(ADMIN, "duty_officer", "预警", kind="alert", matter="alert/1")
    pass_time(standing, 5)
    assert peer.texts == []
    shout(ADMIN, "duty_officer", "请办理")
    sweep()
    assert len(peer.texts) == 1 and "请办理" in peer.texts[0]
    pass_time(standing, 6 * 60, 10)
    assert len(peer.texts) == 2 and "预警" in peer.texts[1]
    standing.set(standing.now() + timedelta(hours=18))
    start, end = standing.now() - timedelta(hours=1), standing.now() + timedelta(hours=8)
    Shift.objects.create(
        staff=office["duty_officer"], post_id=office["duty_officer"].holdings.get().post_id, start_at=start, end_at=end
    )
    shout(ADMIN, "duty_officer", "又一条预警", kind="alert", matter="alert/2")
    sweep()
    assert "又一条预警" in peer.texts[-1]


def test_each_person_chooses_levels_and_channels_and_each_channel_what_it_carries(robot_of, standing, office):
    _peer, channel = robot_of("wecom", colours=["red", "orange", ""], kinds=["alert", "call"])

    def goes(**more):
        row = shout(ADMIN, "duty_officer", "x", **{"kind": "alert", "matter": "alert/9", **more})
        return bool(ways_of(row, standing.now()))

    assert goes(colour="red") and goes(colour="") and not goes(colour="blue") and not goes(kind="recurrence")
    Habit.objects.create(staff=office["duty_officer"], colours=["red"])
    assert goes(colour="red") and not goes(colour="orange") and goes(colour="orange", kind="call")
    Contact.objects.create(staff=office["duty_officer"], channel=channel, is_on=False)
    assert not goes(colour="red")


def test_a_removed_channel_keeps_its_log_and_forgets_its_keys(robot_of, standing):
    _peer, channel = robot_of("dingtalk")
    shout(ADMIN, "duty_officer", "一")
    sweep()
    remove_channel(ADMIN, channel)
    row = Channel.objects.get()
    assert row.sealed == "" and row.settings == {} and row.attempts.count() == 1
    shout(ADMIN, "duty_officer", "二")
    assert sweep() == 0


def test_a_long_text_loses_nothing_on_its_way(robot_of, standing):
    peer, _channel = robot_of("wecom")
    text = "\n".join(f"第{n}条：👨‍👩‍👧 城南片区停电，电话 0" for n in range(200))
    shout(ADMIN, "duty_officer", text)
    sweep()
    assert "".join(part.split("\n", 1)[1] for part in peer.texts) == text
    assert all(len(part.encode()) <= 2048 for part in peer.texts)


# A drill reaches nobody outside.

GIVEN = {
    "dingtalk": {"url": "https://oapi.dingtalk.com/robot/send?access_token=x"},
    "wecom": {"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"},
    "feishu": {"url": "https://open.feishu.cn/open-apis/bot/v2/hook/x"},
    "mail": {"host": "smtp.example.cn", "port": "465", "safety": "tls", "sender": "a@example.cn"},
    "webhook": {"url": "https://example.cn/", "secret": "0123456789abcdef"},
    "other": {"url": "gotify://example.cn/token123456"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leaves_a_drill_by_any_channel_on_any_path(office, run_scene, standing, monkeypatch, kind):
    sent = []
    for made in KINDS.values():
        monkeypatch.setattr(type(made), "send", lambda self, given, letter: sent.append(letter))
    drill = Actor(run_scene, "duty_officer")
    with pytest.raises(Refused):
        add_channel(drill, kind, name="演练群", given=GIVEN[kind])
    channel = add_channel(ADMIN, kind, name=f"演练 {run_scene.key}", given=GIVEN[kind])
    for verb in (lambda: change_channel(drill, channel, name="x", given=GIVEN[kind]),
                 lambda: resume_channel(drill, channel),
                 lambda: send_test(drill, channel, text="t", subject="s", address="a@example.cn", mention=""),
                 lambda: start_reach_test(drill, reason="x", within=timedelta(minutes=5)),
                 lambda: shout(drill, "duty_officer", "演练", channel=kind),
                 lambda: shout(drill, "duty_officer", "演练", channel=channel.code)):  # fmt: skip
        with pytest.raises(Refused):
            verb()
    row = shout(drill, "duty_officer", "演练")
    deliver_due(run_scene, standing.now(), holder="w")
    assert not Delivery.objects.exists() and [m.pk for m in inbox(run_scene, ["duty_officer"])] == [row.pk]
    force_rows(row, channel, office["duty_officer"], run_scene, standing)
    pass_time(standing, 3)
    assert sent == [] and not Attempt.objects.exists()
    assert not inbox(LIVE, ["duty_officer"])


def force_rows(row, channel, staff, scene, standing):
    """Rows that no verb would make: a delivery and a parcel of a drill."""
    now = standing.now()
    common = {"scene": scene.key, "channel": channel, "staff": staff, "thread": "x", "made_at": now, "due_at": now}
    Delivery.objects.create(message=row, text="演练", **common)
    Parcel.objects.create(subject="演练", parts=["演练"], address="a@example.cn", **common)


def test_a_drill_names_no_channel_of_its_own_in_the_heartbeat(office, run_scene):
    with pytest.raises(Refused):
        set_heartbeat(Actor(run_scene, "leader"), "https://example.cn/", minutes=5, is_inside=False)


@pytest.mark.parametrize("kind", ROBOTS)
def test_the_entry_of_a_channel_says_what_it_carries_and_no_address(robot_of, kind):
    robot_of(kind, colours=["red"])
    data = json.loads(Entry.objects.get(verb="add_channel").data)
    assert data["kind"] == kind and data["colours"] == ["red"] and "http" not in json.dumps(data)

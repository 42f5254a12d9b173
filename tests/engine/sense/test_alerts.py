"""Alerts: one a matter, with numbers that add up and the posts themselves."""

from datetime import UTC, datetime

import msgspec
import pytest

from shudao.engine.sense.alerts import Alerts, Case, Sighting, draft_of, hint_level
from shudao.engine.sense.cases import odds

START = 1_783_900_800.0
HOUR = 3600.0


class Watch:
    """Alerts with stories that the test merges by hand."""

    def __init__(self):
        self.into = {}
        self.alerts = Alerts(self.final, lambda story: f"s{story}")
        self.alerts.pass_time(START)
        self.n = 0

    def final(self, story):
        return self.into.get(story, story)

    def see(self, at, story=1, source="甲", topic="t", **more):
        self.n += 1
        seen = Sighting(
            START + at,
            f"p{self.n}",
            source,
            more.get("kind", "social"),
            story,
            more.get("copy", False),
            more.get("blames", False),
        )
        self.alerts.pass_time(START + at)
        self.alerts.see(topic, "停电", seen, START + at)

    def drain(self):
        return self.alerts.drain()


def quiet_days(watch, days=4, every=3.0):
    """Unrelated posts, one in `every` hours: less than one an hour makes the topic a rare one."""
    for n in range(int(days * 24 / every)):
        watch.see(n * every * HOUR, story=1000 + n, source=f"源{n % 3}")
    watch.drain()
    return days * 24 * HOUR


def busy_days(watch):
    return quiet_days(watch, 3, every=0.5)


def test_a_burst_is_told_once_with_its_numbers_and_posts():
    watch = Watch()
    at = busy_days(watch)
    for n in range(30):
        watch.see(at + n * 60, source=f"源{n % 4}", blames=n % 2 == 0)
    (alert,) = watch.drain()
    assert (alert.kind, alert.topic, alert.story) == ("burst", "t", "s1")
    assert alert.at.tzinfo is not None and alert.at == datetime.fromtimestamp(
        START + at + (len(alert.items) - 1) * 60, UTC
    )
    assert f"{len(alert.items)} 条" in alert.why.zh and f"{len(alert.items)} posts" in alert.why.en
    assert alert.items[0] == "p145" and len(set(alert.items)) == len(alert.items)


def test_a_second_wave_after_calm_is_told_again():
    watch = Watch()
    at = busy_days(watch)
    for wave in (0, 12):
        for n in range(30):
            watch.see(at + wave * HOUR + n * 60, source=f"源{n % 4}")
    assert [alert.kind for alert in watch.drain()] == ["burst", "second_wave"]


def test_a_rare_topic_that_floods_is_told_once():
    watch = Watch()
    at = quiet_days(watch)
    for n in range(60):
        watch.see(at + n * 60, source=f"源{n % 4}")
    assert [alert.kind for alert in watch.drain()] == ["new_story"]


def test_a_flood_of_one_source_in_a_rare_topic_is_told_when_it_is_large():
    watch = Watch()
    at = quiet_days(watch)
    for n in range(6):
        watch.see(at + n * 60, source="甲")
    assert watch.drain() == []
    for n in range(6, 12):
        watch.see(at + n * 60, source="甲")
    assert [alert.kind for alert in watch.drain()] == ["burst"]


def test_another_matter_in_the_same_rise_is_told_when_it_would_have_risen_alone():
    watch = Watch()
    at = busy_days(watch)
    for n in range(20):
        watch.see(at + n * 60, story=1, source=f"源{n % 4}")
    for n in range(40):
        watch.see(at + 1200 + n * 30, story=2, source=f"源{n % 4}")
    assert [(alert.kind, alert.story) for alert in watch.drain()] == [("burst", "s1"), ("burst", "s2")]


def test_a_rise_without_a_leading_story_names_none_and_the_story_that_shows_later_is_not_told_again():
    watch = Watch()
    at = busy_days(watch)
    for n in range(20):
        watch.see(at + n * 30, story=10 + n, source=f"源{n % 4}")
    for n in range(20):
        watch.see(at + 600 + n * 60, story=5, source=f"源{n % 4}")
    assert [alert.story for alert in watch.drain()] == [None]


def test_a_rare_topic_speaks_when_two_sources_tell_a_new_story_of_their_own():
    watch = Watch()
    at = quiet_days(watch)
    watch.see(at, story=1, source="甲")
    watch.see(at + HOUR, story=1, source="甲")
    watch.see(at + 2 * HOUR, story=1, source="乙", copy=True)
    assert watch.drain() == []
    watch.see(at + 3 * HOUR, story=1, source="丙", kind="news")
    (alert,) = watch.drain()
    assert (alert.kind, alert.story, alert.items) == ("new_story", "s1", ("p33", "p34", "p35", "p36"))
    watch.see(at + 4 * HOUR, story=1, source="丁")
    assert watch.drain() == []


def test_an_old_story_is_no_new_story():
    watch = Watch()
    at = quiet_days(watch)
    watch.see(at, story=1, source="甲")
    watch.see(at + 72 * HOUR, story=1, source="乙")
    assert watch.drain() == []


def test_stories_that_merge_share_what_is_known_of_them():
    watch = Watch()
    at = quiet_days(watch)
    watch.see(at, story=1, source="甲")
    watch.see(at + HOUR, story=2, source="乙")
    assert watch.drain() == []
    watch.into[2] = 1
    watch.alerts.merge(2, 1)
    watch.see(at + 2 * HOUR, story=2, source="乙")
    assert [alert.story for alert in watch.drain()] == ["s1"]


def test_what_was_told_before_a_restart_is_not_told_again():
    watch = Watch()
    at = quiet_days(watch)
    watch.alerts.remember("t", "停电", 1, START + at)
    watch.see(at, story=1, source="甲")
    watch.see(at + HOUR, story=1, source="乙")
    assert watch.drain() == []


def test_topics_are_watched_apart():
    watch = Watch()
    at = busy_days(watch)
    for n in range(30):
        watch.see(at + n * 60, source=f"源{n % 4}")
        watch.see(at + n * 60, source=f"源{n % 4}", topic="u")
    assert sorted(alert.topic for alert in watch.drain()) == ["t", "u"]


def test_the_usual_number_is_nothing_for_an_unseen_topic_and_small_for_a_quiet_one():
    watch = Watch()
    assert watch.alerts.usual("t", START) == 0.0
    at = quiet_days(watch)
    assert 0.0 < watch.alerts.usual("t", START + at) < 2.0


@pytest.mark.parametrize(("sources", "level"), [(1, "IV"), (3, "IV"), (9, "III")])
def test_the_level_hint_grows_with_spread(sources, level):
    seen = [Sighting(START, f"p{n}", f"源{n}", "social", 1, False, False) for n in range(sources)]
    assert hint_level(seen, None) == level


def test_a_part_that_leaves_a_told_story_is_not_told_again():
    watch = Watch()
    at = quiet_days(watch)
    watch.see(at, story=1, source="甲")
    watch.see(at + HOUR, story=1, source="乙")
    assert len(watch.drain()) == 1
    watch.alerts.split(1, 2, frozenset({"p34"}))
    watch.see(at + 2 * HOUR, story=2, source="丙")
    assert watch.drain() == []


def test_a_part_that_leaves_takes_its_sources_along():
    watch = Watch()
    at = quiet_days(watch)
    watch.see(at, story=1, source="甲")
    watch.alerts.split(1, 2, frozenset({"p33"}))
    watch.see(at + HOUR, story=2, source="乙")
    assert [alert.items for alert in watch.drain()] == [("p33", "p34")]


def test_many_sources_at_once_are_told_where_the_posts_alone_would_not_be():
    watch = Watch()
    for n in range(20 * 24 * 6):
        watch.see(n * HOUR / 6, story=1000 + n, source=f"源{n // 12 % 2}")
    watch.drain()
    at = 20 * 24 * HOUR
    for n in range(12):
        watch.see(at + n * 300, story=1, source=f"新源{n}")
    (alert,) = watch.drain()
    assert (alert.kind, alert.case.by) == ("burst", "sources") and "个来源发声" in alert.why.zh


def test_an_alert_is_made_from_its_case_alone():
    watch = Watch()
    at = busy_days(watch)
    for wave in (0, 12):
        for n in range(30):
            watch.see(at + wave * HOUR + n * 60, source=f"源{n % 4}", copy=n % 5 == 4, kind="news" if n % 7 else "web")
    burst, second = watch.drain()
    for alert in (burst, second):
        stored = msgspec.json.decode(msgspec.json.encode(alert.case), type=Case)
        assert draft_of(stored) == alert
    assert second.case.told == burst.at.timestamp() and "预警过" in second.why.zh and "calm since" in second.why.en
    assert len(burst.case.counted) == burst.case.window.count


def test_a_topic_watched_from_now_on_knows_the_prior_alone():
    watch = Watch()
    at = quiet_days(watch)
    watch.see(at)
    watch.alerts.watch([("new", "新专题")])
    for n in range(4):
        watch.see(at + n * 60, topic="new", source=f"源{n}")
    assert watch.drain() == []
    for n in range(4, 40):
        watch.see(at + n * 20, topic="new", source=f"源{n}")
    (alert,) = watch.drain()
    assert alert.case.is_short and "假定的先验" in alert.why.zh and "assumed prior" in alert.why.en


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.05, "5.0%"), (4.2e-4, "2400 分之一"), (4.3e-5, "2.3 万分之一"), (1e-12, "不到一亿分之一")],
)
def test_how_sure_is_said_with_the_number(chance, said):
    assert said in odds(chance).zh

"""Tone corrected by a person: shown, kept without words, learned from, and gone with the post."""

import json

import pytest

from shudao.base.cursor import move_cursor
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE, Scene
from shudao.base.write import short_write
from shudao.ledger.models import Entry
from shudao.ledger.verbs import Actor
from shudao.sense import jobs
from shudao.sense.actions import correct_tone, enough_to_learn, learn_from_corrections, pull_scene
from shudao.sense.actions.keep import CURSOR
from shudao.sense.actions.pull import forget_all
from shudao.sense.actions.retention import release_items
from shudao.sense.models import AlertItem, Placement, TaughtTone, ToneCorrection
from shudao.sense.queries import DRAWN_OF, drawn_lately, is_drawn, latest_taught
from tests.sense.test_pages import a_story, an_alert, heard
from tests.site import acting, furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
WATCHING = "duty_officer"
OURS = {"negative": "第{}号窗口也太抠了吧", "positive": "第{}号窗口真香", "neutral": "第{}号窗口在二楼"}


@pytest.fixture
def site(standing):
    furnished(standing)
    forget_all()
    yield
    forget_all()


def placed(standing, *texts, **more):
    """Placements of a story with these texts, read as negative."""
    story = a_story(standing, heard(standing, *texts, **more), scene=more.get("scene", LIVE).key)
    return list(Placement.objects.filter(story=story).order_by("pk"))


def corrected_many(standing, count=60, *, start=0, drawn=True):
    """So many posts heard, each said to be what it is."""
    tones = [list(OURS)[place % len(OURS)] for place in range(count)]
    items = heard(standing, *[OURS[tone].format(start + place) for place, tone in enumerate(tones)])
    for item, tone in zip(items, tones, strict=True):
        story = a_story(standing, [item])  # each a matter of its own
        correct_tone(acting(WATCHING), story.placements.get(), tone=tone)
    ToneCorrection.objects.update(drawn=drawn)
    with short_write():
        move_cursor(LIVE, CURSOR, items[-1].pk)
    standing.advance(minutes=2)


def test_a_correction_changes_what_is_shown_and_leaves_no_word_in_the_ledger(site, standing):
    [row] = placed(standing, "师傅半夜来修的，辛苦了")
    correct_tone(acting(WATCHING), row, tone="positive")
    row.refresh_from_db()
    kept = row.correction
    assert (row.tone, kept.tone, kept.read_as, kept.post) == ("positive", "positive", "negative", WATCHING)
    entry = Entry.objects.filter(verb="correct_tone").get()
    data = json.loads(entry.data)
    assert {key: data[key] for key in ("item", "tone", "read_as", "copies", "drawn")} == {
        "item": row.item_id, "tone": "positive", "read_as": "negative", "copies": 0, "drawn": False,
    }  # fmt: skip
    assert "师傅" not in entry.data


def test_the_very_same_words_follow_and_teach_nothing_new(site, standing):
    first, other, same = placed(standing, "辛苦了", "辛苦了！", "辛苦了")
    correct_tone(acting(WATCHING), first, tone="positive")
    tones = dict(Placement.objects.values_list("pk", "tone"))
    assert (tones[same.pk], tones[other.pk]) == ("positive", "negative")
    assert ToneCorrection.objects.get(placement=same).of_copy
    correct_tone(acting(WATCHING), same, tone="neutral")
    assert dict(ToneCorrection.objects.values_list("placement", "tone")) == {first.pk: "neutral", same.pk: "neutral"}


def test_one_may_think_again_but_not_say_the_same_twice(site, standing):
    [row] = placed(standing, "来电了")
    correct_tone(acting(WATCHING), row, tone="positive")
    with pytest.raises(Refused):
        correct_tone(acting(WATCHING), row, tone="positive")
    correct_tone(acting(WATCHING), row, tone="neutral")
    kept = ToneCorrection.objects.get()
    assert (kept.tone, kept.read_as) == ("neutral", "negative")


def test_an_unknown_tone_is_refused(site, standing):
    [row] = placed(standing, "来电了")
    with pytest.raises(Refused):
        correct_tone(acting(WATCHING), row, tone="angry")
    assert not ToneCorrection.objects.exists()


def test_only_what_chance_chose_counts_as_drawn(site, standing):
    rows = placed(standing, *[f"第{place}条" for place in range(12)])
    for row in rows:
        correct_tone(acting(WATCHING), row, tone="neutral", drawn=True)
    drawn = set(ToneCorrection.objects.filter(drawn=True).values_list("placement__item", flat=True))
    assert drawn == {row.item_id for row in rows if is_drawn(row.item_id)}


def test_chance_draws_about_one_in_so_many_and_shows_none_twice(site, standing):
    rows = placed(standing, *[f"第{place}条" for place in range(60)])
    shown = drawn_lately(100)
    assert 0 < len(shown) < 60 / DRAWN_OF * 2
    correct_tone(acting(WATCHING), shown[0], tone="neutral", drawn=True)
    assert [row.pk for row in drawn_lately(100)] == [row.pk for row in shown[1:]]
    assert sum(is_drawn(key) for key in range(40_000)) == pytest.approx(10_000, rel=0.05)
    assert {row.pk for row in shown} <= {row.pk for row in rows}


def test_a_correction_goes_with_its_post(site, standing):
    [row] = placed(standing, "来电了")
    correct_tone(acting(WATCHING), row, tone="positive")
    with short_write():
        release_items(LIVE, [row.item_id])
    assert not ToneCorrection.objects.exists()


def test_enough_corrections_are_learned_from_and_posts_read_by_it_from_then_on(site, standing):
    corrected_many(standing, 29)
    assert not enough_to_learn()
    corrected_many(standing, 31, start=30)
    assert enough_to_learn()
    jobs.learn_tone()
    taught = TaughtTone.objects.get()
    assert (taught.number, taught.corrections, taught.tested, taught.in_use) == (1, 60, 60, True)
    assert taught.right > taught.lexicon_right
    assert all(isinstance(weight, int) for weight in taught.weights)
    assert not enough_to_learn()
    [item] = heard(standing, "第90号窗口真香")
    pull_scene(LIVE)
    read = Placement.objects.get(item=item)
    assert read.tone == "positive" and read.version.endswith("+tone-model-1")
    forget_all()  # a restart reads by it too
    [item] = heard(standing, "第91号窗口也太抠了吧", source="微言二")
    pull_scene(LIVE)
    assert Placement.objects.get(item=item).tone == "negative"


def test_what_was_only_corrected_where_it_was_wrong_is_not_learned_from(site, standing):
    corrected_many(standing, 40, drawn=False)
    assert not enough_to_learn() and learn_from_corrections() is None
    assert latest_taught() is None


def test_the_entry_of_learning_says_how_good_it_is_in_whole_numbers(site, standing):
    corrected_many(standing, 60)
    taught = learn_from_corrections()
    data = json.loads(Entry.objects.get(verb="learn_tone").data)
    assert data == {
        "model": 1, "corrections": 60, "tested": 60, "right": taught.right, "lexicon_right": taught.lexicon_right,
        "in_use": True, "digest": taught.digest,
    }  # fmt: skip


def test_drills_teach_nothing(site, standing):
    run = Scene.run("R1")
    [row] = placed(standing, "来电了", scene=run)
    correct_tone(Actor(run, WATCHING), row, tone="positive")
    assert ToneCorrection.objects.get().scene == run.key and drawn_lately(10) == []


def test_a_post_is_corrected_on_its_page_and_one_comes_back(site, standing):
    [row] = placed(standing, "师傅半夜来修的，辛苦了")
    client, address = signed_in(WATCHING), f"/sense/posts/{row.item_id}/correct_tone/"
    story = f"/sense/stories/{row.story_id}/"
    assert f"{address}?next={story}" in text_of(client.get(story))
    assert "师傅半夜来修的" in text_of(client.get(address))
    done = client.post(address, {"tone": "positive"})
    assert done.headers["Location"] == f"{story}#item-{row.item_id}"
    shown = text_of(client.get(story))
    assert "偏正面（人工更正）" in shown and "平均把握" not in shown
    assert client.post(address, {"tone": "positive"}).status_code == 409
    assert client.post(address, {"tone": "angry"}).status_code == 422
    elsewhere = client.post(address, {"tone": "neutral", "next": "https://elsewhere.invalid/"})
    assert elsewhere.headers["Location"].startswith(story)


def test_a_post_of_another_scene_is_not_there(site, standing):
    [row] = placed(standing, "来电了", scene=Scene.run("R1"))
    client = signed_in(WATCHING)
    assert client.get(f"/sense/posts/{row.item_id}/correct_tone/").status_code == 404
    assert client.get(f"/sense/runs/R1/posts/{row.item_id}/correct_tone/").status_code == 200


def test_the_page_of_tone_says_what_is_missing_and_takes_a_look_in_one_tap(site, standing):
    rows = placed(standing, *[f"第{place}条信息" for place in range(40)])
    client = signed_in(WATCHING)
    page = text_of(client.get("/sense/tone/"))
    assert "还没有从更正里学到东西" in page and "再更正 30 条、再抽看 20 条，就学一次" in page
    shown = drawn_lately(10)[0]
    client.post(
        f"/sense/posts/{shown.item_id}/correct_tone/", {"tone": shown.tone, "drawn": "on", "next": "/sense/tone/"}
    )
    assert ToneCorrection.objects.get().drawn
    page = text_of(client.get("/sense/tone/"))
    assert f'id="item-{shown.item_id}"' not in page and "再抽看 19 条" in page
    assert len(rows) == 40


def test_the_page_of_tone_tells_what_was_learned_and_costs_the_same_however_much(site, standing):
    corrected_many(standing, 60)
    learn_from_corrections()
    client = signed_in(WATCHING)
    few = queries_of(client, "/sense/tone/")
    page = text_of(client.get("/sense/tone/"))
    taught = latest_taught()
    assert f"语气由第 1 版模型估计：抽看 60 条读对 {taught.right} 条" in page and "在用" in page
    corrected_many(standing, 60, start=100)
    learn_from_corrections()
    assert queries_of(client, "/sense/tone/") == few


def test_the_page_of_an_alert_leads_to_the_correction_and_tells_it(site, standing):
    [row] = placed(standing, "师傅半夜来修的，辛苦了")
    alert = an_alert(standing, 1, story=row.story)
    AlertItem.objects.create(alert=alert, item=row.item, place=0)
    client = signed_in(WATCHING)
    page = text_of(client.get("/sense/alerts/1/"))
    assert f"/sense/posts/{row.item_id}/correct_tone/?next=/sense/alerts/1/%23item-{row.item_id}" in page
    correct_tone(acting(WATCHING), row, tone="positive")
    assert "偏正面（人工更正）" in text_of(client.get("/sense/alerts/1/"))

"""How an alert came about stands on its page, down to the posts, and comes out the same when made again."""

from datetime import timedelta

import pytest

from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.engine.sense.cases import draft_of
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.sense.actions.pull import pull_scene
from shudao.sense.models import Alert, AlertCase
from shudao.sense.queries import case_of
from tests.sense.test_pages import a_story, an_alert, heard
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(standing):
    furnished(standing)


@pytest.fixture
def flood(site, standing):
    """Thirty posts of four sources within half an hour, every fifth a copy; the alert they raise."""
    start = standing.now() - timedelta(minutes=30)
    texts = [f"望湖新城{n}号楼又停电了，热线打不通，第{n}次" for n in range(30)]
    for source in range(4):
        name = f"源{source}"
        row = add_source(Actor(LIVE, "system"), f"s{source}", name=name, kind="social", connector="file")
        posts = [
            Post(
                id=f"{source}-{n}", source=name, kind="social", text="转：望湖新城停电了" if n % 5 == 4 else text,
                published_at=start + timedelta(minutes=n),
            )
            for n, text in enumerate(texts)
            if n % 4 == source
        ]  # fmt: skip
        read_batch(Actor(LIVE, "system"), row, posts)
    pull_scene(LIVE)
    return Alert.objects.order_by("number").last()


def test_what_an_alert_was_made_from_makes_it_again(flood):
    for alert in Alert.objects.all():
        case = case_of(alert)
        draft = draft_of(case)
        assert (draft.why, draft.level_hint, draft.kind) == (alert.why, alert.level_hint, alert.kind)
        assert [int(item) for item in draft.items] == list(alert.evidence.values_list("item_id", flat=True))
    assert AlertCase.objects.count() == Alert.objects.count() > 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_the_numbers_and_every_post_counted(flood, language):
    page = text_of(signed_in("duty_officer", language).get(f"/sense/alerts/{flood.number}/"))
    case = case_of(flood)
    assert 'id="made"' in page and page.count("<td") >= 12
    assert ("一字不差" if language == "zh-hans" else "word for word") in page
    assert str(len(case.counted)) in page
    for row in case.counted[:3]:
        assert f'id="item-{row.post}"' in page


def test_a_case_that_was_tampered_with_shows(flood):
    row = AlertCase.objects.get(alert=flood)
    row.case["counted"] = row.case["counted"][:-1]
    row.save()
    assert "一字不差" not in text_of(signed_in("duty_officer").get(f"/sense/alerts/{flood.number}/"))


def test_an_alert_without_a_case_shows_its_items_alone(site, standing):
    alert = an_alert(standing, 1)
    items = heard(standing, "停电了")
    alert.items.add(items[0], through_defaults={"place": 0})
    page = text_of(signed_in("duty_officer").get("/sense/alerts/1/"))
    assert 'id="made"' not in page and "停电了" in page


def test_a_second_wave_leads_to_the_alert_before(site, standing):
    story = a_story(standing, heard(standing, "城南停电"))
    an_alert(standing, 1, story=story)
    an_alert(standing, 2)
    an_alert(standing, 3, story=story, kind="second_wave")
    page = text_of(signed_in("duty_officer").get("/sense/alerts/3/"))
    assert 'href="/sense/alerts/1/"' in page.split("上一次的预警")[1].split("</p>")[0]
    assert "上一次的预警" not in text_of(signed_in("duty_officer").get("/sense/alerts/1/"))


def test_the_page_asks_the_same_however_many_posts_were_counted(flood):
    client = signed_in("duty_officer")
    client.get(f"/sense/alerts/{flood.number}/")
    few = queries_of(client, f"/sense/alerts/{flood.number}/")
    row = AlertCase.objects.get(alert=flood)
    post = row.case["counted"][0]
    row.case["counted"] += [[str(10**9 + n), *post[1:]] for n in range(300)]
    row.save()
    assert queries_of(client, f"/sense/alerts/{flood.number}/") <= few
    assert "已按期清除" in text_of(client.get(f"/sense/alerts/{flood.number}/?page=9"))

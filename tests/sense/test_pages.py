"""Pages of sensing: the queue in the order of urgency, one alert with its numbers, a story with all that is known of it."""

import re
from datetime import timedelta

import pytest

from shudao.base.scene import LIVE, Scene
from shudao.engine.post import Post
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import Item, Source
from shudao.listen.queries import source_of
from shudao.respond.actions import open_incident
from shudao.sense.models import Alert, AlertItem, Hit, Placement, Story, Topic
from shudao.sense.screens.alerts import AlertsScreen, Wanted
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(standing):
    furnished(standing)


def an_alert(standing, number, *, level="IV", topic=0, scene="live", story=None, minutes=0, **more):
    topics = list(Topic.objects.order_by("code"))
    at = standing.now() - timedelta(minutes=minutes)
    return Alert.objects.create(
        scene=scene, number=number, kind=more.pop("kind", "burst"), topic=topics[topic], level_hint=level, version="t",
        why_zh=f"第{number}条的理由", why_en=f"reasons of {number}", at=at, raised_at=at, story=story, **more,
    )  # fmt: skip


def heard(standing, *texts, scene=LIVE, source="微言", apart=timedelta(minutes=1), kind="social", title=""):
    """Items, one a minute, the last of them now."""
    start = standing.now() - apart * (len(texts) - 1)
    posts = [
        Post(id=f"{source}{standing.now():%H%M}-{place}", source=source, kind=kind, title=title, text=text, published_at=start + apart * place, url=f"https://weiyan.example/p/{place}")
        for place, text in enumerate(texts)
    ]  # fmt: skip
    row = source_of(scene, source) or add_source(
        Actor(scene, "system"), source, name=source, kind=kind, connector="file"
    )
    return list(read_batch(Actor(scene, "system"), row, posts).items)


def a_story(standing, items, *, scene="live", copies=(), changes=()):
    """A story of items; `copies` are those after the first that copy it."""
    moments = [item.published_at for item in items]
    story = Story.objects.create(
        scene=scene, first_item=items[0], began_at=moments[0], last_at=moments[-1], posts=len(items)
    )
    for place, item in enumerate(items):
        Placement.objects.create(
            scene=scene, item=item, story=story, story_placed=story, copy_of=items[0] if place in copies else None,
            changes=list(changes) if place in copies else [], tone="negative", tone_score=-0.5, tone_confidence=0.3,
            version="t", at=item.published_at,
        )  # fmt: skip
    return story


def numbers_on(page):
    return [int(found) for found in re.findall(r'id="alert-(\d+)"', text_of(page))]


def test_open_alerts_come_first_the_urgent_and_then_the_oldest(site, standing):
    an_alert(standing, 1, level="IV", minutes=90)
    an_alert(standing, 2, level="II", minutes=10)
    an_alert(standing, 3, level="II", minutes=5)
    an_alert(standing, 4, level="I", dismissed_at=standing.now(), reason="外地")
    an_alert(standing, 5, level="I", acknowledged_at=standing.now(), acknowledged_by="duty_officer")
    page = signed_in("duty_officer").get("/sense/alerts/")
    assert numbers_on(page) == [2, 3, 1, 5, 4] and "3 条预警等签收" in text_of(page)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("state=open", [1, 2]), ("state=dismissed", [3]), ("kind=new_story", [2]), ("q=第2条", [2]), ("topic=x", []),
     ("state=acknowledged", []), ("state=nonsense", [1, 2, 3]), ("page=99", [1, 2, 3])],
)  # fmt: skip
def test_the_queue_is_filtered(site, standing, asked, shown):
    an_alert(standing, 1)
    an_alert(standing, 2, kind="new_story")
    an_alert(standing, 3, dismissed_at=standing.now(), reason="外地")
    assert sorted(numbers_on(signed_in("duty_officer").get(f"/sense/alerts/?{asked}"))) == shown


def test_the_queue_is_filtered_by_department(site, standing):
    owner = Topic.objects.exclude(owner_post="").order_by("code").first()
    place = list(Topic.objects.order_by("code")).index(owner)
    an_alert(standing, 1, topic=place)
    screen = AlertsScreen(LIVE, Wanted())
    [unit] = [row for row in screen.units if row.posts.filter(code=owner.owner_post).exists()]
    client = signed_in("duty_officer")
    assert numbers_on(client.get(f"/sense/alerts/?unit={unit.code}")) == [1]
    assert numbers_on(client.get("/sense/alerts/?unit=elsewhere")) == []


def test_one_tap_takes_an_alert_up_and_stays_in_the_queue(site, standing):
    row = an_alert(standing, 1)
    answer = signed_in("duty_officer").post("/sense/alerts/1/acknowledge_alert/", {"next": "/sense/alerts/?kind=burst"})
    row.refresh_from_db()
    assert answer.url == "/sense/alerts/?kind=burst" and row.acknowledged_by == "duty_officer"


@pytest.mark.parametrize("asked", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(site, standing, asked):
    an_alert(standing, 1)
    assert signed_in("duty_officer").post("/sense/alerts/1/acknowledge_alert/", {"next": asked}).url == "/#alerts"


def test_an_alert_from_which_an_incident_was_opened_says_so(site, standing):
    from shudao.plan.queries import edition_in_force

    row = an_alert(standing, 1, acknowledged_at=standing.now(), acknowledged_by="duty_officer")
    open_incident(acting("duty_officer"), edition_in_force("power_county").plan, title="城南停电", origin="alert", alert=row.code)  # fmt: skip
    client = signed_in("duty_officer")
    page = text_of(client.get("/sense/alerts/"))
    assert "已启动处置" in page and "城南停电" in page and "open_incident/?alert=1" not in page
    assert numbers_on(client.get("/sense/alerts/?state=opened")) == [1]
    assert "已由此启动处置" in text_of(client.get("/sense/alerts/1/"))


def test_who_may_not_receive_sees_no_button(site, standing):
    an_alert(standing, 1)
    page = text_of(signed_in("recorder").get("/sense/alerts/"))
    assert "第1条的理由" in page and "acknowledge_alert" not in page


def test_alerts_of_a_run_and_of_the_real_world_stay_apart(site, standing):
    an_alert(standing, 1)
    an_alert(standing, 1, scene="run:0001", kind="new_story")
    client = signed_in("duty_officer")
    assert "run" not in text_of(client.get("/sense/alerts/")).split('id="alert-queue"')[1].split("hx-")[0]
    page = text_of(client.get("/sense/runs/0001/alerts/"))
    assert page.count('id="alert-1"') == 1 and "/sense/runs/0001/alerts/1/" in page and 'class="drill"' in page


def test_the_queue_asks_the_same_however_many_there_are(site, standing):
    items = heard(standing, "停电了", "又停电了")
    for number in range(1, 4):
        AlertItem.objects.create(alert=an_alert(standing, number, story=a_story(standing, items[:1]) if number == 1 else None), item=items[0], place=0)  # fmt: skip
    client = signed_in("duty_officer")
    first = queries_of(client, "/sense/alerts/")
    for number in range(4, 30):
        an_alert(standing, number)
    assert queries_of(client, "/sense/alerts/") == first
    page = client.get("/sense/alerts/")
    assert len(numbers_on(page)) == 20 and 'rel="next"' in text_of(page)


def test_an_alert_shows_what_was_done_about_earlier_ones(site, standing):
    an_alert(standing, 1, dismissed_at=standing.now(), reason="外地同名小区")
    an_alert(standing, 2)
    assert "外地同名小区" in text_of(signed_in("duty_officer").get("/sense/alerts/2/"))


def test_a_story_tells_where_it_stands_what_was_changed_and_what_is_asked(site, standing):
    items = heard(
        standing, "城南停电致3人中暑，什么时候来电？", "城南停电致13人中暑，什么时候来电？", "请供电公司给个说法！"
    )
    story = a_story(standing, items, copies=(1,), changes=("numbers",))
    placement = Placement.objects.get(item=items[0])
    Hit.objects.create(
        placement=placement,
        topic=Topic.objects.first(),
        clauses=["停电"],
        spans=[["停电", "text", 2, 4]],
        at=placement.at,
    )
    page = text_of(signed_in("duty_officer").get(f"/sense/stories/{story.pk}/"))
    assert "<h1>3 条信息" in page and "改了数字" in page and "<del>3</del>" in page and "<ins>13</ins>" in page
    assert '<mark title="停电">停电</mark>' in page and "请供电公司给个说法！" in page and "2 条这样说" in page
    assert 'rel="noreferrer noopener"' in page and "平均把握 0.30" in page


def test_a_story_names_the_incidents_it_belongs_to(site, standing):
    from shudao.respond.models import Attachment

    items = heard(standing, "城南停电")
    story = a_story(standing, items)
    incident = opened("城南片区停电")
    Attachment.objects.create(incident=incident, item=items[0], attached_at=standing.now(), by="duty_officer")
    page = text_of(signed_in("duty_officer").get(f"/sense/stories/{story.pk}/"))
    assert f"/respond/incidents/{incident.number}/" in page and "在处置" in page


def test_a_merged_story_leads_to_the_one_it_is_part_of(site, standing):
    first, second = heard(standing, "城南停电", "城北停电")
    into, gone = a_story(standing, [first]), a_story(standing, [second])
    gone.merged_into = into
    gone.save()
    assert signed_in("duty_officer").get(f"/sense/stories/{gone.pk}/").url == f"/sense/stories/{into.pk}/"


def test_a_story_of_a_run_is_not_one_of_the_real_world(site, standing):
    scene = Scene.run("0001")
    story = a_story(standing, heard(standing, "演练停电", scene=scene), scene=scene.key)
    client = signed_in("duty_officer")
    assert client.get(f"/sense/stories/{story.pk}/").status_code == 404
    assert client.get(f"/sense/runs/0001/stories/{story.pk}/").status_code == 200


def test_a_story_asks_the_same_however_many_posts_it_has(site, standing):
    client = signed_in("duty_officer")
    small = a_story(
        standing,
        heard(standing, *[f"城南停电第{n}天，请给个说法！" for n in range(4)]),
        copies=(1,),
        changes=("numbers",),
    )
    standing.advance(minutes=30)
    large = a_story(
        standing,
        heard(standing, *[f"城北停水第{n}天，请给个说法！" for n in range(45)]),
        copies=(1, 2, 3, 9),
        changes=("numbers",),
    )
    client.get("/sense/stories/")  # what a device does once in a while is done
    assert queries_of(client, f"/sense/stories/{large.pk}/") == queries_of(client, f"/sense/stories/{small.pk}/")
    assert text_of(client.get(f"/sense/stories/{large.pk}/?page=3")).count('id="item-') == 5


def test_stories_are_found_by_words(site, standing):
    a_story(standing, heard(standing, "城南停电"))
    standing.advance(minutes=5)
    a_story(standing, heard(standing, "城北停水"))
    client = signed_in("duty_officer")
    assert [word in text_of(client.get("/sense/stories/?q=停水")) for word in ("城北停水", "城南停电")] == [True, False]
    assert "没有找到" in text_of(client.get("/sense/stories/?q=停水 城南"))
    assert text_of(client.get("/sense/stories/")).index("城北停水") < text_of(client.get("/sense/stories/")).index(
        "城南停电"
    )


@pytest.mark.parametrize("address", ["/sense/alerts/", "/sense/stories/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_empty_page_teaches(site, address, language):
    assert 'class="empty' in text_of(signed_in("duty_officer", language).get(address))


def test_the_sources_of_a_story_carry_their_tier(site, standing):
    from shudao.org.models import Outlet

    Outlet.objects.update_or_create(name="省日报", defaults={"kind": "print", "tier": 2})
    items = heard(standing, "城南停电") + heard(
        standing, "城南停电受关注", source="省日报", kind="print", title="城南停电受关注"
    )
    page = text_of(signed_in("duty_officer").get(f"/sense/stories/{a_story(standing, items).pk}/"))
    assert (
        "省级" in page
        and "报刊 1" in page
        and Item.objects.count() == 2
        and Source.objects.filter(name="省日报").exists()
    )

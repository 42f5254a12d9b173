"""An empty site's first morning over its pages alone: every step's state is read from the data, up to a drill played."""

import re

import pytest
from django.test import Client

from shudao.base.scene import LIVE
from shudao.board.screens.setup import GuideScreen, first_hour_is_open
from shudao.drill.models import Run
from shudao.engine.post import Post
from shudao.ledger.verbs import Actor
from shudao.listen.actions import read_batch
from shudao.listen.models import Source
from shudao.notify.models import Attempt, Channel
from shudao.org.models import SETTING_UP, Staff
from shudao.org.models import Post as OrgPost
from shudao.project.sample import furnish
from tests.site import queries_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ("organisation", "posts", "staff", "plan", "topics", "sources", "channels", "secure", "drill")


@pytest.fixture
def administrator(transactional_db, standing):
    furnish(empty=True)
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(Staff.objects.get().user)
    return client


def states():
    screen = GuideScreen(frozenset(SETTING_UP), is_secure=False)
    return {step.key: step.state for step in screen.steps}


def done():
    return [key for key, state in states().items() if state == "done"]


def next_step():
    return next((step.key for step in GuideScreen(frozenset(SETTING_UP), is_secure=False).steps if step.is_next), "")


def sign_a_plan(client):
    page = client.post("/plan/draft_plan/", {"plan": "zh/power", "organisation": "松岭县供电公司"})
    place = page["Location"]
    form = client.get(f"{place}posts/").context["form"]
    client.post(f"{place}add_posts_from_plan/", {name: form[name].value() for name in form.fields})
    client.post(f"{place}acknowledge_not_executable/")
    assert client.post(f"{place}sign_plan/", {"confirm": "on"}).status_code == 302


def test_an_empty_site_leads_its_administrator_from_the_board_to_the_guide(administrator):
    assert first_hour_is_open() and "/setup/" in text_of(administrator.get("/"))
    text = text_of(administrator.get("/setup/"))
    assert "还差八步就能值班" in text and next_step() == "organisation"
    assert tuple(states()) == STEPS and done() == [] and states()["secure"] == "unsure"


def test_the_morning(administrator, standing):
    client = administrator
    client.post("/org/people/change_organisation/", {"name": "松岭县供电公司"})
    assert done() == ["organisation"] and next_step() == "posts"

    sign_a_plan(client)
    assert done() == ["organisation", "posts", "plan"] and next_step() == "staff"

    for name, account, post in (
        ("周岭", "zhou", "duty_officer"),
        ("吴松", "wu", "office_head"),
        ("郑川", "zheng", "leader"),
    ):
        client.post("/org/staff/add_staff/", {"name": name, "account": account})
        client.post("/org/staff/start_holding/", {"post": post, "staff": account})
    assert "staff" in done() and next_step() == "topics"
    assert "现在能受理的" in text_of(client.get("/setup/"))

    client.post("/sense/topics/import/", {"shipped": "power", "keep": "1"})
    client.post("/listen/sources/add_source/", {"way": "file", "name": "服务商周报", "kind": "news", "agreed": "on"})
    assert "topics" in done() and next_step() == "sources", "a source that never brought anything is not one yet"
    source = Source.objects.get()
    post = Post(id="1", source="x", kind="news", text="北街停电", published_at=standing.now())
    read_batch(Actor(LIVE, "system"), source, [post])
    assert "sources" in done() and next_step() == "channels" and not first_hour_is_open()

    channel = Channel.objects.create(code="mail-1", kind="mail", name="邮件", made_at=standing.now())
    assert next_step() == "channels", "a channel that was never tried is not one yet"
    Attempt.objects.create(channel=channel, began_at=standing.now(), ended_at=standing.now(), ok=True)
    assert next_step() == "drill" and "还差一步就能值班" in text_of(client.get("/setup/"))

    played(client)
    assert next_step() == "" and "都办好了，可以值班" in text_of(client.get("/setup/"))
    assert "这个站点还没有设好" not in text_of(client.get("/"))


def played(client):
    """A drill on this very organisation, by the scripted team, to its end."""
    page = client.post("/drill/start_run/", {"scenario": "zh/outage", "team": "scripted", "speed": "1"})
    place = page["Location"]
    client.post(f"{place}play_on/", {"minutes": "1800"})
    client.post(f"{place}finish_run/")
    client.post(f"{place}score_run/")
    run = Run.objects.get()
    assert run.state == "finished" and run.score.total > 40, run.score.total
    assert "演练已结束" in text_of(client.get(place))


def test_who_plays_with_posts_nobody_holds_is_told_so(administrator):
    client = administrator
    sign_a_plan(client)
    page = client.post("/drill/start_run/", {"scenario": "zh/outage", "team": "people", "speed": "1"})
    assert page.status_code == 302
    assert "没有人" in text_of(client.get("/plan/" + re.search(r"editions/\d+/", text_of(client.get("/plan/")))[0]))


def test_the_guide_asks_the_same_however_large_the_site(administrator):
    client = administrator
    sign_a_plan(client)
    client.get("/setup/")
    few = queries_of(client, "/setup/")
    unit = OrgPost.objects.first().unit
    OrgPost.objects.bulk_create(OrgPost(code=f"p{n}", name=f"岗{n}", unit=unit) for n in range(60))
    Source.objects.bulk_create(
        Source(scene="live", code=f"s{n}", name=f"源{n}", kind="web", connector="file") for n in range(60)
    )
    assert queries_of(client, "/setup/") == few


def test_the_hub_shows_only_what_one_may_open(administrator):
    text = text_of(administrator.get("/settings/"))
    assert "/listen/sources/" in text and "/notify/channels/" in text and "还没有信源" in text
    client = administrator
    sign_a_plan(client)
    client.post("/org/staff/add_staff/", {"name": "王溪", "account": "wangx"})
    client.post("/org/staff/start_holding/", {"post": "drafter", "staff": "wangx"})
    other = Client(headers={"Accept-Language": "zh-hans"})
    other.force_login(Staff.objects.get(user__username="wangx").user)
    text = text_of(other.get("/settings/"))
    assert "/notify/channels/" not in text and "/listen/sources/" in text
    assert other.get("/setup/").status_code == 404
    for address in re.findall(r'class="title" href="([^"]+)"', text):
        assert other.get(address).status_code == 200, address

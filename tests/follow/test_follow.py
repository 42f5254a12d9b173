"""After handling: ends refused while something is open, what comes back is raised, the seal verifies, the key dies."""

import json
import zipfile
from datetime import timedelta

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.plan.model import Authority, Ending, Level, Limit, Plan, Post, Step, Superior, Unit
from shudao.engine.post import Post as HeardPost
from shudao.engine.words import BadInput
from shudao.follow.actions import (
    NotYet,
    close_incident,
    end_watch,
    follow_up,
    raise_recurrence,
    seal,
    settle_incident,
    watch_incident,
)
from shudao.follow.jobs import keep_watch
from shudao.follow.models import Watch
from shudao.follow.queries import archives_of, closure_of, recurrences_of, watch_of
from shudao.ledger.models import SideRecord
from shudao.ledger.queries import entries_of, head_of, verify_stream
from shudao.ledger.standalone.verify import verify_bundle
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import Item
from shudao.notify.models import Message
from shudao.respond.actions import add_demand, add_fact, answer_demand, attach_items, confirm_level, open_incident
from shudao.respond.models import Incident, IncidentKey
from tests.conftest import START

pytestmark = pytest.mark.django_db

PLAN = Plan(
    id="small",
    title="小预案",
    version="1",
    status="signed",
    organisation="清江县供电公司",
    levels=(Level(code="II", name="重大", colour="orange"), Level(code="III", name="较大", colour="yellow")),
    units=(Unit(id="office", name="办公室"), Unit(id="city", name="市公司", kind="superior")),
    posts=(
        Post(id="leader", name="分管领导", unit="office", authority=Authority(grade_max="II", close=True)),
        Post(id="duty_officer", name="值班员", unit="office"),
    ),
    steps=(
        Step(id="settle", title="认定平息", phase="后期", owner="leader", clause="8", act="settle_incident", sets="settled", must=False),
        Step(id="close", title="结束响应", phase="后期", owner="leader", clause="8", act="close_incident", sets="closed", after=("settle",)),
    ),
    superiors=(Superior(unit="city", first_oral=Limit(within=30, of="detected")),),
    ending=Ending(criteria=("诉求均已答复",), by=("leader",), watch_days=14),
)  # fmt: skip
OLD = "城东三个小区停电三天没人管，打电话一直占线，老人孩子怎么办"


def hear(actor, now, *texts, author="青岚网友"):
    """Items newly read, one a text, published now."""
    source = getattr(hear, "source", None)
    if source is None or not source.__class__.objects.filter(pk=source.pk).exists():
        source = hear.source = add_source(actor, "forum", name="青岚论坛", kind="social", connector="file")
    count = Item.objects.count()
    posts = [
        HeardPost(id=f"p{count + n}", kind="social", text=text, published_at=now, author=author)
        for n, text in enumerate(texts)
    ]
    return read_batch(actor, source, posts).items


@pytest.fixture
def leader(standing):
    return Actor(LIVE, "leader", "周宁")


@pytest.fixture
def incident(duty, leader, standing):
    """An incident with one attached item, graded."""
    items = hear(duty, standing.now(), OLD)
    found = open_incident(duty, PLAN, title="城东停电三天无人管", origin="alert", items=items)
    confirm_level(leader, found, level="III", clause="3.2", reason="影响三个小区")
    return found


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def settled_with_superior_told(leader, incident):
    from shudao.respond.actions import tell_superior

    tell_superior(leader, incident)
    settle_incident(leader, fresh(incident))


def test_closing_is_refused_with_every_reason_while_something_is_open(duty, leader, incident):
    add_demand(duty, incident, text="什么时候来电", owner="leader", due_at=START + timedelta(days=1))
    length = head_of(incident.stream).length
    with pytest.raises(NotYet) as refused:
        close_incident(leader, fresh(incident))
    assert {reason.code for reason in refused.value.reasons} == {"demand_open", "superior_not_told", "not_settled"}
    assert "什么时候来电" in refused.value.why.zh
    assert closure_of(incident) is None and head_of(incident.stream).length == length


def test_it_closes_when_nothing_is_open(duty, leader, incident):
    demand = add_demand(duty, incident, text="什么时候来电", owner="leader", due_at=START + timedelta(days=1))
    answer_demand(leader, demand, text="今晚八时前")
    settled_with_superior_told(leader, incident)
    closure = close_incident(leader, fresh(incident))
    assert closure.reasons == [] and not fresh(incident).is_open
    verbs = [entry["verb"] for entry in entries_of(incident.stream)]
    assert "settle_incident" in verbs and "close_incident" in verbs
    milestones = [e["data"]["milestone"] for e in entries_of(incident.stream) if e["verb"] == "reach_milestone"]
    assert {"settled", "closed"} <= set(milestones)


def test_an_override_needs_words_and_leaves_what_was_open_on_record(duty, leader, incident):
    with pytest.raises(NotYet):
        close_incident(leader, fresh(incident), override_reason="  ")
    closure = close_incident(leader, fresh(incident), override_reason="上级接手")
    assert {row["code"] for row in closure.reasons} == {"superior_not_told", "not_settled"}
    entry = next(entry for entry in entries_of(incident.stream) if entry["verb"] == "close_incident")
    assert set(entry["data"]["left_open"]) == {"superior_not_told", "not_settled"}
    assert "commitment" in entry["data"]["override_reason"]


def test_only_the_posts_the_plan_names_may_settle_and_close(duty, incident):
    for act in (settle_incident, close_incident):
        with pytest.raises(Refused) as refused:
            act(duty, incident)
        assert refused.value.code == "authority"


def test_a_watch_raises_what_comes_back_and_tells_the_post(duty, leader, incident, standing):
    watch = watch_incident(leader, incident)
    assert watch.until == standing.now() + timedelta(days=14)
    standing.advance(days=3)
    hear(duty, standing.now(), "【转】" + OLD + "！！", "市中心医院今天开放新门诊楼")
    found = follow_up(leader, watch)
    assert [(row.why, row.items.count()) for row in found] == [("copy", 1)]
    entry = list(entries_of(incident.stream))[-1]
    assert entry["verb"] == "raise_recurrence" and entry["data"]["items"] == ["p1"]
    assert Message.objects.filter(kind="recurrence", post=incident.opened_by).count() == 1


def test_each_item_is_looked_at_once(duty, leader, incident, standing):
    watch = watch_incident(leader, incident)
    hear(duty, standing.now(), OLD)
    assert len(follow_up(leader, watch)) == 1
    assert follow_up(leader, watch) == [] and recurrences_of(incident).count() == 1
    hear(duty, standing.now(), "天气真好")
    assert follow_up(leader, watch) == [] and follow_up(leader, watch) == []


def test_a_false_claim_told_again_comes_back(duty, leader, incident, standing):
    add_fact(duty, incident, status="false", text="停电是因为施工偷工减料")
    watch = watch_incident(leader, incident)
    hear(duty, standing.now(), "听人说这次停电就是因为施工偷工减料，真的假的")
    assert [(row.why, row.items.get().of) for row in follow_up(leader, watch)] == [("claim", "F1")]


def test_a_returning_voice_is_known_within_the_incident_only(duty, leader, incident, standing):
    watch = watch_incident(leader, incident)
    hear(duty, standing.now(), OLD + "，又来说一遍", author="青岚网友")
    hear(duty, standing.now(), OLD + "，路过看看", author="另一位")
    rows = [item for row in follow_up(leader, watch) for item in row.items.order_by("item_id")]
    assert [row.is_returning for row in rows] == [True, False]
    assert all(row.voice and "网友" not in row.voice for row in rows)


def test_two_reasons_are_two_rows_and_two_entries_of_one_act(duty, leader, incident, standing):
    add_fact(duty, incident, status="false", text="停电是因为施工偷工减料")
    watch = watch_incident(leader, incident)
    hear(duty, standing.now(), OLD, "停电是因为施工偷工减料啊大家知道吗")
    assert {row.why for row in follow_up(leader, watch)} == {"copy", "claim"}
    assert [entry["verb"] for entry in entries_of(incident.stream)][-2:] == ["raise_recurrence"] * 2


def test_the_watch_ends_on_its_day_and_the_key_dies(duty, leader, incident, standing):
    watch_incident(leader, incident)
    keep_watch()
    assert watch_of(incident).is_open
    standing.advance(days=15)
    hear(duty, standing.now(), OLD)
    keep_watch()
    assert not watch_of(incident).is_open and recurrences_of(incident).count() == 1
    key = IncidentKey.objects.get(incident=incident)
    assert not key.is_alive and not any(bytes(key.key))
    keep_watch()
    with pytest.raises(Refused):
        end_watch(leader, watch_of(incident))
    with pytest.raises(Refused):
        attach_items(duty, incident, hear(duty, standing.now(), "还有一条"))


def test_an_incident_is_watched_once_and_raises_nothing_of_nothing(leader, incident):
    watch = watch_incident(leader, incident, days=1)
    with pytest.raises(Refused):
        watch_incident(leader, incident)
    with pytest.raises(Refused):
        raise_recurrence(leader, watch, [], [])
    assert Watch.objects.count() == 1


def test_the_seal_ends_with_the_head_that_the_site_recorded(duty, leader, incident, tmp_path):
    add_fact(duty, incident, status="known", text="三个小区停电", figures={"households": 1260})
    archive = seal(leader, incident, tmp_path / "x.zip", beside={"evidence": {"photo.jpg": b"x"}})
    report = verify_bundle(tmp_path / "x.zip", archive.head)
    assert report["ok"] and (report["head"], report["length"]) == tuple(head_of(incident.stream))
    site = list(entries_of("site"))
    assert [entry["verb"] for entry in site][-2:] == ["record_heads", "seal_incident"]
    assert {"stream": incident.stream, "length": archive.length, "head": archive.head} in site[-2]["data"]["streams"]
    assert [row.sha256 for row in archives_of(incident)] == [site[-1]["data"]["sha256"]]
    with zipfile.ZipFile(tmp_path / "x.zip") as bundle:
        names = {name.split("/", 1)[1] for name in bundle.namelist()}
        plan = json.loads(bundle.read(f"incident-{incident.number}/data/plan/plan.yaml"))
    assert {"data/evidence/photo.jpg", "data/plan/plan.yaml"} <= names and plan["id"] == "small"


def test_a_paper_that_no_entry_speaks_of_is_not_sealed(leader, incident, tmp_path):
    with pytest.raises(BadInput):
        seal(leader, incident, tmp_path / "x.zip", beside={"documents": {"forged.docx": b"x"}})
    assert list(tmp_path.iterdir()) == []


def test_every_paper_made_before_the_seal_finds_its_head(duty, leader, incident, tmp_path):
    heads = [head_of(incident.stream).hash]
    add_fact(duty, incident, status="known", text="三个小区停电")
    heads.append(head_of(incident.stream).hash)
    seal(leader, incident, tmp_path / "x.zip")
    for head in heads:
        assert verify_bundle(tmp_path / "x.zip", head)["ok"]
    add_fact(duty, incident, status="known", text="已来电")
    assert not verify_bundle(tmp_path / "x.zip", head_of(incident.stream).hash)["ok"]


def test_erased_texts_are_not_sealed_and_the_bundle_still_verifies(duty, leader, incident, tmp_path):
    add_fact(duty, incident, status="known", text="可以删除的话")
    SideRecord.objects.filter(text="可以删除的话").delete()
    seal(leader, incident, tmp_path / "x.zip")
    report = verify_bundle(tmp_path / "x.zip")
    assert report["ok"] and report["side_records"]["erased"] == 1
    assert "可以删除的话".encode() not in (tmp_path / "x.zip").read_bytes()


def test_a_drill_is_not_sealed_as_an_archive(leader, incident, run_scene, tmp_path):
    with pytest.raises(Refused):
        seal(Actor(run_scene, "leader"), incident, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_the_stream_stays_whole_through_it_all(duty, leader, incident, standing, tmp_path):
    settled_with_superior_told(leader, incident)
    close_incident(leader, fresh(incident))
    watch = watch_incident(leader, fresh(incident))
    hear(duty, standing.now(), OLD)
    follow_up(leader, watch)
    seal(leader, incident, tmp_path / "x.zip")
    end_watch(leader, watch)
    assert verify_stream(incident.stream).ok and verify_stream("site").ok
    assert verify_bundle(tmp_path / "x.zip")["ok"]

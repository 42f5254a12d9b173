"""What this site answered before, shown where somebody is about to say something; it says what is near, never what is true."""

from datetime import timedelta

import pytest

from shudao.base.scene import LIVE, Scene
from shudao.respond.actions import add_demand, add_fact, answer_demand
from shudao.respond.models import Demand, PublicationRecord, Statement, StatementVersion
from shudao.respond.queries import earlier_answers
from tests.sense.test_pages import a_story, heard
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
RUMOUR = "听说城南变电站爆炸了，火光冲天"
DENIED = "网传“城南变电站爆炸”不属实，系开关柜故障跳闸，现场无明火"


@pytest.fixture
def site(standing):
    furnished(standing)


def published(standing, incident, text, code="S1"):
    statement = Statement.objects.create(
        incident=incident, code=code, kind="full", route="r", state="published", made_at=standing.now()
    )
    version = StatementVersion.objects.create(
        statement=statement, number=1, text=text, post="office_head", at=standing.now()
    )
    return PublicationRecord.objects.create(
        version=version, channel="site", digest="0" * 64, post="office_head", at=standing.now()
    )


def test_a_sentence_of_a_statement_answers_the_claim_that_comes_back(site, standing):
    old = opened("城南变电站跳闸")
    published(standing, old, f"7 月 13 日晚城南片区停电。{DENIED}。抢修人员已到现场。")
    [found] = earlier_answers(LIVE, [RUMOUR])
    assert found.claim == DENIED and found.incident == old
    assert earlier_answers(LIVE, ["今天的云像没拧干的被子"]) == []
    assert earlier_answers(LIVE, [RUMOUR], apart_from=old) == []
    assert earlier_answers(Scene.run("R1"), [RUMOUR]) == []
    assert earlier_answers(LIVE, ["", " "]) == []


def test_what_a_statement_quotes_is_kept_whole(site, standing):
    old = opened("城南变电站跳闸")
    published(standing, old, "针对“变电站爆炸了？火光冲天！”的说法，经核实不实；请勿传播。")
    [found] = earlier_answers(LIVE, [RUMOUR])
    assert found.claim == "针对“变电站爆炸了？火光冲天！”的说法，经核实不实"


def test_only_facts_found_false_and_standing_answer_a_claim(site, standing):
    old = opened("城南停电")
    duty = acting("duty_officer")
    add_fact(duty, old, status="known", text="城南变电站一台开关柜跳闸")
    wrong = add_fact(duty, old, status="false", text="城南变电站爆炸")
    [found] = earlier_answers(LIVE, [RUMOUR])
    assert (found.claim, found.answer, found.row) == ("城南变电站爆炸", "", wrong)
    add_fact(duty, old, status="not_known", text="是否有人受伤", replaces=wrong)
    assert earlier_answers(LIVE, [RUMOUR]) == []


def test_of_one_matter_only_the_nearest_is_shown(site, standing):
    old = opened("城南变电站跳闸")
    published(standing, old, f"{DENIED}。关于城南变电站爆炸的传言不实。城南变电站没有爆炸。")
    assert len(earlier_answers(LIVE, [RUMOUR])) == 1


def test_the_story_page_and_the_drafting_page_show_it_with_its_place(site, standing):
    old = opened("城南变电站跳闸")
    published(standing, old, f"{DENIED}。")
    standing.advance(days=2)
    story = a_story(standing, heard(standing, RUMOUR, "路过，没看到火"))
    client = signed_in("duty_officer")
    page = text_of(client.get(f"/sense/stories/{story.pk}/"))
    assert "以前这样答复过" in page and DENIED in page
    assert f"/respond/incidents/{old.number}/#statement-S1" in page
    new = opened("城南变电站爆炸传言")
    drafting = text_of(client.get(f"/respond/incidents/{new.number}/draft_statement/"))
    assert DENIED in drafting and "请核对" in drafting
    assert DENIED not in text_of(client.get(f"/respond/incidents/{old.number}/draft_statement/"))


def test_a_demand_is_shown_what_was_answered_to_its_like(site, standing):
    incident, duty = opened("城南停电"), acting("duty_officer")
    due = standing.now() + timedelta(days=1)
    asked = add_demand(duty, incident, text="冰箱里的食材坏了，停电损失赔不赔", owner="duty_officer", due_at=due)
    answer_demand(duty, asked, text="按供用电合同核实后赔付")
    again = add_demand(duty, incident, text="停电把冰柜食材放坏了，损失谁赔", owner="duty_officer", due_at=due)
    page = text_of(signed_in("duty_officer").get(f"/respond/demands/{again.pk}/"))
    assert "以前这样答复过" in page and "按供用电合同核实后赔付" in page
    assert [row.row for row in earlier_answers(LIVE, [again.text], apart_from=again)] == [asked]


def test_a_page_asks_the_same_however_much_was_answered(site, standing):
    story = a_story(standing, heard(standing, RUMOUR))
    incident, client = opened("城南停电"), signed_in("duty_officer")
    published(standing, incident, f"{DENIED}。")
    few = queries_of(client, f"/sense/stories/{story.pk}/")
    for place in range(5):
        published(standing, opened(f"停电 {place}"), f"{DENIED}，第 {place} 次说明。")
        Demand.objects.create(
            scene="live", code=f"D{place}", text=f"变电站爆炸了吗 {place}", owner="duty_officer", state="answered",
            answer="没有", due_at=standing.now(), raised_at=standing.now(), answered_at=standing.now(),
        )  # fmt: skip
    assert queries_of(client, f"/sense/stories/{story.pk}/") == few

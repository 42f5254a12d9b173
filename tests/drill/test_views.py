"""The drill desk: who may steer, what each tap does, and that nobody mistakes a drill for the real thing."""

import re

import pytest

from shudao.base import clock
from shudao.drill.models import InjectRow, Run
from shudao.org.models import Organisation
from tests.site import furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(standing):
    furnished(standing)
    return signed_in("office_head")


def begin(client, team="people"):
    answer = client.post("/drill/start_run/", {"scenario": "zh/outage", "team": team, "speed": "1"})
    assert answer.status_code == 302
    return answer["Location"]


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "现在没有演练在进行"), ("en", "No drill is under way")])
def test_the_desk_shows_the_scenarios(client, language, word):
    page = text_of(signed_in("office_head", language).get("/drill/"))
    assert word in page and "高温夜石桥花园停电" in page


def test_a_scenario_that_is_not_there_starts_nothing(client):
    answer = client.post("/drill/start_run/", {"scenario": "zh/none", "team": "people", "speed": "1"})
    assert answer.status_code == 422 and not Run.objects.exists()


def test_only_administrators_steer_in_a_real_organisation(client):
    Organisation.objects.update(is_sample=False)
    assert signed_in("drafter").get("/drill/").status_code == 404
    assert client.get("/drill/").status_code == 200


def test_the_clock_is_paused_jumped_and_goes_on(client, standing):
    place = begin(client)
    run = Run.objects.get()
    standing.advance(minutes=5)
    assert "第 5 分钟" in text_of(client.get(place))
    client.post(f"{place}pause_run/")
    standing.advance(minutes=30)
    assert "第 5 分钟，时钟已暂停" in text_of(client.get(place))
    client.post(f"{place}jump_clock/", {"minutes": "10"})
    assert (clock.now(run.scene) - Run.objects.get().started_at).total_seconds() == 15 * 60
    client.post(f"{place}resume_run/", {"speed": "5"})
    standing.advance(minutes=1)
    assert "第 20 分钟" in text_of(client.get(place))


def test_a_jump_to_nowhere_is_named_at_its_field(client):
    place = begin(client)
    answer = client.post(f"{place}jump_clock/", {"minutes": "0"})
    assert answer.status_code == 422 and 'class="fault"' in text_of(answer)
    refused = client.post(f"{place}jump_clock/", {"minutes": "40000"})
    assert refused.status_code == 409 and 'role="alert"' in text_of(refused)


def test_an_inject_is_sent_by_hand_once(client):
    place = begin(client)
    row = InjectRow.objects.filter(wave=0, inject="ob01").get()
    assert client.post(f"{place}send_inject/", {"inject": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.state == "sent"
    assert client.post(f"{place}send_inject/", {"inject": row.pk}).status_code == 409
    assert client.post(f"{place}send_inject/", {"inject": "999999"}).status_code == 404


def test_a_scripted_team_plays_on_step_by_step(client):
    place = begin(client, "scripted")
    before = clock.now(Run.objects.get().scene)
    for _ in range(4):
        assert client.post(f"{place}play_on/").status_code == 302
    assert clock.now(Run.objects.get().scene) > before
    assert "呼叫岗位" in text_of(client.get(place)) or "签收预警" in text_of(client.get(place))


def test_people_are_not_played_for(client):
    answer = client.post(f"{begin(client)}play_on/")
    assert answer.status_code == 409 and "脚本队伍" in text_of(answer)


def test_a_finished_run_has_its_score_with_evidence_and_a_report(client):
    place = begin(client)
    client.post(f"{place}finish_run/")
    page = text_of(client.get(place))
    assert "演练已结束，得" in page and re.search(rf'href="{place}entries/\d+/"', page)
    client.post(f"{place}write_after_action/")
    link = re.search(rf'href="({place}reports/[^"]+\.docx)"', text_of(client.get(place))).group(1)
    assert client.get(link).content[:2] == b"PK"
    assert client.post(f"{place}pause_run/").status_code == 409


@pytest.mark.parametrize("where", ["/drill/runs/0001/", "/runs/0001/", "/respond/runs/0001/open_incident/"])
def test_every_page_of_a_run_wears_the_frame(client, where):
    begin(client)
    page = text_of(client.get(where))
    assert '<div id="frame" class="drill">' in page and 'class="drill-band"' in page and "演练 ·" in page


@pytest.mark.parametrize("where", ["/", "/drill/"])
def test_no_page_of_the_real_world_does(client, where):
    begin(client)
    assert 'class="drill"' not in text_of(client.get(where))


def test_a_run_knows_nothing_of_the_real_world(client):
    opened("城南真的停电")
    begin(client)
    assert "城南真的停电" not in text_of(client.get("/runs/0001/"))


def test_the_number_of_questions_does_not_grow_with_the_runs(client):
    client.post(f"{begin(client)}finish_run/")
    first = queries_of(client, "/drill/")
    for _ in range(2):
        client.post(f"{begin(client)}finish_run/")
    assert queries_of(client, "/drill/") == first

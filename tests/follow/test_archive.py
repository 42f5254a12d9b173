"""The archive: what is closed is found by its words, shown whole, and checked."""

import re

import pytest

from shudao.follow.access import archive_folder
from shudao.follow.actions import close_incident, index_archive, seal, watch_incident
from shudao.follow.models import ArchiveText
from shudao.org.models import PostRight
from shudao.respond.actions import add_demand, add_fact, answer_demand
from tests.site import acting, furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(standing):
    furnished(standing)
    return over("城南片区停电")


def over(title, fact="一条出线故障"):
    incident = opened(title)
    add_fact(acting("duty_officer"), incident, status="known", text=fact)
    demand = add_demand(acting("duty_officer"), incident, text="冰箱里的东西坏了賠不賠")
    answer_demand(acting("service_head"), demand, text="凭购物小票到营业厅登记")
    close_incident(acting("leader"), incident, override_reason="并入另一事件")
    incident.refresh_from_db()
    return incident


def found(query=""):
    page = text_of(signed_in("leader").get(f"/follow/archive/?{query}"))
    return set(re.findall(r'href="/follow/archive/(\d{4}-\d{4})/"', page))


def test_it_is_found_by_two_characters_in_title_fact_demand_and_answer(closed):
    other = over("充值多扣费", "WiFi 缴费终端重复扣款")
    assert index_archive() == 2
    for words, hits in (
        ("停电", {closed.number}), ("出线", {closed.number}), ("赔不", {closed.number, other.number}),
        ("小票", {closed.number, other.number}), ("ｗｉｆｉ", {other.number}), ("停电 小票", {closed.number}),
        ("没有", set()),
    ):  # fmt: skip
        assert found(f"q={words}") == hits, words


def test_filters(closed):
    index_archive()
    assert found() == {closed.number} and found("year=2026") == {closed.number} and found("year=2025") == set()
    assert found("state=sealed") == set() and found("state=unsealed") == {closed.number}
    assert found("level=II") == set() and found("plan=power_county") == {closed.number}


def test_words_follow_the_record(closed):
    assert index_archive() == 1 and index_archive() == 0
    watch_incident(acting("leader"), closed)
    assert index_archive() == 1 and ArchiveText.objects.count() == 1


def test_an_open_incident_is_no_archive(standing):
    furnished(standing)
    incident = opened()
    assert index_archive() == 0 and found() == set()
    assert signed_in("leader").get(f"/follow/archive/{incident.number}/").status_code == 404


def test_the_page_says_what_happened_what_was_learned_and_what_is_kept(closed, standing):
    from datetime import timedelta

    from shudao.base.scene import LIVE
    from shudao.review.actions import add_lesson
    from shudao.review.models import Subject

    subject = Subject(LIVE, closed.stream, closed.title, closed.plan)
    due = standing.now() + timedelta(days=3)
    add_lesson(acting("office_head"), subject, text="夜班增设副岗", post="office_head", due_at=due)
    text = text_of(signed_in("leader").get(f"/follow/archive/{closed.number}/"))
    for said in ("夜班增设副岗", "并入另一事件", "凭购物小票", "尚未封存"):
        assert said in text, said


def test_a_bundle_is_checked_and_a_changed_one_is_found(closed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    archive_folder().mkdir(parents=True)
    path = archive_folder() / f"{closed.number}-1.zip"
    seal(acting("leader"), closed, path)
    client, page = signed_in("leader"), f"/follow/archive/{closed.number}/"
    assert "核验无误" in text_of(client.get(f"{page}?check={path.name}"))
    path.write_bytes(path.read_bytes() + b"x")
    assert "核验不符" in text_of(client.get(f"{page}?check={path.name}"))
    path.unlink()
    assert "文件不在了" in text_of(client.get(f"{page}?check={path.name}"))
    assert client.get(f"{page}?check=../../secret.key").status_code == 404


def test_who_does_not_watch_finds_nothing(closed):
    PostRight.objects.filter(post__code="drafter").delete()
    client = signed_in("drafter")
    for address in ("/follow/archive/", f"/follow/archive/{closed.number}/"):
        assert client.get(address).status_code == 404


def test_questions_do_not_grow_with_the_archive(closed):
    client = signed_in("leader")
    index_archive()
    first = queries_of(client, "/follow/archive/?q=停电")
    for n in range(4):
        over(f"停电{n}")
    index_archive()
    assert queries_of(client, "/follow/archive/?q=停电") == first

"""The pack for a power cut: numbers, shifts, ladders, limits, the last day's record, forms that hold what is recorded later."""

import io
from datetime import timedelta

import docx
import pytest

from shudao.org.models import Post, PostRight, Shift, Staff
from shudao.org.queries import who_holds
from shudao.respond.actions import BY_PHONE, acknowledge_task, add_fact, confirm_level
from shudao.respond.screens.power_cut import ALSO, PowerCutScreen
from tests.conftest import START
from tests.site import furnished, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


def table_with(paper, head):
    """Rows of the tables that have this heading."""
    return [row for block in paper.blocks if head in getattr(block, "head", ()) for row in block.rows]


@pytest.fixture
def pack(incident):
    def make(now, **given):
        return PowerCutScreen(now, "zh", **given).paper

    return make


def test_it_says_whom_to_call_with_numbers_as_kept(pack, standing):
    Staff.objects.filter(name="赵敏之").update(phone="+86 138 0013 8000")
    rows = {row[0]: row for row in table_with(pack(standing.now()), "副岗（按次序）")}
    assert rows["head"][1:3] == ("赵敏之", "+86 138 0013 8000")
    assert rows["duty"][2] == "—"
    hidden = {row[0]: row for row in table_with(pack(standing.now(), with_numbers=False), "副岗（按次序）")}
    assert hidden["head"][2] == "—"


def test_it_has_the_shifts_of_the_next_days_alone(pack, standing):
    post, staff = Post.objects.get(code="duty"), Staff.objects.get(name="孙可")
    for days in (1, 9):
        begin = START + timedelta(days=days)
        Shift.objects.create(post=post, staff=staff, start_at=begin, end_at=begin + timedelta(hours=8))
    rows = table_with(pack(standing.now()), "值班")
    assert [(row[0], row[2]) for row in rows] == [("07-14 10:00 – 18:00", "孙可")]


def test_it_has_ladder_limits_and_leader_of_each_incident(pack, incident, standing):
    paper = pack(standing.now())
    rungs = next(row for row in table_with(paper, "呼叫梯次") if "动作report" in row[0])
    assert rungs[3] == "立即 duty\n5分钟 deputy\n最后 leader"
    assert any(row[0] == "口头报告上级" and row[2] == "07-13 10:30" for row in table_with(paper, "事项"))
    assert any("head 赵敏之" in getattr(block, "text", "") for block in paper.blocks)


def test_the_level_is_called_the_offices_own(pack, incident, task, as_post, standing):
    confirm_level(as_post("head"), incident, level="II")
    paper = pack(standing.now())
    assert any(
        block.lead.startswith("响应级别（本单位自定）") and block.text == "二级"
        for block in paper.blocks
        if hasattr(block, "lead")
    )


def test_the_record_is_of_the_last_day_with_the_head_it_had(pack, incident, as_post, standing):
    add_fact(as_post("duty"), incident, status="known", text="昨天的事实")
    standing.advance(hours=25)
    add_fact(as_post("duty"), incident, status="known", text="今天的事实")
    paper = pack(standing.now(), incident=incident)
    said = " ".join(row[3] for row in table_with(paper, "记录"))
    assert "今天的事实" in said and "昨天的事实" not in said
    assert paper.stamp.head in next(block.text for block in paper.blocks if "末条哈希" in getattr(block, "text", ""))


def test_every_act_that_may_be_recorded_stands_in_the_form(pack, standing):
    assert set(ALSO) == BY_PHONE | {"approve_statement"}
    paper = pack(standing.now())
    assert len(table_with(paper, "代号")) == len(ALSO)
    forms = next(block for block in paper.blocks if "谁告诉谁" in getattr(block, "head", ()))
    assert {"发生时间", "办理岗位", "谁告诉谁", "记录岗位", "补认签字"} <= set(forms.head) and len(forms.rows) == 10
    assert not any(cell.strip() for row in forms.rows for cell in row)


def test_many_lines_are_cut_and_the_rest_counted(pack, incident, as_post, standing, monkeypatch):
    from shudao.respond.screens import power_cut

    monkeypatch.setattr(power_cut, "MOST_LINES", 2)
    for number in range(3):
        add_fact(as_post("duty"), incident, status="known", text=f"事实{number}")
    paper = pack(standing.now(), incident=incident)
    assert len(table_with(paper, "记录")) == 2
    assert any("更早的" in getattr(block, "text", "") for block in paper.blocks)


def test_pages_and_papers_keep_to_rights(standing):
    furnished(standing)
    row = opened()
    number = who_holds("duty_officer", standing.now())[0]
    Staff.objects.filter(pk=number.pk).update(phone="0571-88000001")
    officer = signed_in("duty_officer")
    page = officer.get("/respond/power_cut/")
    assert page.status_code == 200 and "0571-88000001" in text_of(page) and row.title in text_of(page)
    paper = officer.get(f"/respond/incidents/{row.number}/power_cut.docx")
    assert docx.Document(io.BytesIO(paper.content)).tables
    assert officer.get(f"/respond/incidents/{row.number}/power_cut/").status_code == 200
    assert officer.get("/respond/power_cut.docx").status_code == 200
    PostRight.objects.filter(right__in=["people", "receive"]).delete()
    watcher = signed_in("duty_officer")
    assert watcher.get("/respond/power_cut/").status_code == 404
    assert "0571-88000001" not in text_of(watcher.get(f"/respond/incidents/{row.number}/power_cut/"))


def test_a_drills_pack_says_that_it_is_one(pack, incident, standing):
    from shudao.base.scene import Scene

    incident.scene = Scene.run("D1").key
    assert PowerCutScreen(standing.now(), "zh", incident=incident).data.drill == "D1"


def test_a_typed_in_task_names_the_deputies(pack, incident, as_post, standing):
    from shudao.respond.actions import add_task

    given = add_task(as_post("duty"), incident, title="送水车", post="head", origin="leader")
    acknowledge_task(as_post("deputy"), given)
    rows = table_with(pack(standing.now()), "呼叫梯次")
    assert any(row[0] == f"{given.code} 送水车" and row[1] == "deputy" and row[3] == "head\ndeputy" for row in rows)

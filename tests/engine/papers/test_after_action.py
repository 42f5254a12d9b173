"""The after-action report: every part, the worst first, numbers from the score, causes from the record."""

import io
from datetime import timedelta

import docx
import msgspec
import pytest

from shudao.engine.papers.after_action import AfterAction, after_action_paper
from shudao.engine.papers.model import Heading, Para, Table
from shudao.engine.papers.reviewing import read_after_action
from shudao.engine.papers.word import write_word
from shudao.engine.review.score import score
from tests.engine.papers.matter import PLAN, T0, TEXTS, minute, stamp_of, stream, words_of

AT = T0 + timedelta(minutes=600)
END = (500, "reach_milestone", "leader", {"milestone": "closed"})


def report(*more, **settled):
    entries = stream(*more, END)
    found = score(entries, PLAN, None)
    data = read_after_action(
        entries, PLAN, found, stamp=stamp_of(entries), matter="城东片区停电", texts=TEXTS, **settled
    )
    return found, data, after_action_paper(data, AT)


def headings(paper):
    return [block.text for block in paper.blocks if isinstance(block, Heading) and block.level == 1]


@pytest.mark.parametrize(("lang", "expected"), [
    ("zh", ["概况", "目标与情景", "参与与评估组织", "时间线（计划与实际）", "时限对照", "历时", "各目标评级与证据", "优点",
            "问题、原因与建议", "整改清单", "结论"]),
    ("en", ["Overview", "Objectives and scenario", "Who took part and who rated", "Timeline, planned and actual",
            "Limits and actual times", "How long it took", "Ratings and their evidence", "Strengths", "Problems, causes, advice",
            "Corrections", "Conclusion"]),
])  # fmt: skip
def test_every_part_is_there_in_order(lang, expected):
    assert headings(report(lang=lang)[2]) == expected


def test_the_worst_expectations_come_before_everything():
    found, _, paper = report()
    assert isinstance(paper.blocks[0], Para) and isinstance(paper.blocks[1], Table)
    assert 1 <= len(found.worst) <= 3
    titles = {row.id: row.title for row in found.expectations}
    assert [row[0].split("（")[0] for row in paper.blocks[1].rows] == [titles[name] for name in found.worst]


def test_the_total_on_paper_is_the_scores_own():
    found, data, paper = report()
    assert data.total == found.total and f"总分{found.total:g}分" in words_of(paper)
    assert f"{round(100 * found.coverage)}%" in words_of(paper)
    for fail in found.hard_fails:
        assert fail.id not in words_of(paper)


def test_each_rating_shows_minutes_and_evidence():
    found, _, paper = report()
    rows = [row for block in paper.blocks if isinstance(block, Table) and len(block.head) == 6 for row in block.rows]
    rated = {row.title for row in found.expectations}
    assert rated <= {row[0].split("（")[0] for row in rows}


def test_causes_come_from_the_record_and_are_left_open_otherwise():
    calls = [
        (10 + n, "call_post", "", {"task": "t1", "step": "written", "rung": n, "post": "office_head"}) for n in (1, 2)
    ]
    _, data, _ = report(*calls)
    causes = {row.problem.split("：")[0]: row.cause for row in data.problems}
    assert "呼叫2次" in causes["书面报告上级"]
    _, data, paper = report()
    assert any(row.cause == "" for row in data.problems) and "待会商查明" in words_of(paper)


def test_lessons_become_the_list_of_corrections():
    lesson = (
        490,
        "add_lesson",
        "office_head",
        {"lesson": "l1", "post": "field_lead", "due_at": minute(9000), "text": {}},
    )
    entries = stream(lesson, END)
    texts = TEXTS | {(16, "text"): "为办公室主任增设副岗"}
    data = read_after_action(entries, PLAN, score(entries, PLAN), stamp=stamp_of(entries), matter="x", texts=texts)
    assert [(row.what, row.post) for row in data.corrections] == [("为办公室主任增设副岗", "现场负责人")]
    assert "尚未登记整改项" in words_of(report()[2])


def test_the_timeline_quotes_no_erased_text_and_names_posts_not_ids():
    entries = stream(END)
    bare = read_after_action(entries, PLAN, score(entries, PLAN), stamp=stamp_of(entries), matter="x")
    text = words_of(after_action_paper(bare, AT))
    assert "冰箱" not in text and "field_lead" not in text and "现场负责人" in text


def test_a_drills_report_is_marked_and_a_real_one_is_not():
    assert report()[2].drill == ""
    entries = stream((1, "start_run", "controller", {"run": "0007", "team": "scripted"}), END, name="run/0007")
    data = read_after_action(entries, PLAN, score(entries, PLAN), stamp=stamp_of(entries), matter="停电")
    assert data.kind == "drill" and after_action_paper(data, AT).drill == "0007"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_with_nothing_to_say_it_says_so(lang):
    data = AfterAction(kind="incident", matter="x", code="1", organisation="y", plan="", edition="", lang=lang)
    paper = after_action_paper(msgspec.structs.replace(data, layout="gbt9704" if lang == "zh" else "plain"), AT)
    said = {
        "zh": ["没有到期的期望", "没有时间线记录", "尚未登记整改项"],
        "en": ["No expectation was due", "timeline is empty", "No correction"],
    }
    for piece in said[lang]:
        assert piece in words_of(paper)
    assert docx.Document(io.BytesIO(write_word(paper, AT)))

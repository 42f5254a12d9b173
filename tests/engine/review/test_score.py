"""The score of a run: letters, coverage, hard fails, evidence."""

from typing import Any

import msgspec
import pytest

from shudao.engine.drill.model import Expectation, Inject, Missing
from shudao.engine.plan.model import Limit, Step
from shudao.engine.review.score import Score, score, score_json
from shudao.engine.words import BadInput
from tests.engine.review.streams import OBJECTIVES, SUPERIOR, minute, plan, scenario, step, stream, told


def rating(found: Score, name: str) -> str | None:
    return next(row.rating for row in found.expectations if row.id == name)


def done(at: float, name: str) -> tuple[float, str, dict[str, Any]]:
    return at, "finish_task", {"step": name, "task": name, "post": "duty"}


@pytest.mark.parametrize(
    ("at", "letter"), [(0, "P"), (60, "P"), (60.1, "S"), (75, "S"), (75.1, "M"), (120, "M"), (120.1, "U")]
)
def test_a_step_is_rated_by_its_share_of_the_limit(at: float, letter: str) -> None:
    found = score(told(done(at, "verify")), plan(step("verify", 60)))
    row = next(row for row in found.expectations if row.id == "step:verify")
    assert (row.rating, row.minutes, row.limit) == (letter, at, 60)


def test_nothing_done_counts_nothing_once_it_is_due() -> None:
    found = score(told(end=600), plan(step("verify", 60)), scenario())
    assert found.total == 0
    assert rating(found, "step:verify") == "U"


def test_what_is_not_yet_due_is_left_out_and_named_by_the_coverage() -> None:
    found = score(told(done(10, "early"), end=50), plan(step("early", 60), step("later", 300)))
    assert rating(found, "step:later") is None
    late = score(told(done(10, "early"), end=301), plan(step("early", 60), step("later", 300)))
    assert rating(late, "step:later") == "U"
    assert found.total > late.total
    assert found.coverage < late.coverage == 1


def test_a_return_or_a_climbed_ladder_costs_the_first_letter() -> None:
    back = (5, "return_task", {"step": "verify", "reason": "x"})
    assert rating(score(told(back, done(10, "verify")), plan(step("verify", 60))), "step:verify") == "S"
    calls = [(0, "call_post", {"step": "verify", "rung": rung, "post": "duty"}) for rung in (0, 1)]
    assert rating(score(told(*calls, done(10, "verify")), plan(step("verify", 60))), "step:verify") == "S"
    assert rating(score(told(calls[0], done(10, "verify")), plan(step("verify", 60))), "step:verify") == "P"


def test_handed_in_but_never_finished_is_incomplete() -> None:
    handed = (20, "submit_task", {"step": "verify"})
    assert rating(score(told(handed), plan(step("verify", 60))), "step:verify") == "M"


def test_a_limit_whose_start_was_never_reached_is_not_escaped() -> None:
    chain = plan(step("grade", 30, sets="graded", act="confirm_level"), step("publish", 60, "graded"))
    assert rating(score(told(end=89), chain), "step:publish") is None
    assert rating(score(told(end=90), chain), "step:publish") == "U"


def test_the_first_answer_has_its_own_limit() -> None:
    quick = plan(step("verify", 60, ack_within=10))
    opened = (5, "start_task", {"step": "verify"})
    taken = (12, "acknowledge_task", {"step": "verify"})
    assert rating(score(told(opened, taken), quick), "answer:verify") == "P"
    assert rating(score(told(opened), quick), "answer:verify") == "U"
    assert rating(score(told(), quick), "answer:verify") == "U"


def test_steps_of_other_levels_and_unopened_branches_do_not_count() -> None:
    only = plan(step("big", 60, levels=("I",)), step("maybe", 60, when="harm"), step("not_here", 60, drillable=False))
    ids = {row.id for row in score(told(), only, scenario()).expectations}
    assert not {"step:big", "step:maybe", "step:not_here"} & ids
    opened = score(told((1, "start_task", {"step": "maybe"})), only, scenario())
    assert rating(opened, "step:maybe") == "U"


@pytest.mark.parametrize(("level", "letter"), [("II", "P"), ("III", "M"), ("I", "M"), ("IX", "U")])
def test_the_level_is_held_against_the_key(level: str, letter: str) -> None:
    run = told((9, "confirm_level", {"level": level}))
    assert rating(score(run, plan(), scenario()), "level") == letter


def statement(
    at: float, *, approved: bool = True, figures: dict[str, Any] | None = None, missing: str = ""
) -> list[Any]:
    marks = ("known", "not_known", "doing", "next_update_at", "contact", "empathy")
    checklist = {name: name != missing for name in marks}
    draft = {"statement": "1", "kind": "holding", "checklist": checklist, "figures": figures or {}}
    rows: list[Any] = [(at, "draft_statement", draft)]
    if approved:
        rows.append((at + 1, "approve_statement", {"statement": "1", "stage": 0, "post": "duty", "final": True}))
    return [*rows, (at + 2, "publish_statement", {"statement": "1", "channel": "web"})]


PUBLISH = plan(step("publish", 240, act="publish_statement", sets="published"))
FACT = (3, "add_fact", {"fact": "1", "status": "known", "figures": {"homes": 3200}})


def test_a_good_statement_is_whole_true_and_routed() -> None:
    found = score(told(FACT, *statement(10, figures={"homes": 3200})), PUBLISH, scenario())
    assert [rating(found, f"statement:{name}") for name in ("checklist", "figures", "route")] == ["P", "P", "P"]
    assert found.hard_fails == ()


def test_a_missing_mark_and_a_withheld_figure_cost_quality() -> None:
    found = score(told(FACT, *statement(10, missing="contact")), PUBLISH, scenario())
    assert rating(found, "statement:checklist") == "S"
    assert rating(found, "statement:figures") == "M"


@pytest.mark.parametrize("figures", [{"homes": 320}, {"homes": "3200.5"}, {"homes": "many"}])
def test_a_false_figure_made_public_caps_the_total(figures: dict[str, Any]) -> None:
    found = score(told(FACT, *statement(10, figures=figures)), PUBLISH, scenario())
    assert [row.id for row in found.hard_fails] == ["false_figure"]
    assert found.hard_fails[0].evidence
    assert found.total <= 59


def test_a_fact_sheet_that_contradicts_the_place_of_the_matter_is_no_excuse() -> None:
    wrong = (3, "add_fact", {"fact": "1", "status": "known", "figures": {"homes": 32}})
    found = score(told(wrong, *statement(10, figures={"homes": 32})), PUBLISH, scenario())
    assert [row.id for row in found.hard_fails] == ["false_figure"]


def test_publication_without_the_final_yes_is_a_hard_fail() -> None:
    found = score(told(*statement(10, approved=False)), PUBLISH, scenario())
    assert [row.id for row in found.hard_fails] == ["published_without_approval"]
    assert rating(found, "statement:route") == "U"


def test_an_approval_of_an_earlier_draft_is_none() -> None:
    again = (12, "draft_statement", {"statement": "1", "kind": "holding", "checklist": {}, "figures": {}})
    early = [row for row in statement(10) if row[1] != "publish_statement"]
    found = score(told(*early, again, (13, "publish_statement", {"statement": "1"})), PUBLISH, scenario())
    assert "published_without_approval" in [row.id for row in found.hard_fails]


def test_a_superior_never_told_is_a_hard_fail_once_the_limit_is_past() -> None:
    under = plan(step("verify", 600), superiors=(SUPERIOR,))
    assert [row.id for row in score(told(end=31), under).hard_fails] == ["superior_not_told"]
    assert score(told(end=29), under).hard_fails == ()
    assert score(told((200, "tell_superior", {"unit": "city", "manner": "oral"})), under).hard_fails == ()


def test_demands_of_the_public_are_awaited_even_when_nobody_takes_them_up() -> None:
    taken = (20, "add_demand", {"demand": "7", "owner": "duty", "due_at": ""})
    answered = (90, "answer_demand", {"demand": "7", "post": "duty"})
    assert rating(score(told(end=1500), plan(), scenario()), "demand:d1") == "U"
    found = score(told(taken, answered), plan(), scenario())
    row = next(row for row in found.expectations if row.id == "demand:d1")
    assert (row.rating, row.minutes) == ("P", 90)


def test_stated_time_of_a_telephone_call_counts() -> None:
    entries = told(done(50, "verify"))
    late = [{**row, "happened_at": entries[0]["at"]} if row["verb"] == "finish_task" else row for row in entries]
    row = next(row for row in score(late, plan(step("verify", 40))).expectations if row.id == "step:verify")
    assert (row.rating, row.minutes) == ("P", 0)


def test_jumped_time_is_not_held_against_people() -> None:
    entries = told(done(100, "verify"))
    jump = {"from": entries[0]["at"], "to": stream((50, "x", {}))[0]["at"]}
    with_jump = told((50, "jump_clock", jump), done(100, "verify"))
    row = next(row for row in score(with_jump, plan(step("verify", 50))).expectations if row.id == "step:verify")
    assert (row.rating, row.minutes) == ("P", 50)


def test_at_another_speed_only_being_done_is_rated() -> None:
    entries = told(done(500, "verify"))
    entries[0]["data"]["speed"] = 10
    found = score(entries, plan(step("verify", 50)))
    assert rating(found, "step:verify") == "P"
    assert found.clock["minutes_rated"] is False


def test_must_weighs_twice_a_should() -> None:
    mixed = plan(step("a", 60), step("b", 60, must=False))
    good = score(told(done(1, "a")), mixed, scenario(objectives=OBJECTIVES))
    aim = next(row for row in good.objectives if row.id == "aim")
    assert aim.value == pytest.approx(2 / 3, abs=1e-3)
    assert aim.title == "目标"


def test_time_and_quality_stand_in_two_columns() -> None:
    found = score(told(*statement(200, missing="contact"), done(300, "publish")), PUBLISH, scenario())
    aim = next(row for row in found.objectives if row.id == "act")
    assert aim.time == 0.8
    assert aim.quality is not None
    assert aim.quality != aim.time


def test_evidence_points_at_entries_of_the_stream() -> None:
    entries = told((1, "start_task", {"step": "verify"}), done(10, "verify"))
    found = score(entries, plan(step("verify", 60)), scenario())
    numbers = {entry["seq"] for entry in entries}
    assert all(set(row.evidence) <= numbers for row in found.expectations)
    row = next(row for row in found.expectations if row.id == "step:verify")
    assert {entries[seq - 1]["verb"] for seq in row.evidence} == {"reach_milestone", "start_task", "finish_task"}


def test_the_worst_come_first() -> None:
    found = score(told(done(70, "late"), done(1, "good")), plan(step("late", 60), step("never", 60), step("good", 60)))
    assert found.worst[0] == "step:never"
    assert "step:good" not in found.worst


def test_a_score_becomes_plain_json() -> None:
    found = score(told(done(10, "verify")), plan(step("verify", 60)), scenario())
    plain = score_json(found)
    assert msgspec.json.decode(msgspec.json.encode(plain)) == plain
    assert {"total", "coverage", "objectives", "hard_fails"} <= set(plain)


@pytest.mark.parametrize(
    "entry",
    [{}, {"seq": 1}, {"seq": "x", "at": "2025-01-01T00:00:00+00:00", "verb": "v", "data": {}},
     {"seq": 1, "at": "2025-01-01T00:00:00", "verb": "v", "data": {}}, {"seq": 1, "at": 5, "verb": "v", "data": {}}],
)  # fmt: skip
def test_what_is_no_entry_is_named(entry: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="line 1"):
        score([entry], plan())


def test_an_empty_ledger_has_no_score() -> None:
    with pytest.raises(BadInput):
        score([], plan())


def test_a_hand_written_expectation_names_things_by_the_scenarios_ids() -> None:
    wanted = Expectation(id="x", title="x", inject="in1", verb="answer_demand", where={"demand": "d1"}, within=60)
    fact = Expectation(id="y", title="y", inject="in1", verb="add_fact", where={"fact": "f1"}, within=60)
    story = scenario(expectations=(wanted, fact))
    other = (10, "add_demand", {"demand": "6", "owner": "duty", "ref": "elsewhere"})
    mine = (20, "add_demand", {"demand": "7", "owner": "duty", "ref": "d1"})
    wrong = (30, "answer_demand", {"demand": "6", "post": "duty"})
    right = (70, "answer_demand", {"demand": "7", "post": "duty"})
    assert rating(score(told(other, mine, wrong), plan(), story), "written:x") == "U"
    assert rating(score(told(other, mine, wrong, right), plan(), story), "written:x") == "S"
    assert rating(score(told(FACT), plan(), story), "written:y") == "P"
    unlike = (3, "add_fact", {"fact": "1", "status": "known", "figures": {"homes": 1}})
    assert rating(score(told(unlike), plan(), story), "written:y") == "U"


def test_a_conditional_inject_that_was_not_sent_expects_nothing() -> None:
    wanted = Expectation(id="x", title="x", inject="in2", verb="publish_statement", within=60)
    call = Inject(id="in2", at=5, channel="phone", to="duty", only_if=Missing(missing="published"))
    first = scenario().injects[0]
    story = scenario(expectations=(wanted,), injects=(first, call))
    assert "written:x" not in {row.id for row in score(told(), plan(), story).expectations}
    sent = (5, "send_inject", {"inject": "in2", "channel": "phone"})
    assert rating(score(told(sent), plan(), story), "written:x") == "U"


def test_working_time_runs_only_in_working_hours() -> None:
    """Start 08:00 UTC = 16:00 in China; the hours end at 17:30, so 120 working minutes last until 09:00 next day."""
    limit = Limit(within=120, of="detected", clock="duty")
    under = plan(Step(id="reply", title="reply", phase="act", owner="duty", clause="1", due=limit))
    day = 24 * 60
    opens = [("P", 16 * 60 + 30 + 30), ("S", 16 * 60 + 30 + 31), ("M", 16 * 60 + 30 + 90), ("U", 16 * 60 + 30 + 300)]
    for letter, at in opens:
        weekday = told(done(2 * day + at, "reply"), end=6 * day)
        moved = [{**row, "at": minute(2 * day)} if row["seq"] <= 4 else row for row in weekday]
        assert rating(score(moved, under), "step:reply") == letter


def test_what_is_written_after_the_end_of_a_run_changes_nothing() -> None:
    under = plan(step("verify", 60), step("later", 900))
    whole = told(done(10, "verify"))
    more = [*whole, {**whole[-1], "seq": 99, "at": minute(5000), "verb": "finish_task", "data": {"step": "later"}}]
    assert score(more, under, scenario()) == score(whole, under, scenario())


@pytest.mark.parametrize(("again", "letter"), [(100, "P"), (150, "S"), (230, "M"), (500, "U"), (None, "U")])
def test_a_promised_next_word_is_awaited(again: float | None, letter: str) -> None:
    """The first statement goes out at minute 12 and promises the next word for minute 132."""
    first = statement(10)
    first[0][2]["next_update_at"] = minute(132)
    second = [] if again is None else [(at, verb, {**data, "statement": "2"}) for at, verb, data in statement(again)]
    found = score(told(*first, *second), PUBLISH, scenario())
    assert rating(found, "promise:1") == letter
    assert rating(score(told(*first, end=60), PUBLISH, scenario()), "promise:1") is None


def test_returned_work_is_done_when_it_was_finished_again() -> None:
    back = (20, "return_task", {"step": "verify"})
    assert rating(score(told(done(10, "verify"), back), plan(step("verify", 60))), "step:verify") == "U"
    again = score(told(done(10, "verify"), back, done(50, "verify")), plan(step("verify", 60)))
    row = next(row for row in again.expectations if row.id == "step:verify")
    assert (row.rating, row.minutes) == ("S", 50)

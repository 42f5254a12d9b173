"""The fact sheet and the public's demands."""

from datetime import timedelta

import pytest

from shudao.respond.actions import add_demand, add_fact, answer_demand, decline_demand, finish_task
from shudao.respond.queries import demands_for, facts_of, milestones_of, open_demands, sheet_figures
from tests.conftest import START

pytestmark = pytest.mark.django_db


class TestFacts:
    def test_it_works(self, incident, task, as_post, said):
        fact = add_fact(as_post("service"), incident, status="known", text="停水 312 户", figures={"户数": 312})
        assert (fact.code, sheet_figures(incident)) == ("F1", {"户数": 312})
        (entry,) = said("add_fact")
        assert (entry["fact"], entry["status"], entry["figures"]) == ("F1", "known", {"户数": 312})
        assert "commitment" in entry["text"]
        assert task("verify").status == "done"
        assert incident.state.facts["户数"] == 312

    def test_a_correction_replaces_the_older_fact(self, incident, as_post, said, refused):
        old = add_fact(as_post("service"), incident, status="known", figures={"户数": 312})
        new = add_fact(as_post("service"), incident, status="known", figures={"户数": 297}, replaces=old)
        assert list(facts_of(incident)) == [new]
        assert sheet_figures(incident) == {"户数": 297}
        assert said("add_fact")[1]["replaces"] == "F1"
        again = {"status": "false", "replaces": old}
        assert refused(add_fact, as_post("service"), incident, **again) == "replaces"

    def test_what_is_not_known_or_false_gives_no_figures(self, incident, as_post):
        add_fact(as_post("service"), incident, status="false", figures={"死亡": 1})
        assert sheet_figures(incident) == {}

    def test_fractions_are_text_in_the_entry(self, incident, as_post, said):
        add_fact(as_post("service"), incident, status="known", figures={"浊度": 0.75, "小时": 2.0})
        assert said("add_fact")[0]["figures"] == {"浊度": "0.75", "小时": 2}

    @pytest.mark.parametrize(
        ("more", "code"),
        [({"status": "maybe"}, "status"), ({"figures": {"户数": "很多"}}, "figures"), ({"figures": {" ": 1}}, "figures"),
         ({"figures": {"户数": float("nan")}}, "figures"), ({"figures": {str(n): n for n in range(51)}}, "figures")],
    )  # fmt: skip
    def test_refusals(self, incident, as_post, refused, more, code):
        assert refused(add_fact, as_post("service"), incident, **{"status": "known", **more}) == code


class TestDemands:
    def test_owner_and_limit_are_the_plans(self, incident, as_post, said):
        demand = add_demand(as_post("duty"), incident, text="什么时候来水？")
        assert (demand.code, demand.owner, demand.due_at) == ("D1", "service", START + timedelta(minutes=120))
        (entry,) = said("add_demand")
        assert (entry["demand"], entry["owner"]) == ("D1", "service")
        assert entry["due_at"] == "2026-07-13T04:00:00.000000Z" and "commitment" in entry["text"]

    def test_a_limit_already_past_counts_from_now(self, incident, as_post, standing):
        standing.advance(minutes=300)
        demand = add_demand(as_post("duty"), incident, text="赔不赔？")
        assert demand.due_at == START + timedelta(minutes=420)

    def test_the_last_answer_completes_the_step_that_waits_for_it(self, incident, task, as_post, said):
        finish_task(as_post("duty"), task("report"))
        one = add_demand(as_post("duty"), incident, text="什么时候来水？")
        two = add_demand(as_post("duty"), incident, text="赔不赔？")
        answer_demand(as_post("service"), one, text="今晚八点前")
        assert task("answer").is_open
        decline_demand(as_post("service"), two, reason="不属本公司")
        assert task("answer").status == "done"
        assert milestones_of(incident)["demands_answered"] == START
        assert said("answer_demand")[0]["demand"] == "D1" and said("answer_demand")[0]["post"] == "service"
        assert said("decline_demand")[0]["demand"] == "D2"
        assert not open_demands(incident)

    def test_answers_before_the_step_opens_complete_it_when_it_does(self, incident, task, as_post):
        answer_demand(as_post("service"), add_demand(as_post("duty"), incident, text="何时来水？"), text="八点")
        assert "demands_answered" not in milestones_of(incident)
        finish_task(as_post("duty"), task("report"))
        assert task("answer").status == "done"

    def test_a_late_answer_is_an_alarm(self, incident, as_post, tick):
        from shudao.base.scene import LIVE

        demand = add_demand(as_post("duty"), incident, text="什么时候来水？", due_at=START + timedelta(minutes=3))
        tick(3)
        assert incident.alarm_set.filter(reason="demand_late", step="D1", post="service").exists()
        assert demand.is_late(START + timedelta(minutes=4))
        assert list(demands_for(LIVE, ["service"])) == [demand]

    def test_an_answered_demand_is_never_late(self, incident, as_post, tick):
        demand = add_demand(as_post("duty"), incident, text="何时来水？", due_at=START + timedelta(minutes=3))
        answer_demand(as_post("service"), demand, text="八点")
        tick(5)
        assert not incident.alarm_set.filter(reason="demand_late").exists()

    def test_refusals(self, incident, as_post, refused):
        duty = as_post("duty")
        assert refused(add_demand, duty, incident, text=" ") == "text"
        assert refused(add_demand, duty, incident, text="x", owner="nobody") == "owner"
        demand = add_demand(duty, incident, text="何时来水？")
        assert refused(answer_demand, duty, demand, text="") == "text"
        assert refused(decline_demand, duty, demand, reason="") == "reason"
        answer_demand(duty, demand, text="八点")
        assert refused(answer_demand, duty, demand, text="九点") == "state"
        assert refused(decline_demand, duty, demand, reason="x") == "state"

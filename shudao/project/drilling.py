"""推演 (drilling): one whole drill without people on the site at hand, and the files it leaves.

Import it when Django is set up. A real site is not touched beyond its plan editions: everything of the drill stands in
the run's own scene and stream.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.drill.actions import DRIVER, make_run, play, score_run
from shudao.engine.drill.model import Scenario, TeamScript
from shudao.engine.sense.query import Topic
from shudao.engine.words import BadInput, Words
from shudao.ledger.queries import as_lines
from shudao.ledger.verbs import Actor
from shudao.plan.actions import adopt_plan
from shudao.review.actions import make_after_action
from shudao.review.models import Subject
from shudao.sense.actions import add_topics

NOT_YET = {
    "field": Words(
        zh="公众按脚本发声，还不会回应处置，所以没有可比的结果",
        en="the public speaks as the scenario says and does not answer the team yet, so there is no outcome to compare",
    ),
    "forecast": Words(zh="预案压力测试尚未提供", en="the stress test of the plan is not there yet"),
}


class Drill(NamedTuple):
    """推演单 (drill): what is to be played."""

    scenario: Scenario
    plan_files: Mapping[str, bytes]
    topics: Iterable[Topic]
    team: TeamScript | None
    team_name: str
    seed: int


def play_drill(drill: Drill, out: Path) -> dict[str, Any]:
    """Play it to its end and leave ledger, plan, scenario, score and report in `out`; returns the command's document."""
    try:
        edition = adopt_plan(Actor(LIVE, DRIVER), drill.plan_files, only_to_drill=True)
    except Refused as no:
        raise BadInput(no.why, where="--plan") from no
    run = make_run(drill.scenario, edition, seed=drill.seed, team=drill.team_name)
    add_topics(Actor(run.scene, DRIVER), drill.topics)
    run = play(run, drill.team)
    score = score_run(Actor(run.scene, DRIVER), run).data
    subject = Subject(run.scene, run.stream, drill.scenario.title, edition.plan, drill.scenario)
    report = make_after_action(Actor(run.scene, DRIVER), subject)
    leave(out, run.stream, drill, score, bytes(report.document))
    lang = drill.scenario.language
    apart = {name: {"available": False, "reason": words.say(lang)} for name, words in NOT_YET.items()}
    return {"score": score, "run": run.code, "seed": drill.seed, "team": drill.team_name, **apart}


def leave(out: Path, stream: str, drill: Drill, score: dict[str, Any], report: bytes) -> None:
    """Write the files of a finished drill: all beside their places first, then each takes its name."""
    with tempfile.TemporaryDirectory(prefix=".drill-", dir=out) as name:
        made = Path(name)
        with (made / "ledger.jsonl").open("wb") as lines:
            lines.writelines(as_lines(stream))
        for inside, data in drill.plan_files.items():
            path = made / "plan" / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (made / "score.json").write_text(json.dumps(score, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (made / "after-action.docx").write_bytes(report)
        for path in sorted(row for row in made.rglob("*") if row.is_file()):
            target = out / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)

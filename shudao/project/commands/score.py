"""`shudao score`: the score of a ledger, recomputed from ledger, plan and scenario alone. Needs no site."""

import json
from pathlib import Path
from typing import Any

import click

from shudao.engine.drill.model import Scenario
from shudao.engine.plan.load import plan_digest
from shudao.engine.plan.model import Plan
from shudao.engine.words import BadInput, Words
from shudao.project.folders import entries_in, plan_in, scenario_in


@click.command("score")
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option("--plan", "plan_dir", required=True, type=click.Path(path_type=Path), help="folder of the plan as used")
@click.option("--scenario", "scenario_dir", type=click.Path(path_type=Path), help="folder of the scenario")
@click.option("--json", "as_json", is_flag=True, help="one JSON document on standard output")
def command(ledger: Path, plan_dir: Path, scenario_dir: Path | None, as_json: bool) -> None:
    """重算评分 · score a run or an incident from its LEDGER.jsonl."""
    from shudao.engine.ledger import check_chain
    from shudao.engine.review.score import score, score_json

    entries = entries_in(ledger)
    plan, story = plan_in(plan_dir), scenario_in(scenario_dir) if scenario_dir else None
    _require_own(entries, plan, story)
    try:
        found = score(entries, plan, story)
    except BadInput as fault:
        raise BadInput(fault.what, where=f"{ledger} {fault.where}".strip(), mend=fault.mend) from None
    chain = check_chain(entries)
    if not chain.ok and chain.fault:
        place = f"{chain.fault.zh} / {chain.fault.en}"
        click.echo(f"shudao: 记录链不完整 · the chain is broken at entry {chain.at_seq}: {place}", err=True)
    if as_json:
        click.echo(json.dumps(score_json(found), ensure_ascii=False))
        return
    for line in score_lines(score_json(found)):
        click.echo(line)


def _require_own(entries: list[dict[str, Any]], plan: Plan, story: Scenario | None) -> None:
    """BadInput when the ledger names another plan or scenario; a line on standard error for another edition."""
    said = [entry["data"] for entry in entries if isinstance(entry.get("data"), dict)]
    given = {"plan": plan.id} | ({"scenario": story.id} if story else {})
    for data in said:
        if "edition" in data:
            other = next((name for name, value in given.items() if data.get(name, value) != value), "")
            if other:
                what = Words(f"记录用的是“{data[other]}”", f"the ledger was written under “{data[other]}”")
                raise BadInput(what, where=f"--{other} {given[other]}")
    digests = {data["digest"] for data in said if "edition" in data and "digest" in data}
    if digests and plan_digest(plan) not in digests:
        click.echo("shudao: 预案内容与记录时不同 · the plan is not as it was when the ledger was written", err=True)


def score_lines(found: dict) -> list[str]:
    """The score for a person: total, what caps it, the worst first, then each objective."""
    head = f"总分 total {found['total']:g} · 覆盖 coverage {found['coverage']:.0%} · {found['grade']}"
    titles = {row["id"]: row["title"] for row in found["expectations"]}
    fails = [f"  一票否决 hard fail: {row['id']} {row['note']}".rstrip() for row in found["hard_fails"]]
    worst = [f"  最弱 weakest: {titles.get(name, name)}" for name in found["worst"]]
    aims = [f"  {row['rating'] or '—'}  {row['title']}  ({row['due']}/{row['all']})" for row in found["objectives"]]
    return [head, *fails, *worst, *aims]

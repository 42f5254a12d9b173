"""`shudao check`: how the site is, part by part. Exit code 1 when something is wrong."""

import json
import os
from pathlib import Path

import click

MARKS = {"ok": "✓", "warn": "!", "fault": "✗"}


@click.command("check")
@click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
@click.option("--quick", is_flag=True, help="do not walk every chain and every sealed file")
@click.option("--json", "as_json", is_flag=True, help="one JSON document on standard output")
def command(data: Path, quick: bool, as_json: bool) -> None:
    """检查站点、信源、渠道与留痕。Look at the site, its sources, channels and ledger."""
    from shudao.project.cli import language
    from shudao.project.site import open_site

    open_site(data)
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.board.health import State, health, worst

    findings = health(clock.now(LIVE), whole=not quick)
    tongue = language()
    if as_json:
        rows = [
            {
                "part": row.part,
                "state": row.state.value,
                "message": {"zh": row.says.zh, "en": row.says.en},
                "where": row.where,
                "mend": {"zh": row.mend.zh, "en": row.mend.en} if row.mend else None,
            }
            for row in findings
        ]
        click.echo(json.dumps({"state": worst(findings).value, "findings": rows}, ensure_ascii=False))
    else:
        for row in findings:
            more = [row.where, row.mend.say(tongue) if row.mend else ""]
            tail = "".join(f" · {text}" for text in more if text)
            click.echo(f"{MARKS[row.state]} {row.part:<10}{row.says.say(tongue)}{tail}")
    raise click.exceptions.Exit(1 if worst(findings) == State.FAULT else 0)

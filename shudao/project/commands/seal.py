"""`shudao seal`: an incident's ledger, texts, plan and papers as one verifiable bundle."""

import json
import os
from pathlib import Path
from typing import Any

import click


@click.command("seal")
@click.argument("incident")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="the bundle, a zip")
@click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
@click.option("--post", default="", help="the post that seals")
@click.option("--json", "as_json", is_flag=True, help="one JSON document on standard output")
def command(incident: str, out: Path, data: Path, post: str, as_json: bool) -> None:
    """封存一个事件。Seal an incident into a bundle that anyone can verify."""
    from shudao.engine.words import BadInput, Words
    from shudao.project.cli import language

    try:
        said = _seal(incident, out, data, post)
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise BadInput(Words(zh=f"写不进去：{why}", en=f"cannot write: {why}"), where=str(out)) from fault
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    elif language() == "zh":
        click.echo("已封存 {incident}：{file}，{length} 条，末条哈希 {head}".format(**said))
    else:
        click.echo("sealed {incident}: {file}, {length} entries, head {head}".format(**said))


def _seal(number: str, out: Path, data: Path, post: str) -> dict[str, Any]:
    from shudao.project.site import open_site

    open_site(data)
    from shudao.base.refusal import Refused
    from shudao.base.scene import LIVE
    from shudao.engine.words import BadInput, Words
    from shudao.follow.actions import seal
    from shudao.ledger.verbs import Actor
    from shudao.respond.queries import incident_by_number, incidents_of
    from shudao.review.queries import documents_of

    found = incident_by_number(LIVE, number)
    if found is None:
        known = "、".join(incidents_of(LIVE).values_list("number", flat=True)[:5]) or "—"
        mend = Words(zh=f"已有的编号：{known}", en=f"numbers known: {known}")
        raise BadInput(Words(zh="没有这个事件", en="there is no such incident"), where=number, mend=mend)
    try:
        made = seal(Actor(LIVE, post or "system"), found, out, beside={"documents": documents_of(found.stream)})
    except Refused as refused:
        raise BadInput(refused.why, where=number) from refused
    return {"incident": number, "file": str(out), "length": made.length, "head": made.head, "sha256": made.sha256}

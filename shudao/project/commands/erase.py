"""`shudao erase`: retention by hand. What would go is counted first with `--dry-run`; each erasing is a signed record."""

import json
import os
from datetime import datetime, time
from pathlib import Path
from typing import Any

import click


@click.command("erase")
@click.option("--before", required=True, help="YYYY-MM-DD; what is older than the beginning of that day")
@click.option("--dry-run", is_flag=True, help="只数，不清除 · count only, write nothing")
@click.option("--class", "codes", multiple=True, help="类别，可重复；不写即所有有期限的 · a class, repeatable")
@click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="one JSON document on standard output")
def command(before: str, dry_run: bool, codes: tuple[str, ...], data: Path, as_json: bool) -> None:
    """按期清除，留下签名的凭证。Erase what is older than a day, with a signed deletion record."""
    from shudao.project.site import open_site

    day = _day(before)
    open_site(data)
    from django.utils import timezone

    from shudao.base import clock
    from shudao.base.scene import LIVE

    moment = timezone.make_aware(datetime.combine(day, time.min))
    if moment > clock.now(LIVE):
        raise _bad("日期不能在将来", "the day may not lie ahead", before)
    rows = [_one(kind, moment, dry_run=dry_run) for kind in _chosen(codes)]
    if as_json:
        click.echo(json.dumps({"before": moment.isoformat(), "dry_run": dry_run, "classes": rows}, ensure_ascii=False))
        return
    _tell(rows, dry_run=dry_run)


def _one(kind: Any, moment: datetime, *, dry_run: bool) -> dict[str, Any]:
    """What is due of a class, and the records of its erasing."""
    from shudao.base.refusal import Refused
    from shudao.base.retention import due
    from shudao.base.scene import LIVE
    from shudao.engine.words import BadInput
    from shudao.ledger.actions import erase_class
    from shudao.ledger.queries import deletion_records
    from shudao.ledger.verbs import Actor

    found = due(kind, moment)
    span = {"oldest": found.oldest and found.oldest.isoformat(), "newest": found.newest and found.newest.isoformat()}
    row = {"class": kind.code, "name": {"zh": kind.words.zh, "en": kind.words.en}, "count": found.count, **span}
    if dry_run or not found.count:
        return {**row, "erased": 0, "records": []}
    last = deletion_records().values_list("seq", flat=True).first() or 0
    try:
        erased = erase_class(Actor(LIVE, "system"), kind, moment)
    except Refused as refusal:
        raise BadInput(refusal.why, where=kind.code) from refusal
    made = deletion_records().filter(seq__gt=last).order_by("seq")
    return {**row, "erased": erased, "records": [entry.as_value() for entry in made]}


def _chosen(codes: tuple[str, ...]) -> list[Any]:
    from shudao.base.retention import kinds

    known = kinds()
    if not codes:
        return [kind for kind in known if kind.days is not None]
    unknown = set(codes) - {kind.code for kind in known}
    if unknown:
        names = ", ".join(kind.code for kind in known)
        raise _bad(
            f"没有这一类；有：{names}", f"there is no such class; there are: {names}", ", ".join(sorted(unknown))
        )
    return [kind for kind in known if kind.code in codes]


def _tell(rows: list[dict[str, Any]], *, dry_run: bool) -> None:
    from shudao.engine.words import Words
    from shudao.project.cli import language

    tongue = language()
    for row in rows:
        span = f"  {row['oldest'][:10]} – {row['newest'][:10]}" if row["count"] else ""
        click.echo(
            f"{row['class']:<16}{row['count'] if dry_run else row['erased']:>10}  {row['name'][tongue[:2]]}{span}"
        )
        for entry in row["records"]:
            click.echo(f"{'':<16}site {entry['seq']} {entry['hash']}")
    said = Words("试算：什么都没有改动", "dry run: nothing was changed") if dry_run else None
    if said:
        click.echo(said.say(tongue))


def _day(text: str) -> Any:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise _bad("日期写成 2026-07-13", "write the day as 2026-07-13", text) from None


def _bad(zh: str, en: str, where: str) -> Exception:
    from shudao.engine.words import BadInput, Words

    return BadInput(Words(zh=zh, en=en), where=where)

"""`shudao demo`: the whole loop in one go, on a fresh site in a temporary folder, by a scripted team."""

import json
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from shudao.engine.words import BadInput, Words
from shudao.project.cli import language
from shudao.project.site import prepare, use_folder


@click.command("demo")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="where the papers go")
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--site", type=click.Path(file_okay=False, path_type=Path), help="keep the site in this new folder")
@click.option("--json", "as_json", is_flag=True, help="one JSON document on standard output")
def command(out: Path, seed: int, site: Path | None, as_json: bool) -> None:
    """演示全流程 · one matter through every stage: posts, alert, incident, report, watch, archive, scored drill."""
    with ExitStack() as stack:
        folder = site or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shudao-demo-")))
        _refuse_used(folder)
        _make(out)
        os.environ.pop("DATABASE_URL", None)  # a demo never touches a real site's database
        use_folder(folder)
        prepare(pages=False)
        from shudao.project.demo.story import run

        found = run(out, folder, seed=seed, say=lambda words: click.echo(words.say(language()), err=True))
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(found["files"].values()))


def _refuse_used(folder: Path) -> None:
    if (folder / "shudao.sqlite3").exists():
        what = Words(zh="这里已经有一个站点", en="there is a site here already")
        mend = Words(zh="演示要用一个新目录", en="the demo wants a new folder")
        raise BadInput(what, where=str(folder), mend=mend)


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        what = Words(zh="输出目录无法建立", en="the output folder cannot be made")
        raise BadInput(what, where=str(out)) from fault

"""`shudao import`: posts of a file into the site."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from shudao.engine.intake.setting import Layout
    from shudao.engine.post import Post, Reject
    from shudao.listen.models import Source

BATCH = 500  # posts a ledger entry; small enough to keep the write lock short
SHOWN = 10  # rejects told on the terminal; all stand in the reject file


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, help="name of the source")
@click.option("--map", "column_map", type=click.Path(path_type=Path), help="columns of the file (YAML)")
@click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="a summary as one JSON document on standard output")
def command(file: Path, source: str, column_map: Path | None, data: Path, as_json: bool) -> None:
    """读入一个文件 · posts from xlsx, xls, csv, json, jsonl, chats (txt), eml/mbox, srt/vtt/ass, pdf/png/jpg."""
    from shudao.engine.words import BadInput, Words
    from shudao.project.cli import language
    from shudao.project.site import use_folder

    is_new = not data.exists()
    use_folder(data)
    try:
        size = file.stat().st_size if file.is_file() else 0
        shown = click.progressbar(length=size, file=sys.stderr, label="import", hidden=not sys.stderr.isatty())
        with shown as bar:
            summary = _import(file, source.strip()[:200] or "unknown", column_map, bar.update)
    except BadInput:
        if is_new and not (data / "shudao.sqlite3").exists():
            shutil.rmtree(data, ignore_errors=True)  # bad input writes nothing, no site either
        raise
    told = Words(
        "新读入 {new}，已有 {repeated}，退件 {rejects}", "{new} new, {repeated} known before, {rejects} rejected"
    )
    click.echo(told.say(language()).format(**summary), err=True)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(summary).decode())


def _import(file: Path, name: str, column_map: Path | None, progress: Callable[[int], None]) -> dict[str, Any]:
    """Read the file batch by batch. Nothing is written, and no source registered, before the first could be read."""
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.engine.post import Post, Reject
    from shudao.ledger.verbs import Actor
    from shudao.listen.actions import read_batch
    from shudao.listen.connectors.file import read_path
    from shudao.project.site import prepare

    actor = Actor(LIVE, "system")
    layout = None if column_map else _remembered(file, name)
    results = read_path(file, source=name, now=clock.now(LIVE), column_map=column_map, layout=layout, progress=progress)
    rejects = RejectFile(file.with_name(file.name + ".rejects.jsonl"))
    summary = {"source": name, "posts": 0, "new": 0, "repeated": 0}
    source: Source | None = None
    batch = list(islice(results, BATCH))
    prepare(pages=False)
    while batch:
        posts = [result for result in batch if isinstance(result, Post)]
        rejects.add([result for result in batch if isinstance(result, Reject)])
        source = source or _source(actor, name, posts)
        done = read_batch(actor, source, batch)
        summary["posts"] += len(posts)
        summary["new"] += len(done.items)
        summary["repeated"] += done.repeated
        batch = list(islice(results, BATCH))
    rejects.finish()
    return {**summary, "rejects": rejects.count, "rejects_file": rejects.written}


def _remembered(file: Path, name: str) -> "Layout | None":
    """The columns as they were confirmed on the site for this source; None on a site that has none, or not yet."""
    from django.db import DatabaseError, connection

    from shudao.listen.importing import remembered

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return None
    try:
        return remembered(name, file.name, file.read_bytes()) if file.is_file() and file.suffix != ".jsonl" else None
    except (DatabaseError, OSError):
        return None


def _source(actor: Any, name: str, posts: "list[Post]") -> "Source":
    from shudao.listen.actions import add_source
    from shudao.listen.actions.imports import source_code
    from shudao.listen.queries import source_named

    kind = posts[0].kind if posts else "web"
    return source_named(actor.scene, name) or add_source(
        actor, source_code(name), name=name, kind=kind, connector="file"
    )


class RejectFile:
    """退件文件 (reject file): number and reason of every reject, never the line itself: it may name an author."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self.written: str | None = None

    def add(self, rejects: "list[Reject]") -> None:
        """Write them and tell the first few. A folder that cannot be written to costs the file, not the run."""
        import msgspec

        for reject in rejects[: max(SHOWN - self.count, 0)]:
            click.echo(f"line {reject.line}: {reject.why.zh} / {reject.why.en}", err=True)
        lines = [msgspec.json.encode({"line": item.line, "zh": item.why.zh, "en": item.why.en}) for item in rejects]
        mode = "ab" if self.count else "wb"
        self.count += len(rejects)
        if not rejects:
            return
        try:
            with self.path.open(mode) as file:
                file.write(b"\n".join(lines) + b"\n")
            self.written = str(self.path)
        except OSError:
            click.echo(f"the reject file cannot be written: {self.path.name}", err=True)

    def finish(self) -> None:
        """Take away the reject file of an earlier reading when this one had nothing to reject."""
        if not self.count:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

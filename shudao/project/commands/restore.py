"""`shudao restore`: a site from its backup, checked, whole or not at all."""

import os
import shutil
from pathlib import Path
from typing import Any

import click

from shudao.engine.words import BadInput, Words


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
def command(file: Path, data: Path) -> None:
    """从备份恢复到一个空的地方。Restore a backup into an empty place."""
    from shudao.project.cli import language

    data = data.expanduser().resolve()
    if data.exists() and any(data.iterdir()):
        mend = Words(
            zh="用 --data 指明一个空文件夹；旧站点先改名留着",
            en="name an empty folder with --data; rename the old site",
        )
        raise BadInput(Words(zh="这里已经有东西", en="something is here already"), where=str(data), mend=mend)
    partial = data.with_name(f"{data.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        said = _restore(file, partial)
        if data.exists():
            data.rmdir()
        partial.replace(data)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    click.echo(said.say(language()))


def _restore(file: Path, folder: Path) -> Words:
    from shudao.project.site import use_folder

    use_folder(folder)
    from django.db import DatabaseError, connection

    from shudao.project.operations.restore import check_bytes, damaged, fill_database, put_files, read_inside

    inside = read_inside(file)
    check_bytes(file, inside)
    _refuse_full(connection)
    files = put_files(file, inside, folder)
    try:
        fill_database(file, inside)
    except (DatabaseError, LookupError, ValueError, TypeError) as fault:
        raise damaged(str(file)) from fault
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    rows, made = sum(inside.tables.values()), f"{inside.made_at:%Y-%m-%d %H:%M %Z}"
    return Words(
        zh=f"已恢复到 {made} 的样子并核对：{rows} 行，{files} 个文件，{len(inside.heads)} 条记录流完整。",
        en=f"restored as of {made} and checked: {rows} rows, {files} files, {len(inside.heads)} streams of the ledger whole.",
    )


def _refuse_full(connection: Any) -> None:
    if tables := connection.introspection.table_names():
        mend = Words(zh="给它一个空的数据库", en="give it an empty database")
        what = Words(zh="数据库里已经有表", en="the database holds tables already")
        raise BadInput(what, where=tables[0], mend=mend)

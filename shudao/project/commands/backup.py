"""`shudao backup`: one file that holds the whole site, taken while it runs."""

import json
import os
from pathlib import Path

import click


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="one JSON document on standard output")
def command(file: Path, data: Path, as_json: bool) -> None:
    """备份整个站点，不必停机。Back up the whole site while it runs."""
    from shudao.engine.words import BadInput, Words
    from shudao.project.cli import language
    from shudao.project.site import open_site

    if not file.parent.is_dir():
        raise BadInput(Words(zh="没有这个文件夹", en="there is no such folder"), where=str(file.parent))
    folder = open_site(data)
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.project.operations.backup import write_backup

    inside = write_backup(file, folder, clock.now(LIVE))
    rows, files = sum(inside.tables.values()), sum(name.startswith("files/") for name in inside.sha256)
    size = file.stat().st_size
    if as_json:
        click.echo(json.dumps({"file": str(file), "rows": rows, "files": files, "bytes": size}))
        return
    said = Words(
        zh=f"已备份：{rows} 行，{files} 个文件，{size} 字节。里面有密钥：请像保管站点一样保管它，到期销毁。",
        en=f"backed up: {rows} rows, {files} files, {size} bytes. It holds keys: guard it like the site, destroy it in time.",
    )
    click.echo(said.say(language()))

"""`shudao source`: what the site listens to."""

import os
from pathlib import Path

import click

from shudao.engine.post import KINDS
from shudao.engine.words import BadInput, Words
from shudao.project.cli import language
from shudao.project.site import prepare, use_folder

DATA = click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
MOST = 7 * 24 * 60
"""Minutes; rarer than weekly is no listening."""


@click.group("source")
def command() -> None:
    """信源 · what the site listens to."""


@command.command("add")
@click.argument("code")
@click.argument("address")
@click.option("--name", default="", help="as it is shown; the code unless given")
@click.option("--kind", type=click.Choice(KINDS), default="web", show_default=True)
@click.option("--every", default=15, show_default=True, type=click.IntRange(1, MOST), help="minutes between readings")
@DATA
def add(code: str, address: str, name: str, kind: str, every: int, data: Path) -> None:
    """登记一个订阅源 · listen to a feed (RSS, Atom, RDF, JSON Feed)."""
    if not address.startswith(("http://", "https://")):
        what = Words(zh="地址应以 http:// 或 https:// 开头", en="an address begins with http:// or https://")
        raise BadInput(what, where=address)
    _open(data)
    from shudao.base.refusal import Refused
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor
    from shudao.listen.actions import add_source
    from shudao.listen.queries import source_of

    if source_of(LIVE, code):
        raise BadInput(Words(zh="这个代码已经登记", en="that code is taken"), where=code)
    try:
        told = {"name": name or code, "kind": kind, "connector": "feed", "address": address}
        add_source(Actor(LIVE, "system"), code, every_seconds=every * 60, **told)
    except Refused as refusal:
        raise BadInput(refusal.why, where=code) from refusal
    click.echo(Words(zh=f"已登记 {code}", en=f"{code} is listened to").say(language()))


@command.command("list")
@DATA
def show(data: Path) -> None:
    """列出信源及其状态 · the sources and how they are."""
    _open(data)
    from shudao.base.scene import LIVE
    from shudao.listen.models import Source

    for row in Source.objects.in_scene(LIVE).order_by("code"):
        state = f"{row.get_state_display()} {row.last_fault}".strip() if language() == "zh" else row.state
        click.echo("\t".join((row.code, row.kind, row.connector, state, row.address)))


def _open(data: Path) -> None:
    if not data.is_dir():
        mend = Words(zh="用 --data 指明站点的文件夹，或先 make start", en="name the site's folder with --data")
        raise BadInput(Words(zh="这里没有站点", en="there is no site here"), where=str(data), mend=mend)
    use_folder(data)
    prepare(pages=False)

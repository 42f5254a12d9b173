"""`shudao start`: serve with the embedded database and the worker in one process tree."""

import os
import socket
from pathlib import Path

import click

from shudao.engine.words import BadInput, Words
from shudao.project.processes import WhenListening, run_together
from shudao.project.site import prepare, use_folder

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - asked for by the user, never the default


@click.command("start")
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data", default="data", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--empty", is_flag=True, help="no sample organisation")
def command(host: str, port: int, data: Path, empty: bool) -> None:
    """启动站点 · serve the site; everything that must be kept lies in --data."""
    _refuse_taken(host, port)
    if host not in {"127.0.0.1", "localhost", "::1"}:
        os.environ.setdefault("SHUDAO_HOSTS", f"{host},localhost,127.0.0.1" if host not in EVERYWHERE else "*")
    folder = use_folder(data)
    click.echo(f"疏导 Shudao: preparing {folder} …", err=True)
    prepare()
    from shudao.project.sample import first_staff, furnish

    furnish(empty=empty)
    near = "localhost" if host in EVERYWHERE else host
    link = f"http://{near}:{port}/org/enter/{first_staff()}/"

    def say() -> None:
        click.echo(f"\n  地址 address    http://{near}:{port}/")
        click.echo(f"  一次性登录，12 小时内有效 · sign in once, within 12 hours\n  {link}\n")

    web = ["shudao.project.serve", host, str(port)]
    done = run_together([web, ["shudao.project.work"]], each_turn=WhenListening(near, port, say))
    raise click.exceptions.Exit(done)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            what = Words(zh=f"端口 {port} 不能用", en=f"port {port} cannot be used")
            mend = Words(zh="换一个：make start PORT=8001", en="choose another: make start PORT=8001")
            raise BadInput(what, where=f"{host}:{port}", mend=mend) from fault

"""`shudao start`: serve with the embedded database and the worker in one process tree."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import click

from shudao.engine.words import BadInput, Words
from shudao.project.certificate import Pair, given
from shudao.project.names import EVERYWHERE, checked, hosts_for
from shudao.project.processes import WhenListening, run_together
from shudao.project.ready import Wanted, made_ready

NEAR_NUMBERS = frozenset({"127.0.0.1", "::1"})
FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Asked:
    """要求 (asked): where the site is to listen, under which names, by which certificate."""

    host: str
    port: int
    names: tuple[str, ...]
    pair: Pair | None
    own: bool

    @property
    def near(self) -> str:
        """A host by which this machine reaches it."""
        return "localhost" if self.host in EVERYWHERE else self.host

    @property
    def url(self) -> str:
        """As people type it: the first name that was given, else the near one. A browser makes passkeys for `localhost`
        and never for the number behind it, so people are sent to the name.
        """
        name = self.names[0] if self.names else "localhost" if self.host in NEAR_NUMBERS else self.near
        name = f"[{name}]" if ":" in name and not name.startswith("[") else name
        return f"{'https' if self.pair or self.own else 'http'}://{name}:{self.port}"


@click.command("start")
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on; 0.0.0.0 for all")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data", default="data", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--empty", is_flag=True, help="no sample organisation")
@click.option("--name", "names", multiple=True, help="host name under which people open the site; repeat for more")
@click.option("--certificate", type=FILE, help="PEM file; intermediate certificates appended")
@click.option("--key", type=FILE, help="PEM file of its private key")
@click.option("--self-signed", metavar="NAME", help="make a certificate for that host name and keep it in --data")
def command(
    host: str, port: int, data: Path, empty: bool, names: tuple[str, ...],
    certificate: Path | None, key: Path | None, self_signed: str | None,
) -> None:  # fmt: skip
    """启动站点 · serve the site; everything that must be kept lies in --data."""
    _refuse_taken(host, port)
    asked = _asked(host, port, names, certificate, key, self_signed)
    folder = data.expanduser().resolve()
    os.environ["SHUDAO_DATA"] = str(folder)
    click.echo(f"疏导 Shudao: preparing {folder} …", err=True)
    files = (str(asked.pair.certificate), str(asked.pair.key)) if asked.pair else None
    ready = made_ready(Wanted(str(folder), empty, asked.names if asked.own else (), files))
    pair = given(*map(Path, ready.pair)) if ready.pair else None
    link = f"{asked.url}/org/enter/{ready.token}/" if ready.token else ""
    web = ["shudao.project.serve", host, str(port), *([str(pair.certificate), str(pair.key)] if pair else [])]
    say = WhenListening(asked.near, port, lambda: _say(asked, pair, link))
    workers = [["shudao.project.work", kind] for kind in ("prompt", "apart")]
    done = run_together([web, *workers], each_turn=say)
    raise click.exceptions.Exit(done)


def _asked(
    host: str, port: int, names: tuple[str, ...], certificate: Path | None, key: Path | None, own: str | None
) -> Asked:
    """What was asked for, made sense of; the settings are told before they are read."""
    if (certificate is None) != (key is None) or (certificate and own):
        zh, en = (
            "--certificate 和 --key 成对给出，或只给 --self-signed",
            "give --certificate with --key, or --self-signed alone",
        )
        raise BadInput(Words(zh=zh, en=en))
    pair = given(certificate, key) if certificate and key else None
    called = [checked(row) for row in (*names, *([own] if own else []))]
    called += [row for row in (pair.names if pair else ()) if "*" not in row]
    asked = Asked(host, port, tuple(dict.fromkeys(called)), pair, own is not None)
    os.environ.setdefault("SHUDAO_HOSTS", ",".join(hosts_for(host, list(asked.names))))
    if pair or own:
        os.environ["SHUDAO_HTTPS"] = "1"
        os.environ.setdefault("SHUDAO_ORIGINS", ",".join(f"https://{row}:{port}" for row in asked.names))
    return asked


def _say(asked: Asked, pair: Pair | None, link: str) -> None:
    click.echo(f"\n  地址 address    {asked.url}/")
    if pair and asked.own:
        click.echo("  自签证书，浏览器会警告；核对指纹后再信任 · self-signed: compare before you trust it")
        click.echo(f"  SHA-256 {pair.fingerprint}")
    if link:
        click.echo(f"  一次性登录，12 小时内有效 · sign in once, within 12 hours\n  {link}\n")
    else:
        click.echo("  进不来？ locked out?    shudao link ACCOUNT\n")


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            what = Words(zh=f"端口 {port} 不能用", en=f"port {port} cannot be used")
            mend = Words(zh="换一个：make start PORT=8001", en="choose another: make start PORT=8001")
            raise BadInput(what, where=f"{host}:{port}", mend=mend) from fault

"""准备 (getting ready): what `shudao start` does before it serves, in a process of its own.

Furnishing loads nearly everything there is. In a process that ends, that memory is given back; the one that only watches
over the server and its workers stays small.
"""

import subprocess
import sys
import warnings
from pathlib import Path

import click
import msgspec

from shudao.engine.words import BadInput
from shudao.project.certificate import given, refuse_old, self_signed
from shudao.project.cli import language, stop


class Wanted(msgspec.Struct, frozen=True):
    """What is to be made ready. `own`: names for a certificate of our own; `pair`: one that was given."""

    data: str
    empty: bool
    own: tuple[str, ...] = ()
    pair: tuple[str, str] | None = None


class Ready(msgspec.Struct, frozen=True):
    """The one-time token of whoever signs in first, "" when none is needed; where the certificate lies."""

    token: str
    pair: tuple[str, str] | None


def made_ready(wanted: Wanted) -> Ready:
    """Have it done in a process of its own; ends this one too when that one said that it cannot be done."""
    words = [sys.executable, "-m", "shudao.project.ready"]
    asked = msgspec.json.encode(wanted)
    done = subprocess.run(words, input=asked, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Ready)


def make_ready(wanted: Wanted) -> Ready:
    """Look at the certificate, bring the site up to date, furnish it when it is new."""
    from shudao.project.site import prepare, use_folder  # noqa: PLC0415 - the settings must know the folder first

    folder = use_folder(Path(wanted.data))
    from shudao.base import clock  # noqa: PLC0415 - app ready
    from shudao.project.sample import first_staff, furnish, needs_first_link  # noqa: PLC0415 - app ready

    now = clock.WallClock().now()
    if wanted.pair:
        refuse_old(given(*map(Path, wanted.pair)), now)
    prepare()
    pair = wanted.pair
    if wanted.own:
        made = self_signed(folder, list(wanted.own), now)
        refuse_old(made, now)
        pair = (str(made.certificate), str(made.key))
    furnish(empty=wanted.empty)
    return Ready(first_staff() if needs_first_link() else "", pair)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # as the command itself does
    try:
        made = make_ready(msgspec.json.decode(sys.stdin.buffer.read(), type=Wanted))
        click.echo(msgspec.json.encode(made).decode())
    except BadInput as error:
        stop(error.line(language()))

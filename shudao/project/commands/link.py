"""`shudao link`: a way in for somebody who has none, even the last administrator. Whoever may run it owns the machine."""

import os
from pathlib import Path

import click

from shudao.engine.words import BadInput, Words


@click.command("link")
@click.argument("account")
@click.option("--data", default=lambda: os.environ.get("SHUDAO_DATA", "data"), type=click.Path(path_type=Path))
@click.option("--address", default="http://localhost:8000", show_default=True, help="where the site is opened")
@click.option(
    "--reset-second-factor", "reset", metavar="WHY", help="also void the account's codes and passkeys; say why"
)
def command(account: str, data: Path, address: str, reset: str | None) -> None:
    """发一个一次性登录链接 · a link that lets ACCOUNT in once within 12 hours."""
    from shudao.project.site import open_site

    open_site(data)
    from shudao.base.refusal import Refused
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor
    from shudao.org.actions import make_entry_link, reset_second_factor
    from shudao.org.models import Staff

    staff = Staff.objects.select_related("user").filter(user__username__iexact=account).first()
    if staff is None:
        known = Staff.objects.filter(is_administrator=True).values_list("user__username", flat=True)
        mend = Words(zh=f"管理员的账号：{'、'.join(known)}", en=f"accounts of administrators: {', '.join(known)}")
        raise BadInput(Words(zh="没有这个账号", en="there is no such account"), where=account, mend=mend)
    try:
        if reset:
            reset_second_factor(Actor(LIVE, "system"), staff, reason=reset)
        token = make_entry_link(Actor(LIVE, "system"), staff)
    except Refused as refusal:
        raise BadInput(refusal.why, where=account) from refusal
    click.echo(f"{address.rstrip('/')}/org/enter/{token}/")

"""The office's own servers that may be read although they are not public."""

from shudao.base.models import InnerHost
from shudao.base.outgoing import read_inner
from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, verb

MOST = 200
"""More is no list of servers, but a hole in the guard."""


@verb(zh="许可内网主机", en="allow inner host")
def allow_inner_host(act: Act, host: str, *, reason: str) -> InnerHost:
    """Let the site visit a server of the office's own network. BadInput when the host cannot be read or is too wide."""
    read_inner(host)
    plain = host.strip().lower()
    if InnerHost.objects.filter(host=plain).exists():
        raise refuse("这个主机已在许可之列", "the host is allowed already", code="same")
    if InnerHost.objects.count() >= MOST:
        raise refuse(f"内网许可最多 {MOST} 项", f"at most {MOST} inner hosts", code="most")
    row = InnerHost.objects.create(host=plain, reason=reason, allowed_at=act.now, allowed_by=act.post)
    act.note(host=plain, reason=reason)
    return row


@verb(zh="撤回内网许可", en="withdraw inner host")
def withdraw_inner_host(act: Act, row: InnerHost) -> None:
    """The server may not be visited any more; sources on it will say so."""
    act.note(host=row.host)
    row.delete()

"""Web hooks in: opened with a secret that is shown once, changed, withdrawn; and a call taken in."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F

from shudao.base.refusal import refuse
from shudao.base.sealing import seal
from shudao.base.write import short_write
from shudao.engine.post import Post, Reject
from shudao.ledger.verbs import Act, Actor, verb
from shudao.listen.actions.batches import Batch, read_batch
from shudao.listen.actions.imports import named_source
from shudao.listen.models import Hook, HookCall, HookSecret
from shudao.listen.queries.hooks import PURPOSE

GRACE = timedelta(days=1)
REMEMBERED = timedelta(hours=1)  # far longer than a time stamp is let pass
SECRET_BYTES = 32


@verb(zh="开通推送接口", en="open hook")
def open_hook(act: Act, *, source: str, kind: str) -> tuple[Hook, str]:
    """An address of its own for one source, and the secret it is signed with: shown now and never again."""
    row = named_source(act, source, kind=kind)
    if Hook.objects.filter(source=row, withdrawn_at=None).exists():
        raise refuse("这个信源已有推送接口", "this source has a hook already", code="exists")
    hook = Hook.objects.create(source=row, code=secrets.token_hex(8), opened_at=act.now, opened_by=act.post)
    secret = _new_secret(act, hook)
    act.note(hook=hook.code, source=row.code)
    return hook, secret


@verb(zh="更换推送密钥", en="rotate hook secret")
def rotate_hook_secret(act: Act, hook: Hook) -> str:
    """A new secret, shown once; the one before holds for a day more, unless the hook is withdrawn."""
    _check_in_force(hook)
    HookSecret.objects.filter(hook=hook, ends_at=None).update(ends_at=act.now + GRACE)
    secret = _new_secret(act, hook)
    act.note(hook=hook.code)
    return secret


@verb(zh="停用推送接口", en="withdraw hook")
def withdraw_hook(act: Act, hook: Hook) -> Hook:
    """Nothing more is taken at this address, and its secrets are destroyed."""
    _check_in_force(hook)
    hook.withdrawn_at = act.now
    hook.save(update_fields=["withdrawn_at"])
    HookSecret.objects.filter(hook=hook).delete()
    HookCall.objects.filter(hook=hook).delete()
    act.note(hook=hook.code)
    return hook


def take_call(actor: Actor, hook: Hook, results: Sequence[Post | Reject], digest: str) -> Batch:
    """Keep what a call brought, and in the same transaction the call itself, so that it cannot come twice."""
    return read_batch(actor, hook.source, results, also=partial(_remember, hook, digest))


def forget_calls(before: datetime) -> int:
    """Calls whose time stamp would not pass any more."""
    with short_write():
        return HookCall.objects.filter(at__lt=before).delete()[0]


def _remember(hook: Hook, digest: str, act: Act, batch: Batch) -> dict[str, Any]:
    HookCall.objects.create(hook=hook, digest=digest, at=act.now)
    Hook.objects.filter(pk=hook.pk).update(used_at=act.now, taken=F("taken") + len(batch.items))
    return {"hook": hook.code}


def _new_secret(act: Act, hook: Hook) -> str:
    secret = secrets.token_hex(SECRET_BYTES)
    HookSecret.objects.create(hook=hook, sealed=seal(secret, PURPOSE).encode(), made_at=act.now)
    return secret


def _check_in_force(hook: Hook) -> None:
    if hook.withdrawn_at:
        raise refuse("推送接口已停用", "the hook is withdrawn", code="state")

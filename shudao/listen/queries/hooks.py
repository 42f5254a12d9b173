"""Reading web hooks in."""

from datetime import datetime

from django.db.models import Q, QuerySet

from shudao.base.scene import Scene
from shudao.base.sealing import unseal
from shudao.listen.models import Hook, HookCall

PURPOSE = "listen.hook"


def hooks(scene: Scene) -> QuerySet[Hook]:
    """All hooks, those in force first."""
    rows = Hook.objects.filter(source__scene=scene.key).select_related("source")
    return rows.order_by("withdrawn_at", "-opened_at", "-pk")


def hook_of(scene: Scene, code: str) -> Hook | None:
    """One hook by its code."""
    return hooks(scene).filter(code=code).first()


def hook_in_force(code: str) -> Hook | None:
    """The hook of that code, unless it was withdrawn."""
    return Hook.objects.select_related("source").filter(code=code, withdrawn_at=None).first()


def secrets_of(hook: Hook, now: datetime) -> list[bytes]:
    """The secrets that hold now: the present one, and for a day after a change the one before."""
    rows = hook.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("-pk")
    opened = (unseal(bytes(row.sealed).decode(), PURPOSE) for row in rows)
    return [bytes.fromhex(secret) for secret in opened if secret]


def calls_since(hook: Hook, since: datetime) -> int:
    """How many calls a hook took since a moment."""
    return HookCall.objects.filter(hook=hook, at__gt=since).count()


def is_known_call(hook: Hook, digest: str) -> bool:
    """Whether that very call was taken before."""
    return HookCall.objects.filter(hook=hook, digest=digest).exists()

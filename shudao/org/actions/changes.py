"""What the verbs of people share: taking over what differs, and codes for what has none yet."""

import re
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from shudao.base.refusal import refuse
from shudao.org.models import Staff

CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
ACCOUNT = re.compile(r"[\w.@+-]{1,150}")


def take_over(row: Model, /, **wanted: Any) -> dict[str, Any]:
    """Set what differs and save; returns `{name: old}` of plain values. Refused when nothing differs."""
    before = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
    if not before:
        raise refuse("没有改动", "nothing was changed", code="same")
    for name in before:
        setattr(row, name, wanted[name])
    row.save(update_fields=list(before))
    return {f"was_{name}": _plain(value) for name, value in before.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | datetime):
        return "" if value is None else value
    return getattr(value, "code", None) or str(value)


def named(text: str, zh: str = "请填写名称", en: str = "give it a name") -> str:
    """A name with its spaces in order. Refused when empty."""
    clean = " ".join(text.split())
    if not clean:
        raise refuse(zh, en, code="name")
    return clean


def free_code(rows: QuerySet[Any], code: str, stem: str) -> str:
    """The code that was given, or the next free number behind the stem. Refused when it is taken or no code."""
    if not code:
        taken = set(rows.filter(code__startswith=f"{stem}_").values_list("code", flat=True))
        return next(f"{stem}_{n}" for n in range(len(taken) + 1, 2 * len(taken) + 3) if f"{stem}_{n}" not in taken)
    if not CODE.fullmatch(code):
        raise refuse("代码只能用字母、数字、下划线和连字符", "a code has letters, digits, _ and - only", code="code")
    if rows.filter(code=code).exists():
        raise refuse(f"代码 {code} 已经有了", f"the code {code} is taken", code="taken")
    return code


def keep_an_administrator(leaving: Staff) -> None:
    """Refused when no other administrator could sign in."""
    others = Staff.objects.filter(is_administrator=True, left_at=None, user__is_active=True).exclude(pk=leaving.pk)
    if leaving.is_administrator and not others.exists():
        raise refuse(
            "这是最后一位管理员；请先指定另一位", "this is the last administrator; name another first", code="last"
        )

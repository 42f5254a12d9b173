"""What each person wishes: which levels, which channels, in which hours he is left alone."""

import re
from collections.abc import Mapping, Sequence
from datetime import time

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.channels import KINDS
from shudao.notify.models import Contact, Habit
from shudao.notify.queries.channels import channels
from shudao.org.models import Staff

_PLAIN = re.compile(r"[\w.@+-]{1,120}")


@verb(zh="设置我的通知", en="set my notifications")
def set_my_notifications(
    act: Act, staff: Staff, *, colours: Sequence[str], quiet_from: time | None, quiet_to: time | None,
    ways: Mapping[int, tuple[bool, str]],
) -> Habit:  # fmt: skip
    """Keep a person's wishes. `ways`: channel id -> used or not, and his address in it. The inbox cannot be left out.

    Refused when only one end of the quiet hours is given, and for an address that cannot be one.
    """
    if (quiet_from is None) != (quiet_to is None):
        raise refuse("免打扰要填起止两个时间", "quiet hours need both a start and an end", code="hours")
    known = {row.pk: row for row in channels()}
    for key, (_is_on, address) in ways.items():
        _check_address(known[key].kind, address)
    wishes = {"colours": list(colours), "quiet_from": quiet_from, "quiet_to": quiet_to}
    habit, _ = Habit.objects.update_or_create(staff=staff, defaults=wishes)
    for key, (is_on, address) in ways.items():
        Contact.objects.update_or_create(
            staff=staff, channel=known[key], defaults={"is_on": is_on, "address": address.strip()}
        )
    used = sorted(known[key].code for key, (is_on, _address) in ways.items() if is_on)
    hours = f"{quiet_from:%H:%M}-{quiet_to:%H:%M}" if quiet_from and quiet_to else ""
    act.note(staff=Erasable(staff.name), colours=list(colours), quiet=hours, channels=used)
    return habit


def _check_address(kind: str, address: str) -> None:
    """A mail address, or a name by which a robot may mention somebody; nothing that could say more than a name."""
    stated = address.strip()
    if not stated:
        return
    is_mail = "@" in stated.strip("@") and "." in stated.rpartition("@")[2]
    if not _PLAIN.fullmatch(stated) or (not KINDS[kind].is_group and not is_mail):
        raise refuse(f"“{stated[:40]}”不像一个地址", f"{stated[:40]} does not look like an address", code="address")
    if KINDS[kind].is_group and stated.lower().lstrip("@") in ("all", "everyone"):
        raise refuse("不能提醒群里所有人", "one may not mention the whole group", code="all")

"""The organisation's sheet: kept until its preview is confirmed, then written whole or not at all."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from shudao.base.refusal import refuse
from shudao.base.write import short_write
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.actions import people, shifts, structure
from shudao.org.claims import claims_on
from shudao.org.models import Holding, Post, SheetUpload, ShiftRule, Staff, Unit
from shudao.org.queries.sheet import present_state
from shudao.org.sheet.compare import Preview, preview_of
from shudao.org.sheet.compare.world import REFUSED, SAME, Change
from shudao.org.sheet.read import read_draft

LIVES = timedelta(hours=1)
MOST_LINES = 500


class Quiet(Act):
    """The act that a verb's body sees when it is a part of another: the same moment and actor, no entry of its own."""

    def note(self, **data: Any) -> None:
        """The sheet's own entry says it."""


def keep_sheet(staff: Staff, name: str, data: bytes, *, is_whole: bool, now: datetime) -> SheetUpload:
    """Keep an uploaded sheet for the one who uploaded it, for an hour; what he uploaded before goes. BadInput when it is
    none."""
    read_draft(data, name)
    with short_write():
        SheetUpload.objects.filter(staff=staff).delete()
        return SheetUpload.objects.create(
            token=secrets.token_urlsafe(24), staff=staff, name=name[:200], data=data, is_whole=is_whole,
            digest=sha256(data).hexdigest(), expires_at=now + LIVES,
        )  # fmt: skip


def forget_sheets(now: datetime) -> int:
    """Delete what nobody confirmed in time."""
    with short_write():
        return SheetUpload.objects.filter(expires_at__lt=now).delete()[0]


def preview_sheet(upload: SheetUpload, now: datetime) -> Preview:
    """What an uploaded sheet would change now."""
    draft = read_draft(bytes(upload.data), upload.name)
    told = {"is_whole": upload.is_whole, "administers": upload.staff.is_administrator, "claimed": claims_on}
    return preview_of(present_state(now), draft, **told)  # type: ignore[arg-type]


@verb(zh="按表格更新组织", en="apply sheet")
def apply_sheet(act: Act, upload: SheetUpload, *, digest: str) -> Preview:
    """Write what the preview of that digest showed, all of it or nothing. Refused when what stands has changed since,
    and when nothing is to be done."""
    preview = preview_sheet(upload, act.now)
    if preview.digest != digest:
        raise refuse(
            "预览之后组织有了变动，请重新核对下面的预览",
            "something changed since the preview; look at it again",
            code="changed",
        )
    if not preview.to_do:
        raise refuse("表里没有要改动的", "the sheet changes nothing", code="same")
    Writer(act).write([row for row in preview.changes if row.act not in (SAME, REFUSED)])
    SheetUpload.objects.filter(pk=upload.pk).delete()
    lines = "\n".join(_line(row) for row in preview.changes[:MOST_LINES] if row.act not in (SAME, REFUSED))
    act.note(file=upload.digest, whole=upload.is_whole, **preview.counts(), changes=Erasable(lines))
    return preview


def _line(row: Change) -> str:
    said = "；".join(f"{d.label.zh} {_zh(d.before)} → {_zh(d.after)}" for d in row.details)
    return f"{row.table} {row.act} {row.what} {said}".strip()


def _zh(value: Any) -> str:
    return value if isinstance(value, str) else value.zh


class Writer:
    """Does what was confirmed: additions in bulk, the rest by the verbs' own bodies with all their refusals."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.quiet = Quiet(act.actor, act.verb, act.now, act.stream)
        self.units: dict[str, Unit] = {row.code: row for row in Unit.objects.all()}
        self.posts: dict[str, Post] = {row.code: row for row in Post.objects.select_related("unit")}
        self.staff: dict[str, Staff] = {row.user.username: row for row in Staff.objects.select_related("user")}

    def write(self, changes: list[Change]) -> None:
        """Everything in an order in which each finds what it needs; what ends goes last, from the inside out."""
        ops: dict[str, list[Mapping[str, Any]]] = {}
        for row in changes:
            for op in row.ops:
                ops.setdefault(op.verb, []).append(op.given)
        self._add_units(ops.get("add_unit", []))
        self._each(ops, "restore_unit", lambda given: structure.restore_unit.body(self.quiet, self.units[given["key"]]))
        self._change_units(ops.get("change_unit", []))
        for given in ops.get("add_post", []):
            self._add_post(given)
        self._each(ops, "restore_post", lambda given: structure.restore_post.body(self.quiet, self.posts[given["key"]]))
        self._each(ops, "change_post", self._change_post)
        self._each(ops, "set_deputies", self._set_deputies)
        self._add_staff(ops.get("add_staff", []))
        self._each(ops, "restore_staff", lambda given: people.restore_staff.body(self.quiet, self.staff[given["key"]]))
        self._each(ops, "change_staff", self._change_staff)
        self._add_holdings(ops.get("start_holding", []))
        self._holdings(ops.get("change_holding", []), ops.get("end_holding", []))
        self._add_rules(ops.get("add_shift_rule", []))
        self._move_ends(ops.get("move_rule_end", []))
        self._each(ops, "end_shift_rule", self._end_rule)
        self._each(ops, "retire_staff", lambda given: people.retire_staff.body(self.quiet, self.staff[given["key"]]))
        self._each(ops, "retire_post", lambda given: structure.retire_post.body(self.quiet, self.posts[given["key"]]))
        self._retire_units([given["key"] for given in ops.get("retire_unit", [])])

    @staticmethod
    def _each(ops: Mapping[str, list[Mapping[str, Any]]], name: str, do: Any) -> None:
        for given in ops.get(name, []):
            do(given)

    def _add_units(self, rows: list[Mapping[str, Any]]) -> None:
        """All first, then each under its own: the one above may stand further down in the sheet."""
        for given in rows:
            code = "" if given["key"].startswith("new:") else given["key"]
            self.units[given["key"]] = structure.add_unit.body(
                self.quiet, name=given["name"], kind=given["kind"], code=code
            )
        for given in rows:
            if given["parent"]:
                row = self.units[given["key"]]
                row.parent = self.units[given["parent"]]
                row.save(update_fields=["parent"])

    def _change_units(self, rows: list[Mapping[str, Any]]) -> None:
        """Each loose first, so that two may change places; the preview has seen that no circle is left."""
        moved = [self.units[given["key"]].pk for given in rows]
        Unit.objects.filter(pk__in=moved).update(parent=None)
        for given in rows:
            row = self.units[given["key"]]
            above = self.units[given["parent"]] if given["parent"] else None
            row.name, row.kind, row.parent = given["name"], given["kind"], above
            row.save(update_fields=["name", "kind", "parent"])

    def _retire_units(self, keys: list[str]) -> None:
        """From the lowest up."""
        waiting = [self.units[key] for key in keys]
        while waiting:
            above = {row.parent_id for row in waiting}
            low = [row for row in waiting if row.pk not in above]
            for row in low:
                structure.retire_unit.body(self.quiet, Unit.objects.get(pk=row.pk))
            waiting = [row for row in waiting if row not in low]

    def _add_post(self, given: Mapping[str, Any]) -> None:
        code = "" if given["key"].startswith("new:") else given["key"]
        told = {"name": given["name"], "unit": self.units[given["unit"]], "is_all_hours": given["is_all_hours"]}
        self.posts[given["key"]] = structure.add_post.body(self.quiet, code=code, **told)

    def _change_post(self, given: Mapping[str, Any]) -> None:
        told = {"name": given["name"], "unit": self.units[given["unit"]], "is_all_hours": given["is_all_hours"]}
        structure.change_post.body(self.quiet, self.posts[given["key"]], **told)

    def _set_deputies(self, given: Mapping[str, Any]) -> None:
        deputies = [self.posts[key] for key in given["deputies"]]
        structure.set_deputies.body(self.quiet, self.posts[given["key"]], deputies)

    def _add_staff(self, rows: list[Mapping[str, Any]]) -> None:
        """People by the hundred: accounts without a password, each with its person."""
        users = get_user_model()
        taken = set(users.objects.values_list("username", flat=True))
        accounts = []
        for given in rows:
            account = people.free_account(taken) if given["key"].startswith("new:") else given["key"]
            if account in taken:
                raise refuse(f"账号 {account} 已经有了", f"the account {account} is taken", code="taken")
            taken.add(account)
            accounts.append(account)
        secret = make_password(None)
        made = users.objects.bulk_create([users(username=name, password=secret) for name in accounts], batch_size=500)
        by_name = {user.username: user for user in users.objects.filter(username__in=[u.username for u in made])}
        fresh = [
            Staff(
                user=by_name[account], **{name: given[name] for name in ("name", "phone", "mail", "is_administrator")}
            )
            for account, given in zip(accounts, rows, strict=True)
        ]
        for row, given in zip(Staff.objects.bulk_create(fresh, batch_size=500), rows, strict=True):
            self.staff[given["key"]] = row

    def _change_staff(self, given: Mapping[str, Any]) -> None:
        told = {name: given[name] for name in ("name", "phone", "mail", "is_administrator")}
        people.change_staff.body(self.quiet, self.staff[given["key"]], **told)

    def _add_holdings(self, rows: list[Mapping[str, Any]]) -> None:
        Holding.objects.bulk_create(
            [
                Holding(post=self.posts[given["post"]], staff=self.staff[given["staff"]],
                        from_at=given["from_at"] or self.act.now, to_at=given["to_at"])
                for given in rows
            ],
            batch_size=500,
        )  # fmt: skip

    def _holdings(self, changed: list[Mapping[str, Any]], ended: list[Mapping[str, Any]]) -> None:
        keys = [given["key"] for given in (*changed, *ended)]
        rows = {row.pk: row for row in Holding.objects.select_related("post", "staff").filter(pk__in=keys)}
        for given in changed:
            row = rows[given["key"]]
            row.from_at, row.to_at = given["from_at"], given["to_at"]
            row.save(update_fields=["from_at", "to_at"])
        for given in ended:
            people.end_holding.body(self.quiet, rows[given["key"]], to_at=given["to_at"])

    def _add_rules(self, rows: list[Mapping[str, Any]]) -> None:
        today = timezone.localdate(self.act.now)
        plain = ("days", "weekdays", "every_weeks", "from_time", "to_time", "to_on")
        fresh = [
            ShiftRule(post=self.posts[given["post"]], staff=self.staff[given["staff"]],
                      from_on=given["from_on"] or today, **{name: given[name] for name in plain})
            for given in rows
        ]  # fmt: skip
        made = ShiftRule.objects.bulk_create(fresh, batch_size=500)
        if made:
            shifts.roll(made, self.act.now)

    def _end_rule(self, given: Mapping[str, Any]) -> None:
        row = ShiftRule.objects.select_related("post", "staff").get(pk=given["key"])
        shifts.end_shift_rule.body(self.quiet, row, to_on=given["to_on"])

    def _move_ends(self, rows: list[Mapping[str, Any]]) -> None:
        """Another last day of rules: earlier takes the shifts after it away, later or open brings them."""
        found = []
        for given in rows:
            row = ShiftRule.objects.select_related("post", "staff").get(pk=given["key"])
            row.to_on = given["to_on"]
            row.save(update_fields=["to_on"])
            found.append(row)
        if found:
            shifts.roll(found, self.act.now)

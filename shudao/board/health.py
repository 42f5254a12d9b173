"""健康 (health): what is wrong with this site, in words, and what to do about it. Read by `shudao check`, the page 运行 and
the metrics. Looks only; mends nothing.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from shudao.base.models import JobRow
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.follow.access import archive_folder
from shudao.follow.models import Archive
from shudao.ledger.models import Entry
from shudao.ledger.queries import streams, verify_stream
from shudao.listen.models import Source
from shudao.notify.channels.hints import mend_of
from shudao.notify.queries.channels import beat_address, last_attempts, outside, with_last_attempt
from shudao.notify.queries.channels import channels as set_up
from shudao.notify.queries.outbox import overdue_parcels
from shudao.notify.queries.worker import PULSE, silent_since
from shudao.org.models import Organisation, Staff
from shudao.org.queries import organisation, reachable_posts
from shudao.plan.queries import edition_in_force

HEADS_LATE = timedelta(days=2)
LEAST_ROOM, LITTLE_ROOM = 300 << 20, 2 << 30
"""Bytes left on the disk: less than the first is a fault, less than the second a warning."""
SHOWN = 20
STUCK = timedelta(minutes=30)
"""A message of a channel that is on has waited too long; gathering never takes that long."""


class State(StrEnum):
    """状态 (state) of one part of the site."""

    OK = "ok"
    WARN = "warn"
    FAULT = "fault"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """发现 (finding): how one part is, where exactly, and what to do."""

    part: str
    state: State
    says: Words
    where: str = ""
    mend: Words | None = None


def health(now: datetime, *, whole: bool = True) -> list[Finding]:
    """Every part of the site. `whole` also walks every chain of the ledger and every sealed file, which takes time."""
    parts: dict[str, Callable[[], Iterable[Finding]]] = {
        "database": lambda: database(whole=whole),
        "disk": lambda: disk(settings.DATA),
        "secrets": lambda: secrets(settings.DATA),
        "worker": lambda: worker(now),
        "jobs": jobs,
        "clock": lambda: time_goes_on(now),
        "people": lambda: people(now),
        "plan": plan,
        "sources": sources,
        "channels": lambda: channels(now),
        "ledger": lambda: ledger(now, whole=whole),
        "archives": lambda: archives(whole=whole),
    }
    return [finding for name, look in parts.items() for finding in _looked(name, look)]


def _looked(part: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """A part that cannot even be looked at is a finding, not the end of the look."""
    try:
        return list(look())
    except (DatabaseError, OSError, ValueError) as fault:
        return [
            _fault(part, "检查不了这一部分", "this part cannot be looked at", where=type(fault).__name__, mend=RESTART)
        ]


def worst(findings: Iterable[Finding]) -> State:
    """The state of the whole."""
    states = {finding.state for finding in findings}
    return State.FAULT if State.FAULT in states else State.WARN if State.WARN in states else State.OK


def database(*, whole: bool) -> Iterator[Finding]:
    """Structure as this version wants it; on SQLite the file's own check."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield _fault("database", "数据库还没有升级", "the database is not up to date", mend=RESTART)
    if whole and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            said = cursor.fetchone()[0]
        if said != "ok":
            mend = Words(zh="从备份恢复", en="restore a backup")
            yield _fault("database", "数据库文件损坏", "the database file is damaged", where=said, mend=mend)
            return
    yield _ok("database", f"数据库（{connection.vendor}）完好", f"the database ({connection.vendor}) is sound")


def disk(data: Path) -> Iterator[Finding]:
    """Room left where the site is kept."""
    left = shutil.disk_usage(data).free
    say = Words(zh=f"磁盘剩余 {left >> 20} MB", en=f"{left >> 20} MB left on the disk")
    state = State.FAULT if left < LEAST_ROOM else State.WARN if left < LITTLE_ROOM else State.OK
    mend = (
        None
        if state == State.OK
        else Words(zh="清理磁盘，或按期清除旧信息", en="make room, or erase what is past its period")
    )
    yield Finding(part="disk", state=state, says=say, where=str(data), mend=mend)


def secrets(data: Path) -> Iterator[Finding]:
    """Key files that others on the machine could read."""
    for path in sorted(data.glob("*.key")):
        if path.stat().st_mode & 0o077:
            mend = Words(zh=f"chmod 600 {path.name}", en=f"chmod 600 {path.name}")
            yield _fault(
                "secrets", "密钥文件别人也能读", "a key file can be read by others", where=path.name, mend=mend
            )


def worker(now: datetime) -> Iterator[Finding]:
    """Whether somebody runs the jobs."""
    since = silent_since(now)
    if not JobRow.objects.exists():
        yield _warn("worker", "后台还没有运行过", "the worker has not run yet", mend=START)
    elif since is not None:
        at = f"{timezone.localtime(since):%m-%d %H:%M}"
        zh, en = f"后台自 {at} 起没有运行", f"the worker is silent since {at}"
        yield _fault("worker", zh, en, where=PULSE, mend=START)
    else:
        yield _ok("worker", "后台在运行", "the worker runs")


def jobs() -> Iterator[Finding]:
    """Jobs whose last turn failed."""
    for row in JobRow.objects.exclude(last_fault="").order_by("name")[:SHOWN]:
        kind = row.last_fault.split(":", 1)[0]
        mend = Words(zh="看日志；下一次会再试", en="look at the log; it is tried again at its next turn")
        yield _fault(
            "jobs", f"后台作业 {row.name} 上次失败", f"the job {row.name} failed last time", where=kind, mend=mend
        )


def time_goes_on(now: datetime) -> Iterator[Finding]:
    """A clock set back would make the record read as if the future had happened."""
    last = Entry.objects.order_by("-pk").first()
    if last and last.at > now + timedelta(minutes=5):
        mend = Words(zh="校准这台机器的时间", en="set this machine's clock right")
        yield _fault(
            "clock",
            "机器时间早于最近一条记录",
            "the machine's clock is behind the last entry",
            where=str(last),
            mend=mend,
        )


def people(now: datetime) -> Iterator[Finding]:
    """An organisation, somebody who may set it up, and posts that nobody answers for."""
    here: Organisation | None = organisation()
    if here is None:
        yield _warn("people", "还没有建立组织", "no organisation is set up yet", mend=GUIDE)
        return
    if not Staff.objects.filter(is_administrator=True, user__is_active=True).exists():
        mend = Words(zh="用命令行发一个登录链接", en="make a sign-in link on the command line")
        yield _warn("people", "没有在岗的管理员", "no administrator is active", mend=mend)
    empty = sorted(code for code, held in reachable_posts(now).items() if not held)
    if empty:
        shown = "、".join(empty[:5])
        yield _warn(
            "people", f"{len(empty)} 个岗位现在无人", f"{len(empty)} posts are unmanned now", where=shown, mend=GUIDE
        )


def plan() -> Iterator[Finding]:
    """A plan in force."""
    here = organisation()
    if here and edition_in_force() is None:
        yield _warn("plan", "没有生效的预案", "no plan is in force", mend=GUIDE)


def sources() -> Iterator[Finding]:
    """Sources that fail, with what was said."""
    rows = Source.objects.in_scene(LIVE)
    failing = rows.filter(state=Source.State.FAILING).order_by("-failures", "code")
    for row in failing[:SHOWN]:
        state = State.FAULT if row.failures >= 3 else State.WARN
        says = Words(
            zh=f"信源“{row.name}”连续 {row.failures} 次读取失败",
            en=f"the source “{row.name}” failed {row.failures} times",
        )
        mend = Words(zh="在信源页看原因", en="see why on the page of sources")
        yield Finding(part="sources", state=state, says=says, where=row.code, mend=mend)
    if not failing:
        yield _ok("sources", f"{rows.count()} 个信源，无失败", f"{rows.count()} sources, none failing")


def channels(now: datetime) -> Iterator[Finding]:
    """Ways out of the site: those that fail, with the other side's words, what waits too long, and the heartbeat."""
    rows = list(with_last_attempt(set_up()))
    tries = last_attempts(rows)
    failing = [row for row in rows if row.is_on and (last := tries.get(row.pk)) and not last.ok]
    for row in failing:
        last = tries[row.pk]
        zh, en = f"渠道“{row.name}”发不出消息", f"the channel “{row.name}” does not send"
        mend = mend_of(row.kind, last.code, last.said) or CHANNELS
        yield _either(bool(row.fault_told_at), zh, en, where=f"{row.code} {last.said[:120]}", mend=mend)
    waiting = overdue_parcels(now - STUCK)
    if waiting:
        zh, en = f"{waiting} 条外发消息等了半小时以上", f"{waiting} messages have waited over half an hour to leave"
        yield _warn("channels", zh, en, mend=CHANNELS)
    outer = outside()
    if outer.beat_ok is False and beat_address(outer):
        yield _warn(
            "channels", "心跳没有送到", "the heartbeat did not arrive", where=outer.beat_said[:120], mend=CHANNELS
        )
    if not any(row.is_on for row in rows):
        zh, en = "没有启用的渠道，消息只在站内", "no channel is on: messages stay in the inbox"
        yield _warn("channels", zh, en, mend=CHANNELS)
    elif not failing:
        count = sum(row.is_on for row in rows)
        yield _ok("channels", f"{count} 个渠道，无故障", f"{count} channels, none failing")


def _either(is_fault: bool, zh: str, en: str, *, where: str, mend: Words) -> Finding:
    return (_fault if is_fault else _warn)("channels", zh, en, where=where, mend=mend)


def ledger(now: datetime, *, whole: bool) -> Iterator[Finding]:
    """Every chain against its head; the heads recorded daily."""
    rows = streams()
    for row in rows if whole else ():
        report = verify_stream(row.name)
        if not report.ok:
            fault = report.fault or Words(zh="链断了", en="the chain is broken")
            mend = Words(
                zh="不要再写入；保留现场，对照纸面上的哈希",
                en="stop writing; keep it as it is; compare with hashes on paper",
            )
            yield Finding(part="ledger", state=State.FAULT, says=fault, where=f"{row.name}:{report.at_seq}", mend=mend)
    last = Entry.objects.filter(stream="site", verb="record_heads").order_by("-seq").first()
    if last and last.at < now - HEADS_LATE:
        yield _warn("ledger", "链头两天没有登记了", "the heads were not recorded for two days", mend=START)
    count = sum(row.length for row in rows)
    if whole:
        yield _ok(
            "ledger", f"{len(rows)} 条记录流 {count} 条记录已核对", f"{count} entries of {len(rows)} streams checked"
        )


def archives(*, whole: bool) -> Iterator[Finding]:
    """Sealed bundles: the file there, its bytes as recorded."""
    for row in Archive.objects.select_related("incident").order_by("pk"):
        path = archive_folder() / row.name
        mend = Words(zh="从备份找回这个文件", en="bring the file back from a backup")
        if not path.is_file():
            yield _fault("archives", "封存包不见了", "a sealed bundle is missing", where=row.name, mend=mend)
        elif whole and _sha256(path) != row.sha256:
            yield _fault(
                "archives", "封存包与登记的哈希不符", "a sealed bundle differs from its hash", where=row.name, mend=mend
            )


START = Words(zh="启动站点：make start", en="start the site: make start")
RESTART = Words(zh="停下站点再启动", en="stop the site and start it again")
CHANNELS = Words(zh="打开“通知渠道”", en="open “channels”")
GUIDE = Words(zh="打开“设置向导”", en="open the guide “setting up”")


def _ok(part: str, zh: str, en: str) -> Finding:
    return Finding(part=part, state=State.OK, says=Words(zh=zh, en=en))


def _warn(part: str, zh: str, en: str, *, where: str = "", mend: Words | None = None) -> Finding:
    return Finding(part=part, state=State.WARN, says=Words(zh=zh, en=en), where=where, mend=mend)


def _fault(part: str, zh: str, en: str, *, where: str = "", mend: Words | None = None) -> Finding:
    return Finding(part=part, state=State.FAULT, says=Words(zh=zh, en=en), where=where, mend=mend)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

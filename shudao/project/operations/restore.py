"""恢复 (restore): a site from its backup, every byte checked, whole or not at all.

The database is first built as it was when the backup was made, by the migrations the backup names; then it is filled,
checked (hashes, counts, keys that point nowhere, every chain of the ledger against its head) and brought up to date.
"""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import IO

import msgspec
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from shudao.engine.words import BadInput, Words
from shudao.ledger.queries import head_of, streams, verify_stream
from shudao.project.operations import rows
from shudao.project.operations.backup import FORMAT, Inside

LONGEST_LINE = 256 << 20


def read_inside(file: Path) -> Inside:
    """What a backup says of itself. BadInput when the file is none, is damaged, or is of a newer product."""
    try:
        with zipfile.ZipFile(file) as zip_:
            inside = msgspec.json.decode(zip_.read("backup.json"), type=Inside)
            names = set(zip_.namelist()) - {"backup.json"}
    except FileNotFoundError as fault:
        raise BadInput(Words(zh="没有这个文件", en="there is no such file"), where=str(file)) from fault
    except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError, OSError) as fault:
        what = Words(zh="这不是完整的备份文件", en="this is no whole backup")
        mend = Words(zh="换一份备份再试", en="try another backup")
        raise BadInput(what, where=str(file), mend=mend) from fault
    if inside.format > FORMAT:
        what = Words(zh="备份来自更新的版本", en="the backup was made by a newer version")
        mend = Words(zh=f"先装 {inside.version}", en=f"install {inside.version} first")
        raise BadInput(what, where=str(file), mend=mend)
    if names != set(inside.sha256):
        raise damaged(sorted(names ^ set(inside.sha256))[0])
    return inside


def damaged(where: str) -> BadInput:
    """The refusal of a backup whose content is not what it says."""
    what = Words(zh="备份的内容与它的清单不符", en="the backup does not hold what it lists")
    return BadInput(what, where=where, mend=Words(zh="换一份备份再试", en="try another backup"))


def check_bytes(file: Path, inside: Inside) -> None:
    """Every member against its hash; BadInput names the first that differs."""
    with zipfile.ZipFile(file) as zip_:
        for name, wanted in inside.sha256.items():
            digest = hashlib.sha256()
            try:
                with zip_.open(name) as member:
                    while block := member.read(1 << 20):
                        digest.update(block)
            except (zipfile.BadZipFile, EOFError, OSError) as fault:
                raise damaged(name) from fault
            if digest.hexdigest() != wanted:
                raise damaged(name)


def put_files(file: Path, inside: Inside, data: Path) -> int:
    """Write the files into a data folder; returns how many. BadInput when a name leads out of it."""
    count = 0
    with zipfile.ZipFile(file) as zip_:
        for name in inside.sha256:
            if not name.startswith("files/"):
                continue
            target = (data / name.removeprefix("files/")).resolve()
            if not target.is_relative_to(data.resolve()):
                raise damaged(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch(mode=0o600)
            with zip_.open(name) as member, target.open("wb") as out:
                shutil.copyfileobj(member, out, 1 << 20)
            count += 1
    return count


def fill_database(file: Path, inside: Inside) -> None:
    """Build, fill, check and bring up to date the database that the settings name; it must be empty."""
    then = _build(inside)
    with zipfile.ZipFile(file) as zip_, transaction.atomic():
        tables = [then.get_model(name) for name in inside.tables]
        for model in tables:
            rows.empty(model)
        for model in tables:
            name = model._meta.label_lower
            with zip_.open(f"tables/{name}.jsonl") as member:
                if rows.put_back(model, _lines(member)) != inside.tables[name]:
                    raise damaged(name)
        rows.set_counters(tables)
        connection.check_constraints()
        _check_chains(inside)
    with redirect_stdout(StringIO()):
        call_command("migrate", interactive=False, verbosity=0)


def _build(inside: Inside) -> Apps:
    """The tables as they were; returns the models of that time."""
    executor = MigrationExecutor(connection)
    wanted = [tuple(row) for row in inside.migrations]
    unknown = [row for row in wanted if row not in executor.loader.graph.nodes]
    if unknown:
        what = Words(
            zh=f"这个版本不认识备份的结构 {unknown[0][0]}.{unknown[0][1]}",
            en=f"this version does not know the backup's structure {unknown[0][0]}.{unknown[0][1]}",
        )
        raise BadInput(what, mend=Words(zh=f"先装 {inside.version}", en=f"install {inside.version} first"))
    ends = _ends(wanted, executor)
    executor.migrate(ends)
    if set(MigrationRecorder(connection).applied_migrations()) != set(wanted):
        raise damaged("backup.json")
    return executor.loader.project_state(ends).apps


def _ends(wanted: list[tuple[str, str]], executor: MigrationExecutor) -> list[tuple[str, str]]:
    """The last migrations of each app among those wanted."""
    children = {row: executor.loader.graph.node_map[row].children for row in wanted}
    return [row for row in wanted if not any(c.key[0] == row[0] and c.key in children for c in children[row])]


def _check_chains(inside: Inside) -> None:
    for name, (length, head) in inside.heads.items():
        report = verify_stream(name)
        if not report.ok or tuple(head_of(name)) != (head, length):
            raise damaged(name)
    if {row.name for row in streams()} != set(inside.heads):
        raise damaged("ledger.stream")


def _lines(member: IO[bytes]) -> Iterator[bytes]:
    while line := member.readline(LONGEST_LINE):
        yield line

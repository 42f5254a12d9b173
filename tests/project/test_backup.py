"""A backup holds the site as of one moment and nothing that opens a sealed handle; a restore gives it back or refuses."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile

import pytest

from tests.postgres import binaries, cluster

BEGIN = "import sys; from pathlib import Path; from shudao.project.site import *; use_folder(Path(sys.argv[1])); prepare(pages=False)"
LIVED = """
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.project.sample import furnish
furnish()
from shudao.plan.queries import edition_in_force
from shudao.respond.actions import open_incident
open_incident(Actor(LIVE, "duty_officer", "陈立"), edition_in_force("power_county").plan, title="城南停电", origin="hotline")
Path(sys.argv[1], "files").mkdir(); Path(sys.argv[1], "files", "录音.txt").write_text("电话记录")
"""
WRITER = """
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.ledger.actions import record_heads
print("writing", flush=True)
for line in sys.stdin: record_heads(Actor(LIVE, "system")); print("kept", flush=True)
"""


def surroundings(**more):
    kept = {key: value for key, value in os.environ.items() if key not in {"SHUDAO_DATA", "DATABASE_URL"}}
    return {**kept, "DJANGO_SETTINGS_MODULE": "shudao.project.settings", "SHUDAO_LANG": "en", **more}


def python(folder, *lines, **more):
    code = "\n".join((BEGIN, *lines))
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, env=surroundings(**more)
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shudao(*words, **more):
    command = [sys.executable, "-m", "shudao.project.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings(**more))


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A site that has lived, with an incident under way and a file beside."""
    folder = tmp_path_factory.mktemp("lived") / "data"
    python(folder, LIVED)
    return folder


@pytest.fixture(scope="module")
def backup(lived, tmp_path_factory):
    file = tmp_path_factory.mktemp("kept") / "site.zip"
    done = shudao("backup", file, "--data", lived)
    assert done.returncode == 0, done.stderr
    return file


def tables(file):
    with zipfile.ZipFile(file) as zip_:
        return {name: zip_.read(name) for name in zip_.namelist() if name != "backup.json"}


def test_what_is_restored_is_backed_up_the_same_and_goes_on(backup, tmp_path):
    restored = shudao("restore", backup, "--data", tmp_path / "data")
    assert restored.returncode == 0 and "streams of the ledger whole" in restored.stdout, restored.stderr
    assert (tmp_path / "data" / "files" / "录音.txt").read_text() == "电话记录"
    assert shudao("backup", tmp_path / "again.zip", "--data", tmp_path / "data").returncode == 0
    assert tables(tmp_path / "again.zip") == tables(backup)
    python(tmp_path / "data", WRITER.replace("for line in sys.stdin: ", ""))  # the chain goes on where it ended


def test_a_backup_is_readable_by_its_owner_only_and_leaves_nothing_beside(backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_no_door_key_and_no_sealed_handle_is_in_it(backup, lived):
    with sqlite3.connect(lived / "shudao.sqlite3") as base:
        keys = [bytes(row[0]) for row in base.execute("select key from listen_doorkey")]
        sealed = [bytes(row[0]) for row in base.execute("select sealed from listen_item where length(sealed) > 0")]
    assert keys and any(any(key) for key in keys) and sealed
    held = tables(backup)
    rows = [json.loads(line) for line in held["tables/listen.doorkey.jsonl"].splitlines()]
    place = rows[0].index("key")
    assert all(row[place] == {"bytes": ""} for row in rows[1:])
    items = [json.loads(line) for line in held["tables/listen.item.jsonl"].splitlines()]
    place = items[0].index("sealed")
    assert len(items) > 10 and all(row[place] == {"bytes": ""} for row in items[1:])


def test_after_a_restore_new_readings_open_a_door_of_their_own(backup, tmp_path):
    shudao("restore", backup, "--data", tmp_path / "data")
    said = python(
        tmp_path / "data",
        "from shudao.base.scene import LIVE",
        "from shudao.ledger.verbs import Actor",
        "from shudao.engine.post import Post",
        "from shudao.listen.actions import read_batch",
        "from shudao.listen.models import DoorKey, Source",
        "from shudao.base import clock",
        "post = Post(id='fresh', kind='social', text='又停电了', author='某某', published_at=clock.now(LIVE))",
        "read_batch(Actor(LIVE, 'system'), Source.objects.in_scene(LIVE).first(), [post])",
        "print(DoorKey.objects.filter(destroyed_at=None).count())",
    )
    assert said.split()[-1] == "1"


def test_it_is_taken_while_somebody_writes_and_keeps_nobody_from_writing(lived, tmp_path):
    code = "\n".join((BEGIN, WRITER))
    command = [sys.executable, "-c", code, str(lived)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings()
    ) as writer:
        assert writer.stdout.readline() == "writing\n"
        taking = subprocess.Popen(
            [sys.executable, "-m", "shudao.project.cli", "backup", str(tmp_path / "b.zip"), "--data", str(lived)],
            env=surroundings(), stdout=subprocess.DEVNULL,
        )  # fmt: skip
        while taking.poll() is None:
            writer.stdin.write("\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == "kept\n"
        writer.stdin.close()
    assert taking.returncode == 0
    done = shudao("restore", tmp_path / "b.zip", "--data", tmp_path / "data")
    assert done.returncode == 0, done.stderr


def test_a_place_that_is_not_empty_is_refused(backup, lived):
    before = (lived / "shudao.sqlite3").read_bytes()
    refused = shudao("restore", backup, "--data", lived)
    assert refused.returncode == 2 and "here already" in refused.stderr
    assert (lived / "shudao.sqlite3").read_bytes() == before


def rewritten(backup, target, change):
    """A copy of the backup with members changed by `change(name, bytes)`; None leaves a member out."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return target


CHANGES = {
    "a byte": lambda name, body: body.replace("城南".encode(), "城北".encode()) if "respond.incident" in name else body,
    "a row": lambda name, body: body.rsplit(b"\n", 2)[0] + b"\n" if name.endswith("org.staff.jsonl") else body,
    "a member": lambda name, body: None if name.endswith("org.unit.jsonl") else body,
    "the list": lambda name, body: b"{" if name == "backup.json" else body,
    "the format": lambda name, body: body.replace(b'"format": 1', b'"format": 99') if name == "backup.json" else body,
    "a head": lambda name, body: body.replace(b'"site": [', b'"site": [1') if name == "backup.json" else body,
    "a migration": lambda name, body: body.replace(b"0002_rights", b"0999_later") if name == "backup.json" else body,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_backup_that_is_not_what_it_says_is_refused_and_leaves_nothing(backup, tmp_path, change):
    wrong = rewritten(backup, tmp_path / "wrong.zip", CHANGES[change])
    refused = shudao("restore", wrong, "--data", tmp_path / "data")
    assert refused.returncode == 2 and "Traceback" not in refused.stderr and len(refused.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.zip"]


@pytest.mark.parametrize("cut", [0, 100, 5000])
def test_half_a_backup_is_refused(backup, tmp_path, cut):
    (tmp_path / "half.zip").write_bytes(backup.read_bytes()[:cut])
    refused = shudao("restore", tmp_path / "half.zip", "--data", tmp_path / "data")
    assert refused.returncode == 2 and "Traceback" not in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_site_that_is_not_there_cannot_be_backed_up(tmp_path):
    refused = shudao("backup", tmp_path / "b.zip", "--data", tmp_path / "none")
    assert refused.returncode == 2 and "no site here" in refused.stderr and not (tmp_path / "b.zip").exists()


def test_a_site_moves_to_postgresql_and_back(backup, tmp_path):
    tools = binaries()
    if tools is None:
        pytest.skip("PostgreSQL is not installed")
    with cluster(tools) as url:
        there = shudao("restore", backup, "--data", tmp_path / "there", DATABASE_URL=url)
        assert there.returncode == 0, there.stderr
        full = shudao("restore", backup, "--data", tmp_path / "more", DATABASE_URL=url)
        assert full.returncode == 2 and "holds tables already" in full.stderr
        done = shudao("backup", tmp_path / "pg.zip", "--data", tmp_path / "there", DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
        python(tmp_path / "there", WRITER.replace("for line in sys.stdin: ", ""), DATABASE_URL=url)
    back = shudao("restore", tmp_path / "pg.zip", "--data", tmp_path / "back")
    assert back.returncode == 0, back.stderr
    assert shudao("backup", tmp_path / "again.zip", "--data", tmp_path / "back").returncode == 0
    assert tables(tmp_path / "again.zip") == tables(tmp_path / "pg.zip")

"""A database is brought up to date whole or not at all, whenever the process is killed."""

import fcntl
import os
import sqlite3
import subprocess
import sys

import pytest

BEGIN = "from pathlib import Path; import sys; from shudao.project.site import prepare, use_folder; use_folder(Path(sys.argv[1]))"
KILLED = """
import os
from django.db.migrations.recorder import MigrationRecorder
count, keep = [], MigrationRecorder.record_applied
def record(self, app, name):
    count.append(name)
    if len(count) == {at}: os.kill(os.getpid(), 9)
    keep(self, app, name)
MigrationRecorder.record_applied = record
"""


def run(folder, *lines):
    """Python lines on a site folder, in a process of its own."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "shudao.project.settings"}
    for name in ("SHUDAO_DATA", "DATABASE_URL"):
        env.pop(name, None)
    code = "\n".join((BEGIN, *lines))
    return subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, env=env)


@pytest.mark.parametrize("at", [1, 12, 19])
def test_a_kill_before_a_migration_is_recorded_leaves_nothing_that_cannot_be_mended(tmp_path, at):
    killed = run(tmp_path, KILLED.format(at=at), "prepare(pages=False)")
    assert killed.returncode == -9
    assert not (tmp_path / "shudao.sqlite3").exists()
    again = run(tmp_path, "prepare(pages=False)")
    assert again.returncode == 0, again.stderr
    assert not list(tmp_path.glob("*.new*"))


def test_what_is_in_an_older_database_stays(tmp_path):
    older = "from django.core.management import call_command; call_command('migrate', 'org', verbosity=0)"
    row = "from shudao.org.models import Outlet; Outlet.objects.create(name='晚报')"
    assert run(tmp_path, older, row).returncode == 0
    assert run(tmp_path, KILLED.format(at=3), "prepare(pages=False)").returncode == -9
    assert run(tmp_path, "prepare(pages=False)").returncode == 0
    with sqlite3.connect(tmp_path / "shudao.sqlite3") as base:
        assert base.execute("select name from org_outlet").fetchall() == [("晚报",)]
        assert base.execute("select count(*) from sqlite_master where name = 'drill_run'").fetchone() == (1,)


def test_an_up_to_date_database_is_left_alone(tmp_path):
    run(tmp_path, "prepare(pages=False)")
    before = (tmp_path / "shudao.sqlite3").stat()
    assert run(tmp_path, "prepare(pages=False)").returncode == 0
    after = (tmp_path / "shudao.sqlite3").stat()
    assert (before.st_ino, before.st_size) == (after.st_ino, after.st_size)


def test_a_running_site_is_not_upgraded_under_its_feet(tmp_path):
    older = "from django.core.management import call_command; call_command('migrate', 'org', verbosity=0)"
    assert run(tmp_path, older).returncode == 0
    with (tmp_path / "site.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        refused = run(tmp_path, "prepare(pages=False)")
    assert refused.returncode == 1 and "the site is running" in refused.stderr
    assert run(tmp_path, "prepare(pages=False)").returncode == 0


def test_an_up_to_date_site_may_be_used_by_several(tmp_path):
    run(tmp_path, "prepare(pages=False)")
    with (tmp_path / "site.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert run(tmp_path, "prepare(pages=False)").returncode == 0

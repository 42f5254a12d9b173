"""`shudao erase` as a user runs it, and `shudao verify` on the record it leaves."""

import json

import pytest

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.ledger.queries import deletion_records
from shudao.ledger.verbs import Actor
from shudao.listen.actions import add_source, read_batch
from shudao.listen.models import Item
from shudao.project.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command as `shudao` does, in the site of the test."""
    from shudao.project import site

    monkeypatch.setattr(site, "open_site", lambda data: data)

    def run_one(*words):
        with pytest.raises(SystemExit) as done:
            main([str(word) for word in words])
        return int(done.value.code or 0), *capsys.readouterr()

    return run_one


@pytest.fixture
def _old(standing, settings, tmp_path):
    settings.DATA = tmp_path
    actor = Actor(LIVE, "duty_officer")
    source = add_source(actor, "forum", name="论坛", kind="social", connector="file")
    posts = [Post(id=f"p{n}", kind="social", text=f"第{n}件", published_at=standing.now()) for n in range(3)]
    read_batch(actor, source, posts)
    standing.advance(days=300)


@pytest.mark.usefixtures("_old")
def test_a_dry_run_then_the_erasing(run):
    code, out, _ = run("erase", "--before", "2027-01-01", "--dry-run", "--json")
    told = json.loads(out)
    assert code == 0 and told["dry_run"] and {row["class"]: row["count"] for row in told["classes"]}["items"] == 3
    assert Item.objects.count() == 3
    code, out, _ = run("erase", "--before", "2027-01-01", "--json")
    row = next(row for row in json.loads(out)["classes"] if row["class"] == "items")
    assert (row["erased"], len(row["records"])) == (3, 1) and not Item.objects.exists()
    code, out, _ = run("erase", "--before", "2027-01-01")
    assert code == 0 and "items" in out
    assert "archives" not in out


@pytest.mark.usefixtures("_old")
def test_the_record_is_checked_by_the_command(run, tmp_path):
    run("erase", "--before", "2027-01-01", "--class", "items")
    path = tmp_path / "deletion.json"
    entry = deletion_records().get().as_value()
    path.write_text(json.dumps(entry))
    code, out, _ = run("verify", path, "--json")
    assert code == 0 and json.loads(out)["ok"]
    entry["data"]["count"] = 2
    path.write_text(json.dumps(entry))
    assert run("verify", path)[0] == 1
    path.write_text("{}")
    assert run("verify", path)[0] == 2


@pytest.mark.usefixtures("_old")
@pytest.mark.parametrize(
    "words", [["--before", "gestern"], ["--before", "2099-01-01"], ["--before", "2026-01-01", "--class", "people"], []]
)
def test_bad_input_is_one_line(run, words):
    code, out, err = run("erase", *words)
    assert (code, out) == (2, "") and len(err.strip().splitlines()) == 1 and "Traceback" not in err
    assert Item.objects.count() == 3 and clock.now(LIVE)

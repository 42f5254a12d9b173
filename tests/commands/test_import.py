"""`shudao import` as a user runs it: one process, one folder, files of all kinds, and no handle left anywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.intake.setting import xlsx

GOOD = {
    "id": "p1",
    "kind": "social",
    "title": "停电",
    "author": "laowang_88",
    "published_at": "2026-03-01T08:00:00+08:00",
}
CODE = """
import os, sys
from pathlib import Path
from shudao.project.site import use_folder
use_folder(Path(sys.argv[1]))
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.listen.actions import rotate_door_key, scrub_traces, wipe_seals
from shudao.listen.models import DoorKey, Item
keys = [bytes(door.key).hex() for door in DoorKey.objects.filter(destroyed_at=None)]
seals = [bytes(item.sealed).hex() for item in Item.objects.exclude(sealed=b"")]
rotate_door_key(Actor(LIVE, "system")); wipe_seals(); scrub_traces()
print(*keys, *seals)
"""


def lines(*rows) -> bytes:
    """JSONL of dictionaries and raw bytes."""
    return b"".join(
        (row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()) + b"\n" for row in rows
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the command in a site of its own; gives (exit code, JSON, standard error, folder)."""
    folder = tmp_path_factory.mktemp("import")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "SHUDAO"))}
    env = {**plain, "SHUDAO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}

    def go(name: str, data: bytes | None, *options: str, source="青岚论坛"):
        path = folder / name
        if data is not None:
            path.write_bytes(data)
        call = [sys.executable, "-m", "shudao.project.cli", "import", str(path), "--source", source, "--json", *options]
        done = subprocess.run(
            [*call, "--data", str(folder / "site")], env=env, capture_output=True, text=True, check=False
        )
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr, folder

    go.env = env
    return go


def test_posts_are_read_bad_lines_counted_and_a_second_time_changes_nothing(run):
    data = lines(GOOD, b"{broken laowang_88", {**GOOD, "id": "p2"}, {**GOOD, "id": "p3", "kind": "x"})
    code, told, errors, folder = run("a.jsonl", data)
    assert (code, told["posts"], told["new"], told["repeated"], told["rejects"]) == (0, 2, 2, 0, 2)
    rejects = [json.loads(line) for line in Path(told["rejects_file"]).read_text().splitlines()]
    assert [reject["line"] for reject in rejects] == [2, 4]
    assert Path(told["rejects_file"]).parent == folder
    assert "line 2" in errors
    code, told, _, _ = run("a.jsonl", data)
    assert (code, told["new"], told["repeated"]) == (0, 0, 2)


def test_a_vendors_sheet_with_and_without_a_map(run):
    code, told, _, _ = run("b.xlsx", xlsx(["标题", "发布时间", "作者"], ["停电", "2026-03-01 08:00", "laowang_88"]))
    assert (code, told["new"]) == (0, 1)
    odd = xlsx(["事项", "何时"], ["来电", "2026-03-01 08:00"])
    code, _, errors, folder = run("c.xlsx", odd)
    assert code == 2 and "--map" in errors
    (folder / "map.yaml").write_text("columns: {事项: title, 何时: published_at}", encoding="utf-8")
    code, told, _, _ = run("c.xlsx", None, "--map", str(folder / "map.yaml"))
    assert (code, told["new"]) == (0, 1)


def test_a_sheet_is_read_as_its_columns_were_once_confirmed_on_the_site(run):
    """What a person confirmed on the page holds for the command too."""
    code, _, _, folder = run("known.csv", "标题,时间\n停电,2026-03-01\n".encode(), source="青岚日报")
    assert code == 0
    remember = """
import os, sys
from pathlib import Path
from shudao.project.site import use_folder
use_folder(Path(sys.argv[1]))
from shudao.base.clock import WallClock
from shudao.engine.intake.headings import fingerprint
from shudao.listen.models import ColumnMemory, Source
layout = {"heading_row": 0, "columns": {"title": [1], "published_at": [0]}}
ColumnMemory.objects.create(source=Source.objects.get(name="青岚日报"), fingerprint=fingerprint(["何时", "事项"]), layout=layout, used_at=WallClock().now())
"""
    done = subprocess.run([sys.executable, "-c", remember, str(folder / "site")], env=run.env, check=False)
    assert done.returncode == 0
    code, told, _, _ = run("new.csv", "何时,事项\n2026-03-02 08:00,来电了\n".encode(), source="青岚日报")
    assert (code, told["new"], told["rejects"]) == (0, 1, 0)


def test_chats_and_sheets_that_are_something_else_are_read_too(run):
    chat = "2026-03-01 08:00:01 青岚小李\n停电了\n2026-03-01 08:01:00 老周\n好\n"
    assert run("群聊.txt", chat.encode())[1]["new"] == 2
    page = "<table><tr><td>标题</td><td>时间</td></tr><tr><td>停电</td><td>2026-03-01</td></tr></table>"
    assert run("导出.xls", page.encode())[1]["new"] == 1


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("missing.jsonl", None, "cannot be opened"),
        ("x.exe", b"x", "unknown kind"),
        ("bomb.xlsx", b"PK\x03\x04" + b"\0" * 50, "zip archive"),
        ("x.csv", "甲,乙\n1,2\n".encode(), "heading"),
        ("x.eml", b"\x00\x01", "not a mail"),
        ("x.srt", b"nothing", "no subtitle"),
        ("x.pdf", b"%PDF-1.4 torn", "damaged"),
    ],
)
def test_bad_input_is_one_line_and_exit_two(run, name, data, says):
    code, told, errors, _ = run(name, data, source=f"never {name}")
    assert (code, told) == (2, None)
    assert says in errors and "Traceback" not in errors
    assert len(errors.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "data"), [("gone.jsonl", None), ("y.exe", b"x"), ("y.csv", "甲,乙\n1,2\n".encode()), ("y.xlsx", b"PK")]
)
def test_bad_input_makes_no_site(run, tmp_path, name, data):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    before = sorted(path.name for path in tmp_path.iterdir())
    call = [sys.executable, "-m", "shudao.project.cli", "import", str(tmp_path / name), "--source", "x"]
    done = subprocess.run([*call, "--data", str(tmp_path / "new")], env=run.env, capture_output=True, check=False)
    assert done.returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_site_whose_database_is_none_is_named_in_one_line_and_left_alone(run, tmp_path):
    site = tmp_path / "torn" / "shudao.sqlite3"
    site.parent.mkdir()
    site.write_bytes(b"no database " * 500)
    posts = tmp_path / "p.jsonl"
    posts.write_bytes(lines({**GOOD, "id": "t1"}))
    call = [sys.executable, "-m", "shudao.project.cli", "import", str(posts), "--source", "x"]
    done = subprocess.run([*call, "--data", str(site.parent)], env=run.env, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "torn" in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert site.read_bytes() == b"no database " * 500


def test_a_mended_file_leaves_no_old_reject_file(run):
    one, two = ({**GOOD, "id": ident, "author": None} for ident in ("m1", "m2"))
    code, told, _, folder = run("mend.jsonl", lines(one, b"{broken"))
    assert (code, told["rejects"]) == (0, 1) and (folder / "mend.jsonl.rejects.jsonl").exists()
    code, told, _, _ = run("mend.jsonl", lines(one, two))
    assert (code, told["rejects"], told["rejects_file"]) == (0, 0, None)
    assert not (folder / "mend.jsonl.rejects.jsonl").exists()


def test_what_a_library_grumbles_about_a_file_stays_unsaid(run):
    script = (
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: x,0:00:01.00,0:00:04.00,Default,,y,z,0,,停电消息\n"
    )
    code, told, errors, _ = run("odd.ass", script.encode())
    assert (code, told["new"], errors.strip()) == (0, 1, "1 new, 0 known before, 0 rejected")


def test_a_line_of_ten_megabytes_is_a_reject(run):
    code, told, _, _ = run("long.jsonl", lines({**GOOD, "id": "l1"}, b"x" * 10_000_000, {**GOOD, "id": "l2"}))
    assert (code, told["new"], told["rejects"]) == (0, 2, 1)


def test_no_handle_and_after_the_turn_no_key_is_left_on_disk(run):
    text = "//@阿李电工很忙:真的 laowang_88 weibo.com/u/1987654321"
    row = {**GOOD, "id": "laowang_88/5", "text": text, "url": "https://weibo.com/1987654321/Mabc12DEf"}
    code, told, errors, folder = run("z.jsonl", lines(row, b"laowang_88"))
    assert (code, told["new"]) == (0, 1)
    written = [
        path for path in folder.rglob("*") if path.is_file() and path.name not in ("z.jsonl", "a.jsonl", "b.xlsx")
    ]
    written = [path for path in written if not path.name.startswith("long")]
    handles = [handle.encode() for handle in ("laowang_88", "阿李电工很忙", "1987654321")]
    assert any(path.name.endswith(".sqlite3") for path in written)
    for path in written:
        assert [handle for handle in handles if handle in path.read_bytes()] == [], path.name
    assert not any(handle.decode() in errors for handle in handles)
    site = folder / "site"
    call = [sys.executable, "-c", CODE, str(site)]
    done = subprocess.run(call, env=run.env, capture_output=True, text=True, check=True)
    secrets = [bytes.fromhex(secret) for secret in done.stdout.split()]
    assert len(secrets) >= 4
    for path in site.glob("shudao.sqlite3*"):
        assert [secret for secret in secrets if secret in path.read_bytes()] == [], path.name


def test_a_progress_bar_is_shown_on_a_terminal_only(run):
    one = {**GOOD, "id": "bar", "author": None}
    _, _, errors, folder = run("bar.jsonl", lines(one))
    assert "%" not in errors
    call = [sys.executable, "-m", "shudao.project.cli", "import", str(folder / "bar.jsonl"), "--source", "x"]
    ours, theirs = os.openpty()
    done = subprocess.run(
        [*call, "--data", str(folder / "site")], env=run.env, stdout=theirs, stderr=theirs, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000)
    os.close(ours)
    assert done.returncode == 0 and b"100%" in shown

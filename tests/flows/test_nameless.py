"""No handle in clear after a whole matter: not in the database's bytes, any file of the data folder, pages, exports, logs."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.flows.nameless_site import HANDLES, NUMBERS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The folder of a site after a whole matter, what it handed out, and what it said to its log."""
    folder = tmp_path_factory.mktemp("nameless")
    data, out = folder / "data", folder / "out"
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("SHUDAO_", "DJANGO_", "DATABASE_"))}
    around = {
        **plain,
        "SHUDAO_LOG": "DEBUG",
        "DJANGO_SETTINGS_MODULE": "shudao.project.settings",
        "SHUDAO_DATA": str(data),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.nameless_site", str(data), str(out)],
        cwd=ROOT, env=around, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    (folder / "log").write_bytes(done.stdout + done.stderr)
    return folder, json.loads((out / "told.json").read_text())


def said(text: bytes) -> str:
    """Bytes as text in which an escaped character is itself."""
    plain = text.decode("utf-8", "replace").casefold()
    return plain + re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), plain)


def pieces(folder: Path):
    """Every file below a folder, and every member of every archive among them (bundles, Word, Excel)."""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        body = path.read_bytes()
        yield str(path), body
        if body[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    inner = archive.read(name)
                    yield f"{path}!{name}", inner
                    yield f"{path}!{name} as words", re.sub(rb"<[^>]+>", b"", inner)


def test_the_run_was_whole(lived):
    folder, told = lived
    assert told["items"] >= 8 and told["attached"] == told["items"] + 1 and len(told["door"]) >= 6
    names = {path.name for path in (folder / "out").iterdir()}
    assert any(name.endswith(".zip") for name in names) and "site.jsonl" in names
    assert len([name for name in names if name.startswith("page")]) > 40


def test_no_handle_and_no_number_stands_anywhere(lived):
    folder, _ = lived
    found = set()
    for place, body in pieces(folder):
        if place.endswith("told.json"):
            continue
        text = said(body)
        found |= {(handle, place) for handle in HANDLES if handle.casefold() in text}
        found |= {(number, place) for number in NUMBERS if number in text}
    assert found == set()


def test_no_voice_of_the_door_is_left_and_no_two_incidents_share_one(lived):
    folder, told = lived
    whole = said(b"\n".join(body for place, body in pieces(folder / "data")))
    assert [name for name in told["door"] if name in whole] == []
    first, second = (set(voices) - {""} for voices in told["voices"].values())
    assert first and second and not first & second


def test_the_scan_would_find_a_handle(lived, tmp_path):
    (tmp_path / "x").write_bytes(json.dumps({"a": HANDLES[1]}).encode())
    assert any(HANDLES[1] in said(body) for _, body in pieces(tmp_path))
    folder, told = lived
    voice = next(voice for voices in told["voices"].values() for voice in voices if voice)
    assert voice in said((folder / "data" / "shudao.sqlite3").read_bytes())

"""Evidence at rest is sealed; every look is an entry; what is erased cannot be read again, by anybody."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.pictures import read_picture
from shudao.engine.words import BadInput
from shudao.ledger.queries import entries_of
from shudao.listen import store
from shudao.listen.actions import (
    add_evidence,
    drop_strays,
    erase_evidence,
    erase_evidence_before,
    keep_words,
    look_at_evidence,
)
from shudao.listen.models import Evidence
from shudao.listen.queries.evidence import due_evidence, unread_pictures
from tests.listen.pictures import picture

pytestmark = pytest.mark.django_db
HANDLE = "青岚小李_88"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A data folder of its own."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def kept(duty):
    """One screenshot in the store."""
    data = picture(HANDLE.encode())
    return add_evidence(duty, store.put([data]), read_picture(data)), data


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "evidence").glob("*/*") if path.is_file()]


def test_a_file_is_sealed_at_rest_and_comes_back_whole(folder):
    data = (HANDLE.encode() + b"\n") * 60_000
    stored = store.put(iter([data[:7], data[7:700_000], data[700_000:]]))
    [path] = files(folder)
    assert HANDLE.encode() not in path.read_bytes() and stored.size == len(data)
    assert (folder / "evidence.key").stat().st_mode & 0o077 == 0
    row = Evidence(file=stored.file, wrapped=stored.wrapped)
    assert store.whole(row) == data


@pytest.mark.parametrize("change", ["cut", "grow", "swap", "key", "gone"])
def test_a_changed_file_is_not_shown_as_if_it_were_whole(folder, kept, change):
    row, _ = kept
    [path] = files(folder)
    body = path.read_bytes()
    changed = {"cut": body[:-1], "grow": body + b"x", "swap": body[:30] + bytes([body[30] ^ 1]) + body[31:]}
    if change == "gone":
        path.unlink()
    elif change == "key":
        (folder / "evidence.key").write_text("00" * 32)
    else:
        path.write_bytes(changed[change])
    with pytest.raises(BadInput):
        store.whole(row)


def test_pieces_cannot_change_places(folder):
    data = b"a" * store.PIECE + b"b" * store.PIECE + b"c"
    stored = store.put([data])
    [path] = files(folder)
    body, size = path.read_bytes(), store.PIECE + 16
    path.write_bytes(body[:4] + body[4 + size : 4 + 2 * size] + body[4 : 4 + size] + body[4 + 2 * size :])
    with pytest.raises(BadInput):
        store.whole(Evidence(file=stored.file, wrapped=stored.wrapped))


def test_every_look_is_an_entry_that_names_the_post_and_the_piece(duty, kept):
    look_at_evidence(duty, kept[0], manner="original")
    last = list(entries_of("site"))[-1]
    assert (last["verb"], last["post"]) == ("look_at_evidence", "duty_officer")
    assert (last["data"]["evidence"], last["data"]["manner"]) == (kept[0].pk, "original")
    assert "陈立" not in str(last)


def test_what_is_erased_leaves_neither_key_nor_file_nor_words(folder, duty, kept, standing):
    row, _ = kept
    keep_words(row, HANDLE, duty.scene and standing.now())
    row.refresh_from_db()
    assert store.words_of(row) == HANDLE and HANDLE.encode() not in bytes(row.words)
    standing.advance(days=40)
    due = erase_evidence_before(duty, standing.now() - timedelta(days=30), dry_run=True)
    assert due.count == 1 and due.size == row.size and row.is_kept
    before = len(list(entries_of("site")))
    assert erase_evidence_before(duty, standing.now() - timedelta(days=41)).count == 0
    assert len(list(entries_of("site"))) == before
    assert erase_evidence(duty, before=standing.now()).count == 1
    row.refresh_from_db()
    assert (bytes(row.wrapped), bytes(row.words), row.digest, row.look, row.is_kept) == (b"", b"", "", "", False)
    with pytest.raises(Refused):
        look_at_evidence(duty, row)
    with pytest.raises(BadInput):
        store.whole(row)
    assert due_evidence(LIVE, standing.now()).count == 0 and unread_pictures(5) == []


@pytest.mark.django_db(transaction=True)
def test_the_file_goes_once_the_erasure_is_kept(folder, duty, kept, standing):
    standing.advance(days=1)
    assert len(files(folder)) == 1
    erase_evidence(duty, before=standing.now())
    assert files(folder) == []


def test_a_file_left_by_a_request_that_was_cut_off_is_swept_away(folder, duty, kept, standing):
    from shudao.base.clock import WallClock

    store.put([b"left"])
    assert len(files(folder)) == 2
    assert drop_strays(WallClock().now() - timedelta(hours=1)) == 0
    assert drop_strays(WallClock().now() + timedelta(hours=1)) == 1
    assert len(files(folder)) == 1 and store.whole(kept[0]) == kept[1]


def test_the_sites_key_is_made_once(folder):
    assert store.site_key() == store.site_key() != bytes(32)
    assert folder == site.DATA

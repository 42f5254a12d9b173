"""Imports in the background: every row once, whatever is killed in between; what is turned away is told with its row."""

from datetime import datetime

import pytest

from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.intake.setting import CHINA, Layout, Setting
from shudao.engine.intake.sniff import sniff
from shudao.ledger.queries import entries_of
from shudao.listen import importing, store
from shudao.listen.actions import read_part, start_import, stop_import, upload_import
from shudao.listen.actions.imports import PART, Lost
from shudao.listen.jobs import tidy_ways_in
from shudao.listen.models import ImportRun, Item, Source
from shudao.listen.queries.imports import import_of, layout_in, look_of, memory_of, rejects_of
from tests.engine.intake.setting import xlsx

pytestmark = pytest.mark.django_db
HEAD = ["标题", "正文", "发布时间", "作者", "链接"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A data folder of its own, and no reading left open."""
    settings.DATA = tmp_path
    importing.forget()
    yield tmp_path
    importing.forget()


def rows(count: int, *, bad: int = 0):
    good = [[f"停电 {n}", f"第 {n} 户没有电", f"2026-07-12 08:{n % 60:02}", f"住户{n}", ""] for n in range(count)]
    return good + [[f"坏行 {n}", "x", "不知何时", "住户", ""] for n in range(bad)]


def handed(duty, data: bytes, name: str = "日报.xlsx", source: str = "青岚监测") -> ImportRun:
    setting = Setting(
        source=source, at=datetime(2026, 7, 13, tzinfo=CHINA), now=datetime(2026, 7, 13, 10, tzinfo=CHINA)
    )
    seen = sniff(name, data, setting)
    return upload_import(duty, store.put([data]), file_name=name, source=source, sniffed=seen)


def begun(duty, data: bytes, **more) -> ImportRun:
    run = handed(duty, data, **more)
    look = look_of(run)
    if look.form != "table":
        return start_import(duty, run)
    main = next(sheet for sheet in look.sheets if sheet.name == look.main)
    return start_import(duty, run, layout=main.layout, fingerprint=main.fingerprint, total=main.count)


def finished(run: ImportRun) -> ImportRun:
    for _ in range(20):
        importing.go_on(seconds=60)
        run = import_of(LIVE, run.pk)
        if not run.is_under_way:
            return run
    raise AssertionError(run.state)


def test_a_sheet_is_read_whole_and_counted(duty, folder):
    run = finished(begun(duty, xlsx(["青岚日报"], HEAD, *rows(7, bad=2))))
    assert (run.state, run.added, run.repeated, run.rejected) == (ImportRun.State.DONE, 7, 0, 2)
    assert [(one.line, "C 列" in one.why_zh) for one in rejects_of(run)] == [(10, True), (11, True)]
    assert Item.objects.count() == 7 and not run.evidence.is_kept
    done = list(entries_of("site"))[-1]
    assert done["verb"] == "finish_import" and done["data"]["count"] == 7
    again = finished(begun(duty, xlsx(["青岚日报"], HEAD, *rows(7, bad=2))))
    assert (again.added, again.repeated, again.rejected) == (0, 7, 2) and Item.objects.count() == 7


def test_nothing_of_the_file_lies_in_clear(duty, folder):
    run = handed(duty, xlsx(HEAD, ["停电", "x", "2026-07-12 08:00", "青岚小李_88", ""]))
    assert "青岚小李" not in str(list(ImportRun.objects.values())) + str([bytes(row.evidence.words) for row in [run]])
    assert all("青岚小李".encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    run = finished(start_import(duty, run, layout=look_of(run).sheets[0].layout))
    assert "青岚小李" not in str(list(Item.objects.values("title", "text", "pseudonym", "ext_id")))


@pytest.mark.parametrize("killed_after", [0, 1, 2])
def test_a_killed_import_goes_on_without_doubling(duty, standing, killed_after):
    run = begun(duty, xlsx(HEAD, *rows(PART * 3 + 10, bad=3)))
    for _ in range(killed_after):
        importing.go_on(seconds=0, worker="first")
    importing.forget()  # the process is gone, and with it what it had open
    if killed_after:
        assert importing.go_on(seconds=0, worker="second") == 0  # the lease of the first still holds
    standing.advance(minutes=2)
    run = finished(run)
    assert (run.added, run.repeated, run.rejected) == (PART * 3 + 10, 0, 3)
    assert (run.place, Item.objects.count(), rejects_of(run).count()) == (PART * 3 + 13, PART * 3 + 10, 3)
    counts = [entry["data"]["count"] for entry in entries_of("site") if entry["verb"] == "read_batch"]
    assert sum(counts) == PART * 3 + 10 and len(counts) == 4


def test_a_worker_that_lost_its_lease_keeps_nothing(duty, standing):
    run = begun(duty, xlsx(HEAD, *rows(3)))
    from shudao.listen.actions import claim_import

    mine = claim_import(run.pk, "slow", standing.now())
    results = list(importing.results_of(mine))
    standing.advance(minutes=2)
    run = finished(run)
    with pytest.raises(Lost):
        read_part(duty, mine, results, "slow")
    assert Item.objects.count() == run.added == 3


def test_an_import_that_was_stopped_reads_no_further(duty):
    run = begun(duty, xlsx(HEAD, *rows(PART * 2)))
    importing.go_on(seconds=0)
    stop_import(duty, run)
    importing.go_on(seconds=60)
    run = import_of(LIVE, run.pk)
    assert (run.state, run.added, Item.objects.count()) == (ImportRun.State.STOPPED, PART, PART)
    assert not run.evidence.is_kept
    with pytest.raises(Refused):
        stop_import(duty, run)


def test_columns_once_confirmed_are_known_the_next_time(duty):
    head = ["事项", "何时", "谁说的", "说了什么"]
    data = xlsx(head, ["停电", "2026-07-12 08:00", "住户甲", "城南没有电"])
    run = handed(duty, data)
    look = look_of(run).sheets[0]
    layout = Layout(heading_row=0, columns={"title": (0,), "published_at": (1,), "author": (2,), "text": (3,)})
    run = finished(start_import(duty, run, layout=layout, fingerprint=look.fingerprint))
    [item] = Item.objects.all()
    assert (item.title, item.text) == ("停电", "城南没有电")
    assert layout_in(memory_of(run.source, look.fingerprint).layout) == layout
    spaced = look_of(
        handed(duty, xlsx(["事 项", "何时 ", "谁说的", "说了什么"], ["x", "2026-07-12", "y", "z"]))
    ).sheets[0]
    assert spaced.fingerprint == look.fingerprint
    other = Source.objects.create(scene=LIVE.key, code="other", name="另一家", kind="web", connector="file")
    assert memory_of(other, look.fingerprint) is not None


def test_a_chat_record_and_subtitles_need_no_columns(duty):
    chat = "2026-07-12 08:00:01 青岚小李\n停电了\n2026-07-12 08:01:00 老周\n[图片]\n".encode()
    run = finished(begun(duty, chat, name="业主群.txt"))
    assert (run.form, run.added, run.rejected) == ("chat", 1, 1)
    assert Item.objects.get().pseudonym and "青岚小李" not in str(list(Item.objects.values("text", "title")))


def test_a_file_that_breaks_on_the_way_says_why(duty, folder):
    run = begun(duty, xlsx(HEAD, *rows(3)))
    for path in (folder / "evidence").glob("*/*"):
        path.write_bytes(b"SDV1" + b"x" * 100)
    run = finished(run)
    assert run.state == ImportRun.State.FAILED and "改动" in run.fault_zh and "changed" in run.fault_en


def test_a_file_that_nobody_begins_to_import_is_not_kept(duty, standing, folder):
    run = handed(duty, xlsx(HEAD, *rows(1)))
    tidy_ways_in()
    assert import_of(LIVE, run.pk).state == ImportRun.State.MAPPING
    standing.advance(hours=25)
    tidy_ways_in()
    run = import_of(LIVE, run.pk)
    assert run.state == ImportRun.State.STOPPED and not run.evidence.is_kept


def test_a_name_with_a_handle_in_it_is_not_kept_as_it_is(duty):
    run = handed(duty, xlsx(HEAD, *rows(1)), name="@青岚小李_88 的微博.xlsx")
    assert "青岚小李" not in run.file_name and run.file_name.endswith(".xlsx")


def test_sheets_of_one_kind_are_read_together(duty):
    data = xlsx(
        ["说明"],
        name="封面",
        more=[("微博", [HEAD, *rows(2)]), ("微信", [["标注"], HEAD, *rows(3)[2:], ["坏", "", "x"]])],
    )
    run = finished(begun(duty, data))
    assert (run.added, run.rejected) == (3, 1)
    assert "微信" in rejects_of(run)[0].why_zh

"""The pages of imports and of pasted posts: what is shown, what is refused and how it is mended."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shudao.listen import importing
from shudao.listen.models import Evidence, ImportReject, ImportRun, Item, Source
from tests.engine.intake.setting import xlsx
from tests.listen.pictures import picture
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = ["序号", "标题", "正文", "作者", "发布时间", "链接"]
ROWS = [[str(n), f"停电 {n}", "没有电", f"住户{n}", f"2026-07-12 08:{n:02}", ""] for n in range(5)]


@pytest.fixture(autouse=True)
def site(standing, settings, tmp_path):
    settings.DATA = tmp_path
    furnished(standing)
    importing.forget()
    yield tmp_path
    importing.forget()


@pytest.fixture
def office():
    return signed_in("office_head")


def upload(client, data: bytes, name="日报.xlsx", source="青岚监测日报"):
    return client.post("/listen/imports/upload_import/", {"file": SimpleUploadedFile(name, data), "source": source})


def selects(page: str) -> dict[str, str]:
    """What the selects of a page say."""
    import re

    found = {}
    for name, body in re.findall(r'<select name="(c\d+|kind)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def test_from_the_file_to_the_items_in_three_steps(office):
    answer = upload(office, xlsx(["日报"], HEAD, *ROWS, ["6", "坏", "x", "", "不知何时", ""]))
    page = text_of(office.get(answer["Location"]))
    chosen = selects(page)
    assert chosen["c1"] == "title" and chosen["c4"] == "published_at" and chosen["c0"] == "" and "停电 0" in page
    begun = office.post(f"{answer['Location']}start_import/", {"heading_row": 1, "sheet": "Sheet", **chosen})
    assert begun.status_code == 302 and "排队中" in text_of(office.get(answer["Location"]))
    importing.go_on(seconds=60)
    importing.go_on(seconds=60)
    page = text_of(office.get(answer["Location"]))
    assert "读完了" in page and "E 列" in page and Item.objects.filter(source__name="青岚监测日报").count() == 5
    part = office.get(answer["Location"], headers={"HX-Request": "true", "HX-Target": "progress"})
    assert text_of(part).lstrip().startswith('<div id="progress"')
    again = upload(office, xlsx(HEAD, ["9", "新的", "x", "", "2026-07-12", ""]))
    assert "和上次一样" in text_of(office.get(again["Location"]))


def test_rejects_are_downloaded_as_sheets_in_which_nothing_runs(office):
    answer = upload(office, xlsx(HEAD, *ROWS))
    run = ImportRun.objects.get()
    ImportReject.objects.create(run=run, line=7, why_zh="=cmd|' /C calc'!A0", why_en="=1+1")
    comma = office.get(f"{answer['Location']}rejects.csv")
    rows = list(csv.reader(io.StringIO(comma.content.decode("utf-8-sig"))))
    assert rows == [["行号", "原因"], ["7", "'=cmd|' /C calc'!A0"]]
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{answer['Location']}rejects.xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert any("cmd" in str(cell.value) for cell in cells) and all(cell.data_type != "f" for cell in cells)
    assert comma["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.exe", b"x", "不认识"), ("a.xlsx", b"PK\x03\x04xx", "另存"), ("a.csv", b"", "空文件"), ("a.csv", b"\n\n", "空的"), ("a.xlsx", xlsx(), "空的"),
        ("a.eml", b"x", "不是邮件"), ("a.json", b"{", "JSON"), ("a.txt", b"\n", "看不出"), ("a.srt", b"x", "字幕"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_words_and_not_kept(office, site, name, data, says):
    answer = upload(office, data, name)
    assert answer.status_code == 422 and says in text_of(answer)
    assert not ImportRun.objects.exists() and not list((site / "evidence").glob("*/*"))


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"c1": "", "c2": ""}, "还没有选哪一列是标题或正文"), ({"c4": ""}, "还没有选哪一列是发布时间"), ({"c1": "url", "c5": "url"}, "只能选一列"),
    ],
)  # fmt: skip
def test_columns_that_do_not_do_are_named(office, chosen, says):
    answer = upload(office, xlsx(HEAD, *ROWS))
    page = selects(text_of(office.get(answer["Location"])))
    refused = office.post(f"{answer['Location']}start_import/", {"heading_row": 0, **page, **chosen})
    assert refused.status_code == 422 and says in text_of(refused)
    assert ImportRun.objects.get().state == ImportRun.State.MAPPING


def test_another_heading_row_and_sheet_can_be_chosen(office):
    data = xlsx(
        ["说明"],
        ["更多说明", "x"],
        ["甲", "乙"],
        ["停电了，没有水", "2026-07-12"],
        name="一",
        more=[("二", [HEAD, *ROWS])],
    )
    answer = upload(office, data)
    assert 'value="二" selected' in text_of(office.get(answer["Location"]))
    page = text_of(office.get(answer["Location"], {"sheet": "一", "heading": "3"}))
    chosen = selects(page)
    assert "甲" in page and chosen["c1"] == "published_at"
    begun = office.post(f"{answer['Location']}start_import/", {"sheet": "一", "heading_row": 2, **chosen, "c0": "text"})
    assert begun.status_code == 302
    importing.go_on(seconds=60)
    assert Item.objects.get(source__name="青岚监测日报").text == "停电了，没有水"


def test_an_import_is_stopped_by_whoever_may(office):
    answer = upload(office, xlsx(HEAD, *ROWS))
    assert signed_in("drafter").post(f"{answer['Location']}stop_import/").status_code == 404
    assert office.post(f"{answer['Location']}stop_import/").status_code == 302
    assert ImportRun.objects.get().state == ImportRun.State.STOPPED
    assert office.post(f"{answer['Location']}stop_import/").status_code == 409
    assert office.post(f"{answer['Location']}start_import/", {}).status_code in (302, 409)


def test_the_list_asks_no_more_for_more(office):
    upload(office, xlsx(HEAD, *ROWS))
    few = queries_of(office, "/listen/imports/")
    run = ImportRun.objects.get()
    source = Source.objects.get(name="青岚监测日报")
    told = {"scene": "live", "source": source, "form": "table", "uploaded_at": run.uploaded_at, "uploaded_by": "x"}
    ImportRun.objects.bulk_create(ImportRun(file_name=f"{n}.xlsx", **told) for n in range(30))
    assert queries_of(office, "/listen/imports/") <= few + 1


ONE = {
    "link": "https://weibo.com/1234567890/Mabc12DEf",
    "text": "城南停电",
    "when": "昨天 09:32",
    "author": "@青岚小李_88",
    "likes": "3",
}


def test_a_post_is_shown_as_understood_before_it_is_kept():
    duty = signed_in("duty_officer")
    page = duty.post("/listen/paste/", ONE)
    assert "2026-07-12 09:32" in text_of(page) and "微博" in text_of(page) and not Item.objects.exists()
    assert page["Cache-Control"].count("no-store")
    shot = SimpleUploadedFile("截图.png", picture(), content_type="image/png")
    kept = duty.post("/listen/paste/paste_posts/", {**ONE, "pictures": [shot]})
    item = Item.objects.get()
    assert kept.status_code == 302 and (item.outlet, item.source.code, item.counts) == ("微博", "pasted", {"likes": 3})
    assert item.pseudonym and "青岚小李" not in str(Item.objects.values())
    assert Evidence.objects.get().item == item
    again = duty.post("/listen/paste/paste_posts/", ONE, follow=True)
    assert "没有重复存" in text_of(again) and Item.objects.count() == 1


def test_relative_times_are_counted_from_when_they_were_shown(standing):
    duty = signed_in("duty_officer")
    import re

    page = text_of(duty.post("/listen/paste/", {"text": "停电", "when": "5分钟前"}))
    read_at = re.search(r'name="read_at" value="([^"]+)"', page)[1]
    standing.advance(minutes=30)
    duty.post("/listen/paste/paste_posts/", {"text": "停电", "when": "5分钟前", "read_at": read_at})
    assert Item.objects.get().published_at.strftime("%H:%M") == "01:55"


def test_several_at_once_keep_what_is_good_and_say_what_is_not():
    duty = signed_in("duty_officer")
    many = "城南停电\n昨天 09:32\n\n标题：求助\n时间：13月40日\n水呢\n\n三天没水"
    page = text_of(duty.post("/listen/paste/", {"many": many}))
    assert "将录入 2 条" in page and "13月40日" in page and "没有写时间" in page
    back = text_of(duty.post("/listen/paste/", {"many": many, "again": "1"}))
    assert "13月40日" in back and "一次录多条" not in back
    duty.post("/listen/paste/paste_posts/", {"many": many})
    assert Item.objects.count() == 2


@pytest.mark.parametrize("data", [{}, {"link": ONE["link"]}, {"many": "  "}, {"many": "x\n\n" * 300}])
def test_what_cannot_be_pasted_says_why(data):
    answer = signed_in("duty_officer").post("/listen/paste/", data)
    assert answer.status_code == 422 and 'class="fault"' in text_of(answer)


def test_an_import_and_a_paste_need_their_rights():
    drafter = signed_in("drafter")
    for address in ("/listen/imports/", "/listen/paste/", "/listen/hooks/", "/listen/observers/", "/listen/evidence/"):
        assert drafter.get(address).status_code == 404, address

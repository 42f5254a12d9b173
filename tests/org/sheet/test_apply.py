"""From the upload to the confirmed sheet: nothing before the yes, everything after it, one entry."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shudao.base import clock
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.queries import entries_of
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.jobs import forget_old_sheets
from shudao.org.models import Holding, Post, PostRight, SheetUpload, Shift, ShiftRule, Staff, Unit
from shudao.org.queries import deputies_of, who_holds
from shudao.org.queries.sheet import present_state
from shudao.org.sheet.write import write_sheet
from shudao.project.sample import sample_roster
from tests.org.sheet.test_preview import book
from tests.site import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
HEAD = Actor(LIVE, "office_head", "林晓芸")


@pytest.fixture
def site(standing):
    actions.set_up_organisation(Actor(LIVE, "system"), sample_roster("power"), is_sample=True)
    return standing


def kept(data, *, whole=False, account="s04"):
    staff = Staff.objects.get(user__username=account)
    return actions.keep_sheet(staff, "表.xlsx", data, is_whole=whole, now=clock.now(LIVE))


def applied(data, **how):
    upload = kept(data, **how)
    return actions.apply_sheet(HEAD, upload, digest=actions.preview_sheet(upload, clock.now(LIVE)).digest)


NEW_OFFICE = {
    "单位": [["", "宣传科", "领导小组办公室", "部门", ""], ["", "外联组", "宣传科", "", ""]],
    "岗位": [["liaison", "联络员", "外联组", "记录员", "是", ""]],
    "人员": [["", "新来的", "139", "x@example.cn", "", ""], ["wu", "吴桐", "", "", "", ""]],
    "任职": [["联络员", "新来的", "2026-07-01", ""], ["记录员", "吴桐", "", ""]],
    "班次": [["联络员", "吴桐", "每天", "20:00", "8:00", "", "", ""]],
}  # fmt: skip


def test_a_confirmed_sheet_is_written_whole(site):
    done = applied(book(**NEW_OFFICE))
    assert done.to_do == 8 and done.count("refused") == 0
    group = Unit.objects.get(name="外联组")
    assert group.parent.name == "宣传科" and group.parent.parent.code == "lead_office"
    assert deputies_of("liaison") == ["recorder"] and PostRight.objects.filter(post__code="liaison").count() == 1
    fresh = Staff.objects.get(name="新来的")
    assert not fresh.user.has_usable_password() and fresh.phone == "139" and fresh.user.username.startswith("u")
    tonight = clock.now(LIVE) + timezone.timedelta(hours=12)
    assert [row.name for row in who_holds("liaison", tonight)] == ["吴桐"]
    assert Shift.objects.filter(post__code="liaison").count() >= 35


def test_the_entry_counts_and_keeps_no_name_in_clear(site):
    applied(book(**NEW_OFFICE))
    entry = list(entries_of("site"))[-1]
    assert entry["verb"] == "apply_sheet" and entry["post"] == "office_head"
    assert entry["data"]["staff_add"] == 2 and "吴桐" not in str(entry) and "139" not in str(entry["data"])
    assert not SheetUpload.objects.exists()


def test_nothing_is_written_before_the_yes(site):
    before = present_state(clock.now(LIVE)).digest
    actions.preview_sheet(kept(book(**NEW_OFFICE)), clock.now(LIVE))
    assert present_state(clock.now(LIVE)).digest == before


def test_what_changed_meanwhile_asks_for_another_look(site):
    upload = kept(book(**NEW_OFFICE))
    digest = actions.preview_sheet(upload, clock.now(LIVE)).digest
    actions.add_unit(HEAD, name="别人刚设的")
    with pytest.raises(Refused, match="预览之后"):
        actions.apply_sheet(HEAD, upload, digest=digest)
    assert not Unit.objects.filter(name="宣传科").exists() and SheetUpload.objects.exists()
    actions.apply_sheet(HEAD, upload, digest=actions.preview_sheet(upload, clock.now(LIVE)).digest)
    assert Unit.objects.filter(name="宣传科").exists()


def test_the_same_sheet_twice_changes_nothing_the_second_time(site):
    applied(book(**NEW_OFFICE))
    with pytest.raises(Refused, match="没有要改动"):
        applied(book(**NEW_OFFICE))


def test_the_present_state_down_and_up_changes_nothing(site):
    for language in ("zh", "en"):
        upload = kept(write_sheet(present_state(clock.now(LIVE)), language), whole=True)
        preview = actions.preview_sheet(upload, clock.now(LIVE))
        assert preview.to_do == 0 and preview.count("refused") == 0, preview.changes


def test_changes_and_ends_are_done(site):
    tables = {
        "岗位": [["recorder", "记录专员", "领导小组办公室", "备班值班员、办公室副主任", "", ""]],
        "人员": [["s03", "何向东", "", "", "", "离职"], ["s05", "郑 凯", "138", "", "", ""]],
        "任职": [["记录专员", "苏文静", "2025-06-01", "2026-07-12"], ["法务审核岗", "曾丽", "2025-07-01", ""]],
        "班次": [["客服值班长", "江一帆", "每天", "8:00", "8:00", "", "", "2026-07-31"]],
    }
    done = applied(book(**tables))
    assert done.count("refused") == 0 and done.count("end") == 3 and done.count("change") == 3
    assert Post.objects.get(code="recorder").name == "记录专员" and deputies_of("recorder") == [
        "duty_backup",
        "office_deputy",
    ]
    assert not Staff.objects.get(name="何向东").user.is_active and Staff.objects.get(name="郑凯").phone == "138"
    assert who_holds("recorder", clock.now(LIVE)) == []
    assert timezone.localdate(Holding.objects.get(staff__name="曾丽").from_at) == date(2025, 7, 1)
    rule = ShiftRule.objects.get(staff__name="江一帆")
    assert rule.to_on == date(2026, 7, 31) and not rule.shifts.filter(day__gt=rule.to_on).exists()
    applied(book(班次=[["客服值班长", "江一帆", "每天", "8:00", "8:00", "", "", ""]]))
    assert rule.shifts.filter(day__gt=date(2026, 8, 1)).exists()


def test_a_complete_list_ends_the_rest(site):
    state = present_state(clock.now(LIVE))
    left = [
        [s.account, s.name, s.phone, s.mail, "是" if s.is_administrator else "否", ""] for s in state.staff.values()
    ]
    done = applied(book(人员=[row for row in left if row[0] != "s15"]), whole=True)
    assert done.to_do == 1 and not Staff.objects.get(user__username="s15").user.is_active


def test_two_thousand_rows_ask_a_bounded_number_of_questions(site, django_assert_max_num_queries):
    people = [[f"p{n:04d}", f"员工{n}", "", "", "", ""] for n in range(2000)]
    holdings = [["记录员", f"p{n:04d}", "2026-07-01", ""] for n in range(2000)]
    upload = kept(book(人员=people, 任职=holdings))
    digest = actions.preview_sheet(upload, clock.now(LIVE)).digest
    with django_assert_max_num_queries(80):
        done = actions.apply_sheet(HEAD, upload, digest=digest)
    assert done.count("add") == 4000 and Staff.objects.count() > 2000


def test_a_sheet_lives_an_hour_and_is_its_owners_alone(site):
    upload = kept(book(**NEW_OFFICE))
    address = reverse("org:sheet_preview", args=[upload.token])
    assert signed_in("office_head").get(address).status_code == 200
    assert signed_in("office_deputy").get(address).status_code == 404
    site.advance(minutes=61)
    assert signed_in("office_head").get(address).status_code == 404
    forget_old_sheets()
    assert not SheetUpload.objects.exists()


def test_from_the_page(site):
    client = signed_in("office_head")
    file = SimpleUploadedFile("新.xlsx", book(**NEW_OFFICE, 别的=[("说明",), ["无关"]]))
    answer = client.post(reverse("org:sheet"), {"file": file, "is_whole": "no"})
    assert answer.status_code == 302
    page = text_of(client.get(answer["Location"]))
    assert "将写入 8 项改动" in page and "没有认出的工作表" in page and "吴桐" in page
    digest = page.split('name="digest" value="')[1].split('"')[0]
    done = client.post(answer["Location"] + "apply_sheet/", {"digest": digest}, follow=True)
    assert "已写入 8 项改动" in text_of(done) and Staff.objects.filter(name="吴桐").exists()
    gone = client.post(answer["Location"] + "apply_sheet/", {"digest": digest})
    assert gone.status_code == 404


def test_a_stale_preview_comes_back_with_the_new_one(site):
    client = signed_in("office_head")
    upload = kept(book(**NEW_OFFICE))
    answer = client.post(reverse("org:apply_sheet", args=[upload.token]), {"digest": "old"})
    assert answer.status_code == 409 and "请重新核对" in text_of(answer) and 'role="alert"' in text_of(answer)


@pytest.mark.parametrize("data", [b"no sheet", b""])
def test_what_is_no_sheet_is_said_at_the_form(site, data):
    file = SimpleUploadedFile("坏.xlsx", data)
    answer = signed_in("office_head").post(reverse("org:sheet"), {"file": file, "is_whole": "no"})
    assert answer.status_code == 422 and "fault" in text_of(answer) and not SheetUpload.objects.exists()


def test_downloads_are_spreadsheets_and_run_nothing(site):
    actions.add_staff(HEAD, name="=cmd|' /C calc'!A0")
    client = signed_in("office_head")
    for query in ("", "?blank=1"):
        answer = client.get(reverse("org:download_sheet") + query)
        assert answer.content[:2] == b"PK" and "attachment" in answer["Content-Disposition"]
    page = queries_of(client, reverse("org:sheet"))
    assert page < 40
    upload = kept(write_sheet(present_state(clock.now(LIVE)), "zh"))
    assert actions.preview_sheet(upload, clock.now(LIVE)).to_do == 0


def test_without_the_right_there_is_no_sheet(site):
    assert signed_in("duty_officer").get(reverse("org:sheet")).status_code == 404

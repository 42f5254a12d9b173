"""Plans on their pages: chosen, handed in, checked, acknowledged, signed, retired, by those who may."""

import re

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shudao.engine.plan.load import load_plan
from shudao.engine.plan.model import Section
from shudao.engine.plan.zipped import folder_of, pack, zip_of
from shudao.ledger.models import Entry
from shudao.library import HERE, read_folder
from shudao.org.models import Post
from shudao.plan.jobs import read_uploads
from shudao.plan.models import Edition, Upload
from shudao.plan.queries import edition_in_force
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
WRITTEN = HERE / "plans" / "zh" / "university" / "plan.docx"


@pytest.fixture
def head(transactional_db, standing):
    furnished(standing)
    return signed_in("office_head")


def drafted(client, plan="zh/power", **more):
    page = client.post("/plan/draft_plan/", {"plan": plan, "organisation": "松岭县供电公司", **more})
    assert page.status_code == 302, text_of(page)
    return Edition.objects.get(pk=int(re.search(r"/editions/(\d+)/", page["Location"])[1]))


def handed_in(client, name, data):
    return client.post("/plan/upload_plan/", {"file": SimpleUploadedFile(name, data)})


def place(row, verb=""):
    return f"/plan/editions/{row.pk}/{verb}"


def test_the_list_says_what_is_in_force(head):
    text = text_of(head.get("/plan/"))
    assert "2 份预案现行有效" in text and "清江县供电公司" in text


def test_a_sample_becomes_a_draft_in_the_offices_name_and_nothing_comes_in_force(head):
    before = edition_in_force("power_county")
    row = drafted(head)
    assert (row.state, row.origin, row.code) == ("draft", "library:zh/power", "power_county")
    assert "松岭县供电公司" in row.title and edition_in_force("power_county") == before
    assert drafted(head).version != row.version
    text = text_of(head.get(place(row)))
    assert "条界外条文没有签认，不能签发" in text and "首次" in text
    assert "可以签发" not in text_of(head.get(place(row, "sign_plan/")))


def test_acknowledged_and_signed_it_is_in_force_and_replaces_the_one_before(head, standing):
    before = edition_in_force("power_county")
    row = drafted(head)
    lines = [line.text for line in row.plan.not_executable]
    head.post(place(row, "acknowledge_not_executable/"), {"text": lines[0]})
    row.refresh_from_db()
    assert [line.acknowledged_by for line in row.plan.not_executable][:2] == ["office_head", ""]
    head.post(place(row, "acknowledge_not_executable/"))
    standing.advance(minutes=1)
    assert head.post(place(row, "sign_plan/"), {"x": "1"}).status_code == 422, "the statement must be confirmed"
    page = head.post(place(row, "sign_plan/"), {"confirm": "on"})
    assert page["Location"] == place(row)
    assert edition_in_force("power_county").pk == row.pk
    assert "现行有效" in text_of(head.get(place(row)))
    assert "已被新版代替" in text_of(head.get(place(before)))
    assert Entry.objects.filter(verb="sign_plan", post="office_head").exists()


def test_signing_is_refused_while_anything_is_open(head):
    row = drafted(head)
    page = head.post(place(row, "sign_plan/"), {"confirm": "on"})
    row.refresh_from_db()
    assert page.status_code == 409 and row.state == "draft" and "PL25" in text_of(page)


def test_names_are_changed_in_the_draft_and_in_its_text(head):
    row = drafted(head)
    superior = next(unit for unit in row.plan.units if unit.kind == "superior")
    form = head.get(place(row, "name_parts/")).context["form"]
    told = {name: form[name].value() or "" for name in form.fields}
    told |= {
        "title": "松岭网络舆情预案",
        f"unit-{superior.id}": "松岭市供电公司新闻中心",
        "post-duty_officer": "总值班",
    }
    assert head.post(place(row, "name_parts/"), told).status_code == 302
    row.refresh_from_db()
    assert row.title == row.plan.title == "松岭网络舆情预案" and row.plan.post("duty_officer").name == "总值班"
    assert superior.name not in "".join(section.text for section in row.plan.sections)


def test_a_signed_edition_is_frozen(head):
    row = edition_in_force("power_county")
    form = head.get(place(row, "name_parts/")).context["form"]
    told = {name: form[name].value() or "" for name in form.fields}
    assert head.post(place(row, "name_parts/"), told).status_code == 409
    assert head.post(place(row, "discard_plan/")).status_code == 409
    assert Edition.objects.filter(pk=row.pk).exists()


def test_retiring_needs_a_reason_that_stays(head):
    row = edition_in_force("power_county")
    assert head.post(place(row, "retire_plan/"), {"reason": ""}).status_code == 422
    head.post(place(row, "retire_plan/"), {"reason": "换新预案"})
    row.refresh_from_db()
    assert row.state == "retired" and "换新预案" in text_of(head.get("/plan/"))


def test_a_draft_may_be_thrown_away(head):
    row = drafted(head)
    assert head.post(place(row, "discard_plan/")).status_code == 302
    assert not Edition.objects.filter(pk=row.pk).exists()


def test_a_written_plan_is_read_and_shown_beside_its_text(head):
    page = handed_in(head, "本校预案.docx", WRITTEN.read_bytes())
    row = Upload.objects.get()
    assert row.is_read and row.counts["steps"] > 10 and bytes(row.data) == WRITTEN.read_bytes()
    text = text_of(head.get(page["Location"]))
    assert f"读出 {row.counts['steps']} 个步骤" in text and "3 条不执行" in text
    for part in ("limits", "vague", "not_executable", "unread"):
        assert head.get(f"{page['Location']}?part={part}").status_code == 200
    limits = text_of(head.get(f"{page['Location']}?part=limits"))
    assert limits.count("told-limits") == row.counts["limits"]
    assert "本校预案" not in "".join(Entry.objects.values_list("data", flat=True)), "a file's name may be erased"
    kept = head.get(f"{page['Location']}file/")
    assert kept.content == WRITTEN.read_bytes() and "attachment" in kept["Content-Disposition"]


def test_a_reading_in_a_samples_frame_is_a_draft_that_keeps_its_own_text(head):
    handed_in(head, "plan.docx", WRITTEN.read_bytes())
    upload = Upload.objects.get()
    assert "编辑器还没有做" in text_of(head.get(f"/plan/library/?upload={upload.pk}"))
    row = drafted(head, upload=upload.pk)
    assert row.upload == upload and len(row.plan.not_executable) == 3 and row.plan.steps
    head.post(place(row, "acknowledge_not_executable/"))
    assert head.post(place(row, "sign_plan/"), {"confirm": "on"}).status_code == 302
    assert head.post(f"/plan/uploads/{upload.pk}/discard_upload/").status_code == 302
    row.refresh_from_db()
    assert row.upload is None and row.is_signed


def test_the_draft_folder_of_a_reading_is_handed_in_again(head):
    handed_in(head, "plan.docx", WRITTEN.read_bytes())
    data = head.get(f"/plan/uploads/{Upload.objects.get().pk}/folder/").content
    page = handed_in(head, "draft.zip", data)
    assert page.status_code == 302
    row = Edition.objects.get(origin="file:draft.zip")
    assert row.state == "draft" and head.get(place(row)).status_code == 200


def test_an_edition_goes_out_and_comes_in_as_a_zip(head):
    row = edition_in_force("power_county")
    data = head.get(place(row, "folder/")).content
    assert load_plan(folder_of(data)) == row.plan
    page = handed_in(head, "same.zip", data)
    assert page.status_code == 409 and "请换一个版次号" in text_of(page)


def test_a_zip_that_says_signed_is_a_draft_here(head):
    plan = load_plan(read_folder(HERE / "plans" / "en" / "power"))
    assert plan.status == "signed"
    handed_in(head, "x.zip", zip_of(plan))
    row = Edition.objects.get(origin="file:x.zip")
    assert row.state == row.plan.status == "draft" and edition_in_force(plan.id) is None


def test_what_a_handed_in_text_asks_for_outside_the_boundary_can_be_acknowledged(head):
    plan = load_plan(read_folder(HERE / "plans" / "zh" / "power"))
    text = Section(key="extra", title="其他", text="应当删除负面帖文。")
    sections = (*plan.sections, text)
    handed_in(head, "x.zip", zip_of(msgspec.structs.replace(plan, version="x", sections=sections, not_executable=())))
    row = Edition.objects.get(origin="file:x.zip")
    assert any("删除负面帖文" in line.text for line in row.plan.not_executable)
    head.post(place(row, "acknowledge_not_executable/"))
    assert head.post(place(row, "sign_plan/"), {"confirm": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "x.zip",
            pack({"p/plan.yaml": b"id: a\ntitle: b\nversion: '1'\nstatus: draft\nsteps: 3\n"}),
            "plan.yaml steps",
        ),
        ("x.zip", b"no zip", "x.zip"),
        ("x.exe", b"MZ", ".docx"),
        ("x.docx", b"not word", "x.docx"),
    ],
)
def test_what_cannot_be_taken_says_what_where_and_how(head, name, data, said):
    page = handed_in(head, name, data)
    text = text_of(head.get(page["Location"]) if page.status_code == 302 else page)
    assert said in text or said.replace(".docx", "另存为") in text
    assert not Edition.objects.filter(state="draft").exists()


def test_a_large_file_waits_for_the_worker(head, monkeypatch):
    from shudao.plan.views import uploads

    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    page = handed_in(head, "plan.docx", WRITTEN.read_bytes())
    text = text_of(head.get(page["Location"]))
    assert "正在读这份预案" in text and "hx-get" in text
    read_uploads()
    assert "个步骤" in text_of(head.get(page["Location"]))


def test_posts_are_made_from_the_plan_by_who_may_set_up_people(head):
    row = drafted(head, "zh/university")
    text = text_of(head.get(place(row, "posts/")))
    assert "个岗位本单位还没有" in text
    form = head.get(place(row, "posts/")).context["form"]
    told = {name: form[name].value() for name in form.fields}
    one = next(iter(told))
    page = head.post(place(row, "add_posts_from_plan/"), {**told, one: "leader"})
    assert page.status_code == 302 and Post.objects.get(code=one).replaced_by.code == "leader"
    assert "岗位都有了" in text_of(head.get(place(row, "posts/")))


def test_drafts_and_uploads_are_not_everybodys(head):
    row = drafted(head)
    handed_in(head, "plan.docx", WRITTEN.read_bytes())
    upload = Upload.objects.get()
    other = signed_in("drafter")
    assert other.get("/plan/").status_code == 200 and row.title not in text_of(other.get("/plan/"))
    for address in (place(row), f"/plan/uploads/{upload.pk}/", "/plan/library/", "/plan/upload_plan/"):
        assert other.get(address).status_code == 404, address
    for verb in ("sign_plan/", "discard_plan/", "name_parts/"):
        assert other.post(place(row, verb)).status_code == 404
    signed = edition_in_force("power_county")
    assert other.get(place(signed)).status_code == 200 and other.get(place(signed, "print/")).status_code == 200


def test_an_edition_can_be_read_by_level_and_printed(head):
    row = edition_in_force("power_county")
    whole, one = text_of(head.get(place(row))), text_of(head.get(place(row) + "?level=IV"))
    assert whole.count('class="steps"') >= one.count('class="steps"') > 0
    said = "<strong>组长宣布启动响应</strong>"
    assert said in whole and said not in one
    assert row.digest in text_of(head.get(place(row, "print/")))


def test_pages_ask_the_same_however_many_editions_there_are(head):
    head.get("/plan/")
    few = queries_of(head, "/plan/")
    base = Edition.objects.get(code="power_county")
    Edition.objects.bulk_create(
        Edition(code=base.code, version=f"r{n}", title=base.title, state="retired", data=base.data,
                digest=base.digest, adopted_at=base.adopted_at)
        for n in range(50)
    )  # fmt: skip
    assert queries_of(head, "/plan/") <= few + 1

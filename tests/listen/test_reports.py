"""What our own people saw: sent once however often, joined when it is the same, thanked, and told what became of it."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.ledger.queries import entries_of
from shudao.listen.actions.reports import AN_HOUR
from shudao.listen.models import Evidence, Item, ObserverLink, Report
from shudao.listen.queries import reports as asked
from shudao.org.models import Observer
from shudao.org.queries import who_holds
from tests.listen.pictures import picture
from tests.site import furnished, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "/listen/report/send_report/"
LINK = "https://weibo.com/1234567890/Mabc12DEf"


@pytest.fixture(autouse=True)
def site(standing, settings, tmp_path):
    """The invented power company, with an evidence store of its own."""
    settings.DATA = tmp_path
    furnished(standing)
    return tmp_path


@pytest.fixture
def officer():
    return signed_in("duty_officer")


def filled(**fields):
    """What the form sends."""
    return {"token": str(uuid.uuid4()), "words": "", "link": "", "place": "", "seen_at": "", **fields}


def shot(seed=b"one", name="a.png", **more):
    return SimpleUploadedFile(name, picture(seed, **more), content_type="image/png")


def files(folder):
    return [path for path in (folder / "evidence").glob("*/*") if path.is_file()]


def test_a_sighting_becomes_an_item_that_sensing_hears(officer):
    answer = officer.post(SEND, filled(words="城南小区停电两小时了 @青岚小李_88 在说", place="城南", link=LINK))
    report = Report.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("listen:thanks", args=[report.pk])
    item = report.item
    assert (item.kind, item.title, item.source.code) == ("report", "城南", "observers")
    assert "青岚小李" not in item.text and item.url == report.link == "https://m.weibo.cn/status/Mabc12DEf"
    page = text_of(officer.get(answer["Location"]))
    assert "谢谢" in page and "值班员还没有看" in page
    [sent] = [entry for entry in entries_of("site") if entry["verb"] == "send_report"]
    assert (sent["data"]["count"], sent["data"]["report"], sent["post"]) == (1, report.pk, "duty_officer")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "还没有写内容"),
        ({"link": "没有网址"}, "没有网址"),
        ({"words": "x", "seen_at": "2026-08-13T10:00"}, "不晚于现在"),
        ({"words": "x", "seen_at": "2020-01-01T10:00"}, "30 天"),
    ],
)
def test_what_cannot_be_taken_says_how_to_mend_it(officer, fields, says):
    answer = officer.post(SEND, filled(**fields))
    assert answer.status_code == 422 and says in text_of(answer) and not Report.objects.exists()


def test_words_around_a_shared_link_are_kept_as_words(officer):
    officer.post(SEND, filled(link=f"快来看 停电了 {LINK}?from=app 复制打开"))
    report = Report.objects.get()
    assert report.link == "https://m.weibo.cn/status/Mabc12DEf" and "快来看 停电了" in report.item.text


def test_the_same_report_sent_again_is_answered_and_not_doubled(officer, site):
    data = filled(words="停电")
    first = officer.post(SEND, {**data, "pictures": [shot()]})
    again = officer.post(SEND, {**data, "pictures": [shot()]})
    assert again["Location"] == first["Location"] and Report.objects.count() == Item.objects.count() == 1
    assert Evidence.objects.count() == len(files(site)) == 1


def test_a_script_is_answered_in_json(officer):
    headers = {"Accept": "application/json"}
    said = json.loads(
        officer.post(SEND, filled(words="停电", saved_at="2026-07-13T01:30:00Z"), headers=headers).content
    )
    assert said["report"] == Report.objects.get().pk and said["sent_at"] == "10:00"
    assert Report.objects.get().seen_at.isoformat() == "2026-07-13T01:30:00+00:00"
    fault = officer.post(SEND, filled(), headers=headers)
    assert fault.status_code == 422 and "还没有写内容" in json.loads(fault.content)["faults"][0]


def test_the_same_link_or_picture_is_joined_counted_and_still_thanked(officer, standing):
    other = signed_in("drafter")
    officer.post(SEND, filled(words="停电了", link=LINK, pictures=[shot(b"one")]))
    standing.advance(minutes=5)
    by_link = other.post(SEND, filled(words="都停了", link=LINK + "?refer=x"))
    by_look = other.post(SEND, filled(pictures=[SimpleUploadedFile("b.jpg", picture(b"one", "JPEG", (180, 240)))]))
    different = other.post(SEND, filled(pictures=[shot(b"two")]))
    first, joined, looked, alone = Report.objects.order_by("pk")
    assert (joined.joined_to, looked.joined_to, alone.joined_to) == (first, first, None)
    assert joined.item != first.item and looked.item is None
    for answer in (by_link, by_look):
        assert "3 人次" in text_of(other.get(answer["Location"]))
    assert "3 人次" not in text_of(other.get(different["Location"]))
    queue = officer.get("/listen/reports/")
    assert "2 条上报等您看" in text_of(queue) and "3 人次报来" in text_of(queue)
    standing.advance(days=4)
    other.post(SEND, filled(words="又停了", link=LINK))
    assert Report.objects.latest("pk").joined_to is None


def test_one_decision_holds_for_all_that_were_joined(officer, standing):
    other = signed_in("drafter")
    officer.post(SEND, filled(words="停电了", link=LINK))
    other.post(SEND, filled(link=LINK))
    first, joined = Report.objects.order_by("pk")
    assert officer.post(f"/listen/reports/{first.pk}/take_in_report/", {}).status_code == 302
    other.post(SEND, filled(link=LINK))
    assert {row.state for row in Report.objects.all()} == {Report.State.TAKEN}
    page = text_of(other.get(reverse("listen:thanks", args=[joined.pk])))
    assert "已受理" in page and "并在一起" in page
    again = officer.post(f"/listen/reports/{first.pk}/mark_report_seen/")
    assert again.status_code == 409 and "已处理" in text_of(again)


def test_what_later_stages_did_is_told_in_words(officer, monkeypatch):
    officer.post(SEND, filled(words="停电了"))
    item = Report.objects.get().item
    monkeypatch.setattr(asked, "fates", [lambda keys: {item.pk: Words("已并入预警 7", "joined to alert 7")}])
    assert "已并入预警 7" in text_of(officer.get("/listen/report/"))


def test_an_alert_that_holds_the_item_is_told(officer):
    from shudao.listen.queries.reports import fate_of, fates
    from shudao.sense.models import Alert, AlertItem, Topic

    officer.post(SEND, filled(words="停电了"))
    item, now = Report.objects.get().item, clock.now(LIVE)
    told = {"why_zh": "x", "why_en": "x", "version": "1", "at": now, "raised_at": now}
    alert = Alert.objects.create(scene="live", number=7, kind="burst", topic=Topic.objects.first(), **told)
    AlertItem.objects.create(alert=alert, item=item, place=0)
    assert len(fates) >= 2 and "7" in fate_of([item.pk])[item.pk].zh


def test_a_picture_without_words_waits_for_the_officers_words(officer, site):
    officer.post(SEND, filled(pictures=[shot()]))
    report = Report.objects.get()
    assert report.item is None and "只有图片" in text_of(officer.get("/listen/reports/"))
    officer.post(
        f"/listen/reports/{report.pk}/take_in_report/", {"words": "截图里 @青岚小李_88 说停电，电话 13800138000"}
    )
    report.refresh_from_db()
    assert "停电" in report.item.text and "青岚小李" not in report.item.text and "13800138000" not in report.item.text
    assert Evidence.objects.get().item == report.item


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.png", b"no picture", "不是 JPG"),
        ("a.jpg", picture(b"x", "JPEG")[:-900], "损坏"),
        ("a.png", b"x" * (15 * 1024 * 1024 + 1), "15 MB"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是 JPG"),
    ],
)
def test_what_is_no_picture_is_refused_and_named(officer, site, name, body, says):
    answer = officer.post(SEND, filled(words="停电", pictures=[SimpleUploadedFile(name, body)]))
    assert answer.status_code == 422 and says in text_of(answer) and "第 1 张" in text_of(answer)
    assert not Report.objects.exists() and files(site) == []


def test_too_many_pictures_are_refused(officer):
    answer = officer.post(SEND, filled(words="x", pictures=[shot(str(n).encode()) for n in range(7)]))
    assert answer.status_code == 422 and "最多 6 张" in text_of(answer)


def test_nobody_sends_more_than_a_person_can_and_what_is_refused_leaves_no_file(officer, standing, site):
    now = clock.now(LIVE)
    me = who_holds("duty_officer", now)[0]
    Report.objects.bulk_create(
        Report(scene="live", token=uuid.uuid4(), staff=me, seen_at=now, sent_at=now) for _ in range(AN_HOUR)
    )
    answer = officer.post(SEND, filled(words="x", pictures=[shot()]))
    assert answer.status_code == 409 and "稍后再报" in text_of(answer)
    assert files(site) == [] and not Evidence.objects.exists()
    standing.advance(hours=2)
    assert officer.post(SEND, filled(words="x")).status_code == 302


def test_somebody_elses_report_is_not_there(officer):
    officer.post(SEND, filled(words="停电"))
    other = signed_in("drafter")
    assert other.get(reverse("listen:thanks", args=[Report.objects.get().pk])).status_code == 404
    assert other.get("/listen/reports/").status_code == 404


def test_pictures_are_shown_to_whoever_has_the_right_and_every_look_is_kept(officer, site):
    officer.post(SEND, filled(pictures=[SimpleUploadedFile("a.jpg", picture(b"one", "JPEG", place=True))]))
    evidence = Evidence.objects.get()
    seen_by = {post: signed_in(post).get(f"/listen/evidence/{evidence.pk}/").status_code for post in ("drafter",)}
    assert seen_by == {"drafter": 404}
    from shudao.org.models import PostRight

    PostRight.objects.get_or_create(post=_post("duty_officer"), right="evidence")
    page = officer.get(f"/listen/evidence/{evidence.pk}/")
    assert page.status_code == 200 and "data:image" not in text_of(page)
    before = len(list(entries_of("site")))
    shown = officer.post(f"/listen/evidence/{evidence.pk}/look_at_evidence/", {"manner": "shown"})
    assert "data:image/jpeg;base64," in text_of(shown) and shown["Cache-Control"].count("no-store")
    import base64
    import re

    drawn = base64.b64decode(re.search(r"base64,([^\"]+)", text_of(shown))[1])
    assert b"SECRET-CAMERA" not in drawn and b"Exif" not in drawn
    original = officer.post(f"/listen/evidence/{evidence.pk}/look_at_evidence/", {"manner": "original"})
    assert b"SECRET-CAMERA" in original.content and original["Content-Disposition"].startswith("attachment")
    looks = [
        entry["data"]["manner"] for entry in list(entries_of("site"))[before:] if entry["verb"] == "look_at_evidence"
    ]
    assert looks == ["shown", "original"]


def _post(code):
    from shudao.org.models import Post

    return Post.objects.get(code=code)


def test_an_observer_reports_by_his_own_link_until_it_is_withdrawn(standing):
    from shudao.ledger.verbs import Actor
    from shudao.listen.actions import invite_observer, withdraw_observer_link

    observer = Observer.objects.first()
    token = invite_observer(Actor(LIVE, "office_head"), observer)
    assert token not in str(list(ObserverLink.objects.values()))
    phone = Client(headers={"Accept-Language": "zh-hans"})
    assert phone.get("/listen/report/").status_code == 302
    page = phone.get(f"/listen/observer/{token}/")
    assert observer.name in text_of(page) and phone.get("/listen/report/").status_code == 302
    assert phone.post(f"/listen/observer/{token}/")["Location"] == "/listen/report/"
    assert phone.get("/listen/report/").status_code == 200
    phone.post(SEND, filled(words="变压器冒烟"))
    report = Report.objects.get()
    assert (report.observer, report.staff) == (observer, None)
    assert next(entry for entry in entries_of("site") if entry["verb"] == "send_report")["post"] == "observer"
    assert observer.name in text_of(signed_in("duty_officer").get("/listen/reports/"))
    for address in ("/listen/reports/", "/listen/paste/", "/", "/listen/imports/", "/listen/evidence/"):
        assert phone.get(address).status_code in (302, 404) or "password" in text_of(phone.get(address))
    withdraw_observer_link(Actor(LIVE, "office_head"), observer)
    assert phone.get("/listen/report/").status_code == 302
    assert phone.post(SEND, filled(words="x")).status_code == 302 and Report.objects.count() == 1
    assert phone.get(f"/listen/observer/{token}/").status_code == 404


def test_a_new_link_ends_the_one_before_and_leaving_ends_both(standing):
    from shudao.ledger.verbs import Actor
    from shudao.listen.actions import invite_observer
    from shudao.listen.queries.reports import observer_by_link

    observer, actor = Observer.objects.first(), Actor(LIVE, "office_head")
    first, second = invite_observer(actor, observer), invite_observer(actor, observer)
    assert observer_by_link(first) is None and observer_by_link(second).observer == observer
    Observer.objects.filter(pk=observer.pk).update(ended_on=clock.now(LIVE).date())
    assert observer_by_link(second) is None


def test_the_form_kept_on_the_phone_is_the_same_for_everybody():
    one, other = signed_in("duty_officer"), Client(headers={"Accept-Language": "zh-hans"})
    first, second = one.get("/listen/report/offline/"), other.get("/listen/report/offline/")
    assert first.content == second.content and b"csrfmiddlewaretoken" not in first.content
    assert first.status_code == 200


def test_the_door_tells_a_reporter_whose_session_it_is_and_a_stranger_nothing(officer):
    said = json.loads(officer.get("/listen/report/door/").content)
    assert said["who"].startswith("s") and len(said["token"]) > 30
    stranger = Client().get("/listen/report/door/")
    assert json.loads(stranger.content) == {"who": "", "token": ""} and not stranger.cookies


def test_what_another_app_shared_stands_in_the_form(officer):
    page = text_of(officer.get("/listen/report/", {"title": "停电", "text": "看这个", "url": LINK}))
    assert "看这个" in page and LINK in page


def test_the_manifest_and_the_worker_know_the_form():
    from shudao.base import install

    manifest = json.loads(Client().get("/manifest.webmanifest").content)
    assert manifest["share_target"]["action"] == "/listen/report/share/" == manifest["share_target"]["action"]
    assert install.STAND_INS["/listen/report/"] == reverse("listen:report_offline")
    told = Client().get("/sw.js").content.decode().split("\n", 1)[0]
    assert "report_worker" in told and "/listen/report/offline/" in told


def test_the_queue_asks_no_more_for_more(officer):
    now = clock.now(LIVE)

    def more(count):
        Report.objects.bulk_create(
            Report(scene="live", token=uuid.uuid4(), seen_at=now, sent_at=now - timedelta(minutes=n))
            for n in range(count)
        )

    officer.post(SEND, filled(words="停电", pictures=[shot()]))
    more(3)
    few = queries_of(officer, "/listen/reports/")
    more(30)
    assert queries_of(officer, "/listen/reports/") <= few + 1

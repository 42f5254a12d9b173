"""A site in which every kind of page has something on it: `python -m tests.browser.everything DIR` prints tokens as JSON.

Filled in by the forms themselves, as somebody who holds every post; `boss` is that person.
"""

import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from shudao.project.site import prepare, use_folder

SHEET = "标题,内容,来源,发布时间\n城南又停电了,家里没电了,青川论坛,2026-07-13 20:50\n,,,\n路灯不亮,北门路灯都不亮,青川论坛,昨天\n"


def main(folder: Path) -> None:
    """The sample site, lived through a whole office's work."""
    use_folder(folder)
    prepare()
    from django.conf import settings
    from django.test import Client

    from shudao.base.jobs import run_due
    from shudao.project.sample import furnish
    from shudao.project.work import load_jobs
    from tests.browser.filling import Hand

    settings.ALLOWED_HOSTS = ["*"]
    load_jobs()
    furnish()
    boss = everybody()
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(boss.user)
    hand = Hand(client)
    rumour()
    for part in (office, ways_in, channels, papers):
        part(hand)
    room(hand)
    drill(hand)
    run_due()
    print("\n".join(hand.refused), file=sys.stderr)
    sys.stdout.write(json.dumps(tokens(boss)))


def everybody() -> Any:
    """The administrator holds every post and so every right."""
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.org.models import Holding, Post, PostRight, Right, Staff

    boss, now = Staff.objects.filter(is_administrator=True).first(), clock.now(LIVE)
    held = set(Holding.objects.filter(staff=boss).values_list("post_id", flat=True))
    Holding.objects.bulk_create(
        Holding(post=post, staff=boss, from_at=now) for post in Post.objects.exclude(pk__in=held)
    )
    post = Post.objects.get(code="office_head")
    had = set(PostRight.objects.filter(post=post).values_list("right", flat=True))
    PostRight.objects.bulk_create(PostRight(post=post, right=right) for right in Right if right.value not in had)
    return boss


def tokens(boss: Any) -> dict[str, str]:
    """One-time links."""
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor
    from shudao.org.actions import make_entry_link

    return {name: make_entry_link(Actor(LIVE, "system"), boss) for name in ("boss", "again", "story", "order")}


def rumour() -> None:
    """Something said once, copied by many, its number changed on the way: ten posts of five sources in three hours."""
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.engine.post import Post
    from shudao.project.sample import read_stream
    from shudao.sense.actions import pull_scene

    now, said = clock.now(LIVE), "东门菜场昨晚跳闸三回，冰柜里的货坏了{}斤，摊主在等一个说法"
    places = [("清江论坛", "web"), ("微言", "social"), ("邻里圈", "social"), ("快拍", "social"), ("清江融媒", "news")]
    posts = [
        Post(
            id=f"rumour-{n}", source=places[n % 5][0], kind=places[n % 5][1], text=said.format(40 if n < 6 else 400),
            published_at=now - timedelta(minutes=200 - 20 * n),
        )
        for n in range(10)
    ]  # fmt: skip
    read_stream(posts)
    pull_scene(LIVE)


def office(hand: Any) -> None:
    """People, shifts, registers."""
    hand.send("/org/shifts/rules/add_shift_rule/", staff="林晓芸", days="workdays")
    hand.send("/org/registers/observers/add_observer/", name="马老师")
    hand.send("/org/registers/accounts/add_own_account/", platform="微言", name="清江供电")
    hand.send("/org/registers/outlets/add_outlet/", name="清江晚报")
    hand.send("/org/registers/outlets/1/add_correction/", claim="称变压器爆炸", evidence="现场检查记录")
    hand.send("/org/registers/activities/add_activity/", subject="新闻发言人培训", attended="12")
    hand.send("/org/staff/add_staff/", name="马小川")
    hand.send("/org/units/add_unit/", name="东关供电所")
    hand.send("/org/sign-in-rules/set_sign_in_rules/", at="/org/sign-in-rules/")


def ways_in(hand: Any) -> None:
    """Reports, pasted posts, sheets, hooks."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    hand.send("/listen/observers/1/invite_observer/", at="/listen/observers/")
    hand.send(
        "/listen/report/send_report/",
        at="/listen/report/",
        words="北门小区贴了告示，围了二十来人",
        link="https://a.example/1",
    )
    hand.send("/listen/report/send_report/", at="/listen/report/", words="有人在拍视频")
    hand.send("/listen/inner-hosts/allow_inner_host/", at="/listen/inner-hosts/", host="10.0.0.8", reason="本公司论坛")
    hand.send("/listen/hooks/open_hook/", at="/listen/hooks/", source="县融媒")
    sheet = SimpleUploadedFile("周报.csv", SHEET.encode(), content_type="text/csv")
    hand.send("/listen/imports/upload_import/", at="/listen/imports/", file=sheet)
    sheet = SimpleUploadedFile("昨天的.csv", SHEET.replace("路灯", "空调").encode(), content_type="text/csv")
    hand.send("/listen/imports/upload_import/", at="/listen/imports/", file=sheet)
    hand.send("/listen/imports/2/start_import/", at="/listen/imports/2/")
    told = {"platform": "微言", "text": "又停电了", "link": "https://b.example/2", "when": "今天 08:00"}
    hand.client.post("/listen/paste/paste_posts/", told)
    hand.send("/follow/care/hand_to_care/", note="有住户发帖说撑不下去了，请关心")


def channels(hand: Any) -> None:
    """A channel, a test of who can be reached."""
    hook = "https://127.0.0.1/cgi-bin/webhook/send?key=x"  # refused by the guard: nobody is reached
    hand.send("/notify/channels/add_channel/", at="/notify/channels/add_channel/?kind=wecom", name="值班群", url=hook)
    hand.client.post("/notify/channels/wecom-1/test_channel/")
    hand.send("/notify/reach/start_reach_test/", reason="国庆前联通测试")


def papers(hand: Any) -> None:
    """A draft of a plan, demands of ordinary days, tasks given."""
    page = hand.client.get("/plan/library/")
    assert page.status_code == 200
    hand.send("/plan/draft_plan/", at="/plan/library/")
    hand.send("/respond/demands/receive_demand/", text="商铺夜里总跳闸，希望查一查", owner="service_head")
    hand.send("/respond/demands/receive_demand/", text="电费单看不懂", owner="service_head")
    hand.send("/respond/demands/1/keep_contact/", text="王女士 13900000000")
    hand.send("/respond/tasks/add_task/", title="排查老旧小区线路", text="三天内报结果", to="repair_head")


def room(hand: Any) -> None:
    """A matter in the middle of being dealt with."""
    alert = hand.client.get("/sense/alerts/").content.decode()
    number = re.search(r"/sense/alerts/(\d+)/", alert).group(1)
    hand.send("/respond/open_incident/", at=f"/respond/open_incident/?alert={number}")
    here = hand.client.get("/respond/incidents/").content.decode()
    code = re.search(r"/respond/incidents/([^/\"]+)/\"", here).group(1)
    at = f"/respond/incidents/{code}/"
    hand.send(f"{at}add_fact/", status="known", text="20时47分停电，影响1126户", figures="影响户数 1126")
    hand.send(f"{at}add_fact/", status="not_known", text="原因仍在查找")
    hand.send(f"{at}add_fact/", status="false", text="“变压器爆炸”不属实")
    hand.send(f"{at}propose_level/", posts_1h="60", posts_total="140", sources="6")
    hand.send(f"{at}confirm_level/", reason="影响面大，按高一级办")
    hand.send(f"{at}contest_level/", reason="已有三家媒体转载")
    hand.send(f"{at}tell_superior/")
    hand.send(f"{at}send_briefing/")
    hand.send(f"{at}add_demand/", text="几时来电", owner="service_head")
    hand.send(f"{at}add_demand/", text="家中有人靠制氧机", owner="repair_head")
    hand.send(f"{at}add_task/", title="发电车到小区北门", text="先接通制氧机用户")
    hand.send(f"{at}call_meeting/", place="三楼会议室")
    hand.send(f"{at}hold_meeting/", decision="调度与运检连夜抢修，两小时更新一次")
    hand.send(f"{at}attach_items/")
    text = "20时47分起停电，影响1126户。原因仍在查找，抢修人员已到场，两小时内再通报。"
    for _ in range(2):
        hand.send(f"{at}draft_statement/", text=text, post="drafter")
    hand.send(f"{at}hand_over_role/")


def drill(hand: Any) -> None:
    """One drill running, one scored."""
    from shudao.drill.models import Run

    for steps in (12, 24):
        hand.send("/drill/start_run/", at="/drill/", team="scripted")
        code = Run.objects.latest("pk").code
        for _ in range(steps):
            hand.client.post(f"/drill/runs/{code}/play_on/")
    hand.send(f"/drill/runs/{code}/finish_run/", at=f"/drill/runs/{code}/")
    hand.send(f"/drill/runs/{code}/write_after_action/", at=f"/drill/runs/{code}/")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""A whole matter on a real site in a folder, with handles planted in every place that has one. Run as a process of its own:
`python -m tests.flows.nameless_site DIR OUT`. Everything the site hands out (pages, exports, papers, bundle) goes to OUT.
"""

import json
import re
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from shudao.project.site import prepare, use_folder

HANDLES = (
    "laowang_88",
    "阿李电工很忙",
    "Chen.Mei-77",
    "1987654321",
    "mei@mail.example",
    "清江渔夫009",
    "夜班小周_zz",
    "river_fisher_7",
)
NUMBERS = ("13800001234", "330106199001011231", "6222020000001234")
START = datetime(2026, 7, 13, 2, tzinfo=UTC)
JSONL = """
{"id": "laowang_88-1", "kind": "social", "title": "laowang_88：城南停电", "author": "laowang_88", "text": "//@阿李电工很忙:城南停电是真的 ＠Chen.Mei-77 说 laowang_88 电话13800001234", "url": "https://weibo.com/1987654321/Mabc12DEf", "published_at": "2026-07-13T09:50:00+08:00", "source": "微言"}
{"id": "https://weibo.com/n/阿李电工很忙", "kind": "social", "title": "城南停电", "text": "何时来电？身份证330106199001011231", "author": "阿李电工很忙", "url": "https://weibo.com/u/1987654321", "published_at": "2026-07-13T09:51:00+08:00", "source": "论坛"}
{"id": "3", "kind": "social", "title": "城南停电，来信 mei@mail.example", "text": "weibo.com/u/1987654321 https://forum.example/people/laowang_88/posts 卡6222020000001234", "source": "清江渔夫009", "author": "清江渔夫009", "published_at": "2026-07-13T09:52:00+08:00"}
{"id": "4", "kind": "laowang_88", "title": "x", "author": "阿李电工很忙", "published_at": "laowang_88"}
laowang_88 不是 JSON
"""
CSV = "标题,正文,时间,作者,链接\n夜班小周_zz说城南停电,@阿李电工很忙 @Chen.Mei-77,2026-07-13 09:53,夜班小周_zz,https://f.example/@Chen.Mei-77\n坏行,x,昨天,laowang_88,\n"
RSS = (
    "<rss version='2.0'><channel><title>t</title><item><title>river_fisher_7: 城南停电</title><guid>https://x.com/river_fisher_7/status/55</guid>"
    "<link>https://x.com/river_fisher_7/status/55</link><author>river_fisher_7</author><description>&lt;script&gt;alert(1)&lt;/script&gt;@laowang_88"
    "</description></item></channel></rss>"
)


def main(data: Path, out: Path) -> None:
    """Furnish, listen by every way in, handle, end, erase; leave what may be looked at."""
    use_folder(data)
    prepare()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    from shudao.base import clock

    clock.install(clock.ManualClock(START))
    out.mkdir(parents=True, exist_ok=True)
    from tests.site import furnished

    furnished(None)
    hear(out)
    told = handle(out)
    (out / "told.json").write_text(json.dumps(told))


def hear(out: Path) -> None:
    """By feed, file, import, report, pasted post and hook."""
    from shudao.engine.intake.files import read_file
    from shudao.engine.intake.setting import CHINA, Setting
    from shudao.listen import jobs
    from shudao.listen.actions import add_source, read_batch
    from shudao.listen.queries import source_of
    from tests.base.outgoing.peers import page, peer
    from tests.site import LIVE, acting, let_in, signed_in

    duty = acting("duty_officer")
    setting = Setting(source="微言", at=START.astimezone(CHINA), now=START.astimezone(CHINA))
    read_batch(duty, source_of(LIVE, "微言"), read_file("a.jsonl", JSONL.encode(), setting))
    read_batch(duty, source_of(LIVE, "微言"), read_file("a.csv", CSV.encode(), setting))
    with peer(page(RSS.encode(), "Content-Type: application/rss+xml")) as other:
        let_in("127.0.0.1")
        add_source(duty, "feed", name="清江论坛", kind="social", connector="feed", address=other.url("/rss"))
        jobs.poll_sources()
    import_a_sheet(duty)
    officer, head = signed_in("duty_officer"), signed_in("office_head")
    words = {
        "token": str(uuid.uuid4()),
        "words": "城南停电 @夜班小周_zz 在说，电话13800001234",
        "place": "城南",
        "link": "https://weibo.com/1987654321/Mabc12DEf",
        "seen_at": "",
    }
    keep(out, "report", officer.post("/listen/report/send_report/", words))
    pasted = {
        "platform": "微博",
        "author": "清江渔夫009",
        "text": "城南停电三小时 @laowang_88",
        "link": "https://weibo.com/1987654321/Nabc12DEf",
        "published": "2026-07-13 09:55",
    }
    keep(out, "pasted", head.post("/listen/paste/paste_posts/", pasted))
    hook(head)


def import_a_sheet(duty) -> None:
    """A spreadsheet, read in the background."""
    from shudao.engine.intake.setting import CHINA, Setting
    from shudao.engine.intake.sniff import sniff
    from shudao.listen import importing, store
    from shudao.listen.actions import start_import, upload_import
    from shudao.listen.queries.imports import look_of
    from tests.engine.intake.setting import xlsx

    rows = [
        [
            "城南停电",
            "清江渔夫009 与 @Chen.Mei-77",
            "2026-07-13 09:54",
            "清江渔夫009",
            "https://weibo.com/u/1987654321",
        ],
        ["坏行", "x", "不知", "laowang_88", ""],
    ]
    body = xlsx(["标题", "正文", "发布时间", "作者", "链接"], *rows)
    seen = sniff(
        "清江渔夫009.xlsx", body, Setting(source="服务商", at=START.astimezone(CHINA), now=START.astimezone(CHINA))
    )
    run = upload_import(duty, store.put([body]), file_name="@清江渔夫009.xlsx", source="服务商", sniffed=seen)
    look = look_of(run)
    start_import(duty, run, layout=next(sheet for sheet in look.sheets if sheet.name == look.main).layout, total=2)
    importing.go_on(seconds=60)
    importing.forget()


def hook(head) -> None:
    """A signed call from another system."""
    from django.test import Client

    from shudao.base import clock
    from shudao.engine.signing import signature
    from shudao.listen.models import Hook
    from tests.site import LIVE

    page = head.post("/listen/hooks/open_hook/", {"source": "热线系统", "kind": "report"}).content.decode()
    secret = bytes.fromhex(re.search(r'id="secret"[^>]*value="([0-9a-f]{64})"', page)[1])
    body = json.dumps(
        {
            "id": "h1",
            "kind": "web",
            "title": "城南停电",
            "text": "@夜班小周_zz 说 laowang_88",
            "author": "laowang_88",
            "published_at": "2026-07-13T09:56:00+08:00",
        }
    ).encode()
    stamp = str(int(clock.now(LIVE).timestamp()))
    headers = {"X-Shudao-Timestamp": stamp, "X-Shudao-Signature": signature(secret, stamp, body)}
    answer = Client().post(
        f"/listen/hook/{Hook.objects.get().code}/", body, content_type="application/json", headers=headers
    )
    assert answer.status_code == 200, answer.content


def handle(out: Path) -> dict:
    """From sensing to the seal; what the two incidents of one author came to be called."""
    from shudao.base import clock
    from shudao.follow.actions import close_incident, end_watch, seal, settle_incident, watch_incident
    from shudao.ledger.queries import as_lines, streams
    from shudao.listen.models import Item
    from shudao.listen.queries import stored_names
    from shudao.plan.queries import edition_in_force
    from shudao.respond.actions import add_demand, attach_items, open_incident
    from shudao.respond.models import Attachment
    from shudao.sense.actions import pull_scene
    from tests.site import LIVE, acting, signed_in

    pull_scene(LIVE)
    duty, head, plan = acting("duty_officer"), acting("office_head"), edition_in_force("power_county").plan
    items = list(Item.objects.order_by("pk"))
    door = sorted({name for item in items for name in stored_names(item).values()})
    one = open_incident(
        duty, plan, title=f"{items[0].title} @laowang_88", origin="hotline", items=items[: len(items) // 2]
    )
    two = open_incident(duty, plan, title="另一件", origin="hotline", items=items[len(items) // 2 :])
    attach_items(duty, two, [items[0]])
    add_demand(duty, one, text=f"{items[1].text} @阿李电工很忙 电话13800001234 何时来电", owner="service_head")
    browser = signed_in("office_head")
    browser.post(
        f"/respond/incidents/{one.number}/send_briefing/",
        {"kind": "first", "to": "city_news_centre", "post": "office_head"},
    )
    walk(out, browser)
    for incident in (one, two):
        settle_and_close(head, incident, settle_incident, close_incident)
        watch = watch_incident(head, incident)
        seal(head, incident, out / f"{incident.number}.zip")
        end_watch(head, watch)
    for row in streams():
        (out / f"{row.name.replace('/', '-')}.jsonl").write_bytes(b"".join(as_lines(row.name)))
    clock._source.advance(days=8)
    from shudao.listen.jobs import turn_door_keys

    turn_door_keys()
    voices = {
        number: sorted(set(Attachment.objects.filter(incident__number=number).values_list("voice", flat=True)))
        for number in (one.number, two.number)
    }
    return {"items": len(items), "door": door, "voices": voices, "attached": Attachment.objects.count()}


def settle_and_close(head, incident, settle, close) -> None:
    """By whichever post the plan lets end it."""
    from shudao.base.refusal import Refused
    from shudao.respond.models import Incident
    from tests.site import acting

    for step, more in ((settle, {}), (close, {"override_reason": "试验"})):
        for post in [end.id for end in incident.plan.posts]:
            try:
                step(acting(post), Incident.objects.get(pk=incident.pk), **more)
                break
            except (Refused, IndexError):
                continue


def walk(out: Path, browser) -> None:
    """Every page and export that links lead to, as files."""
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) < 250:
        address = waiting.pop(0)
        answer = browser.get(address)
        body = keep(out, f"page{len(seen)}-{len(waiting)}", answer)
        for link in re.findall(r'(?:href|action)="(/[^"#]*)', body):
            plain = link.replace("&amp;", "&")
            if plain not in seen and not plain.startswith(("/static/", "/language", "/org/sign-out", "/live")):
                seen.add(plain)
                waiting.append(plain)


def keep(out: Path, name: str, answer) -> str:
    """An answer as a file."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    (out / f"{name}.out").write_bytes(body)
    return body.decode("utf-8", "replace") if answer.headers.get("Content-Type", "").startswith("text/html") else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

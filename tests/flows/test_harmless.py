"""Stored text cannot run: whatever a stranger writes, by every way in, no page holds a script, a handler or a strange link."""

import re
import uuid
from collections import Counter

import pytest
from lxml import html

from shudao.base import clock
from shudao.engine.intake.feed import read_feed
from shudao.engine.intake.files import read_file
from shudao.engine.intake.setting import CHINA, Setting
from shudao.engine.post import Post
from shudao.listen.actions import read_batch
from shudao.listen.models import Item
from shudao.listen.queries import source_of
from shudao.respond.actions import add_demand, attach_items
from shudao.sense.actions import pull_scene
from shudao.sense.models import Alert, AlertItem, Story, Topic
from tests.project.samples import name_of
from tests.site import LIVE, acting, furnished, opened, signed_in

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<a href=javascript:alert(1)>x</a>", "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
    "<body onload=alert(1)>", "<details open ontoggle=alert(1)>", "<input autofocus onfocus=alert(1)>", "<style>@import'http://evil.example/x.css'</style>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<base href=//evil.example/>", "<object data=javascript:alert(1)></object>",
    "<form action=javascript:alert(1)><button>x</button></form>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;", "＜script＞alert(1)＜/script＞", "{{ 7|add:7 }}{% load static %}", "${alert(1)}", "javascript:alert(1)",
    "\u202e<tpircs>)1(trela", "\u2066<b onclick=alert(1)>x\u2069", "<\u200bscript>alert(1)</script>", "%0a<script>alert(1)</script>", "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<template><script>alert(1)</script></template>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<a href=vbscript:msgbox(1)>x</a>", "<img src=`x`onerror=alert(1)>", "<x hx-get=/ hx-trigger=load>",
    "<div hx-on:load=alert(1)>", "<b style=position:fixed;inset:0>x</b>",
]  # fmt: skip
ADDRESSES = [
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "http://a.example/\"onmouseover=\"alert(1)", "http://a.example/'><script>",
    "//evil.example/x", "/\\evil.example", "java\nscript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "https://a.example/%0ajavascript:alert(1)",
    "file:///etc/passwd", "http://a.example/\u202egpj.exe", "blob:https://a.example/1", "feed:javascript:alert(1)",
]  # fmt: skip
HANDLERS = re.compile(r"^on\w+$|^hx-on|^formaction$|^srcdoc$", re.IGNORECASE)
OUT = re.compile(r"^https?://", re.IGNORECASE)


@pytest.fixture
def head(standing, settings, tmp_path):
    """A site that heard every payload by every way in, raised an alert and opened an incident of it."""
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    furnished(standing)
    hear()
    pull_scene(LIVE)
    items = list(Item.objects.order_by("pk"))
    incident = opened(f"停电 {PAYLOADS[0]}")
    attach_items(acting("duty_officer"), incident, items[:30])
    for text in PAYLOADS[:12]:
        add_demand(acting("duty_officer"), incident, text=text, owner="service_head")
    alert = Alert.objects.create(
        scene="live", number=901, kind="burst", topic=Topic.objects.first(), story=Story.objects.first(), level_hint="III", version="t",
        why_zh=PAYLOADS[1], why_en=PAYLOADS[1], at=clock.now(LIVE), raised_at=clock.now(LIVE), reason=PAYLOADS[2],
    )  # fmt: skip
    AlertItem.objects.bulk_create(AlertItem(alert=alert, item=item, place=n) for n, item in enumerate(items[:20]))
    return signed_in("office_head")


def hear() -> None:
    """By feed, spreadsheet, JSON lines, mail, report and paste."""
    now = clock.now(LIVE)
    duty, source = acting("duty_officer"), source_of(LIVE, "微言")
    setting = Setting(source="微言", at=now.astimezone(CHINA), now=now)
    entries = "".join(
        f"<item><title><![CDATA[停电 {text}]]></title><guid isPermaLink='false'>f{n}</guid><link><![CDATA[{link}]]></link>"
        f"<description><![CDATA[{text}]]></description></item>"
        for n, (text, link) in enumerate(zip(PAYLOADS, ADDRESSES * 3, strict=False))
    )
    read_batch(
        duty,
        source,
        read_feed(f"<rss version='2.0'><channel><title>t</title>{entries}</channel></rss>".encode(), setting).results,
    )
    posts = [
        Post(
            id=f"p{n}",
            kind="social",
            title=f"停电 {text}"[:200],
            text=text,
            url=ADDRESSES[n % len(ADDRESSES)],
            author=text[:40],
            source=text[:60],
            published_at=now,
        )
        for n, text in enumerate(PAYLOADS)
    ]
    read_batch(duty, source, posts)
    rows = "\n".join(
        f'"停电 {text.replace(chr(34), chr(34) * 2)}","{text.replace(chr(34), chr(34) * 2)}",2026-07-13 08:00'
        for text in PAYLOADS[:20]
    )
    read_batch(duty, source, read_file("a.csv", f"标题,正文,时间\n{rows}\n".encode(), setting))
    officer = signed_in("duty_officer")
    for text in PAYLOADS[:6]:
        told = {
            "token": str(uuid.uuid4()),
            "words": f"停电 {text}",
            "place": text,
            "link": "javascript:alert(1)",
            "seen_at": "",
        }
        officer.post("/listen/report/send_report/", told)


def pages(client):
    """The pages that links lead to, a few of each kind."""
    waiting, seen, kinds = ["/", "/sense/alerts/901/"], {"/", "/sense/alerts/901/"}, Counter()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        body = answer.content.decode()
        yield address, body
        for link in re.findall(r'href="(/[^"#]*)', body):
            plain = link.replace("&amp;", "&")
            name = name_of(plain.split("?")[0])
            if (
                name
                and plain not in seen
                and kinds[name] < 2
                and not plain.startswith(("/language", "/org/sign-out", "/live"))
            ):
                kinds[name] += 1
                seen.add(plain)
                waiting.append(plain)


def faults(body: str) -> list[str]:
    """What of a page could run, load or lead anywhere it should not."""
    found = []
    for node in html.document_fromstring(body).iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag == "script" and (node.text or not (node.get("src") or "").startswith("/static/")):
            found.append(f"script {node.text}")
        if node.tag in ("iframe", "object", "embed", "base", "math", "style"):
            found.append(node.tag)
        if node.tag == "meta" and node.get("http-equiv"):
            found.append("meta refresh")
        found += [f"{node.tag} {name}" for name in node.attrib if HANDLERS.match(name) or name == "style"]
        for name in ("href", "src", "action", "xlink:href", "data"):
            value = (node.get(name) or "").strip()
            if (
                value
                and not value.startswith(("/", "?", "#", ".", "data:image/"))
                and not OUT.match(value)
                and ":" in value.split("/")[0]
            ):
                found.append(f"{node.tag} {name}={value[:60]}")
            if value.startswith(("//", "/\\")) or any(char in value for char in "\n\r\t\u202e\u2066"):
                found.append(f"{node.tag} {name}={value[:60]!r}")
        if node.tag == "a" and OUT.match(node.get("href") or ""):
            rel = set((node.get("rel") or "").split())
            if not {"noreferrer", "noopener"} <= rel:
                found.append(f"a without rel {node.get('href')}")
    return found


def test_nothing_that_was_heard_can_run_on_any_page(head):
    seen = {}
    for address, body in pages(head):
        seen[address] = faults(body)
    assert {address: found for address, found in seen.items() if found} == {}
    kinds = ("/sense/alerts/", "/sense/stories/", "/respond/incidents/", "/listen/", "/follow/")
    assert len(seen) > 60 and all(any(address.startswith(kind) for address in seen) for kind in kinds)


def test_what_is_kept_holds_no_direction_marks_and_no_strange_address(head):
    for item in Item.objects.all():
        assert not re.search(
            "[\u202a-\u202e\u2066-\u2069\x00-\x08]", f"{item.title}{item.text}{item.outlet}{item.url}{item.ext_id}"
        )
        assert item.url == "" or (OUT.match(item.url) and not re.search(r"[\s\"'<>]", item.url)), item.url


def test_the_check_itself_sees_what_it_should():
    bad = "<p onclick=x>a</p><a href='javascript:1'>b</a><script>1</script><iframe></iframe><a href='https://a.example/'>c</a>"
    assert len(faults(f"<html><body>{bad}</body></html>")) >= 5
    assert (
        faults(
            "<html><body><a href='https://a.example/' rel='noreferrer noopener'>c</a><a href='/x'>d</a></body></html>"
        )
        == []
    )

"""A furnished site with a real object for every part of an address, so that the walk meets pages, not gaps.

Most addresses are found as a reader finds them: by following the links and forms of the pages, from the board on, as
somebody who may everything. What no page leads to in this site wants a line in `Samples.known`.
"""

import re
from collections import Counter
from datetime import timedelta

from django.test import Client
from django.urls import Resolver404, resolve

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.post import Post
from shudao.listen.actions import read_batch
from shudao.listen.models import Item
from shudao.listen.queries import source_of
from shudao.notify.actions import add_channel, start_reach_test
from shudao.org.models import Staff
from shudao.respond.actions.analysis import ask_views
from shudao.sense.actions import add_warning_rule, pass_alert
from shudao.sense.models import Alert, AlertItem, Topic
from tests.conftest import START
from tests.site import acting, furnished, opened, signed_in

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
LINK = re.compile(r'(?:href|action|hx-get|hx-post)="(/[^"#]*)')
STAND_INS = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}
FITS = {"int": lambda value: str(value).isdigit(), "uuid": lambda value: str(value).count("-") == 4}
MOST_OF_A_NAME, MOST = 3, 500


class Samples:
    """Everything that addresses name, in one site."""

    def __init__(self) -> None:
        clock.install(clock.ManualClock(START))
        furnished(None)
        self.alert = self._alert()
        self.incident = opened()
        self._pass_on()
        self.run = self._run()
        self._write_papers()
        self.reach = self._reach()
        self.found: dict[str, str] = {}
        self.unknown: set[str] = set()

    @property
    def known(self) -> dict[str, object]:
        """`stage:name part`, `stage part` or part -> a value, for what no page of this site leads to."""
        return {
            "code": self.run.code,
            "token": "unknown",
            "provider_id": "office",
            "staff": Staff.objects.order_by("pk").last().pk,
            "sense number": self.alert.number,
            "respond number": self.incident.number,
            "notify number": self.reach.pk,
            "follow number": self.incident.number,
            **dict.fromkeys(("key", "pk", "seq", "number"), 1),
            **dict.fromkeys(("name", "account", "text"), "x"),
            "kind": "site",
            "tone": "light",
            "size": "page",
        }

    def crawl(self, client: Client) -> None:
        """Follow every link and form there is, a few of each kind, and remember one address of each name."""
        waiting, seen, kinds = ["/"], {"/"}, Counter()
        while waiting and len(seen) < MOST:
            page = client.get(waiting.pop(0))
            if page.streaming or not page.headers.get("Content-Type", "").startswith("text/html"):
                continue
            for link in LINK.findall(page.content.decode()):
                address = link.replace("&amp;", "&")
                path = address.split("?")[0]
                name = name_of(path)
                if not name or address in seen or kinds[name] >= MOST_OF_A_NAME:
                    continue
                kinds[name] += 1
                seen.add(address)
                waiting.append(address)
                if page.status_code == 200:
                    self.found.setdefault(name, path)

    def fill(self, name: str, route: str) -> str:
        """The address of a route with what is there. What is found nowhere is noted in `unknown`."""
        if not PART.search(route):
            return "/" + route
        return self.found.get(name) or "/" + PART.sub(lambda part: self._value(name, *part.groups()), route)

    def _value(self, name: str, kind: str | None, part: str) -> str:
        known = self.known
        for key in (f"{name} {part}", f"{name.rpartition(':')[0]} {part}", part):
            if key in known and FITS.get(kind or "", str)(known[key]):
                return str(known[key])
        if kind not in STAND_INS:
            self.unknown.add(f"<{part}> of {name}")
        return STAND_INS.get(kind or "", "x")

    def _alert(self) -> Alert:
        now = clock.now(LIVE)
        posts = [
            Post(id=f"p{n}", source="微言", kind="social", text=f"城南停电 {n}", published_at=now) for n in range(2)
        ]
        read_batch(acting("duty_officer"), source_of(LIVE, "微言"), posts)
        row = Alert.objects.create(
            scene="live", number=1, kind="burst", topic=Topic.objects.first(), level_hint="III", version="t",
            why_zh="半小时内 30 条", why_en="30 posts in half an hour", at=now, raised_at=now,
        )  # fmt: skip
        for place, item in enumerate(Item.objects.order_by("pk")):
            AlertItem.objects.create(alert=row, item=item, place=place)
        return row

    def _run(self):
        from shudao.drill.models import Run

        client = signed_in("office_head")
        client.post("/drill/start_run/", {"scenario": "zh/outage", "team": "scripted", "speed": "1"})
        run = Run.objects.get()
        for _ in range(12):
            client.post(f"/drill/runs/{run.code}/play_on/")
        return run

    def _reach(self) -> object:
        """A channel of messages and a test of who can be reached."""
        url = "https://127.0.0.1/cgi-bin/webhook/send?key=x"  # refused by the guard: the walk reaches nobody
        add_channel(acting("office_head"), "wecom", name="值班群", given={"url": url})
        return start_reach_test(acting("office_head"), reason="节前测试", within=timedelta(minutes=30))

    def _pass_on(self) -> None:
        """A warning at a department, its rule, heads asked what they make of it."""
        pass_alert(acting("duty_officer"), self.alert, unit="service_group")
        add_warning_rule(acting("service_head"), unit="service_group", topic=self.alert.topic.code)
        ask_views(acting("office_head"), self.incident, posts=["leader"])

    def _write_papers(self) -> None:
        head, room = signed_in("office_head"), f"/respond/incidents/{self.incident.number}/"
        head.post(f"{room}add_demand/", {"text": "几时来电", "owner": "service_head", "post": "office_head"})
        head.post(f"{room}send_briefing/", {"kind": "first", "to": "city_news_centre", "post": "office_head"})


def name_of(path: str) -> str:
    """The name of the address at a path; empty when there is none."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""

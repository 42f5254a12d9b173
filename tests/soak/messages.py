"""Thirty days of messages on a manual clock against loopback peers that fail, throttle and are restarted upon.

Two replays of the same days. In the first the worker is stopped at random between any two of its steps: nothing may
repeat, nothing may be lost. In the second it is also killed inside the one moment between sending and keeping: nothing
may be lost, and every repeat must be named in the log as a try that never ended. Both run at once, a process each; that
they give the same again is seen on their first days.
"""

import hashlib
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

DAYS = int(os.environ.get("SHUDAO_DAYS", "30"))
AGAIN = 2
SEED = 20261124
CALM = timedelta(hours=5)
"""Without trouble at the end, so that everything may leave."""
ROOT = Path(__file__).parent.parent.parent


def run() -> str:
    """Both replays in processes of their own, and twice their first days; the first fault, empty when all is well."""
    again = min(DAYS, AGAIN)
    wanted = [(kills, days) for days in (DAYS, again, again) for kills in (False, True)]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda one: _apart(*one), wanted))
    if fault := next((said for said in told if not said.startswith("ok ")), ""):
        return fault
    for name, said, first, second in zip(("restarts", "kills"), told, told[2:4], told[4:], strict=False):
        if first != second:
            return f"not the same again: {first} / {second}"
        print(f"  {name}: {said.removeprefix('ok ')}", flush=True)
    return ""


def _apart(kills: bool, days: int) -> str:
    with tempfile.TemporaryDirectory(prefix="shudao-messages-") as folder:
        env = {**os.environ, "SHUDAO_DATA": folder, "SHUDAO_SECRET": "soak", "DJANGO_SETTINGS_MODULE": "tests.settings"}
        code = (
            f"import sys; from tests.soak.messages import replay_apart; sys.stdout.write(replay_apart({days}, {kills}))"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    return done.stdout.splitlines()[-1] if done.returncode == 0 and done.stdout else f"it failed: {done.stderr[-600:]}"


def replay_apart(days: float, kills: bool) -> str:
    """A replay on a fresh database of this process."""
    import django
    from django.conf import settings

    options = settings.DATABASES["default"].get("OPTIONS", {})
    if "init_command" in options:  # it is killed in words alone: the disk plays no part
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return Replay(days, kills=kills).run()


class Killed(BaseException):
    """The worker dies here."""


class Replay:
    """An office of four, three channels, some matters a day; a peer fails now and then, the worker is stopped often."""

    def __init__(self, days: float, *, kills: bool, seed: int = SEED, calm: timedelta = CALM) -> None:
        from shudao.base import clock

        self.days, self.kills, self.calm, self.chance = days, kills, calm, random.Random(seed)
        self.clock = clock.ManualClock(datetime(2026, 7, 1, 0, 0, tzinfo=UTC))
        clock.install(self.clock)
        self.said: list[str] = []
        self.matters = self.stops = self.inside = 0

    def run(self) -> str:
        """All days; a line that begins with "ok" and counts, or the fault."""
        from werkzeug.serving import make_server

        peers = _peers(self.clock.now)
        server = make_server("127.0.0.1", 0, _router(peers), threaded=True)
        import logging
        import threading

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            self._furnish(server.server_port)
            self._live(peers)
        finally:
            server.shutdown()
        return self._judge(peers)

    def _furnish(self, port: int) -> None:
        from django.contrib.auth import get_user_model

        from shudao.notify.actions import add_channel
        from shudao.org.models import Holding, Post, Staff, Unit

        unit = Unit.objects.create(code="office", name="宣传部")
        for place in range(4):
            post = Post.objects.create(code=f"post{place}", name=f"岗位{place}", unit=unit)
            staff = Staff.objects.create(
                user=get_user_model().objects.create_user(username=f"s{place}"), name=f"人{place}",
                phone=f"1380000{place:04}",
            )  # fmt: skip
            Holding.objects.create(post=post, staff=staff, from_at=self.clock.now() - timedelta(days=1))
        base = f"http://localhost:{port}"
        for kind, path, secret in (
            ("dingtalk", f"/robot/send?access_token={_token()}", "SEC0123456789abcdef0123456789abcdef"),
            ("wecom", f"/cgi-bin/webhook/send?key={_token()}", ""),
            ("feishu", f"/open-apis/bot/v2/hook/{_token()}", "SEC0123456789abcdef0123456789abcdef"),
        ):
            given = {"url": base + path, **({"secret": secret} if secret else {})}
            add_channel(_admin(), kind, name=kind, given=given, is_inside=True)

    def _live(self, peers) -> None:
        from werkzeug.wrappers import Response

        until = self.clock.now() + timedelta(days=self.days)
        while self.clock.now() < until + self.calm:
            calm = self.clock.now() >= until
            for peer in peers.values():
                broken = not calm and self.chance.random() < 0.02
                peer.trouble = Response("busy", status=503) if broken else None
            if not calm and self.chance.random() < 0.1:
                self._matter()
            self._turn()
            self.clock.advance(seconds=self.chance.choice((2, 20, 120, 300, 600)))

    def _matter(self) -> None:
        """Something happens: one message, a storm, or a long text."""
        number = self.matters
        thread = f"m{self.chance.randrange(max(1, number + 1))}"
        for place in range(self.chance.choice((1, 1, 1, 2, 20))):
            marks = [f"〔{number}.{place}.{n}〕" for n in range(self.chance.choice((1, 1, 1, 1, 1, 1, 1, 100)))]
            text = "".join(f"{mark}城南片区停电，抢修进展。" for mark in marks)
            kind = self.chance.choice(("call", "alert", "alert"))
            _say(f"post{self.chance.randrange(4)}", text, kind, f"{thread}/{number}.{place}", thread)
            self.said += marks
        self.matters += 1

    def _turn(self) -> None:
        """The worker's steps, stopped anywhere and begun again; the last one is left whole."""
        while True:
            try:
                self._steps(stops=self.chance.random() < 0.2)
                return
            except Killed:
                self.stops += 1
                self.clock.advance(seconds=61)  # a lease of the killed one ends

    def _steps(self, *, stops: bool) -> None:
        from shudao.base.scene import LIVE
        from shudao.notify.actions import deliver_due, pack_due
        from shudao.notify.jobs import something_waits
        from shudao.notify.queries.outbox import due_channels

        now = self.clock.now
        if not something_waits():  # what the worker asks before it begins
            return
        self._maybe(stops)
        deliver_due(LIVE, now(), holder="w")
        self._maybe(stops)
        pack_due(now())
        for channel in due_channels(now()):
            self._maybe(stops)
            self._send(channel, stops)

    def _maybe(self, stops: bool) -> None:
        if stops and self.chance.random() < 0.3:
            raise Killed

    def _send(self, channel, stops: bool) -> None:
        """Send with a worker that may die just before a try, and with kills also between sending and keeping."""
        from shudao.notify.actions import sending

        begin, keep = sending._begin, sending._keep

        def before(*given):
            self._maybe(stops)
            return begin(*given)

        def after(channel, parcel, attempt, answer):
            if self.kills and answer.ok and stops and self.chance.random() < 0.3:
                self.inside += 1
                raise Killed
            return keep(channel, parcel, attempt, answer)

        sending._begin, sending._keep = before, after
        try:
            sending.send_due(channel, holder="w")
        finally:
            sending._begin, sending._keep = begin, keep

    def _judge(self, peers) -> str:
        from shudao.notify.models import Attempt, Delivery, Parcel

        if Delivery.objects.filter(done_at=None).exists() or Parcel.objects.filter(done_at=None).exists():
            return f"left: {Delivery.objects.filter(done_at=None).count()} deliveries"
        doubtful = Attempt.objects.filter(ended_at=None).count()
        repeats = 0
        for name, peer in peers.items():
            heard = Counter(peer.texts)
            repeats += sum(count - 1 for count in heard.values())
            whole = "".join(_bare(text) for text in dict.fromkeys(peer.texts))
            if lost := [mark for mark in self.said if mark not in whole]:
                return f"{name} never heard {lost[:5]} ({len(lost)})"
        if doubtful != self.inside or (not self.kills and repeats) or repeats > doubtful:
            return f"{repeats} repeats, {doubtful} doubtful, {self.inside} kills inside"
        took = sum(len(peer.took) for peer in peers.values())
        mark = hashlib.sha256("\n".join(text for peer in peers.values() for text in peer.texts).encode()).hexdigest()[
            :12
        ]
        return (
            f"ok {self.matters} matters of {len(self.said)} sentences, {took} parts taken by three peers in {self.days:g} days, {self.stops} stops, "
            f"{repeats} repeats, 0 lost, {doubtful} named as doubtful, digest {mark}"
        )


def _bare(text: str) -> str:
    """A part as it was cut: without its number and without those mentioned."""
    return re.sub(r"\n(@\d{11} ?)+$", "", re.sub(r"^\(\d+/\d+\)\n", "", text))


def _token() -> str:
    from tests.notify.peers import TOKEN

    return TOKEN


def _admin():
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor

    return Actor(LIVE, "post0", "何静")


def _say(post, text, kind, matter, thread):
    from tests.notify.conftest import shout

    return shout(_admin(), post, text, kind=kind, matter=matter, thread=thread)


def _peers(now):
    from tests.notify.peers import SECRET, DingTalkRobot, FeishuRobot, WeComRobot

    return {
        "dingtalk": DingTalkRobot(now, secret=SECRET),
        "wecom": WeComRobot(now),
        "feishu": FeishuRobot(now, secret=SECRET),
    }


def _router(peers):
    from werkzeug.wrappers import Request

    by_path = {peer.path: peer for peer in peers.values()}

    @Request.application
    def answer(request):
        return by_path[request.path](request)

    return answer

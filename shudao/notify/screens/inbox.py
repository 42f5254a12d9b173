"""收件箱 (inbox): what was said to the reader, matter by matter, the newest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shudao.base import clock
from shudao.base.scene import Scene
from shudao.notify.models import KINDS, Message
from shudao.notify.models.channels import named_kind
from shudao.notify.queries import addressed
from shudao.org.models import Staff

PER_PAGE = 20
OWN_PAGE = re.compile(r"([TD])\d{4}-")
OWN_PAGES = {"T": "tasks", "D": "demands"}
"""A task or demand of ordinary days belongs to no incident."""
KIND_WORDS = dict(KINDS)
OWN_WORDS = {
    "role": _("角色交接"), "contest": _("级别异议"), "plan": _("更换预案"), "oral": _("电话代录"), "merger": _("并案"),
    "care": _("关怀转介"), "inject": _("情景注入"),
}  # fmt: skip
"""Kinds that channels count as other, as the inbox calls them."""


def kind_words(kind: str) -> str | Promise:
    """A kind as people call it."""
    return OWN_WORDS.get(kind) or KIND_WORDS[named_kind(kind)]


@dataclass(frozen=True)
class Line:
    """One message as the inbox shows it."""

    message: Message
    kind: str | Promise
    post: str

    @property
    def answer(self) -> str:
        """Where the reader answers a test of who can be reached."""
        number = self.message.matter.split("/")[1]
        return reverse("notify:answer_reach_test", args=[number])


@dataclass(frozen=True)
class Matter:
    """事由 (matter): messages of one thread, and where it is dealt with."""

    thread: str
    place: str
    lines: list[Line]

    @property
    def open(self) -> list[Message]:
        """Those that wait for a yes."""
        return [line.message for line in self.lines if line.message.confirmed_at is None]


class InboxScreen:
    """The inbox of one reader in a scene. `posts`: code -> name; `everything`: with what was confirmed."""

    def __init__(self, scene: Scene, posts: dict[str, str], staff: Staff, *, everything: bool, page: str) -> None:
        self.scene, self.posts, self.staff = scene, posts, staff
        self.everything, self._page = everything, page
        self.now = clock.now(scene)

    @cached_property
    def messages(self) -> Page[Message]:
        """A page of messages."""
        rows = addressed(self.scene, self.posts, self.staff)
        return Paginator(rows if self.everything else rows.filter(confirmed_at=None), PER_PAGE).get_page(self._page)

    @cached_property
    def waiting(self) -> int:
        """How many wait for a yes."""
        if not self.everything:
            return self.messages.paginator.count
        return addressed(self.scene, self.posts, self.staff).filter(confirmed_at=None).count()

    @cached_property
    def matters(self) -> list[Matter]:
        """The page's messages by matter, in the order of each one's newest."""
        found: dict[str, list[Message]] = {}
        for row in self.messages:
            found.setdefault(row.thread or row.matter or str(row.pk), []).append(row)
        return [Matter(thread, self._place(rows), self._lines(rows)) for thread, rows in found.items()]

    def _lines(self, rows: Sequence[Message]) -> list[Line]:
        return [Line(row, kind_words(row.kind), self.posts.get(row.post, self.staff.name)) for row in rows]

    def _place(self, rows: Sequence[Message]) -> str:
        return next((place for place in (place_of(row) for row in rows) if place), "")

    @property
    def confirm_address(self) -> str:
        """Where a message is confirmed."""
        run = self.scene.run_code
        return reverse("notify:run_confirm_message", args=[run]) if run else reverse("notify:confirm_message")

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if not self.waiting:
            return gettext("没有等您确认的消息")
        return ngettext("%(n)d 条消息等您确认", "%(n)d 条消息等您确认", self.waiting) % {"n": self.waiting}


def place_of(message: Message) -> str:
    """Where a message's matter is dealt with; "" when it has no page of its own."""
    run = message.scene_value.run_code
    before, more = ("run_", [run]) if run else ("", [])
    head, _stroke, rest = message.matter.partition("/")
    wanted = {
        "alert": ("sense", "alert", [rest]), "warning": ("sense", "warning", [rest]),
        "reach_due": ("notify", "start_reach_test", []), "reach": ("notify", "reach_test", [rest.partition("/")[0]]),
        "channel": ("notify", "channel", [rest]),
    }.get(head, ("respond", "incident", [message.thread or head]))  # fmt: skip
    app, name, given = wanted
    if own := OWN_PAGE.match(next(iter(given), "")):
        return reverse(f"respond:{before}{OWN_PAGES[own[1]]}", args=more)
    try:
        return reverse(f"{app}:{'' if app == 'notify' else before}{name}", args=[*more, *given])
    except NoReverseMatch:
        return ""

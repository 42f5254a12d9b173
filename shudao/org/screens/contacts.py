"""Screen of the contact sheet, and the same as a paper."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from shudao.engine.papers.model import Note, Paper, Table
from shudao.org.models import Organisation, Post, Staff
from shudao.org.queries.shifts import shifts_between
from shudao.org.screens.people import PostLine, post_lines

AHEAD = timedelta(days=2)


class Contacts:
    """Every post in service with its people and deputies, and who is on duty in the next two days."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.organisation = Organisation.objects.first()
        posts = Post.objects.filter(retired_at=None).select_related("unit").order_by("unit__pk", "pk")
        self.lines: list[PostLine] = post_lines(posts, now)
        self.shifts = shifts_between(now, now + AHEAD).order_by("start_at", "post__pk")

    @property
    def has_numbers(self) -> bool:
        """Whether anybody gave a number."""
        return any(row.phone or row.mail for line in self.lines for row in line.answer.people)


def contact_paper(screen: Contacts, language: str) -> Paper:
    """The contact sheet as a paper."""
    rows = tuple(
        (
            line.post.name,
            line.post.unit.name,
            _named(line.answer.people),
            gettext("、").join(post.name for post in line.deputies) or gettext("无"),
        )
        for line in screen.lines
    )
    local = timezone.localtime(screen.now)
    head = (gettext("岗位"), gettext("单位"), gettext("负责人与联系方式"), gettext("副岗（按次序）"))
    note = Note(
        text=gettext("%(when)s 打印。含个人联系方式，只供应急使用，请妥善保管，用后销毁。")
        % {"when": f"{local:%Y-%m-%d %H:%M}"}
    )
    return Paper(
        title=gettext("应急通讯录"),
        blocks=(Table(head=head, rows=rows, widths=(0.22, 0.2, 0.36, 0.22)), note),
        lang="zh" if language.startswith("zh") else "en",
        layout="plain",
        issuer=screen.organisation.name if screen.organisation else "",
        date=f"{local:%Y-%m-%d}",
    )


def _named(people: list[Staff]) -> str:
    return "\n".join(" ".join(part for part in (row.name, row.phone, row.mail) if part) for row in people) or gettext(
        "没有人"
    )

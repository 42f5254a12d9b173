"""复盘页 (review pages): all reports and the lessons still open; one incident with its reports and lessons."""

from collections.abc import Mapping
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.words import Words
from shudao.org.queries import post_names
from shudao.respond.models import Incident
from shudao.respond.queries import names_of
from shudao.review import queries
from shudao.review.models import Lesson, Report

PER_PAGE = 20
GRADES = {
    "excellent": Words("优", "excellent"),
    "good": Words("良", "good"),
    "fair": Words("中", "fair"),
    "pass": Words("合格", "pass"),
    "fail": Words("不合格", "fail"),
}


class ReviewsScreen:
    """Every report, of incidents and of drills, and what is still to be changed."""

    grades = GRADES

    def __init__(self, given: Mapping[str, str]) -> None:
        self.now: datetime = clock.now(LIVE)
        self._page = given.get("page", "1")

    @cached_property
    def page(self) -> Page[Report]:
        """A page of the reports, the newest first, without their files."""
        return Paginator(Report.objects.defer("document", "score"), PER_PAGE).get_page(self._page)

    @cached_property
    def lessons(self) -> list[Lesson]:
        """Open lessons of incidents and drills, the earliest limit first."""
        return list(Lesson.objects.filter(done_at=None).order_by("due_at", "pk")[:PER_PAGE])

    @cached_property
    def names(self) -> dict[str, str]:
        """Posts by code."""
        return post_names()

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        count = Lesson.objects.filter(done_at=None).count()
        late = Lesson.objects.filter(done_at=None, due_at__lt=self.now).count()
        if not count:
            return gettext("没有未完成的改进项")
        text = ngettext("%(n)d 个改进项未完成", "%(n)d 个改进项未完成", count) % {"n": count}
        return gettext("%(first)s，%(n)d 个超时") % {"first": text, "n": late} if late else text


class IncidentReviewScreen:
    """The review of one real incident."""

    grades = GRADES

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        self.now: datetime = clock.now(LIVE)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Everything that has a code, by its name."""
        return names_of(self.incident.plan)

    @cached_property
    def reports(self) -> list[Report]:
        """Its reports, the newest first."""
        return queries.reports_of(self.incident.stream)

    @cached_property
    def lessons(self) -> list[Lesson]:
        """Its lessons."""
        return queries.lessons_of(self.incident.stream)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.incident.is_open:
            return gettext("响应还没有结束，可以先看分数")
        left = sum(not row.is_done for row in self.lessons)
        if not self.reports:
            return gettext("还没有复盘报告")
        return (
            ngettext("%(n)d 个改进项未完成", "%(n)d 个改进项未完成", left) % {"n": left}
            if left
            else gettext("改进项都已完成")
        )

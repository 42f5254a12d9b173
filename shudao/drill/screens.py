"""What the drill desk shows: the scenarios there are and the runs made of them; one run with its injects and score."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.base.templatetags.words import lasting
from shudao.drill.forms import PEOPLE, JumpClockForm, ResumeRunForm, StartRunForm
from shudao.drill.models import InjectRow, Run
from shudao.engine.drill.model import Inject, Scenario
from shudao.engine.drill.scenario import load_scenario
from shudao.engine.words import Words
from shudao.ledger.lines import PER_PAGE, Line, Turning, lines, page_number
from shudao.library import HERE, folders, read_folder
from shudao.plan.queries import edition_in_force
from shudao.respond.models import Incident
from shudao.respond.queries import incidents_of, names_of
from shudao.review.models import Report, Subject
from shudao.review.queries import reports_of

LANGUAGES = ("zh", "en")
CHANNELS = {
    "posts": Words("网上信息", "public posts"),
    "phone": Words("电话", "telephone"),
    "hotline": Words("热线", "hotline"),
    "superior": Words("上级", "superior"),
    "press": Words("媒体", "press"),
    "observer": Words("信息员", "observer"),
    "inside": Words("内部", "inside"),
}
STATES = {
    "ready": Words("待发", "waiting"),
    "sent": Words("已发", "sent"),
    "skipped": Words("条件不成立，未发", "condition did not hold"),
    "cancelled": Words("取消", "cancelled"),
    "running": Words("进行中", "running"),
    "paused": Words("已暂停", "paused"),
    "finished": Words("已结束", "finished"),
}
LETTERS = {
    "P": Words("达到", "met"),
    "S": Words("基本达到", "mostly met"),
    "M": Words("部分达到", "partly met"),
    "U": Words("未达到", "not met"),
}
FAILS = {
    "published_without_approval": Words("声明未经审签就发布", "a statement was published without approval"),
    "false_figure": Words("发布的数字与已查明的不符", "a published figure was not the known one"),
    "superior_not_told": Words("没有向上级报告", "the superior was never told"),
}
GRADES = {
    "excellent": Words("优", "excellent"),
    "good": Words("良", "good"),
    "fair": Words("中", "fair"),
    "pass": Words("合格", "pass"),
    "fail": Words("不合格", "fail"),
}


def scenarios() -> dict[str, Scenario]:
    """Every scenario of the library by its folder, as `zh/outage`."""
    return {
        f"{tongue}/{name}": read_scenario(tongue, name) for tongue in LANGUAGES for name in folders("scenarios", tongue)
    }


@lru_cache(maxsize=64)
def read_scenario(tongue: str, name: str) -> Scenario:
    """One scenario of the library. BadInput when its folder is faulty."""
    return load_scenario(read_folder(HERE / "scenarios" / tongue / name))


@dataclass(frozen=True)
class Card:
    """脚本 (scenario) on the desk, with the form that starts it or the reason why it cannot start here."""

    name: str
    scenario: Scenario
    form: StartRunForm | None
    wants_plan: str

    @property
    def ends_after(self) -> timedelta:
        """Its length."""
        return timedelta(minutes=self.scenario.ends_after)


class DeskScreen:
    """演练台 (drill desk): is a drill under way, and which one may be started."""

    states = STATES

    def __init__(self, page: str, form: StartRunForm | None = None) -> None:
        self.now = clock.now(LIVE)
        self._bound = form
        rows = Run.objects.select_related("edition", "score")
        self.open = list(rows.filter(state__in=[Run.State.RUNNING, Run.State.PAUSED]))
        self.runs: Page[Run] = Paginator(rows, PER_PAGE).get_page(page)

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top."""
        if not self.open:
            return gettext("现在没有演练在进行，选一个脚本就可以开始")
        return ngettext("有一场演练在进行", "有 %(n)d 场演练在进行", len(self.open)) % {"n": len(self.open)}

    @cached_property
    def cards(self) -> list[Card]:
        """The scenarios; one written for another plan than those in force cannot start."""
        return [self._card(name, row) for name, row in scenarios().items()]

    def _card(self, name: str, scenario: Scenario) -> Card:
        fits = edition_in_force(scenario.plan) is not None
        bound = self._bound if self._bound is not None and self._bound["scenario"].value() == name else None
        fresh = StartRunForm(scenarios=[name], initial={"scenario": name}, auto_id=f"start_run-{scenario.id}-%s")
        return Card(name, scenario, (bound or fresh) if fits else None, "" if fits else scenario.plan)


@dataclass(frozen=True)
class InjectLine:
    """情景注入 (inject) as the controller sees it: when, how, to whom, what should follow, what became of it."""

    row: InjectRow
    inject: Inject
    minute: int
    channel: Words
    to: str
    state: Words
    is_next: bool


class RunScreen(Turning):
    """场次 (run): where the exercise clock stands, what has been sent, what comes next, and the score at the end."""

    def __init__(self, run: Run, *, page: str = "1", jump: JumpClockForm | None = None) -> None:
        self.run, self.scenario = run, run.scenario
        self.now = clock.now(run.scene)
        self.jump = jump or JumpClockForm()
        self.resume = ResumeRunForm(initial={"speed": run.speed})
        self.names = names_of(run.edition.plan)
        self.page = page_number(page)

    @property
    def start(self) -> datetime:
        """Minute 0."""
        return self.run.started_at or self.scenario.starts_at

    @cached_property
    def minute(self) -> int:
        """Exercise minutes since the start."""
        return int((self.now - self.start).total_seconds() // 60)

    @property
    def state(self) -> Words:
        """Of the run."""
        return STATES[self.run.state]

    @cached_property
    def injects(self) -> list[InjectLine]:
        """All injects in order of time."""
        rows = list(InjectRow.objects.in_scene(self.run.scene).filter(wave=0))
        first = next((row.pk for row in rows if row.state == InjectRow.State.READY), None)
        return [self._line(row, row.pk == first) for row in rows]

    def _line(self, row: InjectRow, is_next: bool) -> InjectLine:
        inject = self.scenario.inject(row.inject)
        minute = int(((row.sent_at or row.due_at) - self.start).total_seconds() // 60)
        to = self.names.get(inject.to, inject.to)
        return InjectLine(row, inject, minute, CHANNELS[inject.channel], to, STATES[row.state], is_next)

    @cached_property
    def next(self) -> InjectLine | None:
        """The next inject to be sent."""
        return next((line for line in self.injects if line.is_next), None) if self.run.is_open else None

    @cached_property
    def sent(self) -> int:
        """How many were sent."""
        return sum(line.row.state == InjectRow.State.SENT for line in self.injects)

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.run.state == Run.State.FINISHED:
            score = self.score
            return (
                gettext("演练已结束，得 %(n)s 分") % {"n": f"{score['total']:g}"}
                if score
                else gettext("演练已结束，等评分")
            )
        if self.run.state == Run.State.PAUSED:
            return gettext("第 %(minute)d 分钟，时钟已暂停") % {"minute": self.minute}
        if self.next is None:
            return gettext("第 %(minute)d 分钟，注入已全部发出") % {"minute": self.minute}
        left = max(self.next.row.due_at - self.now, timedelta())
        told = {"minute": self.minute, "length": lasting(left)}
        return gettext("第 %(minute)d 分钟，%(length)s后发下一条注入") % told

    @cached_property
    def score(self) -> dict[str, Any] | None:
        """The score as stored, None before it was computed."""
        row = getattr(self.run, "score", None)
        return row.data if row else None

    @property
    def grade(self) -> Words | str:
        """The word of the total."""
        return GRADES.get(self.score["grade"], self.score["grade"]) if self.score else ""

    @cached_property
    def reports(self) -> list[Report]:
        """After-action reports, the newest first."""
        return reports_of(self.run.stream)

    @cached_property
    def incidents(self) -> list[Incident]:
        """Incidents opened in the run."""
        return list(incidents_of(self.run.scene))

    @property
    def is_scripted(self) -> bool:
        """Played without people, one moment at a time."""
        return self.run.team != PEOPLE

    @property
    def covered(self) -> str:
        """Share of the expectations that were due, in percent."""
        return f"{round(100 * self.score['coverage'])}%" if self.score else ""

    @cached_property
    def objectives(self) -> list[dict[str, Any]]:
        """Objectives with their letters in words and their two columns in percent."""
        return [_objective(row) for row in (self.score or {}).get("objectives", [])]

    @cached_property
    def hard_fails(self) -> list[dict[str, Any]]:
        """What capped the total, in words."""
        fails = (self.score or {}).get("hard_fails", [])
        return [{**row, "words": FAILS.get(row["id"], Words(row["id"], row["id"]))} for row in fails]

    @cached_property
    def worst(self) -> list[dict[str, Any]]:
        """The weakest expectations."""
        rows = {row["id"]: row for row in (self.score or {}).get("expectations", [])}
        return [rows[name] for name in (self.score or {}).get("worst", []) if name in rows]

    @cached_property
    def timeline(self) -> list[Line]:
        """A page of the run's stream, newest first."""
        return lines(self.run.stream, self.names, first=self.skipped, most=PER_PAGE)


def _objective(row: dict[str, Any]) -> dict[str, Any]:
    shares = {name: "—" if row[name] is None else f"{round(100 * row[name])}%" for name in ("time", "quality")}
    return {**row, **shares, "words": LETTERS.get(row["rating"] or "", Words("未到期", "not due"))}


def subject_of(run: Run) -> Subject:
    """What a review of the run is about."""
    return Subject(run.scene, run.stream, run.scenario.title, run.edition.plan, run.scenario)

"""版次 (edition) as a person reads it: whether it may be signed, what is missing, who holds its posts, and all it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.base.templatetags.words import plain, within
from shudao.engine.papers.phrases import MILESTONE_NAMES
from shudao.engine.plan.lint.finding import Finding
from shudao.engine.plan.model import Criterion, Ladder, Level, Limit, NotExecutable, Post, Route, Step
from shudao.engine.respond.state import applies
from shudao.engine.words import Words
from shudao.org.queries import post_names
from shudao.plan.models import Edition, PlanSignature
from shudao.plan.queries import (
    Answering,
    answering_for,
    edition_in_force,
    findings_of,
    office_roster,
    people_findings,
    sign_route_of,
    signatures_of,
    waiting_for,
)
from shudao.plan.screens.editions import today

CHANNELS = {
    "phone": Words("电话", "telephone"), "sms": Words("短信", "SMS"), "im": Words("即时通讯", "messaging"),
    "mail": Words("邮件", "mail"), "account": Words("官方账号", "official account"), "web": Words("网站", "web site"),
    "press": Words("新闻发布", "press"), "hotline": Words("热线", "hotline"), "inbox": Words("信箱", "inbox"),
}  # fmt: skip


@dataclass(frozen=True)
class PostRow:
    """岗位 (post) of the plan: its unit, what it may do, who answers for it now."""

    post: Post
    unit: str
    own: Answering | None
    deputies: list[str]
    steps: int

    @property
    def is_missing(self) -> bool:
        """The organisation has no such post."""
        return self.own is None

    @property
    def is_empty(self) -> bool:
        """The post is there and nobody answers for it now."""
        return self.own is not None and not self.own.people


@dataclass(frozen=True)
class StepRow:
    """规定动作 (step) with its names in words."""

    step: Step
    owner: str
    levels: list[str]
    limit: str
    after: list[str]


@dataclass(frozen=True)
class Phase:
    """阶段 (phase): steps that belong together, in the order of the plan."""

    name: str
    steps: list[StepRow]


class EditionScreen:
    """One edition. `level`: only the steps of that level."""

    channel_kinds = CHANNELS

    def __init__(self, edition: Edition, *, level: str = "", signing: str = "") -> None:
        self.edition, self.plan = edition, edition.plan
        self.signing = signing
        self.now = clock.now(LIVE)
        self.level = level if any(row.code == level for row in self.plan.levels) else ""
        self._own_names = post_names()
        self._names = {**{post.id: post.name for post in self.plan.posts}, **self._own_names}

    # who signs it

    @cached_property
    def signatures(self) -> list[PlanSignature]:
        """The last round of its own route."""
        return signatures_of(self.edition)

    @cached_property
    def asked(self) -> list[PlanSignature]:
        """Whose yes is waited for now."""
        return waiting_for(self.edition)

    @property
    def by_route(self) -> bool:
        """It is signed by a route, not by one signature."""
        return sign_route_of(self.plan) is not None

    @property
    def post_names(self) -> dict[str, str]:
        """Posts in words."""
        return self._names

    # whether it may be signed

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What lint finds in the plan itself."""
        return findings_of(self.edition, today())

    @cached_property
    def outside(self) -> tuple[NotExecutable, ...]:
        """Lines outside the boundary."""
        return self.plan.not_executable

    @cached_property
    def unsigned_lines(self) -> list[NotExecutable]:
        """Those that nobody has taken note of."""
        return [row for row in self.outside if not row.acknowledged_by]

    @cached_property
    def errors(self) -> list[Finding]:
        """What keeps it from being signed, beside lines that are settled by taking note of them."""
        waiting = {row.text for row in self.unsigned_lines}
        return [row for row in self._of("error") if not (row.rule == "PL25" and _quotes(row, waiting))]

    @cached_property
    def weaknesses(self) -> list[Finding]:
        """What a person may knowingly keep."""
        return [*self._of("warning"), *self._of("note")]

    def _of(self, severity: str) -> list[Finding]:
        return [row for row in self.findings if row.severity == severity]

    @cached_property
    def people(self) -> list[Finding]:
        """What is wrong with holders and shifts; it is told and does not stop the signing."""
        rows = people_findings(self.edition, office_roster(self.now), today())
        return sorted(rows, key=lambda row: row.severity != "error")

    @cached_property
    def gaps(self) -> list[Finding]:
        """The graver ones among them."""
        return [row for row in self.people if row.severity == "error"]

    @property
    def is_ready(self) -> bool:
        """Nothing keeps it from being signed."""
        return not self.errors and not self.unsigned_lines

    @cached_property
    def is_in_force(self) -> bool:
        """The newest signed edition of its plan."""
        newest = edition_in_force(self.edition.code) if self.edition.is_signed else None
        return newest is not None and newest.pk == self.edition.pk

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.edition.state == "retired":
            return gettext("已停用：只供查阅，已开始的事件仍按它办理")
        if self.edition.is_signed:
            signed = self.edition.signed_at
            told = {"day": plain(signed, self.now) if signed else "", "post": self.signer}
            form = (
                gettext("现行有效：%(day)s由%(post)s签发")
                if self.is_in_force
                else gettext("已被新版代替：%(day)s由%(post)s签发")
            )
            return form % told
        return self._draft_sentence()

    def _draft_sentence(self) -> str:
        if self.asked:
            names = gettext("、").join(self.name_of(row.post) for row in self.asked)
            return gettext("审签中：等%(who)s") % {"who": names}
        if self.is_ready and self.by_route:
            return gettext("草稿：没有错误，可以送审")
        if self.is_ready:
            return gettext("草稿：没有错误，可以签发")
        errors, lines = len(self.errors), len(self.unsigned_lines)
        parts = [
            ngettext("一处错误", "%(n)d 处错误", errors) % {"n": errors} if errors else "",
            ngettext("一条界外条文没有签认", "%(n)d 条界外条文没有签认", lines) % {"n": lines} if lines else "",
        ]
        told = gettext("，").join(part for part in parts if part)
        return gettext("草稿：还有%(what)s，不能签发") % {"what": told}

    @property
    def signer(self) -> str:
        """Who signed, in words."""
        by = self.edition.signed_by
        return gettext("管理员") if by == "administrator" else self.name_of(by)

    @property
    def approver(self) -> str:
        """The post that the plan names as its approver."""
        return self.name_of(self.plan.approved_by or "")

    # who

    def name_of(self, code: str) -> str:
        """A post in words: as the organisation calls it, else as the plan does."""
        return self._names.get(code, code)

    @cached_property
    def posts(self) -> list[PostRow]:
        """The posts with those who answer for them now."""
        own = answering_for(self.plan, self.now)
        units = {unit.id: unit.name for unit in self.plan.units}
        owned = [step.owner for step in self.plan.steps]
        return [
            PostRow(
                post=post,
                unit=units.get(post.unit, post.unit),
                own=own.get(post.id),
                deputies=[self.name_of(code) for code in post.deputies],
                steps=owned.count(post.id),
            )
            for post in self.plan.posts
        ]

    @cached_property
    def missing(self) -> int:
        """Posts that the organisation has not."""
        return sum(row.is_missing for row in self.posts)

    @cached_property
    def vacant(self) -> int:
        """Posts that nobody answers for now."""
        return sum(row.is_empty for row in self.posts)

    # what it says

    @cached_property
    def phases(self) -> list[Phase]:
        """The steps in order, phase by phase."""
        rows = [self._step(step) for step in self.plan.steps if not self.level or applies(step.levels, self.level)]
        return [Phase(name, list(group)) for name, group in groupby(rows, key=lambda row: row.step.phase)]

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {row.id: row.title for row in self.plan.steps}

    def _step(self, step: Step) -> StepRow:
        return StepRow(
            step=step,
            owner=self.name_of(step.owner),
            levels=[row.name for row in self.plan.levels if row.code in step.levels],
            limit=self.limit(step.due) if step.due else "",
            after=[self._titles.get(name, name) for name in (*step.after, *step.after_any)],
        )

    def limit(self, limit: Limit) -> str:
        """A limit in words."""
        told = {"length": within(limit.within), "start": self.milestone(limit.of)}
        form = (
            gettext("%(start)s后 %(length)s（工作时间）")
            if limit.clock == "duty"
            else gettext("%(start)s后 %(length)s")
        )
        return form % told

    def milestone(self, code: str) -> str:
        """A milestone in the reader's words."""
        own = {row.id: row.name for row in self.plan.milestones} | self._titles
        known = MILESTONE_NAMES.get(code)
        return known.say(get_language() or "zh") if known else own.get(code, code)

    @cached_property
    def levels(self) -> list[tuple[Level, list[Criterion]]]:
        """The levels with their criteria."""
        rows = self.plan.severity.criteria if self.plan.severity else ()
        return [(level, [row for row in rows if row.level == level.code]) for level in self.plan.levels]

    @property
    def graders(self) -> list[str]:
        """Posts that confirm a level."""
        return self._named(self.plan.severity.confirm_by if self.plan.severity else ())

    @property
    def closers(self) -> list[str]:
        """Posts that end the response."""
        return self._named(self.plan.ending.by if self.plan.ending else ())

    @cached_property
    def ladders(self) -> list[tuple[Ladder, list[tuple[int, list[str]]]]]:
        """The ladders: minutes, and who is called then."""
        return [(row, [(rung.after_min, self._called(rung.posts)) for rung in row.rungs]) for row in self.plan.ladders]

    def _called(self, posts: Iterable[str]) -> list[str]:
        return [gettext("该动作的负责岗位") if code == "owner" else self.name_of(code) for code in posts]

    @cached_property
    def routes(self) -> list[tuple[str, list[str]]]:
        """The approval routes: for which papers, and who signs one after the other."""
        papers = {row.id: [doc.title for doc in self.plan.documents if doc.route == row.id] for row in self.plan.routes}
        return [(gettext("、").join(papers[row.id]) or row.id, self._stages(row)) for row in self.plan.routes]

    def _stages(self, route: Route) -> list[str]:
        """The stages in words; where any one of several suffices, or all must sign, that is said."""
        joint = {"any": gettext(" 或 "), "all": gettext("、")}
        return [joint[stage.need].join(self._named(stage.posts)) for stage in route.stages]

    @cached_property
    def superiors(self) -> list[tuple[str, list[str]]]:
        """Whom the plan reports to, and within what time."""
        units = {unit.id: unit.name for unit in self.plan.units}
        return [
            (
                units.get(row.unit, row.unit),
                [
                    form % {"limit": self.limit(limit)}
                    for form, limit in (
                        (gettext("口头：%(limit)s"), row.first_oral),
                        (gettext("书面：%(limit)s"), row.first_written),
                    )
                    if limit
                ],
            )
            for row in self.plan.superiors
        ]

    @property
    def demands(self) -> str:
        """By when the public's demands are answered, and by whom."""
        row = self.plan.demands
        return (
            gettext("%(post)s，%(limit)s") % {"post": self.name_of(row.owner), "limit": self.limit(row.answer_due)}
            if row
            else ""
        )

    def _named(self, codes: Iterable[str]) -> list[str]:
        return [self.name_of(code) for code in codes]


def _quotes(finding: Finding, texts: Iterable[str]) -> bool:
    return any(f"“{text}”" in finding.message.zh for text in texts)

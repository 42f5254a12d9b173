"""级别与人 (level and people) of a room: two parts of its screen, each read when its section is drawn."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import cached_property

from shudao.base.scene import Scene
from shudao.engine.plan.model import Level, Plan
from shudao.engine.words import Words
from shudao.respond import queries
from shudao.respond.models import Grade, Incident, LevelContest, LevelProposal, OralAct, RoleHolding
from shudao.respond.models.meeting import Analysis
from shudao.respond.screens import words as said
from shudao.respond.screens.evidence import CriterionRow, criterion_rows
from shudao.respond.screens.people import (
    AnalysisRow,
    LevelEvent,
    OralRow,
    RoleRow,
    UnwrittenRow,
    analysis_rows,
    contesting,
    level_history,
    oral_rows,
    role_rows,
    unwritten_rows,
)
from shudao.respond.screens.rows import Reader


class Part:
    """What every part of a room's screen can ask."""

    incident: Incident
    plan: Plan
    scene: Scene
    now: datetime
    reader: Reader
    names: Mapping[str, str]


class LevelPart(Part):
    """响应级别 (level): proposed, confirmed, contested."""

    @cached_property
    def level(self) -> Level | None:
        """The level in force."""
        return next((row for row in self.plan.levels if row.code == self.incident.level), None)

    @cached_property
    def grade(self) -> Grade | None:
        """Who confirmed it, under which clause."""
        return queries.latest_grade(self.incident)

    @cached_property
    def proposal(self) -> LevelProposal | None:
        """What the criteria propose."""
        return queries.latest_proposal(self.incident)

    @property
    def proposed(self) -> Level | None:
        """The proposed level."""
        return next((row for row in self.plan.levels if self.proposal and row.code == self.proposal.level), None)

    @cached_property
    def criteria(self) -> list[CriterionRow]:
        """Every criterion that was asked, with its values and where each comes from."""
        return criterion_rows(self.incident, self.plan, self.proposal, self.names) if self.proposal else []

    @property
    def evidence(self) -> list[CriterionRow]:
        """The criteria that hold."""
        return [row for row in self.criteria if row.holds]

    @property
    def others(self) -> list[CriterionRow]:
        """Those that do not hold, and those that cannot be told."""
        return [row for row in self.criteria if not row.holds]

    @property
    def missing(self) -> list[Words]:
        """What is not known and could still raise the level."""
        rows = self.proposal.missing if self.proposal else []
        return [said.MEASURES.get(name, Words(name, name)) for name in rows]

    @property
    def may_grade(self) -> str:
        """In which post the reader may confirm a level; "" when in none."""
        return self.reader.as_any([post.id for post in self.plan.posts if post.authority.grade_max])

    @property
    def graders(self) -> list[str]:
        """Who confirms levels, in words."""
        severity = self.plan.severity
        return [self.names.get(code, code) for code in (severity.confirm_by if severity else ())]

    @cached_property
    def history(self) -> list[LevelEvent]:
        """Levels confirmed and contested, the newest first."""
        grades = list(Grade.objects.filter(incident=self.incident))
        contests = list(LevelContest.objects.filter(incident=self.incident))
        return level_history(self.plan, grades, contests, self.names)

    @property
    def is_contested(self) -> bool:
        """A contest waits for a decision."""
        return any(row.is_open for row in self.history)

    @property
    def may_contest(self) -> str:
        """In which post the reader may contest the level."""
        return contesting(self.plan, self.reader) if self.incident.level else ""


class PeoplePart(LevelPart):
    """谁在办 (people): roles, and what was done by telephone."""

    @cached_property
    def roles(self) -> list[RoleRow]:
        """Who leads, speaks, keeps the record now: posts and the people who answer for them."""
        holdings = list(RoleHolding.objects.filter(incident=self.incident))
        usual = {"lead": self.lead_post, "spokesperson": self.plan.spokesperson or ""}
        posts = {*usual.values(), *(row.post for row in holdings if row.to_at is None)} - {""}
        holders = queries.holders_of(posts, self.now) if self.scene.is_live else {}
        return role_rows(holdings, usual, self.names, holders)

    @property
    def lead_post(self) -> str:
        """Who leads until the role is handed over: the post that confirmed the level, else the one that confirms levels."""
        confirm_by = self.plan.severity.confirm_by if self.plan.severity else ()
        return self.grade.post if self.grade else next(iter(confirm_by), "")

    @property
    def speaker(self) -> RoleRow | None:
        """Who speaks for the organisation in this incident, where that is settled."""
        return next((row for row in self.roles if row.code == "spokesperson"), None)

    @cached_property
    def publishers(self) -> tuple[str, ...]:
        """Posts that may publish now."""
        return queries.speakers_of(self.plan, self.speaker.holder if self.speaker else "")

    @property
    def lead(self) -> RoleRow | None:
        """Who leads now."""
        return next((row for row in self.roles if row.code == "lead"), None)

    @cached_property
    def orals(self) -> list[OralRow]:
        """What was done by telephone and waits to be confirmed."""
        rows = OralAct.objects.filter(incident=self.incident, confirmed_at=None, disputed_at=None)
        return oral_rows(list(rows.order_by("confirm_by_at", "pk")), self.reader, self.names)

    @cached_property
    def analyses(self) -> list[AnalysisRow]:
        """Joint analyses, the newest first."""
        rows = Analysis.objects.filter(incident=self.incident).prefetch_related("views").order_by("-asked_at", "-pk")
        return analysis_rows(list(rows), self.plan, self.reader, self.names)

    @property
    def analysis_now(self) -> bool:
        """One waits for views or for its decision."""
        return any(row.analysis.is_open for row in self.analyses)

    @cached_property
    def unwritten(self) -> list[UnwrittenRow]:
        """Approvals given by telephone that wait to be written up."""
        return unwritten_rows(queries.unwritten_of(self.incident), self.reader, self.names)

"""预案 (plan): the written plan as frozen data. A plan names posts, never persons.

One folder of YAML files makes one plan (`load.py` merges them); every part may point to its paragraph in the
written plan with `src` and to its clause with `clause`, so a reader can always go back to the wording.
"""

from typing import Annotated, Literal, Protocol, TypeVar

import msgspec

Clock = Literal["wall", "duty"]
Status = Literal["draft", "review", "signed", "retired"]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=5_256_000)]
"""Whole minutes, at most ten years."""

MILESTONES: tuple[str, ...] = (
    "first_seen", "detected", "acknowledged", "reported", "graded", "activated", "superior_told", "superior_written",
    "met", "first_word", "statement_approved", "published", "demands_answered", "settled", "closed",
)  # fmt: skip
"""The one list of milestones for plan, ledger, score, stress test and papers (INTERFACES); plans may add their own."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything a person writes into a plan folder; unknown keys are refused."""


class Limit(Part, frozen=True, kw_only=True):
    """时限 (limit): `within` minutes of milestone `of`, on the wall or duty clock, and the figure's source."""

    within: Minutes
    of: str
    clock: Clock = "wall"
    must: bool = True
    source: str = ""


class Basis(Part, frozen=True, kw_only=True):
    """依据 (basis): a law, rule or document the plan rests on."""

    name: str
    number: str = ""
    date: str = ""
    status: str = ""


class Section(Part, frozen=True, kw_only=True):
    """章节 (section) of the written plan, for reading and printing."""

    key: str
    number: str = ""
    title: str
    text: str = ""
    src: int | None = None


class Unit(Part, frozen=True, kw_only=True):
    """单位 (unit): lead group, office, working group, outside unit or superior."""

    id: str
    name: str
    kind: Literal["lead", "office", "group", "department", "external", "superior"] = "department"
    parent: str | None = None
    duties: tuple[str, ...] = ()
    src: int | None = None


class Authority(Part, frozen=True, kw_only=True):
    """权限 (authority) of a post: the highest level it may confirm, what it may approve, whether it may publish."""

    grade_max: str | None = None
    approve: tuple[str, ...] = ()
    publish: bool = False
    close: bool = False


class Post(Part, frozen=True, kw_only=True):
    """岗位 (post): a place in the organisation; holders stand in `org` or a roster, never here."""

    id: str
    name: str
    unit: str
    authority: Authority = Authority()
    deputies: tuple[str, ...] = ()
    not_same_as: tuple[str, ...] = ()
    all_hours: bool = False
    src: int | None = None


class Level(Part, frozen=True, kw_only=True):
    """响应级别 (level) of the organisation's own scale, most severe first in `Plan.levels` (2 to 5 of them)."""

    code: str
    name: str
    colour: Literal["red", "orange", "yellow", "blue"]


class Criterion(Part, frozen=True, kw_only=True):
    """启动条件 (trigger): one test for one level; `expr` is in the small language of expr.py over grading facts."""

    id: str
    level: str
    axis: str
    expr: str
    text: str
    clause: str
    kind: Literal["hard", "score"] = "hard"
    weight: float = 1.0
    src: int | None = None


class Severity(Part, frozen=True, kw_only=True):
    """分级 (severity): criteria, who confirms, and what holds when nobody does."""

    criteria: tuple[Criterion, ...]
    confirm_by: tuple[str, ...]
    default: str
    measures: tuple[str, ...] = ()
    upgrade_if: tuple[str, ...] = ()
    downgrade: str = ""


class Effort(Part, frozen=True, kw_only=True):
    """工时 (effort) in minutes: median and 90th percentile; assumed unless it says otherwise."""

    median: float
    p90: float
    origin: Literal["own", "planner", "assumed"] = "assumed"


class Branch(Part, frozen=True, kw_only=True):
    """分支 (branch): when `if_` holds at completion, step `to` may open."""

    if_: str = msgspec.field(name="if")
    to: str


class Repeat(Part, frozen=True, kw_only=True):
    """重复 (repeat) every so many minutes until the expression holds."""

    every: Annotated[int, msgspec.Meta(ge=1, le=5_256_000)]
    until: str


class Step(Part, frozen=True, kw_only=True):
    """规定动作 (step) of the plan.

    `act` is the verb that completes it (e.g. `confirm_level`, `send_briefing:first`); without it `finish_task` does.
    `sets` is the milestone its completion reaches. `levels` empty means every level. `after` waits for all,
    `after_any` for one. `due` is the limit of its completion, `ack_within` minutes the limit of the first answer.
    """

    id: str
    title: str
    phase: str
    owner: str
    clause: str
    kind: Literal["human", "meeting", "approve", "notify", "wait", "auto"] = "human"
    levels: tuple[str, ...] = ()
    act: str | None = None
    when: str = ""
    after: tuple[str, ...] = ()
    after_any: tuple[str, ...] = ()
    due: Limit | None = None
    must: bool = True
    ack_within: Minutes | None = None
    ladder: str | None = None
    sets: str | None = None
    next: tuple[Branch, ...] = ()
    on_overdue: Literal["escalate", "alarm"] = "escalate"
    repeat: Repeat | None = None
    outputs: tuple[str, ...] = ()
    effort: Effort | None = None
    return_prob: float = 0.0
    drillable: bool = True
    src: int | None = None


class Rung(Part, frozen=True, kw_only=True):
    """梯级 (rung): posts called `after_min` minutes after the ladder's start. `need`: one of them answers, all of them, or
    so many (2 of 3 heads); answers of rungs before count towards a number."""

    after_min: Minutes
    posts: tuple[str, ...]
    channels: tuple[str, ...] = ()
    need: Literal["any", "all"] | Annotated[int, msgspec.Meta(ge=1, le=99)] = "any"


class Ladder(Part, frozen=True, kw_only=True):
    """呼叫梯次 (ladder): who is called next when nobody answers; post id `owner` in a rung means the step's owner."""

    id: str
    rungs: tuple[Rung, ...]
    repeat: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    skip_if_empty: bool = True
    final: str | None = None


class Field(Part, frozen=True, kw_only=True):
    """字段 (field) of a document."""

    key: str
    required: bool = True
    source: str = ""


class Document(Part, frozen=True, kw_only=True):
    """文书 (document): a paper the plan asks for."""

    id: str
    kind: str
    title: str
    fields: tuple[Field, ...] = ()
    route: str | None = None
    to: tuple[str, ...] = ()
    layout: Literal["gbt9704", "plain"] = "gbt9704"


class Stage(Part, frozen=True, kw_only=True):
    """审签环节 (stage) of an approval route: signed by `post` and the posts in `also`, by all of them or by any one."""

    post: str
    also: tuple[str, ...] = ()
    need: Literal["all", "any"] = "all"
    deputies_ok: bool = True
    within: Minutes | None = None
    may_return: bool = True

    @property
    def posts(self) -> tuple[str, ...]:
        """Whose yes is asked for, each once."""
        return tuple(dict.fromkeys((self.post, *self.also)))


class Urgent(Part, frozen=True, kw_only=True):
    """紧急路径 (urgent path): an oral yes, written up within so many minutes."""

    oral_ok: bool = True
    written_within: Minutes = 60


class Route(Part, frozen=True, kw_only=True):
    """审签路线 (route): stages in order. One person signs one stage of it unless `same_person_ok`."""

    id: str
    stages: tuple[Stage, ...]
    urgent: Urgent | None = None
    same_person_ok: bool = False


class Channel(Part, frozen=True, kw_only=True):
    """渠道 (channel) for internal calls or public words."""

    id: str
    name: str
    kind: Literal["phone", "sms", "im", "mail", "account", "web", "press", "hotline", "inbox"]
    owner: str = ""
    fallback: str | None = None
    out_of_band: bool = False
    public: bool = False
    test_days: int | None = None


class Superior(Part, frozen=True, kw_only=True):
    """上级 (superior) unit and the limits of reporting to it."""

    unit: str
    first_oral: Limit | None = None
    first_written: Limit | None = None
    follow_ups: tuple[str, ...] = ()
    final_days: int | None = None


class Demands(Part, frozen=True, kw_only=True):
    """诉求 (demands): who owns them by default and by when they are answered."""

    owner: str
    answer_due: Limit
    channels: tuple[str, ...] = ()


class Ending(Part, frozen=True, kw_only=True):
    """终止 (ending): criteria, who closes, how long the watch lasts, what is archived."""

    criteria: tuple[str, ...]
    by: tuple[str, ...]
    watch_days: int
    archive: tuple[str, ...] = ()


class Drills(Part, frozen=True, kw_only=True):
    """演练 (drills): how often, of what kinds."""

    every_months: int
    kinds: tuple[str, ...] = ()


class Milestone(Part, frozen=True, kw_only=True):
    """里程碑 (milestone) the plan adds to the common list."""

    id: str
    name: str


class NotExecutable(Part, frozen=True, kw_only=True):
    """界外条文 (not executable): wording of the written plan that asks for what Shudao does not do (lint PL25).

    It stays text, never a step; `acknowledged_by` is the post that has taken note of it, empty until somebody has.
    """

    text: str
    why: str
    src: int | None = None
    acknowledged_by: str = ""


class Plan(Part, frozen=True, kw_only=True):
    """预案 (plan): one edition. A draft needs only `id`, `title`, `version` and `status`; `lint` asks for the rest.

    `sign_route` is the route by which the edition itself is signed; without one a single signature puts it in force.
    `spokesperson` is the post that speaks unless an incident names another; where it is given, only whoever is named
    and the deputies publish.
    """

    id: str
    title: str
    version: str
    status: Status
    organisation: str = ""
    doc_no: str = ""
    approved_by: str | None = None
    sign_route: str | None = None
    spokesperson: str | None = None
    effective_from: str = ""
    review_months: int | None = None
    language: Literal["zh", "en"] = "zh"
    scope: str = ""
    calendar: str = "cn"
    duty_hours: str = "08:30-17:30"
    utc_offset: str = "+08:00"
    parent: str | None = None
    basis: tuple[Basis, ...] = ()
    sections: tuple[Section, ...] = ()
    levels: tuple[Level, ...] = ()
    units: tuple[Unit, ...] = ()
    posts: tuple[Post, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    severity: Severity | None = None
    steps: tuple[Step, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    documents: tuple[Document, ...] = ()
    routes: tuple[Route, ...] = ()
    channels: tuple[Channel, ...] = ()
    superiors: tuple[Superior, ...] = ()
    demands: Demands | None = None
    ending: Ending | None = None
    drills: Drills | None = None
    not_executable: tuple[NotExecutable, ...] = ()
    changelog: tuple[str, ...] = ()

    def step(self, step_id: str) -> Step:
        """The step of that id; KeyError when there is none."""
        return _by_id(self.steps, step_id)

    def post(self, post_id: str) -> Post:
        """The post of that id; KeyError when there is none."""
        return _by_id(self.posts, post_id)

    def ladder(self, ladder_id: str) -> Ladder:
        """The ladder of that id; KeyError when there is none."""
        return _by_id(self.ladders, ladder_id)

    def route(self, route_id: str) -> Route:
        """The route of that id; KeyError when there is none."""
        return _by_id(self.routes, route_id)

    def rank(self, level: str) -> int:
        """Severity of a level: 0 is the most severe; KeyError when the plan has no such level."""
        for place, row in enumerate(self.levels):
            if row.code == level:
                return place
        raise KeyError(level)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_HasId)


def _by_id(rows: tuple[T, ...], wanted: str) -> T:
    for row in rows:
        if row.id == wanted:
            return row
    raise KeyError(wanted)

"""脚本 (scenario): a drill as frozen data. Times are minutes of exercise time.

A scenario folder holds `scenario.yaml` and, where it grows, further `*.yaml` with the same top-level keys (lists are
joined). `{name}` in any text is replaced by `variables[name]`. The whole form, regular and small:

    id: outage_night                    # letters, digits, _ and -
    title: 雷雨夜停电
    version: "1"
    language: zh                        # zh | en
    plan: power_county                  # id of the plan it was written for
    summary: 一段背景。
    starts_at: 2025-07-12T19:40:00+08:00
    ends_after: 600                     # minutes; the run ends then at the latest
    seed: 7
    variables: {town: 石桥镇}
    key: {level: III}                   # the answer key
    objectives:                         # gathers the plan's steps by id or phase; the rest is gathered phase by phase
      - {id: report, title: 及时发现并上报, phases: [detect], steps: [tell_parent]}
    injects:                            # in order of time
      - id: in01
        at: 0
        channel: posts                  # posts | phone | hotline | superior | press | observer | inside
        sender: 社交平台                 # who speaks; an office or a kind of person, never a name
        to: duty_officer                # post of the plan that gets it (not for posts)
        text: 一句话说明或来电内容
        expected: 值班员十分钟内签收预警   # what should follow, for the controller
        posts:                          # only channel posts; `at` counts from the inject
          - {id: p1, at: 0, source: weibo, kind: social, text: ..., author: u1, copies: 4, spread: 30}
        facts:                          # what the place of the matter reports and the team may then write down
          - {id: f1, text: 停电涉及3200户, figures: {households: 3200}}
        demands:                        # what the public asks for, with the answer that the owner can give
          - {id: d1, text: 什么时候来电, owner: field_lead, answer: 预计23时前恢复}
        only_if: {missing: published, after: 120}    # contingency: sent only when the milestone is still missing
        opens: hotline                  # this call alone is reason to open an incident (origin of open_incident)
    measures: {media_tier: 2}           # values of the plan's grading measures, as the team would find them
    earliest: {restore: 180}            # steps that the matter itself does not let be done before that minute
    expectations:                       # hand-written ones beside those made from the plan
      - {id: x1, objective: report, title: ..., inject: in03, verb: answer_demand, where: {demand: d1}, within: 60}
      - {id: x2, title: ..., of: first_seen, milestone: published, within: 240, must: false}
    script:                             # how the scripted team plays (same form as a team file)
      react: 6                          # minutes from seeing a thing to acting on it
      delays: {approve_statement: 45}   # by step id or verb
      skip: [hold_meeting]
    usual: [今天太阳真大]                # everyday talk of the week before; a shipped list when left out
    words: {holding: 临时口径全文, statement: 声明全文, meeting: 会商决定, briefing: 报告正文, oral: 电话要点}
"""

from datetime import datetime
from typing import Literal

import msgspec

Channel = Literal["posts", "phone", "hotline", "superior", "press", "observer", "inside"]
Kind = Literal["web", "news", "social", "print", "radio", "tv", "report"]


class Piece(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything a person writes into a scenario; unknown keys are refused."""


class Key(Piece, frozen=True, kw_only=True):
    """答案 (key): the right level, and others that may be defended."""

    level: str
    also: tuple[str, ...] = ()


class Objective(Piece, frozen=True, kw_only=True):
    """目标 (objective): what the drill tests; gathers steps of the plan by id or by phase."""

    id: str
    title: str
    phases: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


class FieldPost(Piece, frozen=True, kw_only=True):
    """帖文 (post) of the simulated public: `at` minutes after its inject.

    `copies` near-copies follow it within `spread` minutes.
    """

    id: str
    at: float = 0
    source: str = "social"
    kind: Kind = "social"
    title: str | None = None
    text: str
    author: str = ""
    copies: int = 0
    spread: float = 60
    shares: int = 0


class FieldFact(Piece, frozen=True, kw_only=True):
    """事实 (fact) that the place of the matter reports: the truth in force from its inject on."""

    id: str
    text: str
    status: Literal["known", "not_known", "false"] = "known"
    figures: dict[str, float] = {}


class FieldDemand(Piece, frozen=True, kw_only=True):
    """诉求 (demand) that the public raises, whose post solves it, and the answer that can be given."""

    id: str
    text: str
    owner: str = ""
    answer: str = ""


class Missing(Piece, frozen=True, kw_only=True):
    """条件 (condition) of a contingency inject: the milestone is missing `after` minutes from the start."""

    missing: str
    after: float = 0


class Inject(Piece, frozen=True, kw_only=True):
    """情景注入 (inject): what reaches the players at a moment, by which channel, from whom, to which post."""

    id: str
    at: float
    channel: Channel
    sender: str = ""
    to: str = ""
    text: str = ""
    expected: str = ""
    posts: tuple[FieldPost, ...] = ()
    facts: tuple[FieldFact, ...] = ()
    demands: tuple[FieldDemand, ...] = ()
    only_if: Missing | None = None
    opens: Literal["", "hotline", "security", "leader", "other"] = ""


class Expectation(Piece, frozen=True, kw_only=True):
    """期望 (expectation) written by hand: a verb with these data values, or a milestone, within minutes of its start.

    The start is the sending of `inject` or the milestone `of`; one of the two.
    """

    id: str
    title: str
    objective: str = ""
    inject: str = ""
    of: str = ""
    within: float
    verb: str = ""
    where: dict[str, str | bool | int] = {}
    milestone: str = ""
    must: bool = True


class TeamScript(Piece, frozen=True, kw_only=True):
    """队伍 (team): how a team without people plays; `delays` by step id or verb win over `react` (minutes)."""

    name: str = "file"
    react: float = 5
    delays: dict[str, float] = {}
    skip: tuple[str, ...] = ()
    level: str = ""
    figures: dict[str, float] = {}
    leave_out: tuple[str, ...] = ()


class Scenario(Piece, frozen=True, kw_only=True):
    """脚本 (scenario): aims, injects with the public's posts, answer key, expectations and the scripted team."""

    id: str
    title: str
    version: str
    language: Literal["zh", "en"] = "zh"
    plan: str
    summary: str = ""
    starts_at: datetime
    ends_after: float
    seed: int = 1
    variables: dict[str, str] = {}
    key: Key
    objectives: tuple[Objective, ...] = ()
    injects: tuple[Inject, ...]
    measures: dict[str, float | bool | str] = {}
    earliest: dict[str, float] = {}
    expectations: tuple[Expectation, ...] = ()
    script: TeamScript = TeamScript(name="scripted")
    usual: tuple[str, ...] = ()
    words: dict[str, str] = {}

    def inject(self, inject_id: str) -> Inject:
        """The inject of that id; KeyError when there is none."""
        for row in self.injects:
            if row.id == inject_id:
                return row
        raise KeyError(inject_id)

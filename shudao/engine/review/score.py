"""评分 (score): from ledger, plan and scenario alone to a total with its evidence.

expectation -> objective -> total: an objective is the weighted mean of its expectations (must 2, should 1), the total
the mean of the objectives, from 0 to 100. What is past due and unanswered counts 0; what is not yet due and not
answered is left out, and `coverage` says how much was counted. A hard fail caps the total.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from shudao.engine.drill.model import Scenario
from shudao.engine.plan.model import Plan
from shudao.engine.review.awaited import step_rows, written_rows
from shudao.engine.review.case import Case, case_of, seqs
from shudao.engine.review.lengths import Length, lengths
from shudao.engine.review.milestones import milestones_of
from shudao.engine.review.owed import demand_rows, promise_rows
from shudao.engine.review.quality import quality_rows
from shudao.engine.review.rating import Letter, Rated, letter_of, mean
from shudao.engine.review.release import false_figures, releases
from shudao.engine.review.trace import lived, read_trace
from shudao.engine.words import Words

CAP = 59.0
"""A total with a hard fail goes no higher: just below the pass mark."""

OWN_NAMES = {
    "grading": Words(zh="定级", en="Grading"),
    "demands": Words(zh="答复诉求", en="Answering demands"),
    "written": Words(zh="脚本要求", en="Asked by the scenario"),
    "record": Words(zh="记录完整", en="Complete record"),
}
"""Titles of objectives that neither a scenario nor a phase of the plan names."""

NOT_CHECKED = ("person_named", "drill_unstamped")
"""Hard fails that no ledger can show: texts are kept outside it."""

GRADES = ((90.0, "excellent"), (80.0, "good"), (70.0, "fair"), (60.0, "pass"), (0.0, "fail"))
"""优 良 中 合格 不合格; bounds are assumed, not measured."""


class ObjectiveScore(msgspec.Struct, frozen=True, kw_only=True):
    """目标评分 (objective score): letter and value of all its expectations, and of the two columns apart."""

    id: str
    title: str
    rating: Letter | None
    value: float | None
    time: float | None
    quality: float | None
    due: int
    all: int
    evidence: tuple[int, ...]


class HardFail(msgspec.Struct, frozen=True, kw_only=True):
    """一票否决 (hard fail): what, and the entries that show it."""

    id: str
    evidence: tuple[int, ...]
    note: str = ""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """评分 (score) of one stream; `worst` names the three weakest expectations, `clock` what minutes mean here, `lengths`
    are the differences of milestones, beside the total and no part of it."""

    total: float
    coverage: float
    grade: str
    level: str
    objectives: tuple[ObjectiveScore, ...]
    expectations: tuple[Rated, ...]
    hard_fails: tuple[HardFail, ...]
    not_checked: tuple[str, ...]
    worst: tuple[str, ...]
    clock: dict[str, Any]
    lengths: tuple[Length, ...] = ()


def score(entries: Iterable[Mapping[str, Any]], plan: Plan, scenario: Scenario | None = None) -> Score:
    """The score of one stream's entries under a plan. BadInput when the entries are none."""
    case = case_of(lived(read_trace(entries)), plan, scenario)
    rows = _distinct(
        [*step_rows(case), *written_rows(case), *demand_rows(case), *promise_rows(case), *quality_rows(case)]
    )
    objectives = tuple(_objectives(case, rows))
    fails = tuple(hard_fails(case))
    values = [row.value for row in objectives if row.value is not None]
    total = round(100 * sum(values) / len(values), 1) if values else 0.0
    total = min(total, CAP) if fails else total
    due = sum(row.rating is not None for row in rows)
    return Score(
        total=total,
        coverage=round(due / len(rows), 4) if rows else 0.0,
        grade=next(name for bound, name in GRADES if total >= bound),
        level=case.level,
        objectives=objectives,
        expectations=tuple(map(_rounded, rows)),
        hard_fails=fails,
        not_checked=NOT_CHECKED,
        worst=worst(rows),
        clock=_clock(case),
        lengths=lengths(plan, milestones_of(case.trace), case.level),
    )


def score_json(found: Score) -> dict[str, Any]:
    """The score as plain JSON values, the same for the same score."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    return plain


def worst(rows: Iterable[Rated], most: int = 3) -> tuple[str, ...]:
    """Ids of the weakest rated expectations below P, the heavier first among equals."""
    poor = [row for row in rows if row.value is not None and row.value < 1]
    return tuple(row.id for row in sorted(poor, key=lambda row: (row.value or 0.0, -row.weight))[:most])


def hard_fails(case: Case) -> Iterable[HardFail]:
    """What caps the total, whatever else went well."""
    for release in releases(case):
        name = str(release.published.data.get("statement"))
        if not release.is_approved:
            yield HardFail(id="published_without_approval", evidence=seqs(release.published), note=name)
        wrong = false_figures(case, release)
        if wrong:
            yield HardFail(id="false_figure", evidence=seqs(release.draft, release.published), note=" ".join(wrong))
    yield from _superior(case)


def _superior(case: Case) -> Iterable[HardFail]:
    """The plan asks for a word to the superior, its limit is past, and none was given, by mouth or on paper."""
    told = case.trace.first("tell_superior") or case.trace.first("reach_milestone", milestone="superior_told")
    step = case.step_of(act="tell_superior") or case.step_of(sets="superior_told")
    limits = [row.first_oral for row in case.plan.superiors if row.first_oral]
    limit = step.due if step and step.due else limits[0] if limits else None
    if told or limit is None:
        return
    start = case.clock.start(limit.of)
    if case.clock.is_past(start, limit):
        yield HardFail(id="superior_not_told", evidence=start.seqs)


def _objectives(case: Case, rows: list[Rated]) -> Iterable[ObjectiveScore]:
    titles = {name: case.say(words.zh, words.en) for name, words in OWN_NAMES.items()}
    aims = {aim.id: aim.title for aim in case.scenario.objectives} if case.scenario else {}
    titles.update(aims)
    order = list(dict.fromkeys([*aims, *(row.objective for row in rows)]))
    for name in order:
        own = [row for row in rows if row.objective == name]
        if own:
            yield _objective(name, titles.get(name, name), own)


def _objective(name: str, title: str, own: list[Rated]) -> ObjectiveScore:
    value = mean(own)
    return ObjectiveScore(
        id=name,
        title=title,
        rating=None if value is None else letter_of(value),
        value=_round(value),
        time=_round(mean(row for row in own if row.column == "time")),
        quality=_round(mean(row for row in own if row.column == "quality")),
        due=sum(row.rating is not None for row in own),
        all=len(own),
        evidence=tuple(sorted({seq for row in own for seq in row.evidence})),
    )


def _distinct(rows: list[Rated]) -> list[Rated]:
    """Each id once: two demands of the same name keep both, numbered."""
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        seen[row.id] = seen.get(row.id, 0) + 1
        again = seen[row.id] > 1
        kept.append(msgspec.structs.replace(row, id=f"{row.id}#{seen[row.id]}") if again else row)
    return kept


def _clock(case: Case) -> dict[str, Any]:
    """What the minutes are: exercise minutes less what was jumped over, and whether they were rated at all."""
    jumped = sum((jump.end - jump.start).total_seconds() / 60 for jump in case.trace.jumps)
    paused = len(list(case.trace.all("pause_run")))
    return {
        "speed": _round(case.trace.speed),
        "minutes_rated": case.trace.is_timed,
        "jumped": _round(jumped),
        "pauses": paused,
    }


def _rounded(row: Rated) -> Rated:
    return msgspec.structs.replace(row, minutes=_round(row.minutes, 2))


def _round(value: float | None, places: int = 4) -> float | None:
    return None if value is None else round(value, places)

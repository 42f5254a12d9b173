"""质量 (quality): right level, whole statement, true figures, route obeyed, complete record; rated apart from time."""

from collections.abc import Iterator

import msgspec

from shudao.engine.plan.model import Step
from shudao.engine.review.case import Case, seqs
from shudao.engine.review.rating import VALUES, Letter, Rated
from shudao.engine.review.release import Release, fact_sheet, false_figures, releases
from shudao.engine.review.trace import Mark

CHECKLIST = ("known", "not_known", "doing", "next_update_at", "contact", "empathy")
"""What a whole statement says: known, not known, being done, next update at, whom to ask, a word to those affected."""


class Finding(msgspec.Struct, frozen=True):
    """所见 (finding) about one thing: its letter, a note in plain values, the entries it rests on."""

    letter: Letter
    note: str
    marks: tuple[Mark | None, ...]


def quality_rows(case: Case) -> Iterator[Rated]:
    """The expectations whose question is not time."""
    if case.scenario is not None:
        yield _level(case)
    publish = case.step_of(act="publish_statement") or case.step_of(sets="published") or case.step_of(sets="first_word")
    if publish is not None:
        for name, title, ask in (
            ("checklist", case.say("声明要素齐全", "Statement complete"), _whole),
            ("figures", case.say("声明数字与事实清单一致", "Figures as in the fact sheet"), _true),
            ("route", case.say("按审签路线发布", "Approval route obeyed"), _routed),
        ):
            yield _asked(case, publish, f"statement:{name}", title, [ask(case, row) for row in releases(case)])
    wanted = sorted({step.sets for step in case.steps if step.sets and step.must})
    if wanted:
        yield _record(case, wanted)


def _asked(case: Case, step: Step | None, name: str, title: str, found: list[Finding]) -> Rated:
    """The worst finding decides; with none, it is past due when the step that should bring it is."""
    worst = min(found, key=lambda row: VALUES[row.letter], default=None)
    rating: Letter | None = worst.letter if worst else None
    if worst is None:
        due = step.due if step else None
        _, rating = case.judge(case.clock.start(due.of) if due else None, due, None)
    return Rated(
        id=name,
        title=title,
        objective=case.objective_of(step, name.split(":")[0]),
        column="quality",
        must=True,
        rating=rating,
        post=step.owner if step else "",
        step=step.id if step else "",
        note=worst.note if worst else "",
        evidence=seqs(*(worst.marks if worst else ())),
    )


def _level(case: Case) -> Rated:
    """The level first confirmed against the key: the key P, another defensible one S, a neighbour M."""
    first = case.trace.first("confirm_level")
    level = str(first.data.get("level")) if first else ""
    found = [Finding(_level_letter(case, level), level, (first,))] if first else []
    return _asked(
        case, case.step_of(act="confirm_level", sets="graded"), "level", case.say("定级准确", "Right level"), found
    )


def _level_letter(case: Case, level: str) -> Letter:
    key = case.scenario.key if case.scenario else None
    if key is None or level == key.level:
        return "P"
    if level in key.also:
        return "S"
    ranks = {row.code: place for place, row in enumerate(case.plan.levels)}
    near = level in ranks and key.level in ranks and abs(ranks[level] - ranks[key.level]) == 1
    return "M" if near else "U"


def _whole(case: Case, release: Release) -> Finding:
    """All six marks P, five S, three or four M."""
    missing = [name for name in CHECKLIST if release.checklist.get(name) is not True]
    letters: tuple[Letter, ...] = ("P", "S", "M", "M", "U", "U", "U")
    return Finding(letters[len(missing)], " ".join(missing), (release.draft, release.published))


def _true(case: Case, release: Release) -> Finding:
    """Figures that all stand in the fact sheet P; none stated although some were known at the draft M; a wrong one U."""
    sheet, stated = fact_sheet(case, release.published), release.figures
    wrong = sorted({*false_figures(case, release), *(name for name in stated if name not in sheet)})
    held_back = release.draft is not None and not stated and fact_sheet(case, release.draft)
    letter: Letter = "U" if wrong else "M" if held_back else "P"
    return Finding(letter, " ".join(wrong), (release.draft, release.published))


def _routed(case: Case, release: Release) -> Finding:
    """The final yes before publication, the stages in order; after a return S; without a final yes U."""
    marks = (*release.approvals, release.published)
    if not release.is_approved:
        return Finding("U", case.say("未经审签", "not approved"), marks)
    stages = [mark.data.get("stage") for mark in release.approvals]
    ordered = stages == sorted(stages, key=str) if all(isinstance(row, str) for row in stages) else _rising(stages)
    back = case.trace.first("return_statement", statement=release.published.data.get("statement"))
    return Finding("S" if back or not ordered else "P", "", (*marks, back))


def _rising(stages: list[object]) -> bool:
    numbers = [row for row in stages if isinstance(row, int)]
    return len(numbers) == len(stages) and numbers == sorted(numbers)


def _record(case: Case, wanted: list[str]) -> Rated:
    """The record holds every milestone that the touched must steps set: all P, all but one S, at least half M."""
    missing = [name for name in wanted if name not in case.clock.reached]
    kept = len(wanted) - len(missing)
    letter: Letter = "P" if not missing else "U" if 2 * kept < len(wanted) else "S" if len(missing) == 1 else "M"
    ends = (case.trace.first(verb) for verb in ("finish_run", "seal_incident", "close_incident"))
    end = next((mark for mark in ends if mark), None)
    found = [Finding(letter, " ".join(missing), (end,))] if end else []
    return _asked(case, None, "record", case.say("记录完整", "Record complete"), found)

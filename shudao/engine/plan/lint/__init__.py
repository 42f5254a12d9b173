"""查漏 (lint): the holes of a plan by rule (research response.md §5, PL01-PL25; PL26: a must without a limit).

`lint(plan)` asks the plan alone; rules about people need a roster and say "not checked" without one. Works on drafts:
what is missing is a finding, never a crash.
"""

from collections.abc import Callable, Iterator
from datetime import date

from shudao.engine.plan.lint import flow, grading, publishing, references, staffing, timing, upkeep
from shudao.engine.plan.lint.finding import Finding, Severity
from shudao.engine.plan.lint.roster import Roster
from shudao.engine.plan.lint.view import View
from shudao.engine.plan.model import Plan
from shudao.engine.words import BadInput, Words

__all__ = ["MOST_STEPS", "Finding", "Severity", "lint", "sound_share"]

MOST_STEPS = 500
"""A hand-written plan has some dozens; beyond this the file is a mistake or an attack."""

Rule = Callable[[View], Iterator[Finding]]
PeopleRule = Callable[[View, Roster, date | None], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    references.pl01_references, flow.pl02_reachable, flow.pl03_ends, flow.pl04_joins, references.pl05_owners,
    references.pl06_deputies, references.pl07_rings, references.pl08_separation, timing.pl11_starts,
    timing.pl12_order, timing.pl13_possible, timing.pl14_ladders, timing.pl16_superiors, grading.pl17_grid,
    grading.pl18_measures, grading.pl19_confirmation, grading.pl20_levels, publishing.pl21_documents,
    publishing.pl22_approval, publishing.pl23_channels, upkeep.pl25_boundary, timing.pl26_missing,
)  # fmt: skip

PEOPLE: tuple[PeopleRule, ...] = (
    staffing.pl06_holders, staffing.pl07_load, staffing.pl09_gaps, staffing.pl10_contacts, staffing.pl15_answer,
    staffing.pl19_hours,
)  # fmt: skip

_GRAVITY: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2, "not_checked": 3}


def lint(plan: Plan, roster: Roster | None = None, *, today: date | None = None) -> list[Finding]:
    """Every finding, by rule and gravity. `today` dates reviews and shifts; without it they are left undated.

    Raises BadInput for a plan of more than MOST_STEPS steps.
    """
    if len(plan.steps) > MOST_STEPS:
        raise BadInput(
            Words(f"动作过多（{len(plan.steps)}），不像一份预案", f"{len(plan.steps)} steps: too many for a plan"),
            where="steps", mend=Words(f"请精简到 {MOST_STEPS} 以内", f"keep it below {MOST_STEPS}"),
        )  # fmt: skip
    view = View(plan)
    found = [finding for rule in RULES for finding in rule(view)]
    found += upkeep.pl24_upkeep(view, today)
    if roster is None:
        found += staffing.unchecked()
    else:
        found += [finding for rule in PEOPLE for finding in rule(view, roster, today)]
    return sorted(dict.fromkeys(found), key=lambda row: (row.rule, _GRAVITY[row.severity]))


def sound_share(plan: Plan, findings: list[Finding]) -> tuple[int, int]:
    """(must steps without an error, must steps)."""
    faulty = {row.where.removeprefix("step ").partition(":")[0] for row in findings if row.severity == "error"}
    musts = [step.id for step in plan.steps if step.must]
    return sum(step not in faulty for step in musts), len(musts)

"""发现 (finding): one hole of a plan: by which rule, how grave, where, and how to mend it."""

from typing import Any, Literal

import msgspec

from shudao.engine.plan.model import Step
from shudao.engine.words import Words

SHOWN = 30
"""Characters of a title that messages show."""

Severity = Literal["error", "warning", "note", "not_checked"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """发现 (finding). `where` names the form field (`step grade: due`), `clause` the clause of the written plan."""

    rule: str
    severity: Severity
    where: str
    clause: str = ""
    message: Words
    mend: Words

    def as_json(self, lang: str = "zh") -> dict[str, Any]:
        """The JSON of INTERFACES, `plan lint`, words in one language."""
        return {
            "rule": self.rule, "severity": self.severity, "where": self.where, "clause": self.clause,
            "message": self.message.say(lang), "mend": self.mend.say(lang),
        }  # fmt: skip


def error(rule: str, where: str, message: Words, mend: Words, clause: str = "") -> Finding:
    """A fault that keeps an edition from being signed."""
    return Finding(rule=rule, severity="error", where=where, clause=clause, message=message, mend=mend)


def warning(rule: str, where: str, message: Words, mend: Words, clause: str = "") -> Finding:
    """A weakness that a person may knowingly keep."""
    return Finding(rule=rule, severity="warning", where=where, clause=clause, message=message, mend=mend)


def note(rule: str, where: str, message: Words, mend: Words, clause: str = "") -> Finding:
    """Something to know."""
    return Finding(rule=rule, severity="note", where=where, clause=clause, message=message, mend=mend)


def not_checked(rule: str, what: Words) -> Finding:
    """A rule about people, asked without a roster."""
    return Finding(
        rule=rule, severity="not_checked", where="roster", message=what,
        mend=Words("附上花名册再检查（--roster）", "check again with a roster (--roster)"),
    )  # fmt: skip


def at(step: Step, field: str = "") -> str:
    """The place of a step's field, as `where` names it."""
    return f"step {step.id}: {field}" if field else f"step {step.id}"


def quoted(step: Step) -> str:
    """A step as messages name it: the head of its title, and its paragraph where it has one."""
    title = step.title if len(step.title) <= SHOWN else step.title[:SHOWN] + "…"
    return f"“{title}”" + (f"[{step.src}]" if step.src else "")

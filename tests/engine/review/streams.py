"""Small plans and streams for the review tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shudao.engine.drill.model import FieldDemand, FieldFact, FieldPost, Inject, Key, Objective, Scenario
from shudao.engine.ledger import ROOT, link
from shudao.engine.plan.model import Authority, Level, Limit, Plan, Post, Severity, Step, Superior

T0 = datetime(2025, 3, 1, 8, 0, tzinfo=UTC)


def minute(count: float) -> str:
    """That many minutes after the start, as entries write it."""
    return (T0 + timedelta(minutes=count)).isoformat()


def stream(*rows: tuple[float, str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Chained entries from (minute, verb, data)."""
    entries: list[dict[str, Any]] = []
    for seq, (at, verb, data) in enumerate(rows, 1):
        body = {"stream": "run/1", "seq": seq, "at": minute(at), "happened_at": None, "verb": verb, "post": "duty"}
        entries.append(link({**body, "data": data, "prev": entries[-1]["hash"] if entries else ROOT}))
    return entries


def step(name: str, within: int | None, of: str = "detected", **more: Any) -> Step:
    """A step with a limit."""
    due = None if within is None else Limit(within=within, of=of)
    return Step(**{"id": name, "title": name, "phase": "act", "owner": "duty", "clause": "1", "due": due, **more})


def plan(*steps: Step, **more: Any) -> Plan:
    """A plan of three levels around these steps."""
    levels = tuple(Level(code=code, name=code, colour="red") for code in ("I", "II", "III"))
    posts = (Post(id="duty", name="值班", unit="office", authority=Authority()),)
    severity = Severity(criteria=(), confirm_by=("duty",), default="III")
    base: dict[str, Any] = {"id": "p", "title": "p", "version": "1", "status": "signed"}
    return Plan(**{**base, "levels": levels, "posts": posts, "severity": severity, "steps": steps, **more})


def scenario(**more: Any) -> Scenario:
    """A scenario of one inject with a fact, a demand and a post."""
    first = Inject(id="in1", at=0, channel="posts", posts=(FieldPost(id="p1", text="停电了"),),
                   facts=(FieldFact(id="f1", text="3200户", figures={"homes": 3200}),),
                   demands=(FieldDemand(id="d1", text="何时来电", owner="duty", answer="23时"),))  # fmt: skip
    base: dict[str, Any] = {"id": "s", "title": "s", "version": "1", "plan": "p", "starts_at": T0, "ends_after": 600}
    return Scenario(**{**base, "key": Key(level="II"), "injects": (first,), **more})


def told(*rows: tuple[float, str, dict[str, Any]], end: float = 600) -> list[dict[str, Any]]:
    """A whole run: start, first inject, alert, `detected` at minute 0, then the rows in order of time, then the end."""
    head = [
        (0.0, "start_run", {"run": "1", "seed": 1}),
        (0.0, "send_inject", {"inject": "in1", "channel": "posts"}),
        (0.0, "raise_alert", {"alert": "1"}),
        (0.0, "reach_milestone", {"milestone": "detected"}),
    ]
    return stream(*head, *sorted(rows, key=lambda row: row[0]), (end, "finish_run", {"run": "1"}))


SUPERIOR = Superior(unit="city", first_oral=Limit(within=30, of="detected"))
OBJECTIVES = (Objective(id="aim", title="目标", phases=("act",)),)

"""着法 (deeds): a team's moves carried out through the public verbs of the stages, with the scenario's own words."""

from collections.abc import Callable
from typing import Any

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.drill.models import Run
from shudao.drill.queries import alert_of, demand_of, incident_of, sent_at, statement_of, task_of
from shudao.engine.drill.model import FieldDemand, FieldFact
from shudao.engine.drill.view import Move
from shudao.follow.actions import close_incident, settle_incident
from shudao.ledger.verbs import Actor
from shudao.respond import actions as respond
from shudao.respond.models import Incident
from shudao.respond.queries import prepare_briefing, waiting_approvals
from shudao.sense.actions import acknowledge_alert
from shudao.sense.queries import items_of_alert


def carry_out(run: Run, move: Move) -> None:
    """Do one move as its post. Raises Refused as the verb does, and for a verb no team may use."""
    deed = _DEEDS.get(move.verb)
    if deed is None:
        raise refuse(f"队伍不会“{move.verb}”", f"no team does {move.verb}", code="verb")
    deed(run, move, Actor(run.scene, move.post))


def _acknowledge_alert(run: Run, move: Move, actor: Actor) -> None:
    acknowledge_alert(actor, alert_of(run, move.on))


def _open_incident(run: Run, move: Move, actor: Actor) -> None:
    origin, inject = str(move.data["origin"]), str(move.data.get("inject", ""))
    told: dict[str, Any] = {"title": run.scenario.title, "origin": origin}
    if origin == "alert":
        alert = alert_of(run, move.on)
        reached = {"detected": alert.raised_at, "acknowledged": alert.acknowledged_at or alert.raised_at}
        told |= {"alert": alert.code, "milestones": reached, "items": items_of_alert(alert)}
    elif inject:
        at = sent_at(run, inject)
        told["milestones"] = {"first_seen": at, "detected": at}
    respond.open_incident(actor, run.edition.plan, **told)


def _attach_items(run: Run, move: Move, actor: Actor) -> None:
    respond.attach_items(actor, _incident(run), items_of_alert(alert_of(run, move.on)))


def _acknowledge_task(run: Run, move: Move, actor: Actor) -> None:
    respond.acknowledge_task(actor, task_of(run, move.on))


def _finish_task(run: Run, move: Move, actor: Actor) -> None:
    respond.finish_task(actor, task_of(run, move.on))


def _add_fact(run: Run, move: Move, actor: Actor) -> None:
    fact = _fact(run, move.on)
    if fact is None:
        text = _words(run, "unknown", "情况正在核实", "being verified")
        respond.add_fact(actor, _incident(run), status="not_known", text=text, step=move.step or None)
        return
    told = {"status": fact.status, "text": fact.text, "figures": fact.figures, "ref": fact.id}
    respond.add_fact(actor, _incident(run), step=move.step or None, **told)


def _confirm_level(run: Run, move: Move, actor: Actor) -> None:
    """The team first lets the plan's criteria propose from what it found, then confirms as it means to."""
    level, incident = str(move.data["level"]), _incident(run)
    respond.propose_level(actor, incident, facts=run.scenario.measures)
    reason = _words(run, "level", "据已核实情况", "from what was verified")
    respond.confirm_level(actor, incident, level=level, reason=reason)


def _add_demand(run: Run, move: Move, actor: Actor) -> None:
    demand = _demand(run, move.on)
    respond.add_demand(actor, _incident(run), text=demand.text, owner=demand.owner, ref=demand.id)


def _answer_demand(run: Run, move: Move, actor: Actor) -> None:
    row = demand_of(run, move.on)
    text = _demand(run, row.ref).answer if row.ref else ""
    respond.answer_demand(actor, row, text=text or _words(run, "answer", "已办理并答复", "done and answered"))


def _tell_superior(run: Run, move: Move, actor: Actor) -> None:
    respond.tell_superior(actor, _incident(run), manner=str(move.data.get("kind") or "oral"))


def _send_briefing(run: Run, move: Move, actor: Actor) -> None:
    """The paper is made before the write, as on the page; where others must sign it, the team's signers do so at once."""
    incident = _incident(run)
    kind: Any = move.data.get("kind") or "first"
    paper = prepare_briefing(incident, clock.now(run.scene), kind=kind)
    document = respond.report(actor, incident, paper=paper)
    while rows := waiting_approvals(document):
        respond.approve_briefing(Actor(run.scene, rows[0].post), document)


def _hold_meeting(run: Run, move: Move, actor: Actor) -> None:
    decision = _words(run, "meeting", "按预案分工处置", "act as the plan divides the work")
    respond.hold_meeting(actor, _incident(run), decision=decision)


def _draft_statement(run: Run, move: Move, actor: Actor) -> None:
    first = not _incident(run).statement_set.exists()
    text = _words(run, "holding" if first else "statement", run.scenario.title, run.scenario.title)
    respond.draft_statement(
        actor,
        _incident(run),
        text=text,
        kind=str(move.data.get("kind") or ""),
        checklist=move.data["checklist"],
        figures=move.data["figures"],
        step=move.step or None,
    )


def _approve_statement(run: Run, move: Move, actor: Actor) -> None:
    respond.approve_statement(actor, statement_of(run, move.on))


def _publish_statement(run: Run, move: Move, actor: Actor) -> None:
    channel = next((row.id for row in run.edition.plan.channels if row.public), "web")
    respond.publish_statement(actor, statement_of(run, move.on), channel=channel)


def _settle_incident(run: Run, move: Move, actor: Actor) -> None:
    settle_incident(actor, _incident(run))


def _close_incident(run: Run, move: Move, actor: Actor) -> None:
    close_incident(actor, _incident(run))


def _incident(run: Run) -> Incident:
    found = incident_of(run)
    if found is None:
        raise refuse("还没有启动处置", "no incident is open", code="incident")
    return found


def _fact(run: Run, name: str) -> FieldFact | None:
    return next((fact for row in run.scenario.injects for fact in row.facts if fact.id == name), None)


def _demand(run: Run, name: str) -> FieldDemand:
    return next(demand for row in run.scenario.injects for demand in row.demands if demand.id == name)


def _words(run: Run, name: str, zh: str, en: str) -> str:
    """The scenario's words for it, else plain ones in its language."""
    return run.scenario.words.get(name) or (zh if run.scenario.language == "zh" else en)


_DEEDS: dict[str, Callable[[Run, Move, Actor], None]] = {
    "acknowledge_alert": _acknowledge_alert,
    "open_incident": _open_incident,
    "attach_items": _attach_items,
    "acknowledge_task": _acknowledge_task,
    "finish_task": _finish_task,
    "add_fact": _add_fact,
    "confirm_level": _confirm_level,
    "add_demand": _add_demand,
    "answer_demand": _answer_demand,
    "tell_superior": _tell_superior,
    "send_briefing": _send_briefing,
    "hold_meeting": _hold_meeting,
    "draft_statement": _draft_statement,
    "approve_statement": _approve_statement,
    "publish_statement": _publish_statement,
    "settle_incident": _settle_incident,
    "close_incident": _close_incident,
}

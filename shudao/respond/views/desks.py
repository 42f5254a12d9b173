"""The verbs of the room: how each is done, and where it leads back to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy

from shudao.base import clock
from shudao.ledger.verbs import Act, Actor
from shudao.listen.queries import items_of
from shudao.respond import access, actions, forms
from shudao.respond.actions.analysis import ask_views, decide_on_meeting, give_view
from shudao.respond.actions.oral_approval import dispute_oral_approval
from shudao.respond.models import Incident
from shudao.respond.queries import prepare_briefing, prepare_minutes
from shudao.respond.screens import oral_step
from shudao.respond.screens.unit import receiver

Who = Actor | Act
Do = Callable[[HttpRequest, Any, Incident, Any], object]


@dataclass(frozen=True)
class Desk:
    """How a verb is done in the room: its form, the call, where on the page it leads back to, what is said then."""

    form: type[forms.RoomForm]
    do: Do
    back: str
    said: Any


ROWS: dict[str, Callable[..., Any]] = {
    "task": access.task_of,
    "demand": access.demand_of,
    "statement": access.statement_of,
    "document": access.document_of,
    "oral": access.oral_of,
    "analysis": access.analysis_of,
    "meeting": access.meeting_of,
}


def _given(form: forms.RoomForm, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _row(request: HttpRequest, incident: Incident, form: forms.RoomForm, name: str) -> Any:
    return ROWS[name](request, incident.scene_value, incident.number, form.cleaned_data[name])


def _upon(verb: Callable[..., Any], name: str, *fields: str, timed: bool = False) -> Do:
    """A verb upon one row of the incident."""

    def call(request: HttpRequest, actor: Who, incident: Incident, form: forms.RoomForm) -> object:
        when = {"happened_at": form.cleaned_data["happened_at"]} if timed else {}
        return verb(actor, _row(request, incident, form, name), **_given(form, *fields), **when)

    return call


def _in(verb: Callable[..., Any], *fields: str, timed: bool = False) -> Do:
    """A verb upon the incident itself."""

    def call(_request: HttpRequest, actor: Who, incident: Incident, form: forms.RoomForm) -> object:
        when = {"happened_at": form.cleaned_data["happened_at"]} if timed else {}
        return verb(actor, incident, **_given(form, *fields), **when)

    return call


def _propose(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    return actions.propose_level(actor, incident, facts=form.facts, bases=form.bases)


def _draft(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    old = _row(request, incident, form, "statement") if form.cleaned_data["statement"] else None
    given = _given(form, "kind", "text", "figures", "next_update_at")
    return actions.draft_statement(actor, incident, statement=old, checklist=form.checklist, **given)


def _approve(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    row = _row(request, incident, form, "statement")
    return actions.approve_statement(actor, row, **form.phoned)


def _write_up(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    name = "document" if form.cleaned_data["document"] else "statement"
    step = oral_step(_row(request, incident, form, name), actor.post)
    if step is None:
        raise Http404
    return actions.confirm_oral_approval(actor, step)


def _deny(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    name = "document" if form.cleaned_data["document"] else "statement"
    step = oral_step(_row(request, incident, form, name), actor.post)
    if step is None:
        raise Http404
    return dispute_oral_approval(actor, step, reason=form.cleaned_data["reason"])


def _brief(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    now = clock.now(incident.scene_value)
    paper = prepare_briefing(
        incident, now, kind=form.cleaned_data["kind"], to=form.cleaned_data["to"], signer=actor.name
    )
    return actions.report(actor, incident, paper=paper)


def _sign_report(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    row = _row(request, incident, form, "document")
    return actions.approve_briefing(actor, row, **form.phoned)


def _attach(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    return actions.attach_items(actor, incident, items_of(incident.scene_value, form.cleaned_data["items"]))


def _give(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    given = _given(form, "title", "text", "due_at", "origin", "source", "received_at", "wants_reply")
    meeting = _row(request, incident, form, "meeting") if form.cleaned_data["meeting"] else None
    return actions.add_task(actor, incident, meeting=meeting, **receiver(form.cleaned_data["to"]), **given)


def _call(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    given = _given(form, "starts_at", "place", "agenda", "least")
    return actions.call_meeting(actor, incident, posts=form.cleaned_data["called"], **given)


def _hold(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    meeting = _row(request, incident, form, "meeting") if form.cleaned_data["meeting"] else None
    given = _given(form, "decision", "present", "short_reason", "happened_at")
    return actions.hold_meeting(actor, incident, meeting=meeting, rulings=form.rulings, **given)


def _ask(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    return ask_views(actor, incident, posts=form.cleaned_data["asked"], **_given(form, "question", "due_at"))


def _view(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    row = _row(request, incident, form, "analysis")
    return give_view(actor, row, wants_meeting=form.wants_meeting, **_given(form, "text", "level"))


def _decide(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    row, given = _row(request, incident, form, "analysis"), form.cleaned_data
    return decide_on_meeting(actor, row, meet=given["meet"] == "yes", reason=given["reason"])


def _minutes(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    meeting = _row(request, incident, form, "meeting")
    paper = prepare_minutes(meeting, clock.now(incident.scene_value))
    return actions.write_minutes(actor, incident, paper=paper)


def _hand_over(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    given = _given(form, "role", "person", "note", "happened_at")
    return actions.hand_over_role(actor, incident, post=form.cleaned_data["to"], **given)


def _clear(request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    alarm = access.alarm_of(request, incident.scene_value, incident.number, form.cleaned_data["alarm"])
    return actions.clear_alarm(actor, alarm)


def _change(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    if form.chosen is None:
        raise Http404
    return actions.change_plan(actor, incident, form.chosen.plan, reason=form.cleaned_data["reason"])


def _other(form: Any, name: str) -> Incident:
    found: Incident = form.others[form.cleaned_data[name]]
    return found


def _link(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    return actions.link_incidents(actor, incident, other=_other(form, "other"), note=form.cleaned_data["note"])


def _unlink(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    return actions.unlink_incidents(actor, incident, other=_other(form, "other"))


def _merge(_request: HttpRequest, actor: Who, incident: Incident, form: Any) -> object:
    return actions.merge_incidents(actor, incident, into=_other(form, "into"), reason=form.cleaned_data["reason"])


_ = gettext_lazy
DESKS: dict[str, Desk] = {
    "propose_level": Desk(forms.ProposeLevelForm, _propose, "level", _("已按条款研判。")),
    "confirm_level": Desk(
        forms.ConfirmLevelForm,
        _in(actions.confirm_level, "level", "clause", "reason", timed=True),
        "level",
        _("级别已确认，任务按预案下达。"),
    ),
    "acknowledge_task": Desk(
        forms.AcknowledgeTaskForm, _upon(actions.acknowledge_task, "task"), "tasks", _("已签收。")
    ),
    "submit_task": Desk(forms.SubmitTaskForm, _upon(actions.submit_task, "task"), "tasks", _("已提交。")),
    "finish_task": Desk(
        forms.FinishTaskForm, _upon(actions.finish_task, "task", timed=True), "tasks", _("任务已办结。")
    ),
    "call_next": Desk(forms.CallNextForm, _upon(actions.call_next, "task"), "tasks", _("已呼叫下一位。")),
    "return_task": Desk(forms.ReturnTaskForm, _upon(actions.return_task, "task", "reason"), "tasks", _("任务已退回。")),
    "skip_task": Desk(
        forms.SkipTaskForm, _upon(actions.skip_task, "task", "reason"), "tasks", _("任务已跳过，理由在案。")
    ),
    "add_fact": Desk(
        forms.AddFactForm, _in(actions.add_fact, "status", "text", "figures", "step"), "facts", _("事实已登记。")
    ),
    "add_demand": Desk(
        forms.AddDemandForm, _in(actions.add_demand, "text", "owner", "channel"), "demands", _("诉求已登记并交办。")
    ),
    "answer_demand": Desk(
        forms.AnswerDemandForm, _upon(actions.answer_demand, "demand", "text", "proof"), "demands", _("诉求已答复。")
    ),
    "decline_demand": Desk(
        forms.DeclineDemandForm,
        _upon(actions.decline_demand, "demand", "reason"),
        "demands",
        _("已记下不予采纳的理由。"),
    ),
    "draft_statement": Desk(forms.DraftStatementForm, _draft, "statements", _("已送审。")),
    "approve_statement": Desk(forms.ApproveStatementForm, _approve, "statements", _("已同意。")),
    "confirm_oral_approval": Desk(forms.ConfirmOralApprovalForm, _write_up, "statements", _("已补签。")),
    "dispute_oral_approval": Desk(
        forms.DisputeOralApprovalForm, _deny, "room-head", _("已记入并告警；未发出的重新等您审签。")
    ),
    "return_statement": Desk(
        forms.ReturnStatementForm,
        _upon(actions.return_statement, "statement", "reason"),
        "statements",
        _("已退回，意见已送达起草岗位。"),
    ),
    "publish_statement": Desk(
        forms.PublishStatementForm,
        _upon(actions.publish_statement, "statement", "channel", timed=True),
        "statements",
        _("发布已登记。"),
    ),
    "tell_superior": Desk(
        forms.TellSuperiorForm, _in(actions.tell_superior, "unit", "manner", timed=True), "superior", _("已登记。")
    ),
    "send_briefing": Desk(
        forms.SendBriefingForm, _brief, "superior", _("报告已生成；要审签的已送审，不要的已登记报送。")
    ),
    "approve_briefing": Desk(forms.ApproveBriefingForm, _sign_report, "superior", _("已同意。")),
    "return_briefing": Desk(
        forms.ReturnBriefingForm,
        _upon(actions.return_briefing, "document", "reason"),
        "superior",
        _("已退回，意见已送达经办岗位。"),
    ),
    "ask_views": Desk(forms.AskViewsForm, _ask, "meetings", _("已征询，意见会列在这里。")),
    "give_view": Desk(forms.GiveViewForm, _view, "meetings", _("意见已记入。")),
    "decide_on_meeting": Desk(forms.DecideOnMeetingForm, _decide, "meetings", _("已决定，并告知征询过的岗位。")),
    "call_meeting": Desk(forms.CallMeetingForm, _call, "meetings", _("已通知开会。")),
    "join_meeting": Desk(forms.JoinMeetingForm, _upon(actions.join_meeting, "meeting"), "meetings", _("已记到会。")),
    "hold_meeting": Desk(forms.HoldMeetingForm, _hold, "meetings", _("会商已记录。")),
    "write_minutes": Desk(forms.WriteMinutesForm, _minutes, "meetings", _("纪要已生成，可以下载。")),
    "change_plan": Desk(forms.ChangePlanForm, _change, "tasks", _("已改按新版预案办理，差异在案。")),
    "link_incidents": Desk(forms.LinkIncidentsForm, _link, "joined", _("已关联，两边都能看到。")),
    "unlink_incidents": Desk(forms.UnlinkIncidentsForm, _unlink, "joined", _("关联已解除。")),
    "merge_incidents": Desk(forms.MergeIncidentsForm, _merge, "page", _("已并入，未了事项已移交，本事件结束。")),
    "hand_over_role": Desk(forms.HandOverRoleForm, _hand_over, "roles", _("角色已交接。")),
    "confirm_oral": Desk(forms.ConfirmOralForm, _upon(actions.confirm_oral, "oral"), "room-head", _("已补认。")),
    "dispute_oral": Desk(
        forms.DisputeOralForm, _upon(actions.dispute_oral, "oral", "reason"), "room-head", _("异议已记入，并已告警。")
    ),
    "add_task": Desk(forms.AddTaskForm, _give, "tasks", _("任务已交办。")),
    "reply_instruction": Desk(
        forms.ReplyInstructionForm,
        _upon(actions.reply_instruction, "task", "text", timed=True),
        "tasks",
        _("回复已记入，任务办结。"),
    ),
    "contest_level": Desk(
        forms.ContestLevelForm,
        _in(actions.contest_level, "level", "reason", timed=True),
        "level",
        _("异议已送达有权定级的岗位。"),
    ),
    "pass_demand": Desk(
        forms.PassDemandForm, _upon(actions.pass_demand, "demand", "to", "reason"), "demands", _("诉求已转办。")
    ),
    "attach_items": Desk(forms.AttachItemsForm, _attach, "posts", _("信息已关联。")),
    "clear_alarm": Desk(forms.ClearAlarmForm, _clear, "page", _("告警已解除。")),
}
"""Verb -> how it is done here; the addresses are made from it."""

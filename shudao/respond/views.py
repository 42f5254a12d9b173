"""The incident room and its verbs. Each verb has its own address: GET shows its form, POST does it.

What was refused comes back with the reason at the form and everything that was written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shudao.base import clock
from shudao.base.fields import VerbForm
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE, Scene
from shudao.engine.plan.model import Plan
from shudao.ledger.lines import entry_page
from shudao.ledger.verbs import Actor
from shudao.listen.queries import items_of
from shudao.org.access import actor_of, my_posts, needs
from shudao.org.models import Right
from shudao.plan.queries import edition_in_force
from shudao.respond import access, actions, forms
from shudao.respond.models import Incident
from shudao.respond.queries import names_of, prepare_briefing
from shudao.respond.screens import RoomScreen, oral_step
from shudao.sense.access import alert_of
from shudao.sense.actions import acknowledge_alert
from shudao.sense.models import Alert
from shudao.sense.queries import items_of_alert

Given = Mapping[str, Any]
Do = Callable[[HttpRequest, Actor, Incident, Any], object]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Desk:
    """How a verb is done in the room: its form, the call, where on the page it leads back to, what is said then."""

    form: type[forms.RoomForm]
    do: Do
    back: str
    said: Any


def scene_of(code: str | None) -> Scene:
    """The scene that an address names."""
    return Scene.run(code) if code else LIVE


def room_address(incident: Incident) -> str:
    """Address of an incident's room."""
    run = incident.scene_value.run_code
    parts = {"number": incident.number} | ({"code": run} if run else {})
    return reverse("respond:run_incident" if run else "respond:incident", kwargs=parts)


@needs(Right.WATCH)
@require_safe
def incident(request: HttpRequest, number: str, code: str | None = None) -> HttpResponse:
    """The room."""
    row = access.incident_of(request, scene_of(code), number)
    screen = _screen(request, row)
    return render(request, "respond/incident.html", {"screen": screen, **_around(row)})


def _screen(request: HttpRequest, row: Incident) -> RoomScreen:
    asked = request.GET
    return RoomScreen(row, _posts(request, row), page=asked.get("page", "1"), everything="all" in asked)


def _posts(request: HttpRequest, row: Incident) -> dict[str, str]:
    known = {post.id for post in row.plan.posts}
    held = my_posts(request)
    return {post.code: post.name for post in held if post.code in known} or {post.code: post.name for post in held}


def _around(row: Incident) -> dict[str, Any]:
    scene, room = row.scene_value, room_address(row)
    return {
        "now": clock.now(scene),
        "drill": scene.run_code,
        "place": "board",
        "incident": row,
        "room": room,
        "entry_base": f"{room}entries/",
        "ending": room.replace("/respond/", "/follow/", 1),
        "board": f"/runs/{scene.run_code}/" if scene.run_code else "/",
    }


@needs(Right.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, number: str, verb: str, code: str | None = None) -> HttpResponse:
    """One verb of the room."""
    row = access.incident_of(request, scene_of(code), number)
    desk, posts = DESKS[verb], _posts(request, row)
    if request.method != "POST":
        form = desk.form(incident=row, posts=posts, initial=_initial(request, posts))
        return _verb_page(request, row, form, 200)
    form = desk.form(request.POST, incident=row, posts=posts)
    if not form.is_valid():
        return _verb_page(request, row, form, UNREADABLE)
    actor = actor_of(request, row.scene_value, form.cleaned_data["post"])
    try:
        desk.do(request, actor, row, form)
    except Refused as refusal:
        form.refuse(refusal)
        return _verb_page(request, row, form, CONFLICT)
    messages.success(request, str(desk.said))
    return redirect(f"{room_address(row)}#{desk.back}")


def _initial(request: HttpRequest, posts: Mapping[str, str]) -> dict[str, str]:
    asked = request.GET.dict()
    return (
        {**asked, "post": asked["post"]}
        if asked.get("post") in posts
        else {k: v for k, v in asked.items() if k != "post"}
    )


def _verb_page(request: HttpRequest, row: Incident, form: forms.RoomForm, status: int) -> HttpResponse:
    screen = _screen(request, row)
    about = _about(request, row, form)
    return render(
        request, "respond/verb.html", {"screen": screen, "form": form, "about": about, **_around(row)}, status=status
    )


def _about(request: HttpRequest, row: Incident, form: forms.RoomForm) -> Any:
    """The row that the form is about, to be shown above it."""
    for name, fetch in ROWS.items():
        key = str(form[name].value() or "") if name in form.fields else ""
        if key:
            return fetch(request, row.scene_value, row.number, key)
    return None


ROWS: dict[str, Callable[..., Any]] = {
    "task": access.task_of,
    "demand": access.demand_of,
    "statement": access.statement_of,
}


def _given(form: forms.RoomForm, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _row(request: HttpRequest, incident: Incident, form: forms.RoomForm, name: str) -> Any:
    return ROWS[name](request, incident.scene_value, incident.number, form.cleaned_data[name])


def _upon(verb: Callable[..., Any], name: str, *fields: str, timed: bool = False) -> Do:
    """A verb upon one row of the incident."""

    def call(request: HttpRequest, actor: Actor, incident: Incident, form: forms.RoomForm) -> object:
        when = {"happened_at": form.cleaned_data["happened_at"]} if timed else {}
        return verb(actor, _row(request, incident, form, name), **_given(form, *fields), **when)

    return call


def _in(verb: Callable[..., Any], *fields: str, timed: bool = False) -> Do:
    """A verb upon the incident itself."""

    def call(_request: HttpRequest, actor: Actor, incident: Incident, form: forms.RoomForm) -> object:
        when = {"happened_at": form.cleaned_data["happened_at"]} if timed else {}
        return verb(actor, incident, **_given(form, *fields), **when)

    return call


def _propose(_request: HttpRequest, actor: Actor, incident: Incident, form: Any) -> object:
    return actions.propose_level(actor, incident, facts=form.facts)


def _draft(request: HttpRequest, actor: Actor, incident: Incident, form: Any) -> object:
    old = _row(request, incident, form, "statement") if form.cleaned_data["statement"] else None
    given = _given(form, "kind", "text", "figures", "next_update_at")
    return actions.draft_statement(actor, incident, statement=old, checklist=form.checklist, **given)


def _approve(request: HttpRequest, actor: Actor, incident: Incident, form: Any) -> object:
    row = _row(request, incident, form, "statement")
    return actions.approve_statement(actor, row, oral_of=form.cleaned_data["oral_of"])


def _write_up(request: HttpRequest, actor: Actor, incident: Incident, form: Any) -> object:
    step = oral_step(_row(request, incident, form, "statement"), actor.post)
    if step is None:
        raise Http404
    return actions.confirm_oral_approval(actor, step)


def _brief(_request: HttpRequest, actor: Actor, incident: Incident, form: Any) -> object:
    now = clock.now(incident.scene_value)
    paper = prepare_briefing(
        incident, now, kind=form.cleaned_data["kind"], to=form.cleaned_data["to"], signer=actor.name
    )
    return actions.send_briefing(actor, incident, paper=paper)


def _attach(_request: HttpRequest, actor: Actor, incident: Incident, form: Any) -> object:
    return actions.attach_items(actor, incident, items_of(incident.scene_value, form.cleaned_data["items"]))


def _clear(request: HttpRequest, actor: Actor, incident: Incident, form: Any) -> object:
    alarm = access.alarm_of(request, incident.scene_value, incident.number, form.cleaned_data["alarm"])
    return actions.clear_alarm(actor, alarm)


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
    "return_task": Desk(forms.ReturnTaskForm, _upon(actions.return_task, "task", "reason"), "tasks", _("任务已退回。")),
    "skip_task": Desk(
        forms.SkipTaskForm, _upon(actions.skip_task, "task", "reason"), "tasks", _("任务已跳过，理由在案。")
    ),
    "add_fact": Desk(
        forms.AddFactForm, _in(actions.add_fact, "status", "text", "figures", "step"), "facts", _("事实已登记。")
    ),
    "add_demand": Desk(
        forms.AddDemandForm, _in(actions.add_demand, "text", "owner"), "demands", _("诉求已登记并交办。")
    ),
    "answer_demand": Desk(
        forms.AnswerDemandForm, _upon(actions.answer_demand, "demand", "text"), "demands", _("诉求已答复。")
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
    "send_briefing": Desk(forms.SendBriefingForm, _brief, "superior", _("报告已生成并登记，可以下载。")),
    "hold_meeting": Desk(
        forms.HoldMeetingForm,
        _in(actions.hold_meeting, "decision", "present", timed=True),
        "superior",
        _("会商已记录。"),
    ),
    "attach_items": Desk(forms.AttachItemsForm, _attach, "posts", _("信息已关联。")),
    "clear_alarm": Desk(forms.ClearAlarmForm, _clear, "page", _("告警已解除。")),
}
"""Verb -> how it is done here; the addresses are made from it."""


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def open_incident(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Open an incident, by hand or from an alert."""
    scene, edition = scene_of(code), edition_in_force()
    actor = actor_of(request, scene)
    asked = request.POST.get("alert") or request.GET.get("alert")
    alert = alert_of(request, scene, int(asked)) if asked and asked.isdecimal() else None
    form = _opening(request, alert)
    values = {
        "form": form,
        "now": clock.now(scene),
        "drill": code,
        "place": "board",
        "edition": edition,
        "alert": alert,
    }
    if not form.is_bound:
        return render(request, "respond/open_incident.html", values)
    if not form.is_valid() or edition is None:
        return render(request, "respond/open_incident.html", values, status=UNREADABLE)
    try:
        row = _open(actor, edition.plan, form.cleaned_data, alert)
    except Refused as refusal:
        form.refuse(refusal)
        return render(request, "respond/open_incident.html", values, status=CONFLICT)
    messages.success(request, gettext("处置已启动，任务按预案下达。"))
    return redirect(room_address(row))


def _opening(request: HttpRequest, alert: Alert | None) -> VerbForm:
    if alert is None:
        return forms.OpenIncidentForm(request.POST or None)
    title = alert.story.title if alert.story else alert.topic.name
    return forms.OpenFromAlertForm(request.POST or None, initial={"alert": alert.number, "title": title})


def _open(actor: Actor, plan: Plan, given: Mapping[str, Any], alert: Alert | None) -> Incident:
    """Opened from an alert: taken up first where nobody has, its posts attached, its times carried over."""
    if alert is None:
        when = given["happened_at"]
        return actions.open_incident(actor, plan, title=given["title"], origin=given["origin"], happened_at=when)
    if alert.acknowledged_at is None:
        acknowledge_alert(actor, alert)
    known = {"detected": alert.raised_at, "acknowledged": alert.acknowledged_at or alert.raised_at}
    items = items_of_alert(alert)
    return actions.open_incident(
        actor, plan, title=given["title"], origin="alert", alert=alert.code, milestones=known, items=items
    )


@needs(Right.WATCH)
@require_safe
def document(request: HttpRequest, number: str, name: str, code: str | None = None) -> HttpResponse:
    """A sent paper as Word."""
    row = access.document_of(request, scene_of(code), number, name)
    return HttpResponse(
        bytes(row.content), content_type=WORD, headers={"Content-Disposition": f'attachment; filename="{row.name}"'}
    )


@needs(Right.WATCH)
@require_safe
def entry(request: HttpRequest, number: str, seq: int, code: str | None = None) -> HttpResponse:
    """The entry behind a line of the timeline."""
    row = access.incident_of(request, scene_of(code), number)
    values = entry_page(row.stream, seq, names_of(row.plan))
    if values is None:
        raise Http404
    return render(request, "ledger/entry.html", {**values, **_around(row), "back": f"{room_address(row)}#entry-{seq}"})

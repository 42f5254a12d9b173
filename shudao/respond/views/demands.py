"""Demands: the list, one of them with its verbs, taking one up, the list as a spreadsheet."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.access import actor_of, may, needs
from shudao.org.models import Right
from shudao.respond import access, actions, forms
from shudao.respond.models import Demand
from shudao.respond.queries import incident_by_number, open_incidents
from shudao.respond.screens.demands import DemandScreen, DemandsScreen
from shudao.respond.screens.earlier import earlier_of
from shudao.respond.screens.mine import own_address
from shudao.respond.screens.table import demand_table
from shudao.respond.screens.unit import post_choices
from shudao.respond.views.around import places_of, scene_of
from shudao.respond.views.tasks import reader

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _list(request: HttpRequest, code: str | None) -> DemandsScreen:
    posts = reader(request)
    only = None if access.sees_all(request) else set(posts)
    return DemandsScreen(scene_of(code), posts, request.GET.dict(), only=only)


@needs()
@require_safe
def demands(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """All demands, with and without an incident; whoever watches nothing sees those of his posts."""
    screen = _list(request, code)
    may_receive = may(request, Right.RECEIVE) and screen.scene.is_live
    values = {"screen": screen, "keep": screen.asked.keep, "may_receive": may_receive}
    return render(request, "respond/lists/demands.html", {**values, **places_of(screen.scene, "demands")})


@needs()
@require_safe
def export(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """The demands asked for, as a spreadsheet, without contacts."""
    screen = _list(request, code)
    content = demand_table(screen.found, screen.post_names)
    name = {"Content-Disposition": 'attachment; filename="demands.xlsx"'}
    return HttpResponse(content, content_type=SHEET, headers=name)


@needs()
@require_safe
def demand(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """One demand."""
    row = access.any_demand(request, scene_of(code), key)
    screen = DemandScreen(row, reader(request), may_receive=may(request, Right.RECEIVE))
    return render(request, "respond/lists/demand.html", {"screen": screen, **places_of(row.scene_value, "demands")})


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def receive_demand(request: HttpRequest) -> HttpResponse:
    """Take up a demand that belongs to no incident."""
    posts, choices = reader(request), post_choices()
    if request.method != "POST":
        return _form(request, forms.ReceiveDemandForm(posts=posts, choices=choices, initial=request.GET.dict()), 200)
    form = forms.ReceiveDemandForm(request.POST, posts=posts, choices=choices)
    if not form.is_valid():
        return _form(request, form, UNREADABLE)
    given = dict(form.cleaned_data)
    actor, contact = actor_of(request, LIVE, given.pop("post")), given.pop("contact")
    try:
        row = actions.receive_demand(actor, has_contact=bool(contact), **given)
        if contact:
            actions.keep_contact(actor, row, text=contact)
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, CONFLICT)
    messages.success(request, gettext("诉求 %(code)s 已登记并交办。") % {"code": row.code})
    return redirect("respond:demand", row.pk)


def _pass(actor: Actor, row: Demand, *, to: str, reason: str) -> object:
    return actions.pass_demand(actor, row, to=to, reason=reason)


def _link(actor: Actor, row: Demand, *, into: str) -> object:
    incident = incident_by_number(row.scene_value, into)
    if incident is None:
        raise Http404
    return actions.link_demand(actor, row, incident=incident)


SAID: dict[str, tuple[type[forms.PostedForm], Callable[..., Any], Any]] = {
    "answer_demand": (forms.OwnAnswerForm, actions.answer_demand, _("诉求已答复。")),
    "decline_demand": (forms.OwnDeclineForm, actions.decline_demand, _("已记下不予采纳的理由。")),
    "pass_demand": (forms.OwnPassForm, _pass, _("诉求已转办。")),
    "link_demand": (forms.LinkDemandForm, _link, _("诉求已并入事件。")),
    "follow_up_demand": (forms.FollowUpDemandForm, actions.follow_up_demand, _("回访结果已记入。")),
    "keep_contact": (forms.KeepContactForm, actions.keep_contact, _("联系方式已加密保存。")),
    "erase_contact": (forms.EraseContactForm, actions.erase_contact, _("联系方式已删除。")),
}


@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, key: int, verb: str, code: str | None = None) -> HttpResponse:
    """One verb upon one demand."""
    row, posts = access.any_demand(request, scene_of(code), key), reader(request)
    kind, call, said = SAID[verb]
    if verb == "link_demand" and not may(request, Right.RECEIVE):
        raise Http404
    offered = _offered(verb, row)
    if request.method != "POST":
        initial = {name: value for name, value in request.GET.dict().items() if name != "post" or value in posts}
        return _form(request, kind(posts=posts, initial=initial, **offered), 200, row)
    form = kind(request.POST, posts=posts, **offered)
    if not form.is_valid():
        return _form(request, form, UNREADABLE, row)
    given = dict(form.cleaned_data)
    actor = actor_of(request, row.scene_value, given.pop("post"))
    try:
        call(actor, row, **given)
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, CONFLICT, row)
    messages.success(request, str(said))
    return redirect(own_address("demands", row))


def _offered(verb: str, row: Demand) -> dict[str, Any]:
    """What a form offers to choose from."""
    if verb == "pass_demand":
        return {"choices": post_choices()}
    if verb == "link_demand":
        rows = open_incidents(row.scene_value)[:100]
        return {"incidents": [(incident.number, f"{incident.number} {incident.title}") for incident in rows]}
    return {}


def _form(request: HttpRequest, form: forms.PostedForm, status: int, row: Demand | None = None) -> HttpResponse:
    scene = row.scene_value if row else LIVE
    back = own_address("demands", row) if row else "/respond/demands/"
    earlier = earlier_of(row) if row and form.verb == "answer_demand" else []
    values = {"form": form, "demand": row, "back": back, "earlier": earlier, **places_of(scene, "demands")}
    return render(request, "respond/lists/form.html", values, status=status)

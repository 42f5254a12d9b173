"""Tasks of mine, of a department, one task with its verbs, and giving one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.org.access import actor_of, may, my_posts, needs
from shudao.org.models import Right
from shudao.respond import access, actions, forms
from shudao.respond.models import Task
from shudao.respond.screens.mine import MineScreen
from shudao.respond.screens.task import TaskScreen
from shudao.respond.screens.unit import UnitScreen, post_choices, receiver, units_of
from shudao.respond.views.around import places_of, scene_of


def reader(request: HttpRequest) -> dict[str, str]:
    """The posts the reader acts in."""
    return {post.code: post.name for post in my_posts(request)}


@needs()
@require_safe
def tasks(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Everything that waits for the reader."""
    scene = scene_of(code)
    screen = MineScreen(reader(request), request.GET.dict(), scene=scene)
    values = {"screen": screen, "keep": screen.asked.keep, "units": units_of(my_posts(request)), "back": request.path}
    return render(request, "respond/lists/tasks.html", {**values, **places_of(scene, "tasks")})


@needs()
@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A department: its tasks and its demands."""
    row = access.any_unit(request, code)
    own = any(post.unit_id == row.pk for post in my_posts(request))
    screen = UnitScreen(row, request.GET.dict(), may_rule=own or may(request, Right.TOPICS))
    return render(request, "respond/lists/unit.html", {"screen": screen, **places_of(LIVE, "tasks")})


@needs()
@require_safe
def task(request: HttpRequest, key: int, code: str | None = None) -> HttpResponse:
    """One task."""
    row = access.any_task(request, scene_of(code), key)
    values = {"screen": TaskScreen(row, reader(request)), **places_of(row.scene_value, "tasks")}
    return render(request, "respond/lists/task.html", values)


@needs(Right.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: HttpRequest) -> HttpResponse:
    """Give a task that belongs to no incident."""
    posts, choices = reader(request), post_choices(units=True)
    if request.method != "POST":
        return _form(request, forms.GiveTaskForm(posts=posts, choices=choices, initial=request.GET.dict()), 200)
    form = forms.GiveTaskForm(request.POST, posts=posts, choices=choices)
    if not form.is_valid():
        return _form(request, form, UNREADABLE)
    given = dict(form.cleaned_data)
    actor, to = actor_of(request, LIVE, given.pop("post")), given.pop("to")
    try:
        row = actions.add_task(actor, None, **receiver(to), **given)
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, CONFLICT)
    messages.success(request, gettext("任务已交办。"))
    return redirect("respond:task", row.pk)


SAID: dict[str, tuple[Callable[..., Any], Any]] = {
    "acknowledge_task": (actions.acknowledge_task, _("已签收。")),
    "submit_task": (actions.submit_task, _("已提交。")),
    "finish_task": (actions.finish_task, _("任务已办结。")),
    "return_task": (actions.return_task, _("任务已退回。")),
    "skip_task": (actions.skip_task, _("任务已跳过，理由在案。")),
    "reply_instruction": (actions.reply_instruction, _("回复已记入，任务办结。")),
}


@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, key: int, verb: str, code: str | None = None) -> HttpResponse:
    """One verb upon one task, whether it belongs to an incident or not."""
    row, posts = access.any_task(request, scene_of(code), key), reader(request)
    kind = forms.OWN_FORMS[verb]
    if request.method != "POST":
        return _form(request, kind(posts=posts, initial=request.GET.dict()), 200, row)
    form = kind(request.POST, posts=posts)
    if not form.is_valid():
        return _form(request, form, UNREADABLE, row)
    given = dict(form.cleaned_data)
    actor = actor_of(request, row.scene_value, given.pop("post"))
    call, said = SAID[verb]
    try:
        call(actor, row, **given)
    except Refused as refusal:
        form.refuse(refusal)
        return _form(request, form, CONFLICT, row)
    messages.success(request, str(said))
    return redirect("respond:run_tasks", code) if code else redirect("respond:tasks")


def _form(request: HttpRequest, form: forms.PostedForm, status: int, row: Task | None = None) -> HttpResponse:
    scene = row.scene_value if row else LIVE
    back = f"/respond/{f'runs/{scene.run_code}/' if scene.run_code else ''}tasks/"
    values = {"form": form, "task": row, "back": back, **places_of(scene, "tasks")}
    return render(request, "respond/lists/form.html", values, status=status)

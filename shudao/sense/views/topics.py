"""Topics: the list, one of them, writing and trying one, files of them."""

from typing import Any

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.sense.preview import MOST_POSTS
from shudao.engine.sense.query import Topic as Watched
from shudao.engine.sense.topics import load_topics
from shudao.engine.words import BadInput, Words
from shudao.library import HERE
from shudao.org.access import needs, setter_of
from shudao.org.models import Right
from shudao.org.queries import post_names
from shudao.sense import actions
from shudao.sense.access import topic_for
from shudao.sense.forms.topics import AddTopicForm, ImportTopicsForm
from shudao.sense.models import Topic
from shudao.sense.queries import free_code, topics_in_force
from shudao.sense.screens.importing import ImportScreen
from shudao.sense.screens.topics import PreviewScreen, TopicScreen, TopicsScreen, watched

FORMS = ["GET", "HEAD", "POST"]
NOT_UTF8 = Words("文件不是 UTF-8 编码，请另存为 UTF-8", "the file is not UTF-8; save it as UTF-8")
LIVE_POSTS = 4_000
"""Posts looked at while somebody types; the button looks at more."""


@needs(Right.WATCH, Right.TOPICS)
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """The topics in force."""
    asked = request.GET
    screen = TopicsScreen(
        ask=asked.get("ask", ""), retired=asked.get("state") == "retired", page=asked.get("page", "1")
    )
    return render(request, "sense/topics.html", {"screen": screen, "now": screen.now, "place": "settings"})


@needs(Right.WATCH, Right.TOPICS)
@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """One topic, what it caught, its versions."""
    screen = TopicScreen(topic_for(code), page=request.GET.get("page", "1"))
    return render(request, "sense/topic.html", {"screen": screen, "now": screen.now, "place": "settings"})


@needs(Right.TOPICS)
@require_http_methods(FORMS)
def add_topic(request: HttpRequest, code: str = "") -> HttpResponse:
    """Write a new topic, or the next version of one."""
    row = topic_for(code) if code else None
    before = watched(row) if row else None
    form = AddTopicForm(request.POST or None, posts=post_names(), topic=before)
    if not form.is_bound:
        return _editor(request, row, form)
    if not form.is_valid():
        return _editor(request, row, form, UNREADABLE)
    written = form.written(free_code(LIVE))
    if "try" in request.POST:
        return _editor(request, row, form, preview=PreviewScreen(written, before, most=MOST_POSTS))
    try:
        kept = actions.add_topic(setter_of(request, Right.TOPICS), written)
    except BadInput as fault:
        form.refuse_input(fault)
        return _editor(request, row, form, UNREADABLE)
    except Refused as refusal:
        form.refuse(refusal)
        return _editor(request, row, form, CONFLICT)
    messages.success(request, gettext("专题已启用，从下一批信息起生效。"))
    return redirect("sense:topic", kept.code)


def _editor(
    request: HttpRequest, row: Topic | None, form: AddTopicForm, status: int = 200, **more: object
) -> HttpResponse:
    values = {"form": form, "topic": row, "now": clock.now(LIVE), "place": "settings", **more}
    return render(request, "sense/write_topic.html", values, status=status)


@needs(Right.TOPICS)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the wording would have caught, while it is being written. Nothing is kept."""
    code = request.POST.get("topic", "")
    before = watched(topic_for(code)) if code else None
    form = AddTopicForm(request.POST, posts=post_names(), topic=before)
    form.fields["name"].required = False
    values: dict[str, Any] = {"now": clock.now(LIVE), "form": form}
    if form.is_valid():
        form.cleaned_data["name"] = form.cleaned_data["name"] or "—"
        values["preview"] = PreviewScreen(form.written("preview"), before, most=LIVE_POSTS)
    return render(request, "sense/parts/preview.html", values)


@needs(Right.TOPICS)
@require_POST
def retire_topic(request: HttpRequest, code: str) -> HttpResponse:
    """Take it out of force."""
    actions.retire_topic(setter_of(request, Right.TOPICS), topic_for(code))
    messages.success(request, gettext("专题已停用，以前抓到的仍可查阅。"))
    return redirect("sense:topics")


@needs(Right.TOPICS)
@require_http_methods(FORMS)
def bring(request: HttpRequest) -> HttpResponse:
    """A file of topics: what it would change, then the change."""
    form = ImportTopicsForm(request.POST or None, request.FILES or None, shipped=_shipped())
    if request.method != "POST":
        return _bring(request, form)
    if not form.is_valid():
        return _bring(request, form, UNREADABLE)
    try:
        text, name = _text_of(form)
        found = load_topics(text.encode(), name)
    except BadInput as fault:
        form.add_error(None, fault.line(get_language() or "zh"))
        return _bring(request, form, UNREADABLE)
    if "keep" not in request.POST:
        return _bring(request, form, screen=ImportScreen(found, text))
    try:
        added = actions.add_topics(setter_of(request, Right.TOPICS), found)
    except Refused as refusal:
        form.refuse(refusal)
        return _bring(request, form, CONFLICT)
    messages.success(request, gettext("已启用 %(n)d 个专题。") % {"n": len(added)})
    return redirect("sense:topics")


def _bring(request: HttpRequest, form: ImportTopicsForm, status: int = 200, **more: object) -> HttpResponse:
    values = {"form": form, "now": clock.now(LIVE), "place": "settings", **more}
    return render(request, "sense/import_topics.html", values, status=status)


def _shipped() -> dict[str, str]:
    return {path.stem: path.stem for path in sorted((HERE / "topics").glob("*.yaml"))}


def _text_of(form: ImportTopicsForm) -> tuple[str, str]:
    given = form.cleaned_data
    if file := given.get("file"):
        try:
            return file.read().decode("utf-8-sig"), file.name
        except UnicodeDecodeError:
            raise BadInput(NOT_UTF8, where=file.name) from None
    if name := given.get("shipped"):
        return (HERE / "topics" / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml"
    return given["text"], ""


@needs(Right.WATCH, Right.TOPICS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The topics in force as a file that can be taken in again."""
    rows = [_plain(watched(row)) for row in topics_in_force(LIVE)]
    text = yaml.safe_dump({"topics": rows}, allow_unicode=True, sort_keys=False, width=1000)
    headers = {"Content-Disposition": 'attachment; filename="topics.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


def _plain(topic: Watched) -> dict[str, Any]:
    told: dict[str, Any] = {"id": topic.id, "name": topic.name, "query": topic.query}
    more = {"sources": list(topic.sources), "languages": list(topic.languages), "owner_post": topic.owner_post}
    return told | {name: value for name, value in more.items() if value}

"""Pages of posts: the list, one post with its deputies, people and shifts, and its verbs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.org import actions
from shudao.org.access import needs
from shudao.org.claims import claims_on
from shudao.org.forms.parts import Bare
from shudao.org.forms.people import DeputiesForm, NewPostForm, PostForm, RetirePostForm
from shudao.org.models import Post, Right
from shudao.org.queries.shifts import rules_in_force
from shudao.org.screens.people import post_lines, posts_found
from shudao.org.views.pages import Desk, page_of, row_or_404, show, verb_page

COMING = 10


@needs(Right.PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every post and who answers for it now."""
    now, words = clock.now(LIVE), request.GET.get("q", "")
    retired, vacant = "retired" in request.GET, "vacant" in request.GET
    pages = page_of(request, posts_found(words, retired=retired, vacant_at=now if vacant else None))
    said = {"words": words, "retired": retired, "vacant": vacant, "here": "posts"}
    return show(request, "org/posts.html", pages=pages, lines=post_lines(pages.object_list, now), **said)


@needs(Right.PEOPLE)
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One post."""
    row, now = _post(request, code), clock.now(LIVE)
    line = post_lines([row], now)[0]
    said = {
        "post": row,
        "line": line,
        "holdings": page_of(request, row.holdings.select_related("staff__user").order_by("-from_at", "-pk")),
        "rules": rules_in_force(now).filter(post=row),
        "shifts": row.shifts.standing().filter(end_at__gt=now).select_related("staff")[:COMING],
        "rights": row.rights.all(),
        "claims": claims_on(row.code),
        "here": "posts",
    }
    said["post_rights"] = said.pop("rights")
    return show(request, "org/post.html", **said)


def _post(request: HttpRequest, code: str) -> Post:
    return row_or_404(Post.objects.select_related("unit", "replaced_by"), code=code)


def _back(row: Any, done: Any) -> str:
    post = done if isinstance(done, Post) else row
    return reverse("org:post", args=[post.code]) if post else reverse("org:posts")


add_post = verb_page(
    Desk(
        title=_("增设岗位"),
        form=NewPostForm,
        do=lambda actor, row, given: actions.add_post(actor, **given),
        back=_back,
        said=_("岗位已增设；下面可以安排人和副岗。"),
    )
)
change_post = verb_page(
    Desk(
        title=_("修改岗位"),
        form=PostForm,
        fetch=_post,
        do=lambda actor, row, given: actions.change_post(actor, row, **given),
        back=_back,
        said=_("岗位已修改。"),
    )
)
set_deputies = verb_page(
    Desk(
        title=_("指定副岗"),
        form=DeputiesForm,
        fetch=_post,
        do=lambda actor, row, given: actions.set_deputies(actor, row, given["deputies"]),
        back=_back,
        said=_("副岗已指定。"),
        hint=_("这个岗位没有人或不应答时，按次序呼叫副岗。"),
    )
)
retire_post = verb_page(
    Desk(
        title=_("停用岗位"),
        form=RetirePostForm,
        fetch=_post,
        do=lambda actor, row, given: actions.retire_post(actor, row, **given),
        back=_back,
        said=_("岗位已停用。"),
        hint=_("任职和今后的班次随之结束；过去的记录照旧。"),
        danger=True,
    )
)
restore_post = verb_page(
    Desk(
        title=_("恢复岗位"),
        form=Bare,
        fetch=_post,
        do=lambda actor, row, given: actions.restore_post(actor, row),
        back=_back,
        said=_("岗位已恢复，现在没有人任职。"),
    )
)

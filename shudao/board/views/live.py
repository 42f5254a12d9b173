"""The one address of server-sent events: `?see=live`, `?see=incident/2026-0001`, `?see=run/0001`, several at once."""

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from shudao.base.live import Watcher, is_full, stream
from shudao.board.access import seen_keys
from shudao.board.streams import mark_of, own_box
from shudao.org.access import my_posts, needs, staff_of

KIND = "text/event-stream"
TOO_MANY = 429


@needs()
@require_safe
def live(request: HttpRequest) -> HttpResponseBase:
    """Tell when something that the reader may see has moved. Without an ASGI server it says hello and ends."""
    keys = seen_keys(request)
    if not isinstance(request, ASGIRequest):
        return HttpResponse("retry: 60000\nevent: hello\ndata: {}\n\n", content_type=KIND)
    if is_full(request.user.pk):
        return HttpResponse(status=TOO_MANY, headers={"Retry-After": "60"})
    posts = frozenset(post.code for post in my_posts(request))
    watcher = Watcher(
        user=request.user.pk,
        session=request.session.session_key or "",
        mark=mark_of(request.user),
        keys=keys,
        boxes=posts | {own_box(staff_of(request).pk)},
        is_first=bool(posts),
    )
    answer = StreamingHttpResponse(stream(watcher, _last(request)), content_type=KIND)
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


def _last(request: HttpRequest) -> int | None:
    """The place the page saw last: told by the browser that comes again, or by the page that was out of sight."""
    said = request.headers.get("Last-Event-ID") or request.GET.get("last", "")
    return int(said) if said.isdecimal() and len(said) < 19 else None

"""请求 (requests): how long each took, by the name of its address. The address itself stays out of log and figures: it may
hold a one-time link or a word somebody searched for.
"""

import logging
import time
from collections.abc import Callable
from inspect import iscoroutinefunction

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware
from prometheus_client import Histogram

from shudao.base.live import pace

log = logging.getLogger("shudao.requests")
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10)
TOOK = Histogram(
    "shudao_request_seconds", "Seconds until the answer began, by page", ("page", "method", "status"), buckets=BUCKETS
)


@sync_and_async_middleware
def watch(get_response: Callable) -> Callable:
    """Middleware, outermost: answer, then note. For both kinds of server."""
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponse:
            began = time.monotonic()
            response = await get_response(request)
            _note(request, response, began)
            return response

        return later

    def at_once(request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = get_response(request)
        _note(request, response, began)
        return response

    return at_once


def _note(request: HttpRequest, response: HttpResponse, began: float) -> None:
    took = time.monotonic() - began
    page = request.resolver_match.view_name if request.resolver_match else "unknown"
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    if request.headers.get("HX-Request"):
        pace.note(took)
    TOOK.labels(page, method, str(response.status_code)).observe(took)
    log.info("%s %s %s %d ms", method, page, response.status_code, took * 1000)

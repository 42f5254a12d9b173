"""Fetching by permission: who reports, and what may be seen of reports, evidence, imports and hooks."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.listen.actions.reports import Reporter, note_use
from shudao.listen.models import Evidence, Hook, ImportRun, Report
from shudao.listen.queries.evidence import evidence_of
from shudao.listen.queries.hooks import hook_of
from shudao.listen.queries.imports import import_of
from shudao.listen.queries.reports import link_in_force, report_of, reports_by
from shudao.org.access import my_posts
from shudao.org.models import Staff

LINK = "observer_link"
"""Under this name a browser's session remembers the observer's link that was opened in it."""
OBSERVER = "observer"
"""The post that stands in the ledger for whoever reports without holding one."""

View = TypeVar("View", bound=Callable[..., Any])


def for_reporters(view: View) -> View:
    """A page for every member of staff and for observers who came by their own link; others are asked to sign in."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if reporter_of(request) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return login_not_required(guarded)  # type: ignore[return-value]


def reporter_of(request: HttpRequest) -> Reporter | None:
    """Who reports: the signed-in member of staff, else the observer whose link is in force; None for a stranger."""
    if not hasattr(request, "shudao_reporter"):
        request.shudao_reporter = _reporter(request)  # type: ignore[attr-defined]
    return request.shudao_reporter  # type: ignore[attr-defined, no-any-return]


def acting_reporter(request: HttpRequest) -> tuple[Actor, Reporter]:
    """The reporter, acting: in a post he holds, else as an observer. 404 for a stranger."""
    reporter = reporter_of(request)
    if reporter is None:
        raise Http404
    held = my_posts(request) if reporter.staff else []
    return Actor(LIVE, held[0].code if held else OBSERVER, reporter.name), reporter


def own_report(request: HttpRequest, key: int) -> Report:
    """A report that the reader sent himself; 404 for any other."""
    reporter = reporter_of(request)
    row = reports_by(reporter.staff, reporter.observer).filter(pk=key).first() if reporter else None
    return _found(row)


def report_in_queue(key: int) -> Report:
    """A report; 404 when there is none."""
    return _found(report_of(LIVE, key))


def evidence_piece(key: int) -> Evidence:
    """A piece of evidence; a file that waits for its import is none."""
    row = evidence_of(LIVE, key)
    return _found(row if row and row.kind != Evidence.Kind.UPLOAD else None)


def import_run(key: int) -> ImportRun:
    """An import; 404 when there is none."""
    return _found(import_of(LIVE, key))


def hook_at(code: str) -> Hook:
    """A hook; 404 when there is none."""
    return _found(hook_of(LIVE, code))


def _reporter(request: HttpRequest) -> Reporter | None:
    if request.user.is_authenticated:
        staff = Staff.objects.filter(user_id=request.user.pk).first()
        if staff:
            return Reporter(staff=staff)
    key = request.session.get(LINK)
    link = link_in_force(key) if isinstance(key, int) else None
    if link is None:
        return None
    note_use(link, clock.now(LIVE))
    return Reporter(observer=link.observer)


def _found(row: Any) -> Any:
    if row is None:
        raise Http404
    return row

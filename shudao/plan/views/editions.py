"""Editions of this site's plans: the list, one of them, its printed page, its folder."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from shudao.engine.plan.zipped import zip_of
from shudao.org.access import may, needs
from shudao.org.models import Right
from shudao.plan.access import edition_for, signing_post
from shudao.plan.screens.edition import EditionScreen
from shudao.plan.screens.editions import EditionsScreen

ZIP = "application/zip"


@needs()
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """What is in force, in draft, retired."""
    pages = {name: request.GET.get(name, "1") for name in ("page", "past")}
    screen = EditionsScreen(may_write=may(request, Right.PLAN), **pages)
    return render(request, "plan/editions.html", {"screen": screen, "now": screen.now, "place": "plan"})


@needs()
@require_safe
def edition(request: HttpRequest, key: int) -> HttpResponse:
    """One edition, readable for a person."""
    row = edition_for(request, key)
    screen = EditionScreen(row, level=request.GET.get("level", ""), signing=signing_post(request, row))
    return render(request, "plan/edition.html", {"screen": screen, "now": screen.now, "place": "plan"})


@needs()
@require_safe
def printed(request: HttpRequest, key: int) -> HttpResponse:
    """The same with everything unfolded, for paper."""
    screen = EditionScreen(edition_for(request, key))
    return render(request, "plan/print.html", {"screen": screen, "now": screen.now, "place": "plan", "unfolded": True})


@needs(Right.PLAN)
@require_safe
def folder(request: HttpRequest, key: int) -> HttpResponse:
    """The edition as a zipped folder that can be changed and handed in again."""
    row = edition_for(request, key)
    return download(zip_of(row.plan), f"{row.code}-{row.version}.zip", ZIP)


def download(data: bytes, name: str, kind: str) -> HttpResponse:
    """An answer that the reader keeps as a file, never shown in the page."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(data, content_type=kind, headers=headers)

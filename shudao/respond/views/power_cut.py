"""The pack for a power cut: as a page to be printed, and as a Word file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.papers.word import write_word
from shudao.org.access import may, needs
from shudao.org.models import Right
from shudao.respond import access
from shudao.respond.models import Incident
from shudao.respond.screens.power_cut import PowerCutScreen
from shudao.respond.views.around import WORD, around, places_of, room_address, scene_of


@needs(Right.PEOPLE, Right.RECEIVE)
@require_safe
def of_office(request: HttpRequest) -> HttpResponse:
    """The office's: everybody, the next shifts, every open incident, the last day, blank forms."""
    values = {"back": reverse("board:board"), "word": reverse("respond:power_cut_paper"), **places_of(LIVE, "board")}
    return _page(request, _screen(request), values)


@needs(Right.PEOPLE, Right.RECEIVE)
@require_safe
def of_office_paper(request: HttpRequest) -> HttpResponse:
    """The same as a Word file."""
    return _word(_screen(request), "power-cut.docx")


@needs(Right.WATCH)
@require_safe
def of_incident(request: HttpRequest, number: str, code: str | None = None) -> HttpResponse:
    """One incident's: the posts of its plan, its ladders and limits, its record, blank forms."""
    row = access.incident_of(request, scene_of(code), number)
    room = room_address(row)
    return _page(request, _screen(request, row), {"back": room, "word": f"{room}power_cut.docx", **around(row)})


@needs(Right.WATCH)
@require_safe
def of_incident_paper(request: HttpRequest, number: str, code: str | None = None) -> HttpResponse:
    """The same as a Word file."""
    row = access.incident_of(request, scene_of(code), number)
    return _word(_screen(request, row), f"{row.number}-power-cut.docx")


def _screen(request: HttpRequest, row: Incident | None = None) -> PowerCutScreen:
    """Numbers of people are for those who manage them or receive what comes in."""
    return PowerCutScreen(
        clock.now(row.scene_value if row else LIVE), get_language() or "zh", incident=row,
        sees_matters=may(request, Right.WATCH),
        with_numbers=may(request, Right.PEOPLE) or may(request, Right.RECEIVE),
    )  # fmt: skip


def _page(request: HttpRequest, screen: PowerCutScreen, values: dict[str, Any]) -> HttpResponse:
    paper = screen.paper
    blocks = [(type(block).__name__.lower(), block) for block in paper.blocks]
    return render(request, "respond/power_cut.html", {"screen": screen, "paper": paper, "blocks": blocks, **values})


def _word(screen: PowerCutScreen, name: str) -> HttpResponse:
    answer = HttpResponse(write_word(screen.paper, screen.now), content_type=WORD)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

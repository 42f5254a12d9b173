"""The front door: the board for whoever is signed in, else the sign-in page at the same address."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.template.loader import render_to_string

from shudao.board.views.board import board
from shudao.org.views.sign_in import sign_in


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The board, or the way in to it; never an answer that a waiting script must follow."""
    return board(request) if request.user.is_authenticated else sign_in(request)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for a host name the site was not told of, or a request that makes no sense."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what is not there, or not for him: it asks the database nothing, however often it is asked."""
    return HttpResponseNotFound(render_to_string("404.html"))

"""The front door: the board for whoever is signed in, else the sign-in page at the same address."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from shudao.board.views.board import board
from shudao.org.views.sign_in import sign_in


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The board, or the way in to it; never an answer that a waiting script must follow."""
    return board(request) if request.user.is_authenticated else sign_in(request)

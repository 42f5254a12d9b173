"""Evidence: the register, one piece, and looking at it, which always leaves an entry."""

import base64

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from shudao.base import clock
from shudao.base.pages import CONFLICT
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.pictures import shown
from shudao.listen import actions, store
from shudao.listen.access import evidence_piece
from shudao.listen.models import Evidence
from shudao.listen.screens.evidence import EvidenceScreen, Looked
from shudao.org.access import actor_of, needs
from shudao.org.models import Right

MANNERS = ("shown", "original", "words")
SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


@needs(Right.EVIDENCE)
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """All pieces; to see one is a step of its own."""
    screen = EvidenceScreen(request.GET.get("page", "1"))
    return render(request, "listen/evidence.html", {"screen": screen, "now": screen.now, "place": "settings"})


def _piece(request: HttpRequest, row: Evidence, status: int = 200, **more: object) -> HttpResponse:
    around = {"row": row, "now": clock.now(LIVE), "place": "settings", **more}
    answer = render(request, "listen/piece.html", around, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@needs(Right.EVIDENCE)
@require_safe
def piece(request: HttpRequest, key: int) -> HttpResponse:
    """What is known of a piece, and the buttons that open it."""
    return _piece(request, evidence_piece(key))


@needs(Right.EVIDENCE)
@require_POST
def look_at_evidence(request: HttpRequest, key: int) -> HttpResponse:
    """Open it: on the page, as the original, or the words read from it. The look is in the ledger before it is shown."""
    row, manner = evidence_piece(key), request.POST.get("manner", "shown")
    manner = manner if manner in MANNERS and (row.is_picture or manner == "original") else "original"
    try:
        actions.look_at_evidence(actor_of(request, LIVE), row, manner=manner)
    except Refused as refusal:
        return _piece(request, row, CONFLICT, refusal=refusal.why)
    if manner == "original":
        return _original(row)
    if manner == "words":
        return _piece(request, row, looked=Looked(words=store.words_of(row)))
    picture = base64.b64encode(shown(store.whole(row))).decode()
    return _piece(request, row, looked=Looked(picture=f"data:image/jpeg;base64,{picture}"))


def _original(row: Evidence) -> HttpResponse:
    """The file as it came, always to be saved and never to be run by the browser."""
    pieces = list(
        store.pieces_of(row)
    )  # whole before the first byte goes out: a changed file is an error, not half a file
    answer = HttpResponse(b"".join(pieces), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{row.pk}.{SUFFIX.get(row.media_type, "bin")}"'
    answer["Cache-Control"] = "no-store"
    return answer

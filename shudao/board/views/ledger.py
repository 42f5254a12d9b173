"""Pages of the ledger: they look across all streams, so they stand here; the ledger itself knows nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shudao.board.access import entry_for, kinds_for, stream_for
from shudao.board.screens.ledger import EntryScreen, LedgerScreen, StreamScreen
from shudao.ledger.queries import as_lines
from shudao.org.access import needs
from shudao.org.models import Right

READERS = (Right.WATCH, Right.DRILL, Right.SITE, Right.PEOPLE)


@needs(*READERS)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """All streams that the reader may see."""
    screen = LedgerScreen(request.GET.dict(), kinds_for(request))
    values = {"screen": screen, "keep": screen.asked.keep, "now": screen.now, "place": "ledger"}
    return render(request, "board/ledger/streams.html", values)


@needs(*READERS)
@require_safe
def stream(request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
    """One stream; `?check=1` walks its chain from the first entry on."""
    screen = StreamScreen(stream_for(request, kind, key), request.GET.dict())
    values = {"screen": screen, "keep": screen.asked.keep, "now": screen.now, "place": "ledger"}
    return render(request, "board/ledger/stream.html", values)


@needs(*READERS)
@require_safe
def entry(request: HttpRequest, seq: int, kind: str, key: str = "") -> HttpResponse:
    """One entry."""
    screen = EntryScreen(entry_for(request, kind, key, seq))
    return render(request, "board/ledger/entry.html", {"screen": screen, "now": screen.now, "place": "ledger"})


@needs(*READERS)
@require_safe
def download(request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
    """The stream as JSON lines, one entry a line, without the texts beside it."""
    name = stream_for(request, kind, key)
    file = f"ledger-{name.replace('/', '-')}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(b"".join(as_lines(name)), content_type="application/jsonl; charset=utf-8", headers=headers)

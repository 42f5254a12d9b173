"""页面 (pages): what the pages of people and registers share: the list page, and the page of one verb.

A verb's address shows its form with GET and does it with POST; what was refused comes back with the reason at the form
and everything that was written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from shudao.base import clock
from shudao.base.pages import CONFLICT, UNREADABLE
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.access import my_posts, needs, setter_of, staff_of
from shudao.org.forms.parts import OrgForm
from shudao.org.models import Right

PER_PAGE = 20
STAFF = "staff"


@dataclass(frozen=True)
class Desk:
    """How one verb is done on a page of its own.

    `fetch` gives the row that the address names; `do` calls the verb with what the form holds; `back` says where it
    leads. `right`: whose business it is; None = everybody's own.
    """

    title: Any
    form: type[OrgForm]
    do: Callable[[Actor, Any, dict[str, Any]], Any]
    back: Callable[[Any, Any], str]
    said: Any
    right: Right | None = Right.PEOPLE
    fetch: Callable[..., Any] | None = None
    hint: Any = ""
    button: Any = ""
    danger: bool = False
    place: str = "people"


def verb_page(desk: Desk) -> Callable[..., HttpResponse]:
    """The view of a verb."""

    @needs(*((desk.right,) if desk.right else ()))
    @require_http_methods(["GET", "HEAD", "POST"])
    def act(request: HttpRequest, **named: Any) -> HttpResponse:
        row = desk.fetch(request, **named) if desk.fetch else None
        about = {"row": row, "asked": request.GET, "me": staff_of(request)}
        if request.method != "POST":
            return _form_page(request, desk, row, desk.form(**about), 200)
        form = desk.form(request.POST, request.FILES or None, **about)
        if not form.is_valid():
            return _form_page(request, desk, row, form, UNREADABLE)
        actor = setter_of(request, desk.right) if desk.right else _oneself(request)
        try:
            done = desk.do(actor, row, form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
            return _form_page(request, desk, row, form, CONFLICT)
        messages.success(request, str(desk.said))
        return redirect(desk.back(row, done))

    return act


def _oneself(request: HttpRequest) -> Actor:
    """The signed-in person in his own business: as the first of his posts, or as a member of staff who has none now."""
    held = my_posts(request)
    return Actor(LIVE, held[0].code if held else STAFF, staff_of(request).name)


def _form_page(request: HttpRequest, desk: Desk, row: Any, form: OrgForm, status: int) -> HttpResponse:
    back = desk.back(row, row)
    said = {"desk": desk, "form": form, "row": row, "back": back, "now": clock.now(LIVE), "place": desk.place}
    return render(request, "org/verb.html", {**said, "focus_refusal": status == CONFLICT}, status=status)


def page_of(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> Page:
    """The page of a list that the address asks for; the nearest one when there is none of that number."""
    return Paginator(rows, per_page).get_page(request.GET.get("page", "1"))


def asked(request: HttpRequest) -> str:
    """What the address asks besides the page, to be kept while paging."""
    kept: QueryDict = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def show(request: HttpRequest, template: str, /, **said: Any) -> HttpResponse:
    """A page of this stage."""
    now = clock.now(LIVE)
    return render(request, template, {"now": now, "place": "people", "kept": asked(request), **said})


def row_or_404(rows: Any, **named: Any) -> Any:
    """The one row that an address names; 404 when there is none."""
    row = rows.filter(**named).first()
    if row is None:
        raise Http404
    return row


def attachment(data: bytes, kind: str, name: str) -> HttpResponse:
    """A file to be saved under that name."""
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer

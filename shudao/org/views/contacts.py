"""The contact sheet: for the wall, and for a night without power."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.papers.word import write_word
from shudao.org.access import needs
from shudao.org.models import Right
from shudao.org.screens.contacts import Contacts, contact_paper
from shudao.org.views.pages import show

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs(Right.PEOPLE, Right.RECEIVE)
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Every post, who answers for it now, its deputies and how to reach them: whole, to be printed."""
    return show(request, "org/contacts.html", screen=Contacts(clock.now(LIVE)), here="contacts")


@needs(Right.PEOPLE, Right.RECEIVE)
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The same as a Word file."""
    now = clock.now(LIVE)
    answer = HttpResponse(write_word(contact_paper(Contacts(now), get_language() or "zh"), now), content_type=WORD)
    answer["Content-Disposition"] = 'attachment; filename="contacts.docx"'
    return answer

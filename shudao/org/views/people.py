"""Pages across people: the overview, who was in charge at a moment, the contact sheet."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.fields import MomentField
from shudao.base.scene import LIVE
from shudao.org.access import needs
from shudao.org.actions.structure import change_organisation as put_organisation
from shudao.org.forms.people import OrganisationForm
from shudao.org.models import Organisation, Right
from shudao.org.screens.people import Charge, Overview, charge_posts
from shudao.org.views.pages import Desk, page_of, row_or_404, show, verb_page


@needs(Right.PEOPLE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Is every post in good hands?"""
    return show(request, "org/people.html", screen=Overview(clock.now(LIVE)), here="people")


@needs(Right.PEOPLE, Right.WATCH)
@require_safe
def charge(request: HttpRequest) -> HttpResponse:
    """Who was in charge at a moment, and who would have been called."""
    now, words = clock.now(LIVE), request.GET.get("q", "")
    field = MomentField()
    try:
        at = field.clean(request.GET.get("at", "")) or now
    except ValidationError as fault:
        at, wrong = now, fault
    else:
        wrong = None
    pages = page_of(request, charge_posts(at, words))
    screen = Charge(at, pages.object_list)
    return show(request, "org/charge.html", screen=screen, pages=pages, words=words, wrong=wrong, at=at, here="charge")


def _the_one(request: HttpRequest) -> Any:
    return row_or_404(Organisation.objects.all())


change_organisation = verb_page(
    Desk(
        title=_("组织信息"),
        form=OrganisationForm,
        fetch=_the_one,
        do=lambda actor, row, given: put_organisation(actor, row, **given),
        back=lambda row, done: reverse("org:people"),
        said=_("组织信息已修改。"),
    )
)

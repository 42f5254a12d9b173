"""Pages of units."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shudao.org import actions
from shudao.org.access import needs
from shudao.org.forms.parts import Bare
from shudao.org.forms.people import NewUnitForm, UnitForm
from shudao.org.models import Right, Unit
from shudao.org.screens.people import unit_tree
from shudao.org.views.pages import Desk, page_of, row_or_404, show, verb_page

A_PAGE = 50


@needs(Right.PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The tree of units."""
    retired = "retired" in request.GET
    pages = page_of(request, unit_tree(retired=retired), A_PAGE)
    count = Unit.objects.filter(retired_at__isnull=False).count()
    return show(request, "org/units.html", pages=pages, retired=retired, retired_count=count, here="units")


def _unit(request: HttpRequest, code: str) -> Unit:
    return row_or_404(Unit.objects.select_related("parent"), code=code)


def _back(row: Any, done: Any) -> str:
    return reverse("org:units")


add_unit = verb_page(
    Desk(
        title=_("增设单位"),
        form=NewUnitForm,
        do=lambda actor, row, given: actions.add_unit(actor, **given),
        back=_back,
        said=_("单位已增设。"),
    )
)
change_unit = verb_page(
    Desk(
        title=_("修改单位"),
        form=UnitForm,
        fetch=_unit,
        do=lambda actor, row, given: actions.change_unit(actor, row, **given),
        back=_back,
        said=_("单位已修改。"),
    )
)
retire_unit = verb_page(
    Desk(
        title=_("停用单位"),
        form=Bare,
        fetch=_unit,
        do=lambda actor, row, given: actions.retire_unit(actor, row),
        back=_back,
        said=_("单位已停用。"),
        hint=_("停用后不再出现在各处的选项里；过去的记录照旧。其下还有岗位或单位的，要先移走或停用。"),
        danger=True,
    )
)
restore_unit = verb_page(
    Desk(
        title=_("恢复单位"),
        form=Bare,
        fetch=_unit,
        do=lambda actor, row, given: actions.restore_unit(actor, row),
        back=_back,
        said=_("单位已恢复。"),
    )
)

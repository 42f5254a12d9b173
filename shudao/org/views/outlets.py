"""Pages of outlets and the corrections asked of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.org import actions
from shudao.org.access import needs
from shudao.org.forms import registers as forms
from shudao.org.forms.parts import Bare
from shudao.org.models import Correction, Outlet, Right
from shudao.org.views.pages import Desk, page_of, row_or_404, show, verb_page

TO = Right.REGISTERS


@needs(Right.WATCH, Right.REGISTERS)
@require_safe
def page(request: HttpRequest, key: int) -> HttpResponse:
    """One outlet and what was asked of it."""
    row = _outlet(request, key)
    pages = page_of(request, row.corrections.order_by("-asked_on", "-pk"))
    today = timezone.localdate(clock.now(LIVE))
    return show(request, "org/outlet.html", outlet=row, pages=pages, today=today, here="outlets", place="registers")


def _outlet(request: HttpRequest, key: int) -> Outlet:
    return row_or_404(Outlet.objects, pk=key)


def _correction(request: HttpRequest, key: int) -> Correction:
    return row_or_404(Correction.objects.select_related("outlet"), pk=key)


def _back(row: Any, done: Any) -> str:
    found = done or row
    outlet = found.outlet if isinstance(found, Correction) else found
    return reverse("org:outlet", args=[outlet.pk]) if outlet else reverse("org:register", args=["outlets"])


def _desk(title: Any, form: Any, do: Any, said: Any, **more: Any) -> Any:
    return verb_page(Desk(title=title, form=form, do=do, said=said, back=_back, right=TO, place="registers", **more))


add_outlet = _desk(
    _("登记媒体"), forms.OutletForm, lambda actor, row, given: actions.add_outlet(actor, **given), _("媒体已登记。")
)
change_outlet = _desk(
    _("修改媒体"), forms.OutletForm, lambda actor, row, given: actions.change_outlet(actor, row, **given),
    _("媒体已修改。"), fetch=_outlet,
)  # fmt: skip
retire_outlet = _desk(
    _("停用媒体"), Bare, lambda actor, row, given: actions.retire_outlet(actor, row), _("媒体已停用，记录保留。"),
    fetch=_outlet, danger=True, hint=_("已停刊、停播或不再往来的才停用；这不是封禁，照常监测和答复。"),
)  # fmt: skip
add_correction = _desk(
    _("登记更正请求"), forms.CorrectionForm, lambda actor, row, given: actions.add_correction(actor, row, **given),
    _("更正请求已登记。"), fetch=_outlet,
    hint=_("写清不实之处和依据，并定下复核日期。这里记录往来，不给媒体打分，也没有黑名单。"),
)  # fmt: skip
answer_correction = _desk(
    _("登记更正答复"), forms.AnswerCorrectionForm,
    lambda actor, row, given: actions.answer_correction(actor, row, **given), _("答复已登记。"), fetch=_correction,
)  # fmt: skip
review_correction = _desk(
    _("复核更正记录"), forms.ReviewCorrectionForm,
    lambda actor, row, given: actions.review_correction(actor, row, **given), _("已复核。"), fetch=_correction,
    hint=_("再看一遍：当时的说法是否仍不实，记录对这家媒体是否公道；是我方错了，请登记答复并选“我方撤回”。"),
)  # fmt: skip

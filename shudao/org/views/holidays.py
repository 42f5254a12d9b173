"""Pages of the table of holidays."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shudao.base import clock
from shudao.base.refusal import Refused
from shudao.base.scene import LIVE
from shudao.engine.words import BadInput, Words
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.access import needs
from shudao.org.forms.shifts import HolidaysForm
from shudao.org.models import Holiday, Right
from shudao.org.queries.holidays import known_years
from shudao.org.sheet.holidays import holidays_of_file, holidays_of_text
from shudao.org.views.pages import Desk, page_of, show, verb_page

A_PAGE = 60


@needs(Right.PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which years are known, and their days."""
    today, years = timezone.localdate(clock.now(LIVE)), known_years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else next(iter(years), today.year)
    pages = page_of(request, Holiday.objects.filter(on__year=year), A_PAGE)
    missing = [wanted for wanted in (today.year, today.year + 1) if wanted not in years]
    said = {"years": sorted(years), "year": year, "missing": missing, "this_year": today.year, "here": "holidays"}
    return show(request, "org/holidays.html", pages=pages, **said)


def _put(actor: Actor, row: Any, given: dict[str, Any]) -> Any:
    """Read what was given; what cannot be read is refused at the form."""
    try:
        file = given["file"]
        days = holidays_of_file(file.read(), file.name) if file else holidays_of_text(given["text"])
    except BadInput as fault:
        raise Refused(Words(fault.line("zh"), fault.line("en")), code="unreadable") from fault
    return actions.put_holidays(actor, days)


put_holidays = verb_page(
    Desk(
        title=_("录入节假日"),
        form=HolidaysForm,
        do=_put,
        back=lambda row, done: reverse("org:holidays"),
        said=_("节假日表已更新。"),
        hint=_("以国务院办公厅当年的放假通知为准。文件里出现的年份整年替换，别的年份不动。"),
    )
)

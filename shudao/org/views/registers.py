"""Pages of the registers: what is due, each register as a list and as a spreadsheet, and their verbs."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
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
from shudao.org.models import Activity, Observer, OwnAccount, Right
from shudao.org.screens.registers import REGISTERS, RegisterList, RegistersHub, YearTable
from shudao.org.views.pages import Desk, attachment, page_of, row_or_404, show, verb_page

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TO = Right.REGISTERS


@needs(Right.WATCH, Right.REGISTERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is due to be looked at again, and every register."""
    return show(
        request, "org/registers.html", screen=RegistersHub(clock.now(LIVE)), here="registers", place="registers"
    )


@needs(Right.WATCH, Right.REGISTERS)
@require_safe
def listing(request: HttpRequest, register: str) -> HttpResponse:
    """One register."""
    screen = _list(request, register)
    pages = page_of(request, screen.rows)
    said = {"screen": screen, "pages": pages, "words": screen.words, "place": "registers"}
    return show(request, f"org/{register}.html", **said, here=register)


@needs(Right.WATCH, Right.REGISTERS)
@require_safe
def export(request: HttpRequest, register: str) -> HttpResponse:
    """The same as a spreadsheet."""
    screen = _list(request, register)
    return attachment(screen.book(), BOOK, f"{register}-{screen.today}.xlsx")


@needs(Right.WATCH, Right.REGISTERS)
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """Training and awareness of a year, by unit; `?book` as a spreadsheet."""
    now = clock.now(LIVE)
    asked = request.GET.get("year", "")
    wanted = int(asked) if asked.isdecimal() and 1990 <= int(asked) <= 2100 else timezone.localdate(now).year
    screen = YearTable(wanted, now)
    if "book" in request.GET:
        return attachment(screen.book(), BOOK, f"activities-{wanted}.xlsx")
    pages = page_of(request, screen.lines, 50)
    return show(request, "org/year.html", screen=screen, pages=pages, place="registers", here="activities")


@needs(Right.WATCH, Right.REGISTERS)
@require_safe
def evidence(request: HttpRequest, key: int) -> HttpResponse:
    """The file that shows an activity, always to be saved, never shown in the page."""
    row = row_or_404(Activity.objects, pk=key)
    if not row.file:
        raise Http404
    return attachment(bytes(row.file), "application/octet-stream", row.file_name)


def _list(request: HttpRequest, register: str) -> RegisterList:
    if register not in REGISTERS:
        raise Http404
    return RegisterList(register, request.GET, clock.now(LIVE))


def _observer(request: HttpRequest, key: int) -> Observer:
    return row_or_404(Observer.objects.select_related("unit"), pk=key)


def _account(request: HttpRequest, key: int) -> OwnAccount:
    return row_or_404(OwnAccount.objects.select_related("owner"), pk=key)


def _activity(request: HttpRequest, key: int) -> Activity:
    return row_or_404(Activity.objects.select_related("unit"), pk=key)


def _to(register: str) -> Any:
    return lambda row, done: reverse("org:register", args=[register])


def _desk(register: str, title: Any, form: Any, do: Any, said: Any, **more: Any) -> Any:
    """A verb of one register."""
    return verb_page(
        Desk(title=title, form=form, do=do, said=said, back=_to(register), right=TO, place="registers", **more)
    )


add_observer = _desk(
    "observers", _("聘任信息员"), forms.ObserverForm, lambda actor, row, given: actions.add_observer(actor, **given),
    _("信息员已登记。"),
)  # fmt: skip
change_observer = _desk(
    "observers", _("修改信息员"), forms.ChangeObserverForm,
    lambda actor, row, given: actions.change_observer(actor, row, **given), _("信息员已修改。"), fetch=_observer,
)  # fmt: skip
end_observer = _desk(
    "observers", _("信息员离任"), Bare, lambda actor, row, given: actions.end_observer(actor, row),
    _("已离任；培训记录保留。"), fetch=_observer, danger=True,
)  # fmt: skip
add_own_account = _desk(
    "accounts", _("登记自有账号"), forms.OwnAccountForm,
    lambda actor, row, given: actions.add_own_account(actor, **given), _("账号已登记。"),
)  # fmt: skip
change_own_account = _desk(
    "accounts", _("修改自有账号"), forms.OwnAccountForm,
    lambda actor, row, given: actions.change_own_account(actor, row, **given), _("账号已修改。"), fetch=_account,
)  # fmt: skip
check_own_account = _desk(
    "accounts", _("核对自有账号"), Bare, lambda actor, row, given: actions.check_own_account(actor, row),
    _("已核对，日期记为今天。"), fetch=_account, hint=_("确认账号仍由本单位管理，名称、网址和负责岗位都对。"),
)  # fmt: skip
retire_own_account = _desk(
    "accounts", _("停用自有账号"), Bare, lambda actor, row, given: actions.retire_own_account(actor, row),
    _("账号已停用。"), fetch=_account, danger=True,
)  # fmt: skip
add_activity = _desk(
    "activities", _("登记宣教活动"), forms.ActivityForm,
    lambda actor, row, given: actions.add_activity(actor, **given), _("活动已登记。"),
)  # fmt: skip
change_activity = _desk(
    "activities", _("修改宣教活动"), forms.ActivityForm,
    lambda actor, row, given: actions.change_activity(actor, row, **given), _("活动已修改。"), fetch=_activity,
)  # fmt: skip
withdraw_activity = _desk(
    "activities", _("撤销宣教活动"), Bare, lambda actor, row, given: actions.withdraw_activity(actor, row),
    _("活动已撤销。"), fetch=_activity, danger=True, hint=_("登记错了才撤销；撤销后不再计数，留痕里仍可查到。"),
)  # fmt: skip

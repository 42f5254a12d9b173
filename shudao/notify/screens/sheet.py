"""应答表 (sheet of answers): a test of who can be reached, as a spreadsheet."""

from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.writer.excel import save_workbook

from shudao.notify.screens.reach import ReachScreen

WIDTHS = (24, 24, 14, 10, 20, 12, 10)


def sheet_of(screen: ReachScreen) -> bytes:
    """One line a person. What people wrote stays text, even when it begins like a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = gettext("联通测试")
    heads = [
        gettext("单位"),
        gettext("岗位"),
        gettext("姓名"),
        gettext("应答"),
        gettext("应答时间"),
        gettext("用时（分钟）"),
        gettext("途径"),
    ]
    sheet.append(heads)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    via = {"inbox": gettext("收件箱"), "link": gettext("链接")}
    for call in sorted(screen.calls, key=lambda row: (row.unit, row.post_name, row.pk)):
        took = round((call.answered_at - call.test.started_at).total_seconds() / 60, 1) if call.answered_at else None
        at = timezone.localtime(call.answered_at).strftime("%Y-%m-%d %H:%M:%S") if call.answered_at else ""
        said = gettext("是") if call.answered_at else gettext("否")
        sheet.append([call.unit, call.post_name, call.staff.name, said, at, took, via.get(call.via, "")])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFG"[place]].width = width
    sheet.freeze_panes = "A2"
    out = BytesIO()
    save_workbook(book, out)
    return out.getvalue()

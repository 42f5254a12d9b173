"""诉求表 (table of demands) as a spreadsheet: what was asked, whose it is, what was answered; never a contact."""

from collections.abc import Mapping
from io import BytesIO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from openpyxl import Workbook
from openpyxl.writer.excel import save_workbook

from shudao.respond.models import Demand
from shudao.respond.screens import words as said

MOST = 20_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def demand_table(rows: QuerySet[Demand], posts: Mapping[str, str]) -> bytes:
    """The first `MOST` of them, one a line."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("诉求"))
    sheet.append(
        [
            gettext("编号"), gettext("来路"), gettext("诉求"), gettext("责任岗位"), gettext("登记时间"), gettext("时限"),
            gettext("状态"), gettext("答复"), gettext("答复时间"), gettext("凭据"), gettext("回访"), gettext("事件"),
        ]
    )  # fmt: skip
    tongue = get_language() or "zh"
    for row in rows[:MOST].iterator(chunk_size=1000):
        sheet.append(
            [
                row.code, said.CHANNEL[row.channel].say(tongue), plain(row.text), posts.get(row.owner, row.owner),
                local(row.raised_at), local(row.due_at), said.DEMAND[row.state].say(tongue), plain(row.answer),
                local(row.answered_at), plain(row.proof), plain(row.follow_up),
                row.incident.number if row.incident else "",
            ]
        )  # fmt: skip
    out = BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula, without characters it cannot hold."""
    kept = "".join(char for char in text if char in "\n\t" or char >= " ")
    return f"'{kept}" if kept.startswith(FORMULA) else kept


def local(at: object) -> object:
    """A moment on the reader's clock, without the zone that spreadsheets do not know."""
    return timezone.localtime(at).replace(tzinfo=None, microsecond=0) if at else None  # type: ignore[type-var]

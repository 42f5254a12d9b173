"""Forms of imports: the file and whose it is; what each column stands for."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.engine.intake.files import SUFFIXES
from shudao.engine.intake.headings import column_letter
from shudao.engine.intake.setting import Layout
from shudao.engine.intake.sniff import SheetLook, headings_at

MAX_BYTES = 100 * 1024 * 1024
FIELDS = (
    ("", _("—— 不导入")), ("title", _("标题")), ("text", _("正文、内容、摘要")), ("published_at", _("发布时间")), ("url", _("链接")),
    ("author", _("作者、账号（变成化名）")), ("source", _("媒体、平台名称")), ("kind", _("媒体类型")), ("shares", _("转发数")),
    ("comments", _("评论数")), ("likes", _("点赞数")), ("views", _("阅读数")), ("id", _("编号")),
)  # fmt: skip
KIND_WORDS = (
    ("", _("按表格里写的，没写就按网址和平台判断")), ("news", _("新闻")), ("social", _("社交平台")), ("web", _("网站、论坛")),
    ("print", _("报刊")), ("radio", _("广播")), ("tv", _("电视")), ("report", _("上报、来信、群聊")),
)  # fmt: skip


class UploadImportForm(VerbForm):
    """A file, and which source it came from."""

    verb = "upload_import"
    file = forms.FileField(
        label=_("文件"), widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=_("表格 xlsx、xls、csv；JSON、JSONL；邮件 eml、mbox；字幕 srt、vtt、ass；pdf；图片；群聊导出的 txt。最大 100 MB。"),
    )  # fmt: skip
    source = forms.CharField(
        label=_("哪个信源的"), max_length=200,
        widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
        help_text=_("选已有的，或写一个新名称，例如“某某监测日报”。同一信源下次会记得各列的含义。"),
    )  # fmt: skip

    def clean_source(self) -> str:
        """One line."""
        return " ".join(self.cleaned_data["source"].split())

    def clean_file(self) -> UploadedFile:
        """Not too large, and of a kind that can be read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(gettext("文件超过 100 MB。请按日期分成几个再导入。"))
        suffix = PurePath(file.name or "").suffix.lower()
        if suffix not in SUFFIXES:
            raise forms.ValidationError(
                gettext("不认识 %(suffix)s 文件。可用：%(known)s")
                % {"suffix": suffix or "?", "known": " ".join(SUFFIXES)}
            )
        return file


class StartImportForm(VerbForm):
    """What each column of a sheet stands for."""

    verb = "start_import"
    sheet = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    heading_row = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=-1, max_value=100)
    kind = forms.ChoiceField(label=_("媒体类别"), choices=KIND_WORDS, required=False)
    only_this = forms.BooleanField(label=_("只导入这一张工作表"), required=False)

    def __init__(self, *args: Any, look: SheetLook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.look = look
        if look is None or not look.alike:
            del self.fields["only_this"]
        for column in self.columns:
            self.fields[f"c{column}"] = forms.ChoiceField(
                label=_("第 %(letter)s 列") % {"letter": column_letter(column)}, choices=FIELDS, required=False
            )

    @property
    def columns(self) -> range:
        """The columns of the sheet."""
        return range(max((len(row) for row in self.look.rows), default=0) if self.look else 0)

    @property
    def heading(self) -> int:
        """The heading row the selects are for."""
        said = self["heading_row"].value()
        return int(said) if str(said).lstrip("-").isdigit() else -1

    def rows(self) -> Iterable[tuple[str, str, list[str], Any]]:
        """For the page: each column with its letter, its heading, what stands in it, and its select."""
        if self.look is None:
            return
        heads = headings_at(self.look, self.heading)
        below = self.look.rows[self.heading + 1 :]
        for column in self.columns:
            cells = [row[column] for row in below if column < len(row) and row[column]][:3]
            yield column_letter(column), heads[column] if column < len(heads) else "", cells, self[f"c{column}"]

    def clean(self) -> dict[str, Any]:
        """A time and a title or text are needed; anything but the text stands in one column."""
        found: dict[str, Any] = super().clean() or {}
        if self.look is None or self.errors:
            return found
        chosen: dict[str, list[int]] = {}
        for column in self.columns:
            if field := found.get(f"c{column}"):
                chosen.setdefault(field, []).append(column)
        names = dict(FIELDS)
        for field, places in chosen.items():
            if field != "text" and len(places) > 1:
                letters = "、".join(column_letter(place) for place in places)
                raise forms.ValidationError(
                    gettext("“%(field)s”选了 %(letters)s 几列，只能选一列。")
                    % {"field": names[field], "letters": letters}
                )
        if "title" not in chosen and "text" not in chosen:
            raise forms.ValidationError(gettext("还没有选哪一列是标题或正文。"))
        if "published_at" not in chosen:
            raise forms.ValidationError(gettext("还没有选哪一列是发布时间。"))
        found["layout"] = Layout(
            heading_row=self.heading, columns={field: tuple(places) for field, places in chosen.items()}
        )
        return found

"""Forms of the organisation's sheet."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.org.forms.parts import OrgForm
from shudao.org.sheet.read import MAX_BYTES

WHOLE = [
    ("no", _("表里没写的，保持不变")),
    ("yes", _("表里是完整名单：没写的单位、岗位停用，人员离职，任职和班次结束")),
]


class SheetForm(OrgForm):
    """A sheet to be looked at."""

    verb = "sheet"
    file = forms.FileField(
        label=_("表格文件"), help_text=_("xlsx、xls 或 csv，不超过 5 MB。上传后先看预览，确认前什么都不写入。")
    )
    is_whole = forms.ChoiceField(label=_("表里没写的怎么办"), choices=WHOLE, widget=forms.RadioSelect, initial="no")

    def clean_file(self) -> Any:
        """Not too large."""
        given = self.cleaned_data["file"]
        if given.size > MAX_BYTES:
            raise forms.ValidationError(gettext("文件超过 5 MB；请删去无关的工作表和图片再传。"))
        return given

    def clean_is_whole(self) -> bool:
        """Yes or no."""
        return self.cleaned_data["is_whole"] == "yes"

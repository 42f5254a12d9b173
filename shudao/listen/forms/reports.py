"""Forms of reports."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.base import clock
from shudao.base.fields import MomentField, VerbForm
from shudao.base.scene import LIVE
from shudao.engine.address import ADDRESS
from shudao.listen.actions.reports import MOST_PICTURES
from shudao.listen.forms.files import PicturesField

EARLIEST = timedelta(days=30)


class SendReportForm(VerbForm):
    """What somebody saw: a link, pictures, words; one of them is enough."""

    verb = "send_report"
    token = forms.UUIDField(widget=forms.HiddenInput)
    saved_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("看到了什么"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("照原话写最好；不用写发帖人是谁。"),
    )  # fmt: skip
    link = forms.CharField(
        label=_("链接"), required=False, max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("从手机里“复制链接”后粘贴，带文字一起粘也行。"),
    )  # fmt: skip
    pictures = PicturesField(label=_("截图或照片"), most=MOST_PICTURES, help_text=_("最多 6 张，每张不超过 15 MB。"))
    place = forms.CharField(
        label=_("地点"), required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    seen_at = MomentField(label=_("什么时候看到的"), help_text=_("不填就是现在。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"token": uuid.uuid4(), **kwargs["initial"]}
        super().__init__(*args, **kwargs)

    @property
    def at_first(self) -> list[forms.BoundField]:
        """What nearly every report has."""
        return [self[name] for name in ("words", "link", "pictures")]

    @property
    def further(self) -> list[forms.BoundField]:
        """What may be added."""
        return [self[name] for name in ("place", "seen_at")]

    def clean_link(self) -> str:
        """The address in what was pasted; platforms put words around it, which become words."""
        said = self.cleaned_data["link"].strip()
        if not said:
            return ""
        found = ADDRESS.search(said)
        if found is None:
            raise forms.ValidationError(
                gettext("这里没有网址。网址以 http:// 或 https:// 开头；文字请写在上面“看到了什么”。")
            )
        around = re.sub(r"\s+", " ", said.replace(found[0], " ")).strip()
        if around and not self.cleaned_data.get("words"):
            self.cleaned_data["words"] = around
        return found[0] if "://" in found[0][:8] else f"https://{found[0]}"

    def clean(self) -> dict[str, Any]:
        """One of words, link and picture is needed; a time in the future or long past is a slip."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not (found.get("words") or found.get("link") or found.get("pictures")):
            raise forms.ValidationError(gettext("还没有写内容：写一句话、贴一个链接或选一张图片，有一样就行。"))
        seen = found.get("seen_at")
        now = clock.now(LIVE)
        if seen and not now - EARLIEST <= seen <= now + timedelta(minutes=10):
            self.add_error("seen_at", gettext("时间应在最近 30 天之内，且不晚于现在。"))
        return found

    def moment(self, now: datetime) -> datetime:
        """When it was seen: as stated; else when it was saved on the phone; else now."""
        saved = self.cleaned_data.get("saved_at")
        stated = self.cleaned_data.get("seen_at")
        if stated is None and saved and now - EARLIEST <= saved <= now:
            stated = saved
        return min(stated or now, now)


class TakeInReportForm(VerbForm):
    """Take a report up; a picture without words gets its words from the duty officer."""

    verb = "take_in_report"
    words = forms.CharField(
        label=_("图中内容"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写下图里说的事，系统才能研判；账号名会变成化名，电话、证件号会遮盖。"),
    )  # fmt: skip

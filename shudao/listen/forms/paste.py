"""Forms of posts copied by hand: one, or several at once; then the same again, to be confirmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.engine.intake.paste import MAX_POSTS, Pasted, Understood, cut_posts, platform_of, understand
from shudao.engine.intake.setting import Setting
from shudao.listen.actions.paste import SOURCE_NAME
from shudao.listen.forms.files import PicturesField

MOST_SHOTS = 9
COUNTS = ("likes", "shares", "comments", "views")


class PasteForm(VerbForm):
    """One post, field by field; or the box for many, as they were copied."""

    verb = "paste_posts"
    link = forms.CharField(
        label=_("链接"), required=False, max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    platform = forms.CharField(
        label=_("平台"), required=False, max_length=60, widget=forms.TextInput(attrs={"list": "platforms", "autocomplete": "off"}),
        help_text=_("不填就按链接判断。"),
    )  # fmt: skip
    text = forms.CharField(label=_("原文"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))
    when = forms.CharField(
        label=_("发布时间"), required=False, max_length=60,
        help_text=_("照页面上的写：昨天 09:32、11月21日 09:32、3小时前都行。不填按现在。"),
    )  # fmt: skip
    author = forms.CharField(
        label=_("账号名"), required=False, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("只用来在同一事件里认出同一个声音，存下前就变成化名。"),
    )  # fmt: skip
    likes = forms.IntegerField(label=_("点赞数"), required=False, min_value=0, max_value=10**12)
    shares = forms.IntegerField(label=_("转发数"), required=False, min_value=0, max_value=10**12)
    comments = forms.IntegerField(label=_("评论数"), required=False, min_value=0, max_value=10**12)
    views = forms.IntegerField(label=_("阅读数"), required=False, min_value=0, max_value=10**12)

    @property
    def at_first(self) -> list[forms.BoundField]:
        """What nearly every post has."""
        return [self[name] for name in ("link", "text", "when", "author", "platform")]

    @property
    def further(self) -> list[forms.BoundField]:
        """What the platform counted."""
        return [self[name] for name in COUNTS]

    @property
    def has_counts(self) -> bool:
        """Whether any count is written or wrong."""
        return any(field.value() or field.errors for field in self.further)

    def clean(self) -> dict[str, Any]:
        """Words are needed: nothing is fetched from the platform, so the link alone says nothing."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not found.get("text"):
            self.add_error("text", gettext("请把原文打进来或粘贴进来。系统不会去平台上抓取，光有链接读不到内容。"))
        return found

    def pasted(self) -> list[Pasted]:
        """The one post."""
        given = self.cleaned_data
        counts = {name: given[name] for name in COUNTS if given.get(name) is not None}
        plain = {"url": given["link"], "text": given["text"], "when": given["when"], "author": given["author"]}
        return [Pasted(platform=given["platform"] or platform_of(given["link"]), counts=counts, **plain)]


class PasteManyForm(VerbForm):
    """Several posts at once, blank lines between them."""

    verb = "paste_posts"
    many = forms.CharField(
        label=_("多条原文"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("每条之间空一行。单独一行的链接、时间、@账号名、“转发 12 评论 3”会自动认出来，其余是正文。"),
    )  # fmt: skip

    def clean_many(self) -> str:
        """At least one post, not too many."""
        text: str = self.cleaned_data["many"]
        count = len(cut_posts(text))
        if not count:
            raise forms.ValidationError(gettext("这里还没有内容。"))
        if count >= MAX_POSTS:
            raise forms.ValidationError(
                gettext("一次最多 %(most)d 条。更多的请存成表格导入。") % {"most": MAX_POSTS - 1}
            )
        return text

    def pasted(self) -> list[Pasted]:
        """The posts."""
        return cut_posts(self.cleaned_data["many"])


class ShotsForm(VerbForm):
    """Screenshots to go with what was pasted."""

    verb = "paste_posts"
    pictures = PicturesField(label=_("截图"), most=MOST_SHOTS, help_text=_("最多 9 张，加密存入证据库。"))
    read_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)


def understood(rows: Sequence[Pasted], now: datetime) -> list[Understood]:
    """How each would be kept."""
    setting = Setting(source=SOURCE_NAME, at=now, now=now)
    return [understand(row, setting) for row in rows]

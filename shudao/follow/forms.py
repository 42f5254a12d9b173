"""Forms of following, one a verb."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm


class FollowForm(VerbForm):
    """A form upon one incident, acting in one of the reader's posts."""

    button: Any = ""
    post = forms.ChoiceField(label=_("以哪个岗位办理"))

    def __init__(self, *args: Any, posts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "post"])
        self.fields["post"].choices = list(posts.items())  # type: ignore[attr-defined]
        if len(posts) <= 1:
            self.fields["post"].widget = forms.HiddenInput()
            self.fields["post"].initial = next(iter(posts), "")


class SettleIncidentForm(FollowForm):
    """Find the matter calm."""

    verb, button = "settle_incident", _("认定平息")


class CloseIncidentForm(FollowForm):
    """End the response, with a reason where something is still open."""

    verb, button = "close_incident", _("结束响应")
    override_reason = forms.CharField(
        label=_("仍有未了事项时，写明仍予结束的理由"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("理由和当时未了的事项一起写入记录。没有未了事项时不用填。"),
    )


class WatchIncidentForm(FollowForm):
    """Begin the watch."""

    verb, button = "watch_incident", _("转入跟踪")


class SealIncidentForm(FollowForm):
    """Seal into a bundle."""

    verb, button = "seal_incident", _("封存档案")


class EndWatchForm(FollowForm):
    """End the watch and destroy the key."""

    verb, button = "end_watch", _("结束跟踪，销毁密钥")


class CareForm(VerbForm):
    """What was seen, in a sentence or two, and where."""

    verb = "hand_to_care"
    token = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("看到了什么"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        help_text=_("一两句话，500 字以内。不写姓名、学号、电话和账号；写上也会遮盖。"),
    )
    link = forms.CharField(
        label=_("在哪里看到的"), required=False, max_length=2000, help_text=_("帖子的地址；没有就在上面写平台和时间。")
    )


class SettleCareForm(VerbForm):
    """What was done about a referral."""

    verb = "settle_care"
    state = forms.ChoiceField(choices=[(one, one) for one in ("received", "contacted", "not_needed")])

"""Forms of sources, one a verb."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm
from shudao.engine.post import KINDS
from shudao.listen.models import Source
from shudao.org.models import Unit

KIND_WORDS = {
    "web": _("网站、论坛"),
    "news": _("新闻媒体"),
    "social": _("社交平台"),
    "print": _("报刊"),
    "radio": _("广播"),
    "tv": _("电视"),
    "report": _("人员报告"),
}
KIND_CHOICES = [(kind, KIND_WORDS[kind]) for kind in KINDS]
EVERY = [
    (5, _("5 分钟")),
    (15, _("15 分钟")),
    (30, _("半小时")),
    (60, _("1 小时")),
    (360, _("6 小时")),
    (1440, _("1 天")),
]
TERMS = _("内容公开，使用条款允许这样读取；不登录、不绕过验证、不用于追查个人")
SALT, KEPT_SECONDS = "listen.looked", 3600


class LookForm(VerbForm):
    """Paste an address, to see what stands there."""

    verb = "look"
    address = forms.CharField(
        label=_("订阅地址"),
        max_length=2000,
        widget=forms.TextInput(attrs={"type": "url", "inputmode": "url", "placeholder": "https://"}),
        help_text=_("RSS、Atom、RDF 或 JSON Feed 的地址；贴网页地址也行，会替您找它的订阅源。"),
    )

    def clean_address(self) -> str:
        """With a scheme, as people leave it out."""
        address = str(self.cleaned_data["address"]).strip()
        return address if "://" in address else f"https://{address}"


class SourceParts(VerbForm):
    """What every source says of itself."""

    name = forms.CharField(label=_("名称"), max_length=200)
    kind = forms.ChoiceField(label=_("媒体类别"), choices=KIND_CHOICES)
    department = forms.ModelChoiceField(
        label=_("归口部门"), queryset=Unit.objects.none(), required=False, empty_label=_("不指定")
    )
    terms = forms.CharField(
        label=_("使用依据"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("对方的条款、许可文号或公开声明，写明出处。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(retired_at=None).order_by("name")
        self.fields["department"].queryset = units  # type: ignore[attr-defined]


class AddFeedForm(SourceParts):
    """Register what was looked at. `seen` proves that it was, here, within the hour."""

    verb = "add_source"
    seen = forms.CharField(widget=forms.HiddenInput)
    every = forms.TypedChoiceField(label=_("多久读一次"), choices=EVERY, coerce=int, initial=15)
    agreed = forms.BooleanField(label=TERMS)
    field_order = ("seen", "name", "kind", "every", "department", "terms", "agreed")

    def clean_seen(self) -> str:
        """The address that was looked at."""
        try:
            return str(signing.loads(self.cleaned_data["seen"], salt=SALT, max_age=KEPT_SECONDS))
        except signing.BadSignature:
            raise forms.ValidationError(_("看过的结果已过期，请重新查看地址。")) from None


class AddFileSourceForm(SourceParts):
    """Register a source that somebody hands in by file: a vendor's sheets, exports, scans."""

    verb = "add_source"
    agreed = forms.BooleanField(label=_("取得这些内容有合法依据，只含公开信息"))
    field_order = ("name", "kind", "department", "terms", "agreed")


class ChangeSourceForm(SourceParts):
    """Change what a source says of itself."""

    verb = "change_source"
    every = forms.TypedChoiceField(label=_("多久读一次"), choices=EVERY, coerce=int)
    field_order = ("name", "kind", "every", "department", "terms")

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        minutes = max(source.every_seconds // 60, 1)
        self.initial |= {"name": source.name, "kind": source.kind, "every": minutes}
        self.initial |= {"department": source.department_id, "terms": source.terms}
        if not source.is_polled:
            del self.fields["every"]
        elif minutes not in dict(EVERY):
            self.fields["every"].choices = [(minutes, _("每 %(n)d 分钟") % {"n": minutes}), *EVERY]  # type: ignore[attr-defined]


class StopSourceForm(VerbForm):
    """Pause or retire a source, with the reason."""

    verb = "stop_source"
    reason = forms.CharField(label=_("为什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def seen_token(address: str) -> str:
    """Proof that an address was looked at here."""
    return signing.dumps(address, salt=SALT)

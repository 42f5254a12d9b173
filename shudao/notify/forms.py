"""Forms of channels, wishes and reachability tests."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import CHOOSE, FILL_IN, VerbForm
from shudao.notify.channels import Field, Kind
from shudao.notify.models import COLOURS, KINDS, Channel, Contact, Habit
from shudao.notify.models.channels import all_colours, all_kinds
from shudao.org.models import Unit

BLANK = "none"
"""The level of what has none, since a form cannot send an empty choice."""


def colour_choices() -> list[tuple[str, Any]]:
    """Levels as a form writes them."""
    return [(code or BLANK, name) for code, name in COLOURS]


class Ticks(forms.MultipleChoiceField):
    """Several of a list, as boxes."""

    widget = forms.CheckboxSelectMultiple


class ColoursField(Ticks):
    """级别 (levels), by their colours."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=colour_choices(), **kwargs)

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """Codes as rows keep them."""
        return ["" if code == BLANK else code for code in super().clean(value)]

    def prepare_value(self, value: Any) -> Any:
        """As the form writes them."""
        return [code or BLANK for code in value] if isinstance(value, list) else value


class GrowingForm(VerbForm):
    """A form whose fields depend on the rows it is about."""

    def grow(self, name: str, field: forms.Field) -> None:
        """Add a field, with our own words where it is left empty."""
        own = CHOOSE if isinstance(field, forms.ChoiceField) else FILL_IN
        field.error_messages = {**field.error_messages, "required": own}
        self.fields[name] = field


class ChannelForm(GrowingForm):
    """One channel: its name, what its kind asks for, what it carries."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("同事看得懂的名字，例如“值班群机器人”。"))

    def __init__(self, kind: Kind, *args: Any, row: Channel | None = None, **kwargs: Any) -> None:
        self.kind, self.row = kind, row
        kwargs["initial"] = _start(kind, row) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for field in kind.fields:
            self.grow(field.name, _field(field, is_kept=row is not None))
        hint = _("疏导平时不访问内网地址。只有确是本单位自己的服务器才勾选，勾选会留痕。")
        self.grow("is_inside", forms.BooleanField(label=_("服务器在本单位内网"), required=False, help_text=hint))
        self.grow("colours", ColoursField(label=_("承担哪些级别"), help_text=_("按事件或预警的级别颜色。")))
        self.grow("kinds", Ticks(label=_("承担哪些消息"), choices=KINDS))

    @property
    def given(self) -> Mapping[str, str]:
        """What the kind asked for."""
        return {field.name: str(self.cleaned_data.get(field.name) or "") for field in self.kind.fields}


def _start(kind: Kind, row: Channel | None) -> dict[str, Any]:
    if row is None:
        first = {field.name: field.start for field in kind.fields}
        return {**first, "name": str(kind.name), "colours": all_colours(), "kinds": all_kinds()}
    shown = {field.name: row.settings.get(field.name, "") for field in kind.fields if not field.is_secret}
    return {**shown, "name": row.name, "is_inside": row.is_inside, "colours": row.colours, "kinds": row.kinds}


def _field(field: Field, *, is_kept: bool) -> forms.Field:
    """A secret that is kept may be left empty: then it stays as it is, and is not shown."""
    kept = field.is_secret and is_kept
    common: dict[str, Any] = {
        "label": field.label, "required": field.is_needed and not kept,
        "help_text": _("已保存，不再显示；留空则不改。") if kept else field.hint,
    }  # fmt: skip
    off = {"autocomplete": "off"}
    if field.form == "choice":
        return forms.ChoiceField(choices=field.choices, **common)
    if field.form == "number":
        return forms.IntegerField(min_value=1, max_value=65535, **common)
    if field.form == "lines":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **common)
    if field.form == "password":
        hidden = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(widget=hidden, max_length=500, strip=True, **common)
    return forms.CharField(widget=forms.TextInput(attrs=off), max_length=500, **common)


class TestForm(GrowingForm):
    """A test message: to which address, and whom to mention."""

    __test__ = False
    verb = "test_channel"

    def __init__(self, channel: Channel, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.is_group:
            whom = forms.CharField(label=_("顺便 @ 谁"), help_text=kind.contact, required=False, max_length=120)
            self.grow("mention", whom)
        else:
            self.grow("address", forms.EmailField(label=_("发到哪个邮箱"), max_length=120))


class WayRow(NamedTuple):
    """A channel as one person sees it. `usual`: what is used when he says nothing."""

    channel: Channel
    kind: Kind
    contact: Contact | None
    usual: str

    @property
    def hint(self) -> Any:
        """What happens when the address is left empty."""
        if self.usual:
            return _("留空则用登记的 %(usual)s。") % {"usual": self.usual}
        return _("留空则不 @ 您，只发到群里。") if self.kind.is_group else _("没有登记邮箱，留空就收不到。")


class WishesForm(GrowingForm):
    """我的通知 (my notifications): levels, quiet hours, and each channel."""

    verb = "set_my_notifications"
    colours = ColoursField(
        label=_("哪些级别要用站外渠道通知我"), required=False,
        help_text=_("收件箱总会收到全部消息；呼叫办理不受此限。"),
    )  # fmt: skip
    quiet_from = forms.TimeField(
        label=_("免打扰从"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=_("到"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("这段时间里一般消息攒到结束时再发；呼叫办理、无人应答告警和联通测试照常，当班时也照常。"),
    )  # fmt: skip

    def __init__(self, habit: Habit, rows: list["WayRow"], *args: Any, **kwargs: Any) -> None:
        start = {"colours": habit.colours, "quiet_from": habit.quiet_from, "quiet_to": habit.quiet_to}
        super().__init__(*args, initial=start, **kwargs)
        self.rows = rows
        for row in rows:
            name = _("用“%(name)s”通知我") % {"name": row.channel.name}
            used, address = (row.contact.is_on, row.contact.address) if row.contact else (True, "")
            self.grow(f"on_{row.channel.pk}", forms.BooleanField(label=name, required=False, initial=used))
            given = {"label": row.kind.contact, "required": False, "max_length": 120, "initial": address}
            self.grow(f"address_{row.channel.pk}", forms.CharField(**given, help_text=row.hint))

    @property
    def ways(self) -> dict[int, tuple[bool, str]]:
        """Channel id -> used or not, and the address."""
        given = self.cleaned_data
        keys = [row.channel.pk for row in self.rows]
        return {key: (given[f"on_{key}"], given[f"address_{key}"]) for key in keys}


class ReachForm(VerbForm):
    """A test of who can be reached."""

    verb = "start_reach_test"
    reason = forms.CharField(label=_("为什么测"), max_length=120, help_text=_("例如“国庆前联通测试”，会写在消息里。"))
    minutes = forms.IntegerField(label=_("多少分钟内应答"), min_value=1, max_value=4320, initial=30)
    units = forms.ModelMultipleChoiceField(
        label=_("只测这些单位"), queryset=Unit.objects.none(), required=False, to_field_name="code",
        widget=forms.CheckboxSelectMultiple, help_text=_("都不选就是所有在任的人。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = Unit.objects.filter(posts__isnull=False).distinct().order_by("name")  # type: ignore[attr-defined]


class AddressForm(VerbForm):
    """The site's own address."""

    verb = "set_link_address"
    address = forms.URLField(label=_("本站地址"), required=False, max_length=200, assume_scheme="https")


class BeatForm(VerbForm):
    """The address told that the site lives."""

    verb = "set_heartbeat"
    address = forms.CharField(
        label=_("心跳地址"), required=False, max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("站外看门服务给您的地址。已保存的不再显示；留空则不改。"),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("每隔几分钟"), min_value=1, max_value=60, initial=5)
    is_inside = forms.BooleanField(label=_("看门服务在本单位内网"), required=False)
    off = forms.BooleanField(label=_("不再发送心跳"), required=False)

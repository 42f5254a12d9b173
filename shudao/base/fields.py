"""表单 (fields): what the forms of all stages share. A form checks what was written; whether it may be done is the
verb's own business, and its refusal is shown at the form's head.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shudao.base.refusal import Refused

FILL_IN = _("请填写这一项。")
CHOOSE = _("请选一项。")
OWN_WORDS = {forms.ChoiceField: CHOOSE, forms.MultipleChoiceField: CHOOSE, forms.TypedMultipleChoiceField: CHOOSE}


class VerbForm(forms.Form):
    """The form of one verb. `verb` makes its ids unlike those of its neighbours on the page."""

    verb = ""
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.verb}-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for row in self.fields.values():
            row.error_messages = {**row.error_messages, "required": OWN_WORDS.get(type(row), FILL_IN)}

    def refuse(self, refusal: Refused) -> None:
        """Show why the verb was refused; what was written stays."""
        self.add_error(None, refusal.why.say(get_language() or "zh"))


class MomentField(forms.DateTimeField):
    """发生时间 (moment): when it was done, for what was done by telephone or in person; empty = now."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("发生时间"))
        kwargs.setdefault("help_text", _("电话或当面办理的，如实填写；不填即为现在。记录时间另记，不能改。"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        kwargs["widget"] = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Moments are shown on the reader's clock."""
        return timezone.localtime(value) if isinstance(value, datetime) else value


class FiguresField(forms.CharField):
    """数字 (figures): one a line, name then number; gives {name: number}."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("关键数字"))
        kwargs.setdefault("help_text", _("一行一个，名称在前，数字在后，例如：停电户数 3200"))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dict[str, float]:  # type: ignore[override]
        """The figures by name. An error names the line that cannot be read."""
        found: dict[str, float] = {}
        for place, line in enumerate(super().clean(value).splitlines(), 1):
            if not line.strip():
                continue
            name, number = _cut(line)
            if name is None or number is None:
                raise forms.ValidationError(gettext("第 %(n)d 行读不懂：请写成“名称 数字”") % {"n": place})
            found[name] = number
        return found


def _cut(line: str) -> tuple[str | None, float | None]:
    text = line.replace("：", " ").replace(":", " ").replace("=", " ").strip()
    name, _space, number = text.rpartition(" ")
    try:
        value = float(number.replace(",", "").replace("，", ""))
    except ValueError:
        return None, None
    if value != value or value in (float("inf"), float("-inf")):
        return None, None
    return name.strip() or None, int(value) if value == int(value) else value

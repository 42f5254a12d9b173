"""What the forms of people and registers are made of: picking rows, naming people, days of the week."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shudao.base import clock
from shudao.base.fields import VerbForm
from shudao.base.scene import LIVE
from shudao.org.models import Post, Staff, Unit

SUGGESTED = 400
"""So many people at most are suggested while one types; beyond that one types."""
WEEKDAYS = [
    ("1", _("周一")), ("2", _("周二")), ("3", _("周三")), ("4", _("周四")), ("5", _("周五")), ("6", _("周六")),
    ("7", _("周日")),
]  # fmt: skip


class OrgForm(VerbForm):
    """A form of this stage: `row` is what it is about, `asked` the address's own question, `me` who fills it in."""

    def __init__(
        self,
        *args: Any,
        row: Any = None,
        asked: Mapping[str, str] | None = None,
        me: Staff | None = None,
        **kwargs: Any,
    ) -> None:
        self.row, self.asked, self.me = row, asked or {}, me
        super().__init__(*args, **kwargs)
        self.furnish()
        self.initial = {**self.first(), **self.initial}
        self.suggestions: list[str] = []
        for field in self.fields.values():
            if isinstance(field, StaffField) and (names := field.suggestions):
                field.widget.attrs["list"], self.suggestions = "suggested-people", names

    def furnish(self) -> None:
        """Fill the choices."""

    def first(self) -> dict[str, Any]:
        """What stands in the fields at first."""
        return {}


class Bare(OrgForm):
    """A form that asks nothing but the yes."""


class Pick(forms.ChoiceField):
    """One row of a list that is read once for the form; gives the row, None when nothing is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        self.rows: dict[str, Any] = {}
        super().__init__(**kwargs)

    def offer(self, rows: Iterable[tuple[str, str, Any]], empty: Any = "") -> None:
        """(key, label, row) of each choice."""
        offered = list(rows)
        self.rows = {key: row for key, _label, row in offered}
        self.choices = [("", empty or gettext("请选择")), *((key, label) for key, label, _row in offered)]

    def clean(self, value: Any) -> Any:
        """The row."""
        return self.rows.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        """Rows are shown by their key."""
        return next((key for key, row in self.rows.items() if row == value), value) if value else value


class DayField(forms.DateField):
    """A day of the calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"])
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**kwargs)


class HourField(forms.TimeField):
    """A time of the day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(**kwargs)


class StaffField(forms.CharField):
    """A person by name or account. Two of one name are told apart by the account in brackets."""

    def __init__(self, **kwargs: Any) -> None:
        self.people: list[Staff] = []
        kwargs.setdefault("label", _("人员"))
        kwargs.setdefault("help_text", _("写姓名或账号；重名的写账号。"))
        super().__init__(**kwargs)

    def offer(self, people: Iterable[Staff]) -> None:
        """Whom it may be."""
        self.people = list(people)

    @property
    def suggestions(self) -> list[str]:
        """Names for the list below the field; none where there are too many to send."""
        return labels(self.people) if len(self.people) <= SUGGESTED else []

    def clean(self, value: Any) -> Any:
        """The person; None when nothing was written."""
        text = " ".join(super().clean(value).split())
        if not text:
            return None
        found = [row for row in self.people if text in (row.name, row.user.username, label_of(row))]
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(gettext("没有叫“%(name)s”的在册人员。") % {"name": text})
        accounts = gettext("、").join(row.user.username for row in found[:5])
        raise forms.ValidationError(
            gettext("有 %(n)d 位%(name)s，请写账号：%(accounts)s")
            % {"n": len(found), "name": text, "accounts": accounts}
        )

    def prepare_value(self, value: Any) -> Any:
        """People are shown by name, and by account where two have it."""
        if not isinstance(value, Staff):
            return value
        twice = sum(row.name == value.name for row in self.people) > 1
        return label_of(value) if twice else value.name


class WeekdaysField(forms.MultipleChoiceField):
    """Days of the week; gives them as digits, Monday 1."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("星期"))
        super().__init__(choices=WEEKDAYS, **kwargs)

    def clean(self, value: Any) -> Any:
        """The digits in order."""
        return "".join(sorted(super().clean(value)))


def today() -> date:
    """The day on the office's clock, for first values."""
    return timezone.localdate(clock.now(LIVE))


def label_of(row: Staff) -> str:
    """Name and account."""
    return f"{row.name}（{row.user.username}）"


def labels(people: Iterable[Staff]) -> list[str]:
    """What is suggested for each: the name, with the account where two have it."""
    rows = list(people)
    names = [row.name for row in rows]
    return [label_of(row) if names.count(row.name) > 1 else row.name for row in rows]


def people_in_service() -> list[Staff]:
    """Everybody who has not left."""
    return list(Staff.objects.filter(left_at=None).select_related("user").order_by("name", "pk"))


def unit_choices() -> list[tuple[str, str, Unit]]:
    """Units in service."""
    return [(row.code, row.name, row) for row in Unit.objects.filter(retired_at=None).order_by("pk")]


def post_choices() -> list[tuple[str, str, Post]]:
    """Posts in service, with the unit before the name where two have it."""
    rows = list(Post.objects.filter(retired_at=None).select_related("unit").order_by("unit__pk", "pk"))
    names = [row.name for row in rows]
    return [(row.code, f"{row.unit} · {row.name}" if names.count(row.name) > 1 else row.name, row) for row in rows]

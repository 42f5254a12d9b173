"""Forms of meetings."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from shudao.base import clock
from shudao.base.fields import MomentField
from shudao.respond.forms.base import LinesField, RoomForm, box
from shudao.respond.queries import open_questions

LEAST, MOST = 2, 8
"""Rulings that the form has room for: at least, and when the agenda has more."""
PARTS = {"question": _("议题"), "options": _("备选做法"), "choice": _("选定的做法"), "reason": _("理由")}
GIVEN = ("post", "due_at")
"""Of a ruling: which post does it, until when."""
MEET = [("yes", _("开")), ("no", _("暂不开"))]


class CallMeetingForm(RoomForm):
    """Call posts to a meeting."""

    verb, label, button = "call_meeting", _("召集会商"), _("通知开会")
    called = forms.MultipleChoiceField(label=_("请哪些岗位参加"), widget=forms.CheckboxSelectMultiple)
    starts_at = MomentField(label=_("何时开始"), help_text=_("不填即现在就开。"))
    place = forms.CharField(label=_("地点或会议号"), max_length=120, required=False)
    least = forms.IntegerField(
        label=_("至少几个岗位到会"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("不填即过半。到会不足，不能开会商。"),
    )
    agenda = LinesField(
        label=_("议题"), widget=box(5), required=False, help_text=_("一行一个；已按未决事项列出，可增删。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_posts("called")
        self.fields["agenda"].initial = "\n".join(open_questions(self.incident, clock.now(self.incident.scene_value)))


class JoinMeetingForm(RoomForm):
    """I am there."""

    verb, label, button = "join_meeting", _("到会"), _("我已到会")
    meeting = forms.CharField(widget=forms.HiddenInput, max_length=20)


class WriteMinutesForm(RoomForm):
    """The minutes as a paper."""

    verb, label, button = "write_minutes", _("写成会商纪要"), _("生成纪要（Word）")
    meeting = forms.CharField(widget=forms.HiddenInput, max_length=20)


class HoldMeetingForm(RoomForm):
    """Record a meeting: who was there, what was decided, each question with its options, choice and reason."""

    verb, label, button = "hold_meeting", _("记录会商"), _("记入")
    meeting = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    present = forms.MultipleChoiceField(label=_("参加岗位"), widget=forms.CheckboxSelectMultiple)
    decision = forms.CharField(label=_("会商决定"), widget=box(4), max_length=4000)
    short_reason = forms.CharField(
        label=_("到会不足仍开的理由"), max_length=500, required=False, help_text=_("到会岗位够数时不用填。")
    )
    happened_at = MomentField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_posts("present")
        found = self._called()
        agenda = list(found.agenda) if found else []
        if found:
            self.fields["present"].initial = found.joined
        self.count = min(max(LEAST, len(agenda)), MOST)
        for place in range(self.count):
            for part, label in PARTS.items():
                asked = agenda[place] if part == "question" and place < len(agenda) else ""
                self.fields[f"{part}_{place}"] = forms.CharField(
                    label=label, required=False, max_length=1000, initial=asked,
                    widget=forms.TextInput() if part != "options" else box(2),
                )  # fmt: skip
            posts = [("", _("不另交办")), *((post.id, post.name) for post in self.plan.posts)]
            self.fields[f"post_{place}"] = forms.ChoiceField(label=_("交给哪个岗位办"), choices=posts, required=False)
            self.fields[f"due_at_{place}"] = MomentField(label=_("何时办结"), help_text=_("不填即不设期限。"))

    def _called(self) -> Any:
        """The meeting it is about, when it was called before."""
        code = str(self["meeting"].value() or "")
        rows = self.incident.meeting_set
        return rows.filter(code=code, held_at=None).first() if code else None

    @property
    def groups(self) -> list[list[BoundField]]:
        """The rulings, one group of fields each."""
        return [[self[f"{part}_{place}"] for part in (*PARTS, *GIVEN)] for place in range(self.count)]

    @property
    def main_fields(self) -> list[BoundField]:
        """What is no ruling."""
        apart = {field.name for group in self.groups for field in group}
        return [field for field in super().main_fields if field.name not in apart]

    @property
    def rulings(self) -> list[dict[str, Any]]:
        """Those with a choice, as the verb takes them; an agenda point that nothing was decided on is left out."""
        rows = [
            {part: self.cleaned_data[f"{part}_{place}"] for part in (*PARTS, *GIVEN)} for place in range(self.count)
        ]
        return [row for row in rows if row["choice"]]


class AskViewsForm(RoomForm):
    """Ask heads what they make of it."""

    verb, label, button = "ask_views", _("发起会同研判"), _("征询意见")
    asked = forms.MultipleChoiceField(label=_("请哪些岗位研判"), widget=forms.CheckboxSelectMultiple)
    question = forms.CharField(
        label=_("研判什么"), widget=box(3), max_length=1000, required=False,
        help_text=_("例如：事态会不会扩大、定几级、是否开会商。"),
    )  # fmt: skip
    due_at = MomentField(label=_("何时回复"), help_text=_("不填即不设期限；逾期未回复的会告警并再催。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_posts("asked")


class AnalysisForm(RoomForm):
    """One joint analysis."""

    analysis = forms.CharField(widget=forms.HiddenInput, max_length=20)


class GiveViewForm(AnalysisForm):
    """What I make of it."""

    verb, label, button = "give_view", _("提出研判意见"), _("提出")
    text = forms.CharField(label=_("您的看法"), widget=box(4), max_length=2000)
    level = forms.ChoiceField(label=_("主张哪一级"), required=False)
    meet = forms.ChoiceField(label=_("是否开会商"), choices=[("", _("不表态")), *MEET], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("level", [("", _("不表态")), *((row.code, row.name) for row in self.plan.levels)])

    @property
    def wants_meeting(self) -> bool | None:
        """As the verb takes it."""
        return {"yes": True, "no": False}.get(self.cleaned_data["meet"])


class DecideOnMeetingForm(AnalysisForm):
    """Whether to meet."""

    verb, label, button = "decide_on_meeting", _("决定是否会商"), _("决定")
    meet = forms.ChoiceField(label=_("是否开会商"), choices=MEET, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), widget=box(2), max_length=1000)

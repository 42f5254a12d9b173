"""Forms of tasks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import MomentField
from shudao.respond.forms.base import PostedForm, RoomForm, box
from shudao.respond.screens.unit import post_choices

TASK_ORIGINS = [("meeting", _("会商")), ("instruction", _("上级指示")), ("leader", _("领导交办")), ("other", _("其他"))]


class TaskForm(RoomForm):
    """One task, with nothing to write."""

    task = forms.CharField(widget=forms.HiddenInput, max_length=20)


class AcknowledgeTaskForm(TaskForm):
    """I have it."""

    verb, label, button = "acknowledge_task", _("签收任务"), _("签收")


class SubmitTaskForm(TaskForm):
    """Hand in."""

    verb, label, button = "submit_task", _("提交任务"), _("提交")


class FinishTaskForm(TaskForm):
    """Done."""

    verb, label, button = "finish_task", _("办结任务"), _("办结")
    happened_at = MomentField(label=_("办结时间"))


class CallNextForm(TaskForm):
    """Do not wait: call the next one."""

    verb, label, button = "call_next", _("呼叫下一位"), _("现在就呼叫")


class ReasonForm(TaskForm):
    """One task, with a reason."""

    reason = forms.CharField(label=_("理由"), widget=box(2), max_length=500)


class SkipTaskForm(ReasonForm):
    """Leave a task out."""

    verb, label, button = "skip_task", _("跳过任务"), _("跳过，并记下理由")


class ReturnTaskForm(ReasonForm):
    """Send a task back."""

    verb, label, button = "return_task", _("退回任务"), _("退回，并说明理由")


class ReplyInstructionForm(TaskForm):
    """The written reply to whoever instructed."""

    verb, label, button = "reply_instruction", _("书面回复指示"), _("已回复，记入")
    text = forms.CharField(label=_("回复内容"), widget=box(6), max_length=8000)
    happened_at = MomentField(label=_("回复时间"))


class GivenFields(forms.Form):
    """What is typed in with a task."""

    title = forms.CharField(label=_("办什么"), max_length=120, help_text=_("一句话。"))
    text = forms.CharField(label=_("具体要求"), widget=box(3), max_length=4000, required=False)
    to = forms.ChoiceField(label=_("交给哪个部门或岗位"))
    due_at = MomentField(label=_("何时办结"), help_text=_("不填即不设期限。"))
    origin = forms.ChoiceField(label=_("来由"), choices=TASK_ORIGINS, widget=forms.RadioSelect, initial="meeting")
    source = forms.CharField(
        label=_("出处"), max_length=120, required=False, help_text=_("上级指示写发文单位，会商写会议名称。")
    )
    received_at = MomentField(label=_("收到时间"), help_text=_("上级指示何时收到；不填即为现在。"))
    wants_reply = forms.BooleanField(label=_("须书面回复"), required=False)


class AddTaskForm(GivenFields, RoomForm):
    """Give a task in the incident."""

    verb, label, button = "add_task", _("交办任务"), _("交办")
    meeting = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = [(post.id, post.name) for post in self.plan.posts]
        groups = post_choices(units=True) if self.incident.scene_value.is_live else []
        known = {code for group in groups for code, _name in group[1]}
        rest = [pair for pair in planned if pair[0] not in known]
        self.choose("to", [*groups, *([(_("预案里的岗位"), rest)] if rest and groups else rest)])


class GiveTaskForm(GivenFields, PostedForm):
    """Give a task of ordinary business."""

    verb, label, button = "add_task", _("交办任务"), _("交办")

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("to", choices)


class OwnTaskForm(PostedForm):
    """One task of ordinary business, with nothing to write."""


class OwnReasonForm(PostedForm):
    """One task of ordinary business, with a reason."""

    reason = forms.CharField(label=_("理由"), widget=box(2), max_length=500)


class OwnReplyForm(PostedForm):
    """The written reply to an instruction outside any incident."""

    text = forms.CharField(label=_("回复内容"), widget=box(6), max_length=8000)
    happened_at = MomentField(label=_("回复时间"))


def own_form(verb: str) -> type[PostedForm]:
    """The form of a verb upon a task outside any incident; it says what the one in the room says."""
    kinds: Mapping[str, type[PostedForm]] = {
        "return_task": OwnReasonForm, "skip_task": OwnReasonForm, "reply_instruction": OwnReplyForm,
    }  # fmt: skip
    like = LIKE[verb]
    return type(
        f"Own{like.__name__}",
        (kinds.get(verb, OwnTaskForm),),
        {"verb": verb, "label": like.label, "button": like.button},
    )


LIKE: dict[str, type[RoomForm]] = {
    "acknowledge_task": AcknowledgeTaskForm, "submit_task": SubmitTaskForm, "finish_task": FinishTaskForm,
    "return_task": ReturnTaskForm, "skip_task": SkipTaskForm, "reply_instruction": ReplyInstructionForm,
}  # fmt: skip
OWN_FORMS = {verb: own_form(verb) for verb in LIKE}
"""Verb -> its form upon a task outside any incident."""

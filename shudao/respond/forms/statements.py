"""Forms of statements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import FiguresField, MomentField
from shudao.respond.forms.base import RoomForm, box


class DraftStatementForm(RoomForm):
    """Draft a statement; the checklist says what the words hold."""

    verb, label, button = "draft_statement", _("起草声明"), _("送审")
    statement = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    kind = forms.ChoiceField(label=_("文种"))
    text = forms.CharField(label=_("正文"), widget=box(12), max_length=20_000)
    known = forms.BooleanField(label=_("写明已经查明的"), required=False)
    not_known = forms.BooleanField(label=_("写明尚待查明的"), required=False)
    doing = forms.BooleanField(label=_("写明正在做的"), required=False)
    contact = forms.BooleanField(label=_("留有联系方式"), required=False)
    empathy = forms.BooleanField(label=_("对受影响的人表示关心"), required=False)
    next_update_at = MomentField(
        label=_("何时再通报"), help_text=_("向公众承诺的下一次通报时间；到时未通报，不能结束响应。")
    )
    figures = FiguresField(help_text=_("声明中用到的数字，与事实清单核对。一行一个，名称在前，数字在后。"))
    marks = ("known", "not_known", "doing", "contact", "empathy")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = [row for row in self.plan.documents if row.kind in {"holding", "full"}]
        self.choose("kind", [(row.kind, row.title) for row in papers] or [("holding", _("临时口径"))])

    @property
    def checklist(self) -> dict[str, bool]:
        """The marks as the verb takes them."""
        marks = {name: bool(self.cleaned_data[name]) for name in self.marks}
        return {**marks, "next_update_at": self.cleaned_data["next_update_at"] is not None}


class StatementForm(RoomForm):
    """One statement."""

    statement = forms.CharField(widget=forms.HiddenInput, max_length=20)


class ByPhone(RoomForm):
    """A yes that may have been said by telephone; only then are its moment and who told whom asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self["oral_of"].value():
            del self.fields["told"], self.fields["happened_at"]

    @property
    def phoned(self) -> dict[str, Any]:
        """As the verb takes it."""
        return {
            name: self.cleaned_data[name] for name in ("oral_of", "told", "happened_at") if name in self.cleaned_data
        }


class ApproveStatementForm(ByPhone, StatementForm):
    """Sign a stage."""

    verb, label, button = "approve_statement", _("审签声明"), _("同意")
    oral_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    told = forms.CharField(
        label=_("谁告诉谁"), required=False, max_length=200, help_text=_("例如：组长来电，告知值班员。对方须限时补签。")
    )
    happened_at = MomentField(label=_("何时同意"))


class ConfirmOralApprovalForm(RoomForm):
    """Sign for a yes that was given by telephone, to a statement or to a report."""

    verb, label, button = "confirm_oral_approval", _("补签口头同意"), _("补签")
    statement = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    document = forms.CharField(widget=forms.HiddenInput, max_length=120, required=False)


class DisputeOralApprovalForm(RoomForm):
    """No such yes was given."""

    verb, label, button = "dispute_oral_approval", _("否认口头同意"), _("没有同意过")
    statement = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    document = forms.CharField(widget=forms.HiddenInput, max_length=120, required=False)
    reason = forms.CharField(label=_("哪里不符"), widget=box(3), max_length=1000)


class ReportForm(RoomForm):
    """One report under approval."""

    document = forms.CharField(widget=forms.HiddenInput, max_length=120)


class ApproveBriefingForm(ByPhone, ReportForm):
    """Sign a stage of a report."""

    verb, label, button = "approve_briefing", _("审签报告"), _("同意")
    oral_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    told = forms.CharField(
        label=_("谁告诉谁"), required=False, max_length=200, help_text=_("例如：组长来电，告知值班员。对方须限时补签。")
    )
    happened_at = MomentField(label=_("何时同意"))


class ReturnBriefingForm(ReportForm):
    """Send a report back with a reason."""

    verb, label, button = "return_briefing", _("退回报告"), _("退回")
    reason = forms.CharField(label=_("退回意见"), widget=box(3), max_length=1000)


class ReturnStatementForm(StatementForm):
    """Send a statement back with a reason."""

    verb, label, button = "return_statement", _("退回声明"), _("退回修改")
    reason = forms.CharField(label=_("退回意见"), widget=box(3), max_length=1000)


class PublishStatementForm(StatementForm):
    """Record where an approved statement was made public."""

    verb, label, button = "publish_statement", _("发布声明"), _("已发布，登记")
    channel = forms.ChoiceField(label=_("在哪里发布"))
    happened_at = MomentField(label=_("发布时间"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("channel", [(row.id, row.name) for row in self.plan.channels if row.public])

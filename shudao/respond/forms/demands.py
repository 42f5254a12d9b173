"""Forms of demands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import MomentField
from shudao.respond.forms.base import PostedForm, RoomForm, box

CHANNELS = [
    ("hotline", _("热线")),
    ("mailbox", _("信箱")),
    ("petition", _("信访")),
    ("window", _("窗口")),
    ("media", _("媒体")),
    ("net", _("网上信息")),
    ("other", _("其他")),
]
NO_NAMES = _("写事，不写人名和电话。")


class DayField(forms.DateField):
    """日期 (day)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**kwargs)


PROOF = _("文号、工单号、照片编号或公示链接，办了什么有据可查。")
FOLLOW_UP = _("到这一天再看答复是否落实。")


class AddDemandForm(RoomForm):
    """Note what the public asks, and who can solve it."""

    verb, label, button = "add_demand", _("登记诉求"), _("登记并交办")
    text = forms.CharField(label=_("群众要求什么"), widget=box(3), max_length=2000, help_text=NO_NAMES)
    channel = forms.ChoiceField(label=_("从哪里来"), choices=CHANNELS, initial="net", required=False)
    owner = forms.ChoiceField(label=_("由谁解决"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_posts("owner")
        self.fields["owner"].initial = self.plan.demands.owner if self.plan.demands else ""


class DemandForm(RoomForm):
    """One demand."""

    demand = forms.CharField(widget=forms.HiddenInput, max_length=20)


class AnswerDemandForm(DemandForm):
    """Answer a demand."""

    verb, label, button = "answer_demand", _("答复诉求"), _("答复")
    text = forms.CharField(
        label=_("答复"), widget=box(4), max_length=4000, help_text=_("答复会进入声明稿；写办了什么、何时办好。")
    )
    proof = forms.CharField(label=_("凭据"), max_length=500, required=False, help_text=PROOF)


class DeclineDemandForm(DemandForm):
    """Decline a demand, with a reason."""

    verb, label, button = "decline_demand", _("不予采纳"), _("不予采纳，并记下理由")
    reason = forms.CharField(label=_("理由"), widget=box(3), max_length=1000)


class PassDemandForm(DemandForm):
    """Give a demand to another post."""

    verb, label, button = "pass_demand", _("转办诉求"), _("转办")
    to = forms.ChoiceField(label=_("转给哪个岗位"))
    reason = forms.CharField(label=_("理由"), widget=box(2), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_posts("to")


class ReceiveDemandForm(PostedForm):
    """Take up a demand outside any incident."""

    verb, label, button = "receive_demand", _("登记诉求"), _("登记并交办")
    text = forms.CharField(label=_("群众要求什么"), widget=box(4), max_length=4000, help_text=NO_NAMES)
    channel = forms.ChoiceField(label=_("从哪里来"), choices=CHANNELS, initial="hotline", widget=forms.RadioSelect)
    owner = forms.ChoiceField(label=_("由谁解决"))
    ref = forms.CharField(label=_("工单号"), max_length=80, required=False, help_text=_("热线、信访系统里的编号。"))
    due_at = MomentField(label=_("何时答复"), help_text=_("不填即按预案的答复时限。"))
    happened_at = MomentField(label=_("何时提出"))
    contact = forms.CharField(
        label=_("联系方式"), max_length=200, required=False,
        help_text=_("只在答复须送到本人时填写。加密保存，只有责任岗位看得到，答复三十天后自动删除；不进记录、检索和导出。"),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("owner", choices)


class OwnAnswerForm(PostedForm):
    """Answer a demand, from its page."""

    verb, label, button = "answer_demand", _("答复诉求"), _("答复")
    text = forms.CharField(label=_("答复"), widget=box(4), max_length=4000, help_text=_("写办了什么、何时办好。"))
    proof = forms.CharField(label=_("凭据"), max_length=500, required=False, help_text=PROOF)
    follow_up_on = DayField(label=_("回访日期"), help_text=FOLLOW_UP)
    happened_at = MomentField(label=_("答复时间"))


class OwnDeclineForm(PostedForm):
    """Decline a demand, from its page."""

    verb, label, button = "decline_demand", _("不予采纳"), _("不予采纳，并记下理由")
    reason = forms.CharField(label=_("理由"), widget=box(3), max_length=1000)


class OwnPassForm(PostedForm):
    """Pass a demand on, from its page."""

    verb, label, button = "pass_demand", _("转办诉求"), _("转办")
    to = forms.ChoiceField(label=_("转给哪个岗位"))
    reason = forms.CharField(label=_("理由"), widget=box(2), max_length=500)

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("to", choices)


class LinkDemandForm(PostedForm):
    """Join a demand to an open incident."""

    verb, label, button = "link_demand", _("诉求并入事件"), _("并入")
    into = forms.ChoiceField(label=_("并入哪个事件"))

    def __init__(self, *args: Any, incidents: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("into", incidents)


class FollowUpDemandForm(PostedForm):
    """Look whether an answer holds."""

    verb, label, button = "follow_up_demand", _("回访诉求"), _("记入回访结果")
    text = forms.CharField(label=_("回访结果"), widget=box(3), max_length=2000)
    happened_at = MomentField(label=_("回访时间"))


class KeepContactForm(PostedForm):
    """Keep how to reach whoever asked."""

    verb, label, button = "keep_contact", _("登记联系方式"), _("加密保存")
    text = forms.CharField(
        label=_("联系方式"), max_length=200, help_text=_("加密保存，只有责任岗位看得到，答复三十天后自动删除。")
    )


class EraseContactForm(PostedForm):
    """Erase it."""

    verb, label, button = "erase_contact", _("删除联系方式"), _("删除，不能恢复")

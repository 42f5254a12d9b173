"""Forms of the incident room: one a verb, named after it. They check writing; the verbs decide what may be done."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import FiguresField, MomentField, VerbForm
from shudao.engine.words import Words
from shudao.listen.models import Item
from shudao.respond.models import Incident
from shudao.respond.screens.offers import attachable
from shudao.respond.screens.words import MEASURES, YES_OR_NO

Choices = Iterable[tuple[str, Any]]
ORIGINS = [("hotline", _("热线来电")), ("security", _("安保部门报告")), ("leader", _("领导交办")), ("other", _("其他"))]
FACT_STATES = [("known", _("已核实")), ("not_known", _("尚待核实")), ("false", _("查明不实"))]
TRUTHS = [("", _("不详")), ("yes", _("是")), ("no", _("否"))]
BRIEFINGS = [("first", _("首报")), ("follow_up", _("续报")), ("final", _("终报"))]
MANNERS = [("oral", _("当面")), ("phone", _("电话")), ("written", _("书面"))]


def box(rows: int) -> forms.Textarea:
    """A text box of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


class RoomForm(VerbForm):
    """A form in the room of one incident. `posts`: the posts the reader may act in, by code."""

    label: Any = ""
    button: Any = _("确定")
    post = forms.ChoiceField(label=_("以哪个岗位办理"))

    def __init__(self, *args: Any, incident: Incident, posts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident, self.plan = incident, incident.plan
        self.choose("post", list(posts.items()))
        self.order_fields([name for name in self.fields if name != "post"])
        if len(posts) <= 1:
            self.fields["post"].widget = forms.HiddenInput()
            self.fields["post"].initial = next(iter(posts), "")

    def choose(self, name: str, choices: Choices) -> None:
        """Set what may be chosen in a field."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def name_posts(self, name: str) -> None:
        """Let a field choose among the posts of the plan."""
        self.choose(name, [(post.id, post.name) for post in self.plan.posts])


class OpenIncidentForm(VerbForm):
    """Open an incident by hand: for a call from a hotline, a security officer, a leader."""

    verb = "open_incident"
    title = forms.CharField(label=_("出了什么事"), max_length=120, help_text=_("一句话：何处、何事。不写人名和电话。"))
    origin = forms.ChoiceField(label=_("从哪里得知"), choices=ORIGINS, widget=forms.RadioSelect, initial="hotline")
    happened_at = MomentField(label=_("何时得知"))


class OpenFromAlertForm(VerbForm):
    """Open an incident from an alert: the posts behind it are attached, its times are known."""

    verb = "open_incident"
    alert = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(label=_("出了什么事"), max_length=120, help_text=_("一句话：何处、何事。不写人名和电话。"))


class ConfirmLevelForm(RoomForm):
    """Confirm or change the level."""

    verb, label, button = "confirm_level", _("确认响应级别"), _("确认级别")
    level = forms.ChoiceField(label=_("响应级别"), widget=forms.RadioSelect)
    clause = forms.CharField(label=_("依据的预案条款"), max_length=60)
    reason = forms.CharField(
        label=_("理由"), required=False, widget=box(2), help_text=_("与建议的级别不同时，请写明理由。")
    )
    happened_at = MomentField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("level", [(row.code, row.name) for row in self.plan.levels])


class ProposeLevelForm(RoomForm):
    """What is known of the plan's measures; empty = not known."""

    verb, label, button = "propose_level", _("按预案条款研判级别"), _("研判")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.incident.state.facts
        for name in self.measures:
            self.fields[name] = self._field(name, known.get(name))
        self.order_fields([*self.measures, "post"])

    @property
    def measures(self) -> tuple[str, ...]:
        """What the plan's criteria ask for."""
        return self.plan.severity.measures if self.plan.severity else ()

    def _field(self, name: str, known: Any) -> forms.Field:
        label = MEASURES.get(name, Words(name, name)).say(get_language() or "zh")
        if name in YES_OR_NO:
            chosen = "" if known is None else "yes" if known else "no"
            return forms.ChoiceField(label=label, choices=TRUTHS, required=False, initial=chosen)
        return forms.FloatField(label=label, required=False, min_value=0, max_value=1e9, initial=known)

    @property
    def facts(self) -> dict[str, bool | float | int]:
        """What was filled in, as the criteria take it."""
        given = {name: self.cleaned_data[name] for name in self.measures}
        return {name: _plain(value) for name, value in given.items() if value not in (None, "")}


def _plain(value: str | float) -> bool | float | int:
    if isinstance(value, str):
        return value == "yes"
    return int(value) if value == int(value) else value


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


class ReasonForm(TaskForm):
    """One task, with a reason."""

    reason = forms.CharField(label=_("理由"), widget=box(2), max_length=500)


class SkipTaskForm(ReasonForm):
    """Leave a task out."""

    verb, label, button = "skip_task", _("跳过任务"), _("跳过，并记下理由")


class ReturnTaskForm(ReasonForm):
    """Send a task back."""

    verb, label, button = "return_task", _("退回任务"), _("退回，并说明理由")


class AddFactForm(RoomForm):
    """Put a fact on the sheet."""

    verb, label, button = "add_fact", _("登记事实"), _("记入事实清单")
    status = forms.ChoiceField(
        label=_("核实到什么程度"), choices=FACT_STATES, widget=forms.RadioSelect, initial="known"
    )
    text = forms.CharField(label=_("内容"), widget=box(3), max_length=2000)
    figures = FiguresField()
    step = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80, empty_value=None)


class AddDemandForm(RoomForm):
    """Note what the public asks, and who can solve it."""

    verb, label, button = "add_demand", _("登记诉求"), _("登记并交办")
    text = forms.CharField(label=_("群众要求什么"), widget=box(3), max_length=2000)
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


class DeclineDemandForm(DemandForm):
    """Decline a demand, with a reason."""

    verb, label, button = "decline_demand", _("不予采纳"), _("不予采纳，并记下理由")
    reason = forms.CharField(label=_("理由"), widget=box(3), max_length=1000)


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


class ApproveStatementForm(StatementForm):
    """Sign a stage."""

    verb, label, button = "approve_statement", _("审签声明"), _("同意")
    oral_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class ConfirmOralApprovalForm(StatementForm):
    """Sign for a yes that was given by telephone."""

    verb, label, button = "confirm_oral_approval", _("补签口头同意"), _("补签")


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


class TellSuperiorForm(RoomForm):
    """Record that the superior unit was told by mouth."""

    verb, label, button = "tell_superior", _("口头报告上级"), _("已报告，登记")
    unit = forms.ChoiceField(label=_("报告给"))
    manner = forms.ChoiceField(label=_("方式"), choices=MANNERS, widget=forms.RadioSelect, initial="phone")
    happened_at = MomentField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {unit.id: unit.name for unit in self.plan.units}
        self.choose("unit", [(row.unit, names.get(row.unit, row.unit)) for row in self.plan.superiors])


class HoldMeetingForm(RoomForm):
    """Record a meeting: who was there, what was decided."""

    verb, label, button = "hold_meeting", _("记录会商"), _("记入")
    present = forms.MultipleChoiceField(label=_("参加岗位"), widget=forms.CheckboxSelectMultiple)
    decision = forms.CharField(label=_("会商决定"), widget=box(4), max_length=4000)
    happened_at = MomentField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_posts("present")


class SendBriefingForm(RoomForm):
    """Write and send the report to the parent unit."""

    verb, label, button = "send_briefing", _("书面报告上级"), _("生成并登记报送")
    kind = forms.ChoiceField(label=_("报告种类"), choices=BRIEFINGS, widget=forms.RadioSelect, initial="first")
    to = forms.ChoiceField(label=_("主送"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {unit.id: unit.name for unit in self.plan.units}
        self.choose("to", [(row.unit, names.get(row.unit, row.unit)) for row in self.plan.superiors])


class AttachItemsForm(RoomForm):
    """Attach items that belong to the matter; the page offers them."""

    verb, label, button = "attach_items", _("关联信息"), _("关联到本事件")
    items = forms.TypedMultipleChoiceField(
        label=_("哪些信息属于本事件"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("items", [(item.pk, item.title or item.text[:80]) for item in self.offered])

    @property
    def offered(self) -> list[Item]:
        """Items of the scene that topics caught lately and that are not attached yet."""
        return attachable(self.incident)


class ClearAlarmForm(RoomForm):
    """Say that an alarm was dealt with."""

    verb, label, button = "clear_alarm", _("解除告警"), _("已处理，解除")
    alarm = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

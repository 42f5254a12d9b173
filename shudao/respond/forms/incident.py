"""Forms of the incident itself: opening it, its level, its facts, telling the superior, what belongs to it."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shudao.base import clock
from shudao.base.fields import FiguresField, MomentField, VerbForm
from shudao.engine.words import Words
from shudao.listen.models import Item
from shudao.respond.forms.base import RoomForm, box
from shudao.respond.queries import facts_of, latest_proposal
from shudao.respond.queries.measuring import measured
from shudao.respond.screens.offers import attachable
from shudao.respond.screens.words import MEASURES, YES_OR_NO

ORIGINS = [("hotline", _("热线来电")), ("security", _("安保部门报告")), ("leader", _("领导交办")), ("other", _("其他"))]
FACT_STATES = [("known", _("已核实")), ("not_known", _("尚待核实")), ("false", _("查明不实"))]
TRUTHS = [("", _("不详")), ("yes", _("是")), ("no", _("否"))]
BRIEFINGS = [("first", _("首报")), ("follow_up", _("续报")), ("final", _("终报"))]
ROLES = [
    ("lead", _("牵头")),
    ("spokesperson", _("新闻发言人")),
    ("liaison", _("上级联络")),
    ("recorder", _("记录")),
]
MANNERS = [("oral", _("当面")), ("phone", _("电话")), ("written", _("书面"))]


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
        proposed = latest_proposal(self.incident)
        if proposed and not self.initial.get("level"):
            self.initial |= {"level": proposed.level, "clause": next(iter(proposed.clauses), "")}


class ProposeLevelForm(RoomForm):
    """What is known of the plan's measures; empty = not known."""

    verb, label, button = "propose_level", _("按预案条款研判级别"), _("研判")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.incident.state.facts
        self.counted = measured(self.incident, clock.now(self.incident.scene_value))
        rows = facts_of(self.incident).filter(status="known")
        bases = [("", _("不注明")), *((f"fact:{row.pk}", f"{row.text[:40]}") for row in rows)]
        for name in self.measures:
            self.fields[name] = self._field(name, self.counted.get(name, known.get(name)))
            if name not in self.counted:
                label = _("依据的事实：%(what)s") % {"what": self.fields[name].label}
                self.fields[f"basis_{name}"] = forms.ChoiceField(label=label, choices=bases, required=False)
        self.order_fields([*(part for name in self.measures for part in (name, f"basis_{name}")), "post"])

    @property
    def measures(self) -> tuple[str, ...]:
        """What the plan's criteria ask for."""
        return self.plan.severity.measures if self.plan.severity else ()

    def _field(self, name: str, known: Any) -> forms.Field:
        label = MEASURES.get(name, Words(name, name)).say(get_language() or "zh")
        if name in YES_OR_NO:
            chosen = "" if known is None else "yes" if known else "no"
            return forms.ChoiceField(label=label, choices=TRUTHS, required=False, initial=chosen)
        said = _("由关联信息数得，可以改。") if name in self.counted else ""
        return forms.FloatField(label=label, required=False, min_value=0, max_value=1e9, initial=known, help_text=said)

    @property
    def facts(self) -> dict[str, bool | float | int]:
        """What was filled in, as the criteria take it."""
        given = {name: self.cleaned_data[name] for name in self.measures}
        return {name: _plain(value) for name, value in given.items() if value not in (None, "")}

    @property
    def bases(self) -> dict[str, str]:
        """What each value rests on: counted and left as it was, or the fact that was named."""
        named = {name: str(self.cleaned_data.get(f"basis_{name}") or "") for name in self.facts}
        counted = {name: "posts" for name, value in self.facts.items() if self.counted.get(name) == value}
        return {**named, **counted}


def _plain(value: str | float) -> bool | float | int:
    if isinstance(value, str):
        return value == "yes"
    return int(value) if value == int(value) else value


class ContestLevelForm(RoomForm):
    """Say that the level is wrong."""

    verb, label, button = "contest_level", _("对级别提出异议"), _("提出异议")
    level = forms.ChoiceField(label=_("应为哪一级"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), widget=box(3), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("level", [(row.code, row.name) for row in self.plan.levels if row.code != self.incident.level])


class HandOverRoleForm(RoomForm):
    """Hand a role of the incident over."""

    verb, label, button = "hand_over_role", _("交接角色"), _("交接")
    role = forms.ChoiceField(label=_("角色"), choices=ROLES, widget=forms.RadioSelect, initial="lead")
    to = forms.ChoiceField(label=_("交给哪个岗位"))
    person = forms.CharField(label=_("具体人员"), max_length=60, required=False)
    note = forms.CharField(
        label=_("交接事项"), widget=box(3), max_length=1000, required=False, help_text=_("在办什么、等谁、注意什么。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_posts("to")


class OralForm(RoomForm):
    """One thing done by telephone."""

    oral = forms.CharField(widget=forms.HiddenInput, max_length=20)


class ConfirmOralForm(OralForm):
    """It was so."""

    verb, label, button = "confirm_oral", _("补认口头办理"), _("属实，补认")


class DisputeOralForm(OralForm):
    """It was not so."""

    verb, label, button = "dispute_oral", _("否认口头办理"), _("不属实")
    reason = forms.CharField(label=_("哪里不符"), widget=box(3), max_length=1000)


class AddFactForm(RoomForm):
    """Put a fact on the sheet."""

    verb, label, button = "add_fact", _("登记事实"), _("记入事实清单")
    status = forms.ChoiceField(
        label=_("核实到什么程度"), choices=FACT_STATES, widget=forms.RadioSelect, initial="known"
    )
    text = forms.CharField(label=_("内容"), widget=box(3), max_length=2000)
    figures = FiguresField()
    step = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80, empty_value=None)


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

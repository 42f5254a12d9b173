"""Forms of the drill desk, one a verb."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shudao.base.fields import VerbForm

PEOPLE = "people"
TEAMS = [
    (PEOPLE, _("由人参演：各岗位在本站办理，系统只发注入")),
    ("scripted", _("脚本队伍：系统按脚本替各岗位办理，用来预演或讲解")),
    ("ideal", _("理想队伍：每一步都在一分钟内办成，用来检验脚本")),
]
SPEEDS = [(1, _("实时")), (5, _("5 倍")), (15, _("15 倍")), (60, _("60 倍"))]


class StartRunForm(VerbForm):
    """Start a run of one scenario."""

    verb = "start_run"
    scenario = forms.ChoiceField(label=_("脚本"), widget=forms.HiddenInput)
    team = forms.ChoiceField(label=_("谁来参演"), choices=TEAMS, widget=forms.RadioSelect, initial=PEOPLE)
    speed = forms.TypedChoiceField(label=_("时钟"), choices=SPEEDS, coerce=int, initial=1)
    seed = forms.IntegerField(
        label=_("随机种子"),
        required=False,
        min_value=0,
        max_value=2**31,
        help_text=_("不填用脚本自带的；同样的种子，同样的经过。"),
    )

    def __init__(self, *args: Any, scenarios: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scenario"].choices = [(name, name) for name in scenarios]  # type: ignore[attr-defined]


class JumpClockForm(VerbForm):
    """Go forward by some minutes."""

    verb = "jump_clock"
    minutes = forms.IntegerField(label=_("拨快多少分钟"), min_value=1, max_value=60 * 24 * 30)


class PlayOnForm(VerbForm):
    """Let the scripted team play on: to the next moment, or for some minutes."""

    verb = "play_on"
    minutes = forms.IntegerField(required=False, min_value=1, max_value=60 * 24 * 30)


class ResumeRunForm(VerbForm):
    """Go on, at a speed."""

    verb = "resume_run"
    speed = forms.TypedChoiceField(label=_("时钟"), choices=SPEEDS, coerce=int, required=False, empty_value=0)

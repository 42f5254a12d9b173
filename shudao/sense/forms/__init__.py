"""Forms of alerts and topics, a module for each noun."""

from shudao.sense.forms.alerts import AddWarningRuleForm, AnswerWarningForm, DismissAlertForm, PassAlertForm
from shudao.sense.forms.holds import MergeStoriesForm, SplitStoryForm
from shudao.sense.forms.tone import CorrectToneForm

__all__ = [
    "AddWarningRuleForm",
    "AnswerWarningForm",
    "CorrectToneForm",
    "DismissAlertForm",
    "MergeStoriesForm",
    "PassAlertForm",
    "SplitStoryForm",
]

"""Forms of alerts and topics, a module for each noun."""

from shudao.sense.forms.alerts import AddWarningRuleForm, AnswerWarningForm, DismissAlertForm, PassAlertForm

__all__ = ["AddWarningRuleForm", "AnswerWarningForm", "DismissAlertForm", "PassAlertForm"]

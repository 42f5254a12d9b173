"""Forms of alerts and topics, a module for each noun."""

from shudao.sense.forms.alerts import DismissAlertForm

__all__ = ["DismissAlertForm"]

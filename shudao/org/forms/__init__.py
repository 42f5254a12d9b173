"""Forms of the organisation's pages, a module for each noun."""

from shudao.org.forms.sign_in import SwitchForm

__all__ = ["SwitchForm"]

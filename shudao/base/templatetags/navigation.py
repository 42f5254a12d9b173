"""The links of every page."""

from typing import Any

from django import template

from shudao.base.navigation import Menu, menu_of

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Menu:
    """Where one may go from this page."""
    run, place = str(context.get("drill") or ""), str(context.get("place") or "")
    return menu_of(context["request"], context.get("rights") or frozenset(), run=run, place=place)

"""A part of a page that fetches itself again when something it watches has moved: `<div {% live "room-head" stream %}>`."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def live(context: dict[str, Any], name: str, see: str) -> SafeString:
    """The attributes of a live part: its id, what it watches (`live`, `run/0001`, `incident/2026-0001`), where it comes from."""
    return format_html(
        'id="{0}" data-live data-see="{1}" hx-get="{2}" hx-trigger="sse:moved, sse:tick" hx-select="#{0}"'
        ' hx-target="this" hx-swap="outerHTML" hx-disinherit="*"',
        name, see, context["request"].get_full_path(),
    )  # fmt: skip

"""Pages of the response, one file per noun."""

from shudao.respond.views.desks import DESKS

__all__ = ["DESKS"]

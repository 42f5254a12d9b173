"""Comparing the sheet with what stands: every row becomes an addition, a change, an end, nothing, or a refusal with its
place and how to mend it. Nothing is written here."""

from shudao.org.sheet.compare.preview import Preview, preview_of

__all__ = ["Preview", "preview_of"]

"""Screens of listening: one plain object a page, a module for each noun."""

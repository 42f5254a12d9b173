"""What the pages of people, shifts and registers show: one plain object a page."""

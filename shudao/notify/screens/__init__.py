"""What the pages of messages and channels show, one plain object each."""

"""Pages of messages, channels, wishes and reachability tests, one file per noun."""

"""研判 (sense): topics, near-copies, stories, pulse, tone and alerts as pure functions over posts."""

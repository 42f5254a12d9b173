"""研判 (sense): topics, near-copies, stories, readings and alerts over what was heard."""

"""文书 (papers): plain data in, a paper of blocks out, Word bytes at the end. No clock, no I/O, nothing invented."""

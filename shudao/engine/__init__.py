"""引擎 (engine): the pure part. No Django, no I/O, no clock, no global chance: time and randomness come in as arguments."""

"""Long and random tests, in named parts: `make soak PART=kills`."""

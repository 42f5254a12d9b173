"""预案 (plan): the written plan as data, its reading from text and its lint."""

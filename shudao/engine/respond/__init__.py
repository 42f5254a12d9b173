"""处置 (respond): the run of a plan as pure functions: `advance`, grading, closing. Three worlds drive them."""

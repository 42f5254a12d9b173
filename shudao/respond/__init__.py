"""处置 (respond): incidents, their level, tasks, facts, demands, statements, reports, driven by the plan they began with."""

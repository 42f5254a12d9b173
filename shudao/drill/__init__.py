"""演练 (drill): runs of scenarios in a scene of their own, injects, exercise clock, teams without people."""

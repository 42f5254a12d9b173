"""演示 (demo): one invented matter walked through every stage by a scripted team, without people and without waiting."""

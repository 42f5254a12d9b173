"""复盘 (review): after-action reports, scores and lessons, the same for a real incident and a drill."""

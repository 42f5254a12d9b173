"""复盘 (review): timeline, milestones and score as functions of the ledger alone; pure."""

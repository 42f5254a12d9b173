"""演练 (drill): scenarios, the simulated public and the teams that play without people; pure."""

"""运行 (operations): backup, restore, health, metrics and logs of a site."""

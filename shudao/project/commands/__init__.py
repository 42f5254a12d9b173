"""命令 (commands): one file a command; heavy parts and Django are imported when a command runs, not before."""

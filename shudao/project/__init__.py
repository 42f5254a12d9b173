"""项目 (project): settings, addresses, commands. Knows every stage, known by none."""

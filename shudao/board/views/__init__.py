"""Pages that look across stages, a module for each noun."""

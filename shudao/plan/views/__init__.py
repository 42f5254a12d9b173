"""Pages of the written plan, a module for each noun."""

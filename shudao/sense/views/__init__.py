"""Pages of sensing, a module for each noun."""

"""Forms of listening, a module for each noun."""
